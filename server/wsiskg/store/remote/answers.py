"""Read an engine's answer, put right what it does otherwise, and write it as the embedded store would."""

import json
from collections.abc import Mapping, Sequence, Set
from typing import Any

import pyoxigraph as ox

from wsiskg.model.errors import LimitError, StoreError
from wsiskg.store.remote.binding import Bound

__all__ = [
    "check_whole",
    "put_right",
    "read_boolean",
    "read_rows",
    "read_triples",
    "with_parameters",
]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_BOOLEANS = {"1": "true", "0": "false"}
Json = Any


def check_whole(headers: Mapping[str, str]) -> None:
    """Refuse an answer that its headers say is cut short (Virtuoso).

    Raises:
        LimitError: it is.

    """
    if headers.get("x-sql-state", "").startswith("S1T"):
        raise LimitError("the store stopped the query: it took too long", "time", "Ask for less.")
    if "x-sparql-maxrows" in headers:
        raise LimitError(
            f"the store gives at most {headers['x-sparql-maxrows']} rows, and the answer has more", "rows",
            "Ask for less, with LIMIT and OFFSET or a filter; or raise the store's own limit.",
        )  # fmt: skip


def read_rows(body: bytes) -> dict[str, Json]:
    """Return results in JSON (https://www.w3.org/TR/sparql11-results-json/), typed literals as literals.

    Raises:
        StoreError: they are none.

    """
    try:
        found = json.loads(body)
        if "boolean" in found:
            return {"head": {}, "boolean": bool(found["boolean"])}
        rows = found["results"]["bindings"]
        names = [str(name) for name in found["head"]["vars"]]
        for row in rows:
            for term in row.values():
                if term["type"] == "typed-literal":
                    term["type"] = "literal"
        return {"head": {"vars": names}, "results": {"bindings": rows}}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError("the store did not answer with SPARQL results in JSON") from error


def read_boolean(found: Mapping[str, Json]) -> bool:
    """Return the answer to ASK.

    Raises:
        StoreError: it is none.

    """
    if "boolean" not in found:
        raise StoreError("the store did not answer ASK with a boolean")
    return bool(found["boolean"])


def read_triples(body: bytes) -> Sequence[ox.Triple]:
    """Return a graph in N-Triples.

    Raises:
        StoreError: it is none.

    """
    try:
        return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError, OSError) as error:
        raise StoreError("the store did not answer with N-Triples") from error


def put_right(found: dict[str, Json], booleans: Set[str]) -> None:
    """Write booleans as true and false, and make booleans of the numbers in columns ``booleans``."""
    for row in found["results"]["bindings"]:
        for name, term in row.items():
            if (name in booleans or term.get("datatype") == _BOOLEAN) and term["value"] in _BOOLEANS:
                row[name] = {"type": "literal", "datatype": _BOOLEAN, "value": _BOOLEANS[term["value"]]}


def with_parameters(found: dict[str, Json], bound: Bound) -> dict[str, Json]:
    """Put the parameters back into rows."""
    if not bound.columns:
        return found
    names = list(bound.columns)
    terms = {name: _json_term(bound.terms[name]) for name in names if name in bound.terms}
    rows = [{**row, **terms} for row in found["results"]["bindings"]]
    return {"head": {"vars": names}, "results": {"bindings": rows}}


def _json_term(text: str) -> dict[str, str]:
    """Return a term in N-Triples syntax as results in JSON have it."""
    [quad] = ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term = quad.object
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, ox.Literal):
        raise TypeError(text)
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
