"""A store that is another server: ask it through SPARQLWrapper, write to it by update or Graph Store Protocol.

https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import io
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlencode, urljoin

import pyoxigraph as ox

from wsiskg.model.errors import LimitError, QueryError, StoreError
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Answer, Request, serialise
from wsiskg.store.guard import Form, read_query
from wsiskg.store.remote.address import query_address
from wsiskg.store.remote.answers import (
    check_whole,
    put_right,
    read_boolean,
    read_rows,
    read_triples,
    with_parameters,
)
from wsiskg.store.remote.binding import as_select, bind_terms
from wsiskg.store.remote.booleans import boolean_columns
from wsiskg.store.remote.engines import Engine, engine_named, engine_of
from wsiskg.store.remote.names import Asked, Names
from wsiskg.store.remote.transport import PATIENT, QUICK, Reply, Transport, Tries

__all__ = ["RemoteStore"]

_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_GRAPH_SENT = "application/n-triples"
_MOST_REPLY = 1_000_000  # bytes of an answer to a write
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Limits:
    """What one query is sent with."""

    seconds: float
    most_bytes: int
    tries: Tries


class RemoteStore:
    """The store that the setting ``store`` names. Use as a context manager; may be used by several threads.

    Args:
        settings: address, engine, login and limits.
        patient: how often writes are tried.
        quick: how often queries are tried.

    """

    def __init__(self, settings: Settings, patient: Tries = PATIENT, quick: Tries = QUICK) -> None:
        self._settings = settings
        self._patient, self._quick = patient, quick
        self.address = query_address(settings.store)
        login = (settings.store_user, settings.store_password) if settings.store_user else None
        self._transport = Transport(login, private=settings.store_private)
        self._engine: Engine | None = None

    def __enter__(self) -> "RemoteStore":
        """Return the store itself; nothing is sent yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close all connections."""
        self._transport.close()

    @property
    def engine(self) -> Engine:
        """What kind of engine it is: as set, or by what it says of itself.

        Raises:
            StoreError: it cannot be reached.

        """
        if self._engine is None:
            if self._settings.store_engine != "auto":
                engine = engine_named(self._settings.store_engine)
            else:
                body = urlencode({"query": "ASK {}"}).encode()
                headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _ROWS}
                reply = self._transport.send(
                    "POST", self.address, body, headers, with_login=False, seconds=30,
                    most_bytes=_MOST_REPLY, tries=self._quick,
                )  # fmt: skip
                engine = engine_of(reply.headers.get("server", ""))
            self._transport.digest = engine.digest
            self._engine = engine
        return self._engine

    @property
    def can_write(self) -> bool:
        """Whether writes will be sent with a login, or to an engine that asks for none."""
        return bool(self._settings.store_user) or not self.engine.digest

    def answer(self, request: Request, names: Names, seconds: float | None = None) -> Answer:
        """Answer ``request`` from the graphs of one release, as the embedded store would.

        The query must have passed the guard and parse. Parameters are bound by `bind_terms`.

        Raises:
            StoreError: the store cannot be reached, or its answer is none.
            LimitError: time was used up, or the answer is too large or cut short.
            QueryError: the store refuses the query, or a parameter cannot be bound.

        """
        engine = self.engine
        form = read_query(request.query).form or Form.SELECT
        bound = bind_terms(request.text(), request.bindings)
        given = request.default_graphs is not None or request.named_graphs is not None
        named = (request.named_graphs or ()) if given else None  # the protocol's parameters go before FROM
        asked = names.query(bound.text, request.address, engine.schemes, named)
        dataset = _dataset(request, names, asked)
        limits = _Limits(
            seconds or self._settings.query_seconds, request.max_bytes + 1_000_000, self._quick
        )  # names of graphs are longer there
        if form is Form.ASK and engine.ask_as_select:
            rows = read_rows(self._ask(Form.SELECT, as_select(asked.text), dataset, limits))
            return serialise(_results(b'{"head":{},"boolean":%s}' % _word(bool(rows["results"]["bindings"]))), request)
        body = self._ask(form, asked.text, dataset, limits)
        inward = names.inward(body.decode("utf-8", "replace")).encode()
        if form.gives_graph:
            return serialise(read_triples(inward), request)
        found = read_rows(inward)
        if form is Form.ASK:
            return serialise(_results(b'{"head":{},"boolean":%s}' % _word(read_boolean(found))), request)
        if "results" not in found:
            raise StoreError("the store did not answer SELECT with rows")
        if request.max_rows and len(found["results"]["bindings"]) > request.max_rows:
            raise LimitError(
                f"the answer has more than {request.max_rows:,} rows", "rows", "Ask for less, with LIMIT or a filter."
            )
        if engine.numbers_for_booleans:
            put_right(found, boolean_columns(request.text()))
        return serialise(_results(json.dumps(with_parameters(found, bound)).encode()), request)

    def rows(self, query: str) -> list[Row]:
        """Return the values that a query of our own finds, asked patiently.

        Raises:
            StoreError: see `answer`.
            LimitError: see `answer`.

        """
        limits = _Limits(self._settings.store_seconds, 64_000_000, self._patient)
        found = read_rows(self._ask(Form.SELECT, query, [], limits))
        if "results" not in found:
            raise StoreError("the store did not answer SELECT with rows")
        return [{name: str(term["value"]) for name, term in row.items()} for row in found["results"]["bindings"]]

    def count(self, graph: str) -> int:
        """Return the number of statements of a graph.

        Raises:
            StoreError: see `answer`.

        """
        rows = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        try:
            return int(rows[0]["n"])
        except (IndexError, KeyError, ValueError) as error:
            raise StoreError("the store did not count") from error

    def add(self, graph: str, triples: bytes) -> None:
        """Add statements in N-Triples to a graph: by Graph Store Protocol where the engine has it, else by update.

        Raises:
            StoreError: they could not be written.

        """
        engine = self.engine
        if not engine.graphs:
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples.decode()}}} }}")
            return
        url = f"{urljoin(self.address, engine.graphs)}?{urlencode({engine.graph_key: graph})}"
        self._written(self._write("POST", url, triples, _GRAPH_SENT))

    def update(self, text: str) -> None:
        """Carry out an update, as a form.

        Raises:
            StoreError: it could not be carried out.

        """
        engine = self.engine
        url = self._settings.store_update or (urljoin(self.address, engine.update) if engine.update else self.address)
        content = urlencode({"update": engine.before_update + text}).encode()
        self._written(self._write("POST", url, content, "application/x-www-form-urlencoded"))

    def _write(self, method: str, url: str, content: bytes, kind: str) -> Reply:
        return self._transport.send(
            method, url, content, {"Content-Type": kind, "Accept": f"{_ROWS}, */*;q=0.1"}, with_login=True,
            seconds=self._settings.store_seconds, most_bytes=_MOST_REPLY, tries=self._patient,
        )  # fmt: skip

    def _written(self, reply: Reply) -> None:
        if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise StoreError(
                f"the store does not let us write (status {reply.status})",
                "Set store_user and store_password to a user that may.",
            )
        if not HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
            raise StoreError(f"the store refused to write (status {reply.status}): {reply.detail}")

    def _ask(self, form: Form, query: str, dataset: Sequence[tuple[str, str]], limits: _Limits) -> bytes:
        """Send a query through SPARQLWrapper, as a form, and return the answer's body."""
        wrapper = _wrapper(self.address, lambda request: self._sent(request, limits))
        wrapper.setQuery(query)
        wrapper.queryType = form.value  # it looks into comments, too, and would take some queries for updates
        wrapper.addCustomHttpHeader("Accept", _TRIPLES if form.gives_graph else _ROWS)
        for name, value in dataset:
            wrapper.addParameter(name, value)
        body: bytes = wrapper.query().response.read()
        return body

    def _sent(self, request: Any, limits: _Limits) -> Reply:
        began = time.monotonic()
        reply = self._transport.send(
            request.get_method(), request.full_url, request.data or b"", dict(request.header_items()),
            with_login=self.engine.queries_with_login, seconds=limits.seconds, most_bytes=limits.most_bytes,
            tries=limits.tries,
        )  # fmt: skip
        check_whole(reply.headers)
        if reply.status != HTTPStatus.OK:
            _refused(reply, time.monotonic() - began >= limits.seconds)
        return reply


def _refused(reply: Reply, late: bool) -> NoReturn:
    if late:
        raise LimitError("the store did not answer in time", "time", "Ask for less.")
    if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise StoreError(f"the store does not let us ask (status {reply.status})", "Set store_user and store_password.")
    if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
        raise StoreError(f"the store leads elsewhere (status {reply.status})", "Name the very address in `store`.")
    if reply.status == HTTPStatus.NOT_FOUND:
        raise StoreError(
            "there is no SPARQL endpoint at the store's address (status 404)", "Check the setting `store`."
        )
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise StoreError(f"the store failed to answer (status {reply.status})", "Its own log says why.")
    raise QueryError(f"the store refused the query (status {reply.status})", "It may not know all of SPARQL 1.1.")


def _wrapper(address: str, send: Callable[[Any], Reply]) -> Any:
    """Return SPARQLWrapper with its requests sent by us: it follows redirects and takes proxies by itself."""
    from SPARQLWrapper import POST, SPARQLWrapper

    class Wrapper(SPARQLWrapper):
        def _query(self) -> tuple[Any, str]:
            return _Read(send(self._createRequest())), self.returnFormat

    wrapper = Wrapper(address)
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    return wrapper


class _Read(io.BytesIO):
    """A reply as SPARQLWrapper takes it."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body)
        self._headers = reply.headers

    def info(self) -> Mapping[str, str]:
        """Return the headers."""
        return self._headers


def _dataset(request: Request, names: Names, asked: Asked) -> list[tuple[str, str]]:
    """Return the parameters that name the dataset; nothing outside the release can be named."""
    own = [names.outward(graph) for graph in names.graphs] or [names.nowhere]
    if request.default_graphs is None and request.named_graphs is None:
        default, named = own if request.union else [names.nowhere], own
        if request.own_dataset:
            default, named = asked.default or [names.nowhere], asked.named or [names.nowhere]
    else:
        default = [names.graph(g) for g in request.default_graphs or ()] or [names.nowhere]
        named = [names.graph(g) for g in request.named_graphs or ()] or [names.nowhere]
    return [("default-graph-uri", g) for g in default] + [("named-graph-uri", g) for g in [*named, names.nowhere]]


def _word(value: bool) -> bytes:
    return b"true" if value else b"false"


def _results(document: bytes) -> Any:
    try:
        return ox.parse_query_results(document, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise StoreError("the store did not answer with SPARQL results in JSON") from error
