"""Try out a remote store: each thing that is needed of it, on graphs of our own that are removed again."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wsiskg.model.errors import StoreError, WsiskgError
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Request
from wsiskg.store.remote.client import RemoteStore
from wsiskg.store.remote.loading import held_releases, names_of
from wsiskg.store.remote.names import Names

__all__ = ["Finding", "try_out"]

_VALUES = {
    "language": '"données"@fr',
    "other scripts": '"\u4fe1\u606f \u0438\u043d\u0444\u043e \U0001f310"',
    "quotes and lines": r'"a \"b\" \\ c\n\td"',
    "whole number": '"42"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "decimal": '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    "boolean": '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
    "date": '"2015-12-16"^^<http://www.w3.org/2001/XMLSchema#date>',
    "date and time": '"2015-12-16T10:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
    "year": '"2015"^^<http://www.w3.org/2001/XMLSchema#gYear>',
    "long text": '"' + "wsis " * 2_000 + '"',
}
_LONG = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one trial: ``state`` is ok, note, skip or FAIL."""

    state: str
    text: str
    remedy: str = ""


def try_out(store: RemoteStore, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each capability; what cannot be written to is only read."""
    try:
        yield Finding("ok", f"store: {store.engine.name} answers")
    except WsiskgError as error:
        yield Finding("FAIL", f"store: {error.message}", error.remedy)
        return
    trial = _Trial(store, Names(settings.base, f"trial-{secrets.token_hex(8)}", ()))
    yield from (_tried(name, test) for name, test in trial.reading.items())
    if not store.can_write:
        yield Finding("skip", "writing: no login is set", "Set store_user and store_password to load releases.")
    else:
        findings = [_tried(name, test) for name, test in trial.writing.items()]
        yield from findings
        yield from trial.notes
        yield _tried("graphs are removed", trial.remove)
    yield from _releases(store, settings)
    yield from (Finding("note", quirk) for quirk in store.engine.quirks)


def _tried(name: str, test: Callable[[], None]) -> Finding:
    try:
        test()
    except WsiskgError as error:
        return Finding("FAIL", f"{name}: {error.message}", error.remedy)
    return Finding("ok", name)


def _releases(store: RemoteStore, settings: Settings) -> Iterator[Finding]:
    try:
        held = held_releases(store, settings.base)
        read = next((h for h in held if h.complete and h.available), None)
        if read is None:
            yield Finding("FAIL", f"the store holds no release below {settings.base}", "Load one: wsiskg store load")
            return
        size = sum(store.count(graph) for graph in read.graphs)
        names = names_of(settings.base, read)
        query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
        seen = int(store.answer(Request(query, "text/csv"), names).body.split()[1])
        if seen != size:
            raise StoreError(
                f"queries see {seen:,} statements of release {read.release}, and its graphs have {size:,}",
                "The store does not honour named-graph-uri as the SPARQL protocol says.",
            )
        yield Finding("ok", f"release {read.release} is read, {size:,} statements; {len(held)} in the store")
    except WsiskgError as error:
        yield Finding("FAIL", f"releases: {error.message}", error.remedy)


class _Trial:
    """The tests, on graphs of a release that is none."""

    def __init__(self, store: RemoteStore, names: Names) -> None:
        self._store = store
        self._graphs = [names.plain + name for name in ("a", "b")]
        self._names = Names(names.base, names.release, tuple(self._graphs))
        self._own = [self._names.outward(graph) for graph in self._graphs]
        self.notes: list[Finding] = []
        self.reading: dict[str, Callable[[], None]] = {
            "SELECT answers as JSON": lambda: self._expect("SELECT (1 + 1 AS ?n) WHERE { }", "n\r\n2\r\n"),
            "ASK answers with a boolean": lambda: self._expect("ASK { }", "true"),
            "CONSTRUCT answers with N-Triples": self._construct,
            "long queries are taken": lambda: self._expect(
                f'SELECT (STRLEN("{"x" * _LONG}") AS ?n) WHERE {{ }}', f"n\r\n{_LONG}\r\n"
            ),
        }
        self.writing: dict[str, Callable[[], None]] = {
            "updates are carried out": self._update,
            "statements are added": self._add,
            "the dataset follows the protocol": self._dataset,
            "values come back": self._values,
        }

    def remove(self) -> None:
        for graph in self._own:
            self._store.update(f"DROP SILENT GRAPH <{graph}>")
            if self._store.count(graph):
                raise StoreError("a graph that was dropped still has statements")

    def _answer(self, query: str, media_type: str = "text/csv", **more: object) -> str:
        request = Request(query, media_type, **more)  # type: ignore[arg-type]
        return self._store.answer(request, self._names).body.decode()

    def _expect(self, query: str, expected: str) -> None:
        found = self._answer(query)
        if found != expected:
            raise StoreError(f"'{found.strip()[:60]}' instead of '{expected.strip()[:60]}'")

    def _construct(self) -> None:
        found = self._answer("CONSTRUCT { <urn:s> <urn:p> 'x' } WHERE { }", "application/n-triples")
        if found.strip() != '<urn:s> <urn:p> "x" .':
            raise StoreError("another graph than was asked for")

    def _update(self) -> None:
        self._store.update(f'INSERT DATA {{ GRAPH <{self._own[1]}> {{ <urn:s> <urn:p> "b" }} }}')
        if self._store.count(self._own[1]) != 1:
            raise StoreError("what was written is not there")

    def _add(self) -> None:
        lines = "".join(f"<urn:value:{i}> <urn:p> {value} .\n" for i, value in enumerate(_VALUES.values()))
        for _ in range(2):  # adding again changes nothing: what a try after a broken connection relies on
            self._store.add(self._own[0], lines.encode())
        if (found := self._store.count(self._own[0])) != len(_VALUES):
            raise StoreError(f"{found} statements are there, of {len(_VALUES)}")

    def _dataset(self) -> None:
        a, b = self._graphs
        query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
        for found, expected in (
            (self._answer(query), len(_VALUES) + 1),
            (self._answer(query, default_graphs=[b], named_graphs=[]), 1),
            (self._answer(query, default_graphs=["urn:other"], named_graphs=[]), 0),
            (self._answer(query.replace("WHERE", f"FROM <{a}> WHERE"), own_dataset=True), len(_VALUES)),
            (self._answer(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{b}> {{ ?s ?p ?o }} }}"), 1),
        ):
            if found.split()[1] != str(expected):
                raise StoreError(f"{found.split()[1]} statements are seen, of {expected}", "See the engine's settings.")

    def _values(self) -> None:
        lines = self._answer(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{self._graphs[0]}> {{ ?s ?p ?o }} }}", "application/n-triples"
        ).splitlines()
        found = dict(line.removesuffix(" .").split(" <urn:p> ", 1) for line in lines)
        for number, (name, value) in enumerate(_VALUES.items()):
            back = found.get(f"<urn:value:{number}>", "nothing")
            if _plain(back) != _plain(value):
                if name in {"long text", "language", "other scripts", "quotes and lines"}:
                    raise StoreError(f"{name}: {back[:40]} instead of {value[:40]}")
                self.notes.append(Finding("note", f"a {name} comes back as {back[:80]}"))


def _plain(text: str) -> str:
    return text.encode().decode("unicode-escape").encode("latin-1", "replace").decode("utf-8", "replace")
