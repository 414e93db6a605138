"""Take SERVICE blocks out of a query, and put the rows that their endpoints gave in their places.

SERVICE is evaluated by itself and joined with the rest (https://www.w3.org/TR/sparql11-federated-query/), and so is
VALUES, which the grammar allows wherever it allows SERVICE: the block's solutions as VALUES are the same query.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyoxigraph as ox

from wsiskg.model.errors import ForbiddenQueryError, LimitError, QueryError, ServiceError
from wsiskg.store.guard import MAX_LENGTH, Token, line_and_column, read_query, tokens

__all__ = ["Inlined", "ServiceBlock", "find_services", "inline", "values_of", "without_services"]

MAX_SERVICES = 4
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_NAMES = frozenset({"iri", "pname", "variable"})
_DUMMY = "VALUES(){}"  # shorter than any SERVICE block, and its first word is as long as SERVICE


class Inlined(NamedTuple):
    """What stands for a part of a query: from ``start``, up to ``end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ServiceBlock:
    """``SERVICE <endpoint> { ... }`` from ``start`` up to ``end``; ``query`` is what the endpoint is asked.

    ``variables`` are those that the block names: rows may bind no others.
    """

    start: int
    end: int
    endpoint: str
    query: str
    variables: frozenset[str]


def find_services(query: str, allowed: Collection[str], base: str, most_rows: int) -> list[ServiceBlock]:
    """Return the SERVICE blocks of ``query``; relative IRIs in them are resolved against ``base``.

    What the lexer does not know to be SERVICE stays where it is, for the guard to refuse; so does all when none is
    ``allowed``.

    Raises:
        ForbiddenQueryError: an endpoint is not in ``allowed`` or not written as an address; a block is SILENT, within
            another or within GRAPH, EXISTS or LATERAL; there are too many; or the query can be read in two ways.

    """
    if not allowed or len(query) > MAX_LENGTH or "service" not in query.lower():
        return []
    found = list(tokens(query))
    places = [i for i, token in enumerate(found) if _is_service(token)]
    if not places:
        return []
    doubtful = read_query(query).doubtful
    if doubtful is not None:
        raise _refusal(
            query, doubtful, "this can be read in two ways",
            "Write a blank after '<' where it compares, IRIs in full, and no unknown escapes in strings.",
        )  # fmt: skip
    if len(places) > MAX_SERVICES:
        raise _refusal(query, found[places[MAX_SERVICES]], f"more than {MAX_SERVICES} SERVICE blocks", "Ask for fewer.")
    form = next((t for t in found if t.kind == "word" and t.text.upper() in _FORMS), None)
    if form is None or form.start > found[places[0]].start:
        return []
    prologue = f"BASE <{base}>\n{query[: form.start]}"
    within = _dependent(found)
    blocks: list[ServiceBlock] = []
    for place in places:
        token = found[place]
        endpoint = _endpoint(query, found, place, allowed)
        end = _closing(found, place + 2)
        if end is None:
            return []  # which is not SPARQL, as the engine will say
        if within[place]:
            raise _refusal(
                query,
                token,
                "SERVICE within GRAPH, EXISTS or LATERAL",
                "Put it outside, and join or subtract (MINUS) it.",
            )
        if blocks and token.start < blocks[-1].end:
            raise _refusal(query, token, "SERVICE within SERVICE", "Put the blocks side by side.")
        inner = found[place + 3 : end]
        text = query[found[place + 2].start : found[end].start + 1]
        blocks.append(
            ServiceBlock(
                token.start, found[end].start + 1, endpoint,
                f"{prologue}SELECT * WHERE {text} LIMIT {most_rows + 1}",
                frozenset(t.text[1:] for t in inner if t.kind == "variable"),
            )
        )  # fmt: skip
    return blocks


def without_services(query: str, blocks: Sequence[ServiceBlock]) -> str:
    """Return ``query`` with an empty VALUES for each block; all else stays at its line and column."""
    return inline(query, [Inlined(b.start, b.end, _padded(query[b.start : b.end])) for b in blocks])


def inline(query: str, parts: Sequence[Inlined]) -> str:
    """Return ``query`` with ``parts``, which are in order, in place."""
    pieces, end = [], 0
    for part in parts:
        pieces += [query[end : part.start], part.text]
        end = part.end
    return "".join([*pieces, query[end:]])


def values_of(document: bytes, block: ServiceBlock, most_rows: int) -> str:
    """Return results in JSON (https://www.w3.org/TR/sparql11-results-json/) as a VALUES clause.

    Raises:
        ServiceError: the document is not such results.
        LimitError: it has more than ``most_rows`` rows.
        QueryError: it holds a blank node or a triple term, which VALUES cannot.

    """
    try:
        results = json.loads(document)
        names = [name for name in dict.fromkeys(results["head"]["vars"]) if name in block.variables]
        rows = results["results"]["bindings"]
        if not isinstance(rows, list):
            raise TypeError("bindings")
        if len(rows) > most_rows:
            raise LimitError(
                f"<{block.endpoint}> has more than {most_rows:,} rows for its SERVICE block", "rows",
                "Ask it for less, with LIMIT or a filter within the block.",
            )  # fmt: skip
        lines = [" ".join(_row(row, names, block)) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ServiceError(f"<{block.endpoint}> did not answer with SPARQL results in JSON") from error
    head = " ".join(f"?{name}" for name in names)
    return " ".join([f"VALUES ({head}) {{", *(f"({line})" for line in lines), "}"])


def _row(row: dict[str, Any], names: Sequence[str], block: ServiceBlock) -> Iterator[str]:
    for name in names:
        term = row.get(name)
        yield "UNDEF" if term is None else _term(term, name, block)


def _term(term: dict[str, Any], name: str, block: ServiceBlock) -> str:
    match term["type"]:
        case "uri":
            return str(ox.NamedNode(term["value"]))
        case "literal" | "typed-literal" if "its:dir" not in term:
            if "xml:lang" in term:
                return str(ox.Literal(_string(term["value"]), language=term["xml:lang"]))
            if "datatype" in term:
                return str(ox.Literal(_string(term["value"]), datatype=ox.NamedNode(term["datatype"])))
            return str(ox.Literal(_string(term["value"])))
        case "bnode" | "triple" | "literal" | "typed-literal":
            raise QueryError(
                f"<{block.endpoint}> binds ?{name} to what cannot be taken over: a blank node, a triple term, or a "
                "text with a direction",
                f"Leave it out: FILTER (isIRI(?{name})) within the block, or SELECT the others there.",
            )
    raise ValueError(term["type"])


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("value")
    return value


def _is_service(token: Token) -> bool:
    return token.kind == "word" and token.text.upper() == "SERVICE"


def _endpoint(query: str, found: Sequence[Token], place: int, allowed: Collection[str]) -> str:
    token, name = found[place], found[place + 1] if place + 1 < len(found) else None
    remedy = f"Asked are only: {', '.join(f'<{address}>' for address in sorted(allowed))}"
    if name is not None and name.text.upper() == "SILENT":
        raise _refusal(query, token, "SERVICE SILENT: a part that is missing would not be seen", "Leave SILENT out.")
    if name is None or name.kind != "iri" or place + 2 >= len(found) or found[place + 2].text != "{":
        raise _refusal(query, token, "SERVICE needs an endpoint's address between < and >, then {", remedy)
    address = name.text[1:-1]
    if address not in allowed:
        raise _refusal(query, name, f"SERVICE: this endpoint does not ask {name.text}", remedy)
    return address


def _refusal(query: str, token: Token, message: str, remedy: str) -> ForbiddenQueryError:
    line, column = line_and_column(query, token.start)
    return ForbiddenQueryError(f"line {line}, column {column}: {message}", remedy)


def _closing(found: Sequence[Token], opening: int) -> int | None:
    """Return the place of the brace that closes the one at ``opening``."""
    depth = 0
    for place in range(opening, len(found)):
        if found[place].kind == "mark":
            depth += (found[place].text == "{") - (found[place].text == "}")
            if depth == 0:
                return place
    return None


def _dependent(found: Sequence[Token]) -> list[bool]:
    """Return, for each token, whether it stands in a group that is evaluated once for each graph or solution outside.

    In GRAPH the engine joins VALUES once, not for each graph; EXISTS and LATERAL put values into their groups.

    A keyword needs no blank around it, neither before nor after.
    """
    inside, groups = [], [False]
    for place, token in enumerate(found):
        inside.append(groups[-1])
        if token.kind != "mark":
            continue
        if token.text == "{":
            name, word = found[place - 1] if place else None, found[place - 2] if place > 1 else None
            groups.append(groups[-1] or (name is not None and _opens_dependent(name, word)))
        elif token.text == "}" and len(groups) > 1:
            groups.pop()
    return inside


def _opens_dependent(name: Token, word: Token | None) -> bool:
    """Whether ``name``, the token before a brace, and ``word`` before it, open GRAPH, EXISTS or LATERAL."""
    if name.kind == "word":
        return name.text.upper().endswith(("EXISTS", "LATERAL"))
    if name.kind == "pname" and "graph" in name.text.partition(":")[0].lower():
        return True  # GRAPHs:x
    return name.kind in _NAMES and word is not None and word.kind == "word" and word.text.upper().endswith("GRAPH")


def _padded(block: str) -> str:
    """Return `_DUMMY` as long as ``block``, with line ends where that has them."""
    rest = iter(_DUMMY)
    return "".join(char if char in "\r\n" else next(rest, " ") for char in block)
