"""The query workbench: a query is written, asked and answered on one page, and the page's address holds it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.ontology import ontology_triples, prefixes, rebase
from wsiskg.graph.release import Release
from wsiskg.graph.vocabulary import RDFS, VOID
from wsiskg.model.errors import UsageError, WsiskgError
from wsiskg.store.catalogue import CatalogueQuery
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.languages.translations import pick
from wsiskg.web.protocol.openapi import EXAMPLE
from wsiskg.web.protocol.requests import read_asked
from wsiskg.web.resources.queries import known_questions, question_called
from wsiskg.web.ui.queries.answers import Answer, ask
from wsiskg.web.ui.queries.questions import fields_of
from wsiskg.web.ui.site import Site

__all__ = ["LONGEST_SHARED", "vocabulary_json", "workbench_page"]

Json = Any

LONGEST_SHARED = 6_000
"""Letters of the longest query that an address is given; proxies refuse longer ones."""


async def workbench_page(site: Site, language: str, http: HttpRequest) -> Response:
    """Return the workbench with the query of the request, or with a question of the catalogue, and what came of it.

    Parameters of the address: ``query`` and ``timeout`` (seconds) as at the endpoint; or ``example``, the name of a
    question, with its parameters. A query too long for an address may be sent as a form. A fault of the query stands
    on the page, which has its HTTP status.
    """
    question: CatalogueQuery | None = None
    answer: Answer | None = None
    given: dict[str, str] = {}
    text, path = "", "query"
    try:
        asked = await read_asked(http, site.engine.settings.body_bytes)
        if asked.update is not None:
            raise UsageError("this page takes queries only", "Send updates to /update.")
        text = (asked.query or "").replace("\r\n", "\n")
        name = http.query_params.get("example", "")
        if name and not text:
            question = question_called(name, site.engine)
            known = {p.name for p in question.params}
            given = {name: value for name, value in http.query_params.items() if name in known}
            text = question.filled(given, site.engine.release.iris)
        if text.strip():
            answer = await ask(site, language, http, text, seconds=asked.seconds)
            if question or len(text) <= LONGEST_SHARED:
                path = with_query("query", {"example": name, **given} if question else {"query": text})
    except (WsiskgError, ProblemError) as error:
        return await run_in_threadpool(site.problem, http, language, error)
    status = answer.fault.status if answer and answer.fault else HTTPStatus.OK
    return await run_in_threadpool(
        site.page, http, "workbench.html", language, path, status,
        query=text or rebase(EXAMPLE, site.engine.release.iris), answer=answer, question=question,
        fields=fields_of(site, question, given) if question else [], questions=known_questions(site.engine),
        limit=site.engine.settings.query_seconds, shared=len(text) <= LONGEST_SHARED,
    )  # fmt: skip


def vocabulary_json(site: Site, language: str) -> str:
    """Return what the editor completes: our prefixes, and the classes and properties in use, the most used first.

    ``{"prefixes": {prefix: namespace}, "classes": [[IRI, label, uses]], "properties": [[IRI, label, uses]]}``, from the
    VoID description of the release and the ontology.
    """
    release = site.engine.release
    labels: dict[str, dict[str, str]] = {}
    for triple in ontology_triples(release.iris):
        if (
            triple.predicate == RDFS("label")
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, Literal)
        ):
            labels.setdefault(triple.subject.value, {})[triple.object.language or "en"] = triple.object.value
    parts = {} if release.plain else _partitions(release)

    def listed(kind: str) -> list[tuple[str, str, int]]:
        found = [(iri, pick(labels.get(iri), language).value, uses) for iri, uses in parts.get(kind, {}).items()]
        return sorted(found, key=lambda term: (-term[2], term[0]))

    document = {
        "prefixes": prefixes(release.iris), "classes": listed("class"), "properties": listed("property"),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _partitions(release: Release) -> Mapping[str, Mapping[str, int]]:
    """Return the classes and properties that the VoID description counts: IRI -> instances, or triples."""
    said: dict[str, dict[str, Json]] = {}
    for quad in ox.parse(path=str(release.path / "dumps" / "void.ttl")):
        if quad.predicate in _COUNTED:
            value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else ""
            said.setdefault(str(quad.subject), {})[quad.predicate.value] = value
    found: dict[str, dict[str, int]] = {"class": {}, "property": {}}
    for values in said.values():
        for kind, counted in (("class", VOID("entities")), ("property", VOID("triples"))):
            if iri := values.get(VOID(kind).value):
                found[kind][iri] = int(values.get(counted.value, 0))
    return found


_COUNTED = frozenset({VOID("class"), VOID("property"), VOID("entities"), VOID("triples")})
