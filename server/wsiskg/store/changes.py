"""Changes of a dataset: a SPARQL update, or a write of the Graph Store Protocol, applied to a store.

Runs inside a process of its own, which is thrown away when anything fails: so a change happens as a whole or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyoxigraph as ox

from wsiskg.model.errors import QueryError, QuerySyntaxError, UsageError
from wsiskg.store.formats import GRAPH_TYPES
from wsiskg.store.guard import tokens
from wsiskg.store.syntax import syntax_error

__all__ = [
    "Change",
    "Document",
    "Effect",
    "apply_change",
    "pack_change",
    "parse_update",
    "unpack_change",
    "with_dataset",
]

Kind = Literal["update", "put", "post", "delete"]


@dataclass(frozen=True, slots=True)
class Document:
    """An RDF document: its media type (one of `GRAPH_TYPES`) and its bytes."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What to change: ``text`` for an update; else the graph (None: the default graph) and what is put or added."""

    kind: Kind
    text: str = ""
    graph: str | None = None
    documents: Sequence[Document] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """Whether the graph of a graph store write existed before."""

    existed: bool


def apply_change(store: ox.Store, change: Change) -> Effect:
    """Apply ``change`` to ``store``.

    Raises:
        QuerySyntaxError: the update cannot be parsed.
        QueryError: the update fails while it is carried out.
        UsageError: a document cannot be parsed.

    """
    if change.kind == "update":
        _update(store, change)
        return Effect(existed=True)
    graph = ox.DefaultGraph() if change.graph is None else ox.NamedNode(change.graph)
    existed = isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)
    if change.kind in {"put", "delete"} and existed:
        if isinstance(graph, ox.NamedNode) and change.kind == "delete":
            store.remove_graph(graph)
        else:
            store.clear_graph(graph)
    for document in change.documents:
        _load(store, document, graph, change.base)
    if change.kind != "delete" and isinstance(graph, ox.NamedNode):
        store.add_graph(graph)
    return Effect(existed)


def parse_update(update: str) -> None:
    """Check that ``update`` is one.

    Raises:
        QuerySyntaxError: it cannot be parsed.

    """
    try:
        ox.Store().update(update, base_iri="urn:base:")
    except SyntaxError as error:
        raise syntax_error(update, str(error), update=True) from error
    except (OSError, ValueError, RuntimeError):
        return  # it was parsed, and failed on a store without statements


def _update(store: ox.Store, change: Change) -> None:
    unknown: dict[ox.NamedNode, Any] = {}
    while True:
        try:
            store.update(change.text, base_iri=change.base or None, custom_functions=unknown or None)
        except SyntaxError as error:
            raise syntax_error(change.text, str(error), update=True) from error
        except RuntimeError as error:
            name = str(error).partition("ustom function <")[2].partition(">")[0]
            if not name or len(unknown) == 20:
                raise QueryError(f"the update could not be carried out: {error}") from error
            unknown[ox.NamedNode(name)] = lambda *_: None  # its calls are errors, as SPARQL says
        except (OSError, ValueError) as error:
            raise QueryError(f"the update could not be carried out: {error}") from error
        else:
            return


def _load(store: ox.Store, document: Document, graph: ox.NamedNode | ox.DefaultGraph, base: str) -> None:
    form = GRAPH_TYPES[document.media_type]
    if form == ox.RdfFormat.RDF_XML and (b"<!DOCTYPE" in document.body or b"<!ENTITY" in document.body):
        raise UsageError("the document declares XML entities, which are not read", "Remove the DOCTYPE.")
    try:
        quads = list(ox.parse(document.body, form, base_iri=base or None, rename_blank_nodes=True))
        if any(quad.graph_name != ox.DefaultGraph() for quad in quads):
            raise UsageError("the document has named graphs of its own", "Send each graph to its own address.")
        store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"the document is not {document.media_type}: {error}", "Correct the syntax there.") from error


def with_dataset(update: str, graphs: Sequence[str] | None, named_graphs: Sequence[str] | None) -> str:
    """Return ``update`` with the protocol's ``using-graph-uri`` and ``using-named-graph-uri`` written as USING clauses.

    Raises:
        UsageError: the update has USING or WITH clauses of its own (https://www.w3.org/TR/sparql11-protocol/#update-dataset),
            or a graph is no IRI.

    """
    if graphs is None and named_graphs is None:
        return update
    try:
        clauses = "".join(f"USING {ox.NamedNode(graph)} " for graph in graphs or ())
        clauses += "".join(f"USING NAMED {ox.NamedNode(graph)} " for graph in named_graphs or ())
    except ValueError as error:
        raise UsageError(f"using-graph-uri: {error}") from error
    pieces, end, depth, previous = [], 0, 0, ""
    for token in tokens(update):
        word = token.text.upper() if token.kind == "word" and depth == 0 else ""
        if word in {"USING", "WITH"}:
            raise UsageError(f"the update has a {word} clause, and the request names graphs too", "Use one of them.")
        if word == "WHERE" and previous == "DELETE":
            # DELETE WHERE has no place for USING: the pattern is both template and condition.
            closing = _closing(update, token.start)
            pattern = update[token.start + 5 : closing]
            pieces.append(f"{update[end : token.start]}{pattern} {clauses}WHERE{pattern}")
            end = closing
        elif word == "WHERE":
            pieces.append(update[end : token.start] + clauses)
            end = token.start
        depth += (token.text == "{") - (token.text == "}") if token.kind == "mark" else 0
        previous = word
    return "".join(pieces) + update[end:]


def _closing(update: str, start: int) -> int:
    """Return where the group that opens after ``start`` ends."""
    depth = 0
    for token in tokens(update):
        if token.start < start or token.kind != "mark" or token.text not in "{}":
            continue
        depth += 1 if token.text == "{" else -1
        if depth == 0:
            return token.start + 1
    raise QuerySyntaxError("the group after WHERE is not closed")


def pack_change(change: Change) -> tuple[dict[str, Any], bytes]:
    """Return a change as header and body of a message."""
    header = {"kind": change.kind, "text": change.text, "graph": change.graph, "base": change.base,
              "documents": [[d.media_type, len(d.body)] for d in change.documents]}  # fmt: skip
    return header, b"".join(d.body for d in change.documents)


def unpack_change(header: Mapping[str, Any], body: bytes) -> Change:
    """Return the change that `pack_change` made a message of."""
    documents, start = [], 0
    for media_type, length in header["documents"]:
        documents.append(Document(media_type, body[start : start + length]))
        start += length
    return Change(header["kind"], header["text"], header["graph"], documents, header["base"])
