"""Evaluate one query on a store and serialise its answer, within limits. Runs inside a worker, or in the command."""

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.model.errors import LimitError, QueryError, QuerySyntaxError
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES
from wsiskg.store.guard import Token, line_and_column, tokens

__all__ = ["Answer", "Request", "evaluate"]

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """A query to evaluate.

    ``bindings`` maps variable names to terms in N-Triples syntax; ``default_graphs`` None means the union of all
    graphs unless the query has a FROM clause of its own (``own_dataset``). ``max_bytes`` bounds the answer's size.
    """

    query: str
    media_type: str
    bindings: Mapping[str, str] = field(default_factory=dict)
    default_graphs: Sequence[str] | None = None
    named_graphs: Sequence[str] | None = None
    own_dataset: bool = False
    max_bytes: int = 64_000_000
    base: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised answer."""

    body: bytes
    media_type: str


class _Bounded(io.BytesIO):
    """A buffer that refuses to grow past a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._limit:
            raise LimitError(
                f"the answer is larger than {self._limit:,} bytes", "bytes", "Ask for less, with LIMIT or a filter."
            )
        return super().write(data)


def evaluate(store: ox.Store, request: Request) -> Answer:
    """Evaluate ``request`` on ``store``.

    Raises:
        QuerySyntaxError: the engine cannot parse the query.
        LimitError: the answer is larger than the request allows.
        QueryError: the query fails while it is evaluated.

    """
    whole = request.default_graphs is None and request.named_graphs is None
    try:
        results = store.query(
            request.query,
            use_default_graph_as_union=whole and not request.own_dataset,
            default_graph=None if whole else [ox.NamedNode(g) for g in request.default_graphs or ()],
            named_graphs=None if whole else [ox.NamedNode(g) for g in request.named_graphs or ()],
            substitutions={ox.Variable(n): _term(t) for n, t in request.bindings.items()} or None,
        )
        return Answer(_serialise(results, request), request.media_type)
    except SyntaxError as error:
        raise _syntax_error(request.query, str(error)) from error
    except (LimitError, QueryError):
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query could not be evaluated: {error}") from error


def _term(text: str) -> ox.NamedNode | ox.Literal:
    """Read one term in N-Triples syntax."""
    triple = next(iter(ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)))
    if not isinstance(triple.object, ox.NamedNode | ox.Literal):
        raise QueryError(f"{text} is neither an IRI nor a literal")
    return triple.object


def _serialise(results: Any, request: Request) -> bytes:
    out = _Bounded(request.max_bytes)
    if isinstance(results, ox.QueryTriples):
        form = GRAPH_TYPES.get(request.media_type)
        if form is None:
            raise QueryError(f"a graph cannot be written as {request.media_type}")
        iris = Iris(request.base) if request.base else Iris()
        if form == ox.RdfFormat.JSON_LD:
            out.write(_json_ld(results, iris))
        else:
            ox.serialize(results, out, format=form, prefixes=_prefixes(form, iris))
        return out.getvalue()
    results_form = RESULT_TYPES.get(request.media_type)
    if results_form is None:
        raise QueryError(f"a table cannot be written as {request.media_type}")
    if isinstance(results, ox.QueryBoolean) and results_form in {ox.QueryResultsFormat.CSV, ox.QueryResultsFormat.TSV}:
        return b"true" if results else b"false"
    results.serialize(out, format=results_form)
    return out.getvalue()


def _prefixes(form: ox.RdfFormat, iris: Iris) -> dict[str, str] | None:
    return dict(prefixes(iris)) if form in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG} else None


def _json_ld(triples: Any, iris: Iris) -> bytes:
    """Compact a graph with the project's context; one with blank nodes or triple terms stays in the engine's form."""
    found = list(dict.fromkeys(triples))
    if not all(isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.NamedNode | ox.Literal) for t in found):
        return ox.serialize(found, format=ox.RdfFormat.JSON_LD) or b""
    context = load_context(iris)
    by_subject: dict[str, list[ox.Triple]] = {}
    for triple in found:
        by_subject.setdefault(triple.subject.value, []).append(triple)
    nodes = [context.node(subject, by_subject[subject]) for subject in sorted(by_subject)]
    document = {"@context": f"{iris.base}context.jsonld", "@graph": nodes}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _undeclared(query: str) -> Token | None:
    """Return the first prefixed name whose prefix the query does not declare."""
    declared: set[str] = set()
    previous = ""
    for token in tokens(query):
        if token.kind == "pname":
            prefix = token.text.partition(":")[0]
            if previous == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return token
        previous = token.text.upper()
    return None


def _syntax_error(query: str, message: str) -> QuerySyntaxError:
    if "Prefix not found" in message and (unknown := _undeclared(query)) is not None:
        line, column = line_and_column(query, unknown.start)
        name = unknown.text.partition(":")[0]
        advice = f"declare it with PREFIX {name}: <...>"
        return QuerySyntaxError(
            f"line {line}, column {column}: the prefix '{name}:' is not declared; {advice}", line, column, unknown.text
        )
    match = _POSITION.search(message)
    if not match:
        return QuerySyntaxError(message)
    line, column = int(match[1]), int(match[2])
    lines = query.splitlines()
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    token = re.match(r"\S+", rest.lstrip())
    shown = token.group()[:40] if token else ""
    at = f"unexpected '{shown}'" if shown else "the query ends too early"
    expected = match[3] if len(match[3]) <= 120 else match[3][:117] + "..."
    return QuerySyntaxError(f"line {line}, column {column}: {at} ({expected})", line, column, shown)
