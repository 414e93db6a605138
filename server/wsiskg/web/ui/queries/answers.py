"""What comes of a query, as a page shows it: a table of its first rows, or what went wrong and where."""

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import StreamingResponse

from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.model.errors import WsiskgError
from wsiskg.store.guard import Form, check_query
from wsiskg.web.http.problems import ProblemError, problem_response
from wsiskg.web.languages.addresses import page_of
from wsiskg.web.protocol.answers import answer_text
from wsiskg.web.resources.description import local_path
from wsiskg.web.ui.site import Site

__all__ = ["Answer", "Cell", "Fault", "Table", "ask", "read_graph", "read_table"]

Json = Any

MOST_ROWS = 1_000
_MOST_BYTES = 8_000_000
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = frozenset(
    _XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger", "gYear")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A term: how it is written, where a link leads (empty: nowhere), its language, and whether it is a number."""

    text: str
    href: str = ""
    lang: str = ""
    number: bool = False


_EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of an answer, and how many it has; ``truth`` is that of ASK, ``graph`` says that it is triples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    truth: bool | None = None
    graph: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer: an HTTP status and a problem document (RFC 9457)."""

    status: int
    document: Mapping[str, Json]

    def excerpt(self, query: str) -> tuple[str, str, str] | None:
        """Return the line of ``query`` that it names: what stands before, the token, what follows; None without one."""
        lines, number = query.split("\n"), int(self.document.get("line") or 0)
        if not 0 < number <= len(lines):
            return None
        line, start = lines[number - 1], max(int(self.document.get("column") or 1) - 1, 0)
        end = start + max(len(str(self.document.get("token") or "")), 1)
        return line[:start], line[start:end], line[end:]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query: a table, or a fault, or neither where it is too large to be shown; and the seconds."""

    table: Table | None
    fault: Fault | None
    graph: bool
    seconds: float


async def ask(
    site: Site,
    language: str,
    http: HttpRequest,
    query: str,
    bindings: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Answer:
    """Ask ``query`` for a page in a language; whatever goes wrong is a fault of the answer."""
    began = time.perf_counter()
    graph, bound = False, dict(bindings or {})
    try:
        graph = (check_query(query).form or Form.SELECT).gives_graph
        answer = await answer_text(
            http, site.engine, query, bound, seconds=seconds, short_format="nt" if graph else "json", conditional=False
        )
        body = await _body(answer.body_iterator) if isinstance(answer, StreamingResponse) else bytes(answer.body)
        iris = site.engine.release.iris
        table = None
        if body is not None and graph:
            table = await run_in_threadpool(read_graph, body, iris, language)
        elif body is not None:
            table = await run_in_threadpool(read_table, body, iris, language, bound)
        return Answer(table, None, graph, time.perf_counter() - began)
    except (WsiskgError, ProblemError) as error:
        response = problem_response(error)
        fault = Fault(response.status_code, json.loads(bytes(response.body)))
        return Answer(None, fault, graph, time.perf_counter() - began)


async def _body(pieces: Any) -> bytes | None:
    found = bytearray()
    async for piece in pieces:
        found += piece
        if len(found) > _MOST_BYTES:
            return None
    return bytes(found)


def read_table(body: bytes, iris: Iris, language: str, hidden: Collection[str] = ()) -> Table:
    """Return SPARQL 1.1 JSON results as a table.

    Args:
        body: the results.
        iris: by which our own resources are known, to link to their pages.
        language: of these pages.
        hidden: columns to leave out.

    """
    found = json.loads(body)
    if "boolean" in found:
        return Table((), (), 1, truth=bool(found["boolean"]))
    columns = tuple(name for name in found["head"]["vars"] if name not in hidden)
    rows = found["results"]["bindings"]
    shown = tuple(
        tuple(_cell(row[name], iris, language) if name in row else _EMPTY for name in columns)
        for row in rows[:MOST_ROWS]
    )
    return Table(columns, shown, len(rows))


def read_graph(body: bytes, iris: Iris, language: str) -> Table:
    """Return N-Triples as a table of statements, in the order of their text."""
    lines = sorted(line for line in body.split(b"\n") if line.strip())
    triples = [quad.triple for quad in ox.parse(b"\n".join(lines[:MOST_ROWS]), ox.RdfFormat.N_TRIPLES)]
    rows = tuple(
        tuple(_cell(_json(term), iris, language) for term in (t.subject, t.predicate, t.object)) for t in triples
    )
    return Table(("subject", "predicate", "object"), rows, len(lines), graph=True)


def _json(term: object) -> Mapping[str, Json]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.Literal):
        return {"type": "literal", "value": term.value, "xml:lang": term.language, "datatype": term.datatype.value}
    return {"type": "bnode", "value": str(term).removeprefix("_:")}


def _cell(term: Mapping[str, Json], iris: Iris, language: str) -> Cell:
    value = term["value"]
    if term["type"] == "uri":
        local = local_path(iris, value)
        page = page_of(local)
        href = f"/{language}/{page}" if page else local
        return Cell(load_context(iris).compact_iri(value), href or (value if _is_web(value) else ""))
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    if term["type"] == "triple":
        return Cell("<< " + " ".join(_cell(value[part], iris, language).text for part in _PARTS) + " >>")
    return Cell(str(value), "", term.get("xml:lang") or "", term.get("datatype") in _NUMBERS)


_PARTS = ("subject", "predicate", "object")


def _is_web(iri: str) -> bool:
    return iri.startswith(("http://", "https://"))
