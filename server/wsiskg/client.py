"""A client of a running server: SPARQL through SPARQLWrapper, lists of the REST interface, for pandas and Polars.

::

    from wsiskg.client import Client

    client = Client("http://127.0.0.1:8080")
    client.matrix(edition="2015").to_polars()
    client.query("SELECT ?line WHERE { ?line a wsis:ActionLine }").to_pandas()
"""

import ast
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin
from urllib.request import Request, urlopen

from wsiskg import __version__
from wsiskg.model.errors import WsiskgError

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib

__all__ = ["Client", "ClientError", "Table"]

Json = Any
Value = str | int | float | bool | date | datetime | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_READERS: Mapping[str, Callable[[str], Value]] = {
    **{_XSD + name: int for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")},
    **{_XSD + name: float for name in ("decimal", "double", "float")},
    _XSD + "boolean": _BOOLEANS.__getitem__,
    _XSD + "date": date.fromisoformat,
    _XSD + "dateTime": datetime.fromisoformat,
}
_COLUMNS: Mapping[str, Callable[[str], Value]] = {
    **dict.fromkeys(("projects", "projects_goal_level", "recognised", "rank", "year", "first_year", "last_year"), int),
    **dict.fromkeys(("baseline_year", "deadline"), int),
    **dict.fromkeys(("lift", "p_value", "q_value", "target_value", "baseline_value"), float),
    **dict.fromkeys(("meets_policy", "grade_certain", "updates_matrix"), _BOOLEANS.__getitem__),
}
_RESULTS = "application/sparql-results+json"
_AGENT = f"wsiskg-client/{__version__}"


class ClientError(WsiskgError):
    """The server refused a request, or could not be reached.

    Attributes:
        status: HTTP status, 0 when there was no answer.

    """

    def __init__(self, message: str, remedy: str = "", status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an answer: numbers, dates and booleans as such, IRIs and codes as text, None where there is nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Iterate over the rows by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def to_polars(self) -> "polars.DataFrame":
        """Return the table as a Polars data frame."""
        import polars

        return polars.DataFrame(list(self.rows), schema=list(self.columns), orient="row", infer_schema_length=None)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the table as a pandas data frame.

        Raises:
            ImportError: pandas is not installed.

        """
        import pandas

        return pandas.DataFrame.from_records(list(self.rows), columns=list(self.columns))


class Client:
    """Asks one server.

    Args:
        url: address of the server, such as ``http://127.0.0.1:8080``.
        timeout: seconds to wait for an answer.

    Raises:
        ClientError: ``url`` is no web address.

    """

    def __init__(self, url: str, timeout: float = 60) -> None:
        if not re.match(r"https?://[^/]", url):
            raise ClientError(f"'{url}' is no web address", "Example: http://127.0.0.1:8080")
        self.url = url.rstrip("/") + "/"
        self.timeout = timeout

    def query(self, sparql: str) -> Table:
        """Answer a SELECT query; our own prefixes need no declaration.

        Raises:
            ClientError: the query is wrong, is no SELECT, or was stopped, or there is no server.

        """
        found = self._sparql(sparql, "json")
        if "results" not in found:
            raise ClientError("an ASK query has no table", "Use ask() for it.")
        columns = tuple(found["head"]["vars"])
        rows = found["results"]["bindings"]
        return Table(columns, tuple(tuple(_value(row.get(name)) for name in columns) for row in rows))

    def ask(self, sparql: str) -> bool:
        """Answer an ASK query.

        Raises:
            ClientError: see `query`.

        """
        found = self._sparql(sparql, "json")
        if "boolean" not in found:
            raise ClientError("this is no ASK query", "Use query() for it.")
        return bool(found["boolean"])

    def graph(self, sparql: str) -> "rdflib.Graph":
        """Answer a CONSTRUCT or DESCRIBE query as an rdflib graph.

        Raises:
            ClientError: see `query`.

        """
        import rdflib

        return rdflib.Graph().parse(data=self._sparql(sparql, "turtle"), format="turtle")

    def question(self, name: str, **parameters: str) -> Table:
        """Answer a question of the catalogue, such as ``question("target-supporters", target="9.c")``.

        Raises:
            ClientError: there is no such question, or a parameter is wrong.

        """
        text, _ = self._get(f"queries/{quote(name)}", parameters, "text/csv")
        return _table(text, {})

    def matrix(self, edition: str = "", **filters: str) -> Table:
        """Return the cells of the matrix with projects counted.

        Args:
            edition: its code; empty: the latest.
            filters: as of ``/api/v1/matrix``: ``level``, ``line``, ``goal``, ``region``, ``origin``, ``linked``,
                ``year_from``, ``year_to``.

        Raises:
            ClientError: there is no such edition, or a filter is wrong.

        """
        return self.list("matrix", edition=edition, **filters)

    def evidence(self, edition: str, pair: str, **filters: str) -> Table:
        """Return the projects behind a link, such as ``evidence("2015", "C2-9.c")``.

        Raises:
            ClientError: there is no such link, or a filter is wrong.

        """
        return self.list(f"links/{quote(edition)}/{quote(pair)}/evidence", **filters)

    def list(self, name: str, **filters: str) -> Table:
        """Return a whole list of ``/api/v1``, such as ``list("projects", line="C2", year_from="2015")``.

        Pages are fetched until there is no more.

        Raises:
            ClientError: there is no such list, or a filter is wrong.

        """
        given = {key.replace("_", "-"): value for key, value in filters.items() if value}
        if name != "matrix":
            given.setdefault("limit", "500")
        text, following = self._get(f"api/v1/{name}", given, "text/csv")
        table = _table(text, _COLUMNS)
        rows = list(table.rows)
        while following:
            text, following = self._get(following, {}, "text/csv")
            rows += _table(text, _COLUMNS).rows
        return Table(table.columns, tuple(rows))

    def diff(self, earlier: str, later: str) -> dict[str, Json]:
        """Return the links that an edition added, removed and changed.

        Raises:
            ClientError: there is no such edition.

        """
        return self._json(f"api/v1/editions/{quote(earlier)}/diff/{quote(later)}", {})

    def search(self, text: str, language: str = "en", kind: str = "") -> Sequence[dict[str, Json]]:
        """Return what ``text`` finds, best first.

        Raises:
            ClientError: ``kind`` or ``language`` is unknown.

        """
        given = {"q": text, "lang": language, "kind": kind, "limit": "100"}
        found: list[dict[str, Json]] = self._json("api/v1/search", {k: v for k, v in given.items() if v})["member"]
        return found

    def resource(self, path: str) -> dict[str, Json]:
        """Return a resource as framed JSON-LD, such as ``resource("link/2015/C2-9.c")`` or ``resource("sdg/9.c")``.

        Raises:
            ClientError: nothing is known of it.

        """
        return self._json(f"id/{quote(path)}", {})

    def release(self) -> str:
        """Return the id of the release that the server serves.

        Raises:
            ClientError: there is no server.

        """
        return str(self._json("health", {})["release"])

    def _json(self, path: str, parameters: Mapping[str, str]) -> dict[str, Json]:
        text, _ = self._get(path, parameters, "application/json, application/ld+json;q=0.9")
        found: dict[str, Json] = json.loads(text)
        return found

    def _get(self, path: str, parameters: Mapping[str, str], accept: str) -> tuple[str, str]:
        """Return the text at an address, and the address of the page after it."""
        # __init__ has checked the scheme, and no server leads us away from its own address.
        address = urljoin(self.url, path) + (f"?{urlencode(parameters)}" if parameters else "")
        if not address.startswith(self.url):
            raise ClientError(f"'{path}' is not at {self.url}")
        request = Request(address, headers={"Accept": accept, "User-Agent": _AGENT})  # noqa: S310
        try:
            with urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                links = response.headers.get("Link", "")
                found = re.search(r'<([^>]*)>; rel="next"', links)
                return response.read().decode("utf-8"), found.group(1) if found else ""
        except HTTPError as error:
            raise _error(error.code, error.read()) from None
        except (URLError, TimeoutError, OSError) as error:
            raise ClientError(f"no answer from {self.url}: {error}") from error

    def _sparql(self, sparql: str, form: str) -> Json:
        from SPARQLWrapper import POST, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        wrapper = SPARQLWrapper(urljoin(self.url, "sparql"), returnFormat=form, agent=_AGENT)
        wrapper.setQuery(_with_prefixes(sparql))
        wrapper.setMethod(POST)
        wrapper.setTimeout(int(self.timeout))
        try:
            response = wrapper.query()
            answer = response.response.read()
            if form != "json":
                return answer
            if not response.info()["content-type"].startswith(_RESULTS):  # JSON-LD, whose context is elsewhere
                raise ClientError("the query gives a graph", "Use graph() for it.")
            return json.loads(answer)
        except SPARQLWrapperException as error:
            body = re.search(r"Response:\n(b['\"].*)", str(error), re.DOTALL)
            status = {"QueryBadFormed": 400, "EndPointNotFound": 404, "Unauthorized": 401, "URITooLong": 414}
            content = ast.literal_eval(body.group(1)) if body else b""
            raise _error(status.get(type(error).__name__, 500), content) from None
        except HTTPError as error:
            raise _error(error.code, error.read()) from None
        except (URLError, TimeoutError, OSError) as error:
            raise ClientError(f"no answer from {self.url}: {error}") from error


def _with_prefixes(sparql: str) -> str:
    """Declare our prefixes before a query that declares none, on its first line so that errors keep their line."""
    from wsiskg.graph.iris import Iris
    from wsiskg.graph.ontology import prefixes

    if re.search(r"^\s*(PREFIX|BASE)\b", sparql, re.IGNORECASE | re.MULTILINE):
        return sparql
    used = {name: iri for name, iri in prefixes(Iris()).items() if f"{name}:" in sparql}
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in used.items()) + sparql


def _error(status: int, body: bytes) -> ClientError:
    try:
        problem = json.loads(body)
        where = f" (line {problem['line']}, column {problem['column']})" if "line" in problem else ""
        return ClientError(f"{problem['detail']}{where}", problem.get("remedy", ""), status)
    except (ValueError, KeyError, TypeError):
        return ClientError(f"the server answered with status {status}", status=status)


def _table(text: str, readers: Mapping[str, Callable[[str], Value]]) -> Table:
    lines = csv.reader(io.StringIO(text, newline=""))
    columns = tuple(next(lines))
    used = [readers.get(column, str) for column in columns]
    rows = (tuple(read(cell) if cell else None for read, cell in zip(used, line, strict=True)) for line in lines)
    return Table(columns, tuple(rows))


def _value(bound: Mapping[str, str] | None) -> Value:
    if bound is None:
        return None
    reader = _READERS.get(bound.get("datatype", ""))
    if reader is None:
        return bound["value"]
    try:
        return reader(bound["value"])
    except (ValueError, KeyError):  # ill-typed, or a date before the year 1
        return bound["value"]
