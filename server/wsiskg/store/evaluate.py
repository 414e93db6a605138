"""Evaluate one query on a store and serialise its answer, within limits. Runs inside a worker, or in the command."""

import contextlib
import io
import json
import os
import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice
from operator import attrgetter
from typing import Any

import pyoxigraph as ox

from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.model.errors import LimitError, QueryError
from wsiskg.store.federation import Inlined, inline
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES
from wsiskg.store.syntax import POSITION, check_syntax, syntax_error

__all__ = ["Answer", "Request", "Spool", "evaluate", "serialise"]

_UNKNOWN_FUNCTION = re.compile(r"[Cc]ustom function <([^>]*)> is not supported")
_MOST_FUNCTIONS = 20
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")  # https://www.w3.org/TR/xml/#charsets
_REPLACEMENT = "\ufffd".encode()
_RETURN = b"&#13;"  # as it is, a reader of XML takes it for the end of a line


@dataclass(frozen=True, slots=True)
class Request:
    """A query to evaluate.

    ``bindings`` maps variable names to terms in N-Triples syntax; ``default_graphs`` None means the union of all
    graphs (with ``union``; else the store's own default graph) unless the query has a FROM clause of its own
    (``own_dataset``). ``base`` is the release's, for prefixes and context; ``address`` is what relative IRIs of the
    query are resolved against. ``max_bytes`` bounds the answer's size, ``max_rows`` the rows of a table (0: no limit).
    ``services`` are the rows that stand for the query's SERVICE blocks, and ``bare`` is the query without these, each
    other token at its line and column. With ``parse_only`` the query is read and not evaluated: another store will.
    """

    query: str
    media_type: str
    bindings: Mapping[str, str] = field(default_factory=dict)
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    own_dataset: bool = False
    max_bytes: int = 64_000_000
    base: str = ""
    address: str = ""
    union: bool = True
    max_rows: int = 0
    services: Sequence[Sequence[Any]] = ()
    bare: str = ""
    parse_only: bool = False

    def text(self) -> str:
        """Return what the engine is to evaluate."""
        return inline(self.query, [Inlined(*part) for part in self.services]) if self.services else self.query

    def packed(self) -> bytes:
        """Return it as bytes, for `unpack`."""
        return _ENCODER.encode(_VALUES(self)).encode()

    @classmethod
    def unpack(cls, data: bytes) -> "Request":
        """Return the request that was packed."""
        return cls(*json.loads(data))


_VALUES = attrgetter(*(f.name for f in fields(Request)))
_ENCODER = json.JSONEncoder(check_circular=False)


@dataclass(frozen=True, slots=True)
class Spool:
    """An open file that takes what does not stay in memory: answers above ``above`` bytes."""

    descriptor: int
    above: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer: ``body``, or the first ``spooled`` bytes of the file that the caller gave.

    ``unknown_functions`` are IRIs of functions that the engine does not know; their calls are errors, as SPARQL says.
    ``replaced`` counts the characters that XML cannot hold, written as U+FFFD.
    """

    body: bytes
    media_type: str
    spooled: int = 0
    unknown_functions: Sequence[str] = ()
    replaced: int = 0


class _Sink(io.BytesIO):
    """A buffer that refuses to grow past a limit, and goes on in a file where there is one."""

    def __init__(self, limit: int, spool: Spool | None, xml: bool) -> None:
        self.replaced = 0
        self._xml = xml
        self._limit = limit
        self._spool = spool
        self._size = 0
        self.spooled = 0

    def write(self, data: Any) -> int:
        taken = len(data)
        if self._xml:
            data, replaced = _NOT_XML.subn(_REPLACEMENT, data)
            self.replaced += replaced
            data = data.replace(b"\r", _RETURN)
        self._size += len(data)
        if self._size > self._limit:
            raise LimitError(
                f"the answer is larger than {self._limit:,} bytes", "bytes", "Ask for less, with LIMIT or a filter."
            )
        super().write(data)
        if self._spool is not None and self.tell() > self._spool.above:
            self._pour(self._spool.descriptor)
        return taken

    def finish(self) -> bytes:
        """Return what is in memory, nothing when the answer is in the file."""
        if self._spool is None or not self.spooled:
            return self.getvalue()
        self._pour(self._spool.descriptor)
        return b""

    def _pour(self, descriptor: int) -> None:
        with self.getbuffer() as held:
            written = 0
            while written < len(held):
                try:
                    written += os.pwrite(descriptor, held[written:], self.spooled + written)
                except OSError as error:
                    raise LimitError(
                        f"there is no room for the answer where it waits to be sent: {error.strerror}",
                        "disk",
                        "Ask for less, with LIMIT or a filter, or again in a few seconds.",
                    ) from error
        self.spooled += self.tell()
        self.seek(0)
        self.truncate()


def evaluate(store: ox.Store, request: Request, spool: Spool | None = None, most_bytes: int | None = None) -> Answer:
    """Evaluate ``request`` on ``store``; a large answer goes to ``spool``, from its beginning.

    Raises:
        QuerySyntaxError: the engine cannot parse the query.
        LimitError: the answer is larger than the request allows, than ``most_bytes``, or than there is room for.
        QueryError: the query fails while it is evaluated.

    """
    unknown: dict[ox.NamedNode, Callable[..., None]] = {}
    if request.services:
        _check_bare(request)
    if request.parse_only:
        check_syntax(request.text(), request.address)
        return Answer(b"", request.media_type)
    try:
        while True:
            try:
                if request.max_rows:
                    _count_rows(_results(store, request, unknown), request.max_rows)
                sink = _Sink(
                    request.max_bytes if most_bytes is None else min(most_bytes, request.max_bytes),
                    spool,
                    request.media_type.endswith("+xml"),
                )
                _serialise(_results(store, request, unknown), request, sink)
                names = [function.value for function in unknown]
                return Answer(sink.finish(), request.media_type, sink.spooled, names, sink.replaced)
            except RuntimeError as error:
                match = _UNKNOWN_FUNCTION.search(str(error))
                if match is None or len(unknown) == _MOST_FUNCTIONS:
                    raise
                unknown[ox.NamedNode(match[1])] = lambda *_: None  # which is an error to SPARQL, not to the query
    except SyntaxError as error:
        if request.services:
            match = POSITION.search(str(error))
            raise QueryError(
                f"the query cannot hold the rows of its SERVICE blocks: {match[3] if match else error}",
                "Give what a block binds and what is bound outside of it other names.",
            ) from error
        raise syntax_error(request.query, str(error)) from error
    except (LimitError, QueryError):
        _empty(spool)
        raise
    except (OSError, ValueError, RuntimeError) as error:
        _empty(spool)
        raise QueryError(f"the query could not be evaluated: {error}") from error


def _empty(spool: Spool | None) -> None:
    """Give back the room that the beginning of an answer takes."""
    if spool is not None:
        with contextlib.suppress(OSError):  # what is no file takes none
            os.ftruncate(spool.descriptor, 0)


def serialise(results: Any, request: Request) -> Answer:
    """Write what another store gave, solutions, a boolean or triples, as `evaluate` would.

    Raises:
        LimitError: the answer is larger than the request allows.
        QueryError: it cannot be written as the request says.

    """
    sink = _Sink(request.max_bytes, None, request.media_type.endswith("+xml"))
    try:
        _serialise(results, request, sink)
    except (LimitError, OSError, ValueError, RuntimeError, SyntaxError) as error:
        # The engine's solutions belong to this thread: the error, which may leave it, must not hold them.
        traceback.clear_frames(error.__traceback__)
        del results
        if isinstance(error, LimitError):
            raise
        raise QueryError(f"the answer could not be written: {error}") from error
    return Answer(sink.finish(), request.media_type, replaced=sink.replaced)


def _results(store: ox.Store, request: Request, unknown: dict[ox.NamedNode, Callable[..., None]]) -> Any:
    whole = request.default_graphs is None and request.named_graphs is None
    return store.query(
        request.text(),
        base_iri=request.address or None,
        use_default_graph_as_union=whole and request.union and not request.own_dataset,
        default_graph=None if whole else [ox.NamedNode(g) for g in request.default_graphs or ()],
        named_graphs=None if whole else [ox.NamedNode(g) for g in request.named_graphs or ()],
        substitutions={ox.Variable(n): _term(t) for n, t in request.bindings.items()} or None,
        custom_functions=unknown or None,  # type: ignore[arg-type]
    )


def _check_bare(request: Request) -> None:
    """Have the engine parse the query without its SERVICE blocks, for the positions of errors.

    Raises:
        QuerySyntaxError: it cannot be parsed.

    """
    try:
        ox.Store().query(request.bare, base_iri=request.address or None)
    except SyntaxError as error:
        raise syntax_error(request.bare, str(error)) from error
    except (OSError, ValueError, RuntimeError):
        return  # evaluation is for the whole query


def _count_rows(results: Any, most: int) -> None:
    if isinstance(results, ox.QuerySolutions) and sum(1 for _ in islice(results, most + 1)) > most:
        raise LimitError(f"the answer has more than {most:,} rows", "rows", "Ask for less, with LIMIT or a filter.")


def _term(text: str) -> ox.NamedNode | ox.Literal:
    """Read one term in N-Triples syntax."""
    triple = next(iter(ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)))
    if not isinstance(triple.object, ox.NamedNode | ox.Literal):
        raise QueryError(f"{text} is neither an IRI nor a literal")
    return triple.object


def _serialise(results: Any, request: Request, out: _Sink) -> None:
    if not isinstance(results, ox.QuerySolutions | ox.QueryBoolean):
        form = GRAPH_TYPES.get(request.media_type)
        if form is None:
            raise QueryError(f"a graph cannot be written as {request.media_type}")
        iris = Iris(request.base) if request.base else Iris()
        if form == ox.RdfFormat.JSON_LD:
            out.write(_json_ld(results, iris))
        else:
            ox.serialize(results, out, format=form, prefixes=_prefixes(form, iris))
        return
    results_form = RESULT_TYPES.get(request.media_type)
    if results_form is None:
        raise QueryError(f"a table cannot be written as {request.media_type}")
    if isinstance(results, ox.QueryBoolean) and results_form in {ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV}:
        out.write(b"true" if results else b"false")
    else:
        results.serialize(out, format=results_form)


def _prefixes(form: ox.RdfFormat, iris: Iris) -> dict[str, str] | None:
    return dict(prefixes(iris)) if form in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG} else None


def _json_ld(triples: Any, iris: Iris) -> bytes:
    """Compact a graph with the project's context; one with blank nodes, or terms of RDF 1.2, is left to the engine."""
    found = list(dict.fromkeys(triples))
    if not all(isinstance(t.subject, ox.NamedNode) and _is_plain(t.object) for t in found):
        return ox.serialize(found, format=ox.RdfFormat.JSON_LD) or b""
    context = load_context(iris)
    by_subject: dict[str, list[ox.Triple]] = {}
    for triple in found:
        by_subject.setdefault(triple.subject.value, []).append(triple)
    nodes = [context.node(subject, by_subject[subject]) for subject in sorted(by_subject)]
    document = {"@context": f"{iris.base}context.jsonld", "@graph": nodes}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _is_plain(term: object) -> bool:
    return isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.direction is None)
