"""Names of a release's graphs in a store that holds several releases.

``<base>graph/x`` of release ``ID`` is ``<base>release/ID/graph/x`` there, wherever it stands: as a graph's name, within
statements, within texts. So a whole release is renamed in one way, joins between names and statements hold, and what is
asked and answered is renamed on the way. Readers of one release never see a graph of another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from wsiskg.model.errors import ForbiddenQueryError
from wsiskg.store.guard import Token, line_and_column, tokens

__all__ = ["Asked", "Names", "iris_in", "releases_graph"]


def releases_graph(base: str) -> str:
    """Return the graph that lists the releases a store holds."""
    return f"{base}releases"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as the store is asked, without FROM; ``default`` and ``named`` are the graphs that FROM named there."""

    text: str
    default: list[str]
    named: list[str]


@dataclass(frozen=True, slots=True)
class Names:
    """The renaming of one release; ``graphs`` are its own names."""

    base: str
    release: str
    graphs: Collection[str]

    @property
    def plain(self) -> str:
        """What names of graphs begin with in the release."""
        return f"{self.base}graph/"

    @property
    def own(self) -> str:
        """What names of graphs begin with in the store."""
        return f"{self.base}release/{self.release}/graph/"

    @property
    def nowhere(self) -> str:
        """A graph that holds nothing."""
        return f"{self.base}release/{self.release}/nothing"

    def outward(self, text: str) -> str:
        """Rename all of ``text`` for the store."""
        return text.replace(self.plain, self.own)

    def inward(self, text: str) -> str:
        """Rename all of ``text`` back."""
        return text.replace(self.own, self.plain)

    def graph(self, name: str) -> str:
        """Return the store's name for a graph of the release; of any other, `nowhere`."""
        return self.outward(name) if name in self.graphs else self.nowhere

    def query(
        self, text: str, address: str, schemes: Collection[str] = (), named: Collection[str] | None = None
    ) -> "Asked":
        """Rename the graphs that a query names, however it writes them; GRAPH and FROM name no graph of others.

        What FROM says is taken out: engines keep GRAPH to what the protocol's parameters name, not all to FROM.

        Args:
            text: a query that parses.
            address: what its relative IRIs are resolved against.
            schemes: of IRIs that it may not hold.
            named: what GRAPH may name, as the release names them; None: as the query says, or every graph.

        Returns:
            The query for the store, and the graphs there that it names as its dataset.

        Raises:
            ForbiddenQueryError: it holds an IRI of one of ``schemes``.

        """
        found = list(tokens(text))
        iris = list(iris_in(found, address))
        for token, iri, _ in iris:
            if iri.partition(":")[0].lower() in schemes:
                line, column = line_and_column(text, token.start)
                raise ForbiddenQueryError(f"line {line}, column {column}: '{token.text}' is not asked for here")
        from_ = [iri for _, iri, after in iris if after == "FROM"]
        from_named = [iri for _, iri, after in iris if after == "NAMED"]
        if named is None:
            named = from_named if from_ or from_named else self.graphs
        before = {token.start: number for number, token in enumerate(found)}
        pieces: list[str] = []
        end = 0
        for token, iri, after in iris:
            if after in {"PREFIX", "BASE"}:
                continue
            start, written = token.start, f"<{self.outward(iri)}>"
            if after in {"FROM", "NAMED"}:
                start, written = found[before[start] - (1 if after == "FROM" else 2)].start, ""
            elif after == "GRAPH" and iri not in named:
                written = f"<{self.nowhere}>"
            elif self.plain not in iri:
                continue
            pieces += [text[end:start], written]
            end = token.start + len(token.text)
        whole = "".join(_strings_renamed("".join(pieces) + text[end:], self))
        if address and any(token.kind == "iri" and ":" not in token.text for token, _, _ in iris):
            whole = f"BASE <{address}> {whole}"
        return Asked(whole, [self.graph(iri) for iri in from_], [self.graph(iri) for iri in from_named])


def _strings_renamed(text: str, names: Names) -> Iterator[str]:
    """Yield ``text`` with names of graphs in strings renamed, too: a query may compare them."""
    end = 0
    for token in tokens(text):
        if token.kind == "string" and names.plain in token.text:
            yield text[end : token.start]
            yield names.outward(token.text)
            end = token.start + len(token.text)
    yield text[end:]


def iris_in(found: Sequence[Token], address: str) -> Iterator[tuple[Token, str, str]]:
    """Yield each token that is an IRI, the IRI in full, and the keyword before it, such as GRAPH or NAMED."""
    declared: dict[str, str] = {}
    base, keyword, prefix = address, "", ""
    for token in found:
        match token.kind:
            case "word":
                word = token.text.upper()
                keyword = word
                continue
            case "pname" if keyword == "PREFIX" and not prefix:
                prefix = token.text
                continue
            case "iri":
                iri = _resolved(_unescaped(token.text[1:-1]), base)
                if keyword == "PREFIX":
                    declared[prefix.rstrip(":")] = iri
                elif keyword == "BASE":
                    base = iri
                yield token, iri, keyword
            case "pname":
                iri = _expanded(token.text, declared)
                if iri:
                    yield token, iri, keyword
        keyword, prefix = "", ""


def _resolved(iri: str, base: str) -> str:
    return urljoin(base, iri) if base and ":" not in iri else iri


def _unescaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("unicode-escape") if "\\" in text else text


def _expanded(name: str, declared: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return declared[prefix] + local.replace("\\", "") if prefix in declared else ""
