"""Pages beside the protocols, in English: questions, the SPARQL form, all statements of a resource, errors."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.responses import HTMLResponse

from wsiskg.graph.jsonld import load_context
from wsiskg.graph.release import Release
from wsiskg.store.catalogue import CatalogueQuery
from wsiskg.web.resource_data import Described, label_of, local_path
from wsiskg.web.ui.addresses import page_of
from wsiskg.web.ui.site import SECURITY, page_context, page_environment

__all__ = ["Pages"]


class Pages:
    """Renders the pages from their templates."""

    def __init__(self) -> None:
        self._environment = page_environment()

    def _render(
        self, template: str, release: Release, headers: Mapping[str, str] | None = None, status: int = 200, **data: Any
    ) -> HTMLResponse:
        text = self._environment.get_template(template).render(page_context("en", None), release=release, **data)
        return HTMLResponse(text, status, {**SECURITY, **(headers or {})})

    def sparql(self, release: Release, example: str) -> HTMLResponse:
        """Return the form in which a query is written."""
        return self._render("sparql.html", release, example=example)

    def catalogue(self, release: Release, queries: Mapping[str, CatalogueQuery]) -> HTMLResponse:
        """Return the list of catalogue queries."""
        return self._render("queries.html", release, queries=queries)

    def query(
        self, release: Release, query: CatalogueQuery, values: Mapping[str, str], table: Mapping[str, Any] | None
    ) -> HTMLResponse:
        """Return one catalogue query with its form, and its answer as a table (SPARQL JSON results)."""
        rows = [] if table is None else table["results"]["bindings"]
        columns = [] if table is None else [c for c in table["head"]["vars"] if c not in values]
        cells = [[self._cell(release, row.get(c)) for c in columns] for row in rows]
        return self._render("query.html", release, query=query, values=values, columns=columns, rows=cells)

    def problem(self, release: Release, status: int, title: str, detail: str, remedy: str) -> HTMLResponse:
        """Return an error page for people."""
        return self._render("problem.html", release, status=status, title=title, detail=detail, remedy=remedy)

    def resource(self, release: Release, described: Described, path: str, headers: Mapping[str, str]) -> HTMLResponse:
        """Return the page of one resource: its statements by property, each with its graph, and who names it."""
        context, iris = load_context(release.iris), release.iris
        prefix = iris.graph("").value
        properties: dict[str, list[dict[str, str]]] = {}
        for graph, triple in sorted(described.statements, key=lambda s: context.position(s[1].predicate.value)):
            name = context.compact_iri(triple.predicate.value)
            value = self._value(release, described, triple.object)
            properties.setdefault(name, []).append({**value, "graph": graph.removeprefix(prefix)})
        incoming: dict[str, list[dict[str, str]]] = {}
        for subject, predicate in described.incoming:
            shown = self._value(release, described, NamedNode(subject))
            incoming.setdefault(context.compact_iri(predicate), []).append(shown)
        title = label_of(described.labels.get(described.iri, ()), "en") or context.compact_iri(described.iri)
        return self._render(
            "resource.html", release, headers, title=title, iri=described.iri, at=path, page=page_of(path),
            properties=properties, incoming=incoming,
        )  # fmt: skip

    def _value(self, release: Release, described: Described, value: Any) -> dict[str, str]:
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

    @staticmethod
    def _cell(release: Release, value: Mapping[str, str] | None) -> dict[str, str]:
        if value is None:
            return {"text": "", "href": "", "lang": ""}
        if value["type"] == "uri":
            text = load_context(release.iris).compact_iri(value["value"])
            return {"text": text, "href": _href(release, value["value"]), "lang": ""}
        return {"text": value["value"], "href": "", "lang": value.get("xml:lang", "")}


def _href(release: Release, iri: str) -> str:
    """Return a link for ``iri``: our own page where there is one, web addresses as they are, nothing else."""
    if local := local_path(release.iris, iri):
        return local
    return iri if iri.startswith(("http://", "https://")) else ""
