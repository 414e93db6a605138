"""The page of a resource that shows every statement with its graph, in English."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.responses import HTMLResponse

from wsiskg.graph.jsonld import load_context
from wsiskg.graph.release import Release
from wsiskg.web.resources.description import Described, label_of, local_path
from wsiskg.web.ui.site import SECURITY
from wsiskg.web.ui.templates import data_block, page_context, page_environment

__all__ = ["statements_page"]


def statements_page(
    release: Release, described: Described, path: str, page: str, headers: Mapping[str, str]
) -> HTMLResponse:
    """Return the page of one resource: its statements by property, each with its graph, and who names it.

    Args:
        release: the one being served.
        described: what it says of the resource.
        path: of the resource.
        page: that of the page about it, without language; empty if it has none.
        headers: of the answer.

    """
    context, iris = load_context(release.iris), release.iris
    prefix = iris.graph("").value
    properties: dict[str, list[dict[str, str]]] = {}
    for graph, triple in sorted(described.statements, key=lambda s: context.position(s[1].predicate.value)):
        name = context.compact_iri(triple.predicate.value)
        value = _value(release, described, triple.object)
        properties.setdefault(name, []).append({**value, "graph": graph.removeprefix(prefix)})
    incoming: dict[str, list[dict[str, str]]] = {}
    for subject, predicate in described.incoming:
        shown = _value(release, described, NamedNode(subject))
        incoming.setdefault(context.compact_iri(predicate), []).append(shown)
    title = label_of(described.labels.get(described.iri, ()), "en") or context.compact_iri(described.iri)
    text = page_environment().get_template("resource.html").render(
        page_context("en", None), release=release, title=title, iri=described.iri, at=path, page=page,
        properties=properties, incoming=incoming, linked_data=data_block(iris, described.document(iris)),
    )  # fmt: skip
    return HTMLResponse(text, headers={**SECURITY, **headers})


def _value(release: Release, described: Described, value: Any) -> dict[str, str]:
    if isinstance(value, NamedNode):
        label = label_of(described.labels.get(value.value, ()), "en")
        code = load_context(release.iris).compact_iri(value.value)
        return {
            "text": label or code,
            "code": code if label else "",
            "href": _href(release, value.value),
            "lang": "",
        }
    if isinstance(value, Literal):
        return {"text": value.value, "code": "", "href": "", "lang": value.language or ""}
    return {"text": str(value), "code": "", "href": "", "lang": ""}


def _href(release: Release, iri: str) -> str:
    """Return a link for ``iri``: our own page where there is one, web addresses as they are, nothing else."""
    if local := local_path(release.iris, iri):
        return local
    return iri if iri.startswith(("http://", "https://")) else ""
