"""The catalogue as pages: all questions by subject, and one question with a form for its parameters and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.errors import WsiskgError
from wsiskg.store.catalogue import CatalogueQuery, Parameter
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import code_of, with_query
from wsiskg.web.languages.translations import LANGUAGES
from wsiskg.web.resources.queries import known_questions, question_called
from wsiskg.web.ui.queries.answers import ask
from wsiskg.web.ui.site import Site

__all__ = ["Field", "fields_of", "question_page", "questions_page"]

Json = Any

_KINDS: Mapping[str, tuple[str, ...]] = {
    "action-line": ("action-line",), "sdg": ("goal", "target"), "sdg-goal": ("goal",), "sdg-target": ("target",),
    "connect2020": ("connect2020",), "agency": ("agency",), "country": ("country",), "region": ("region",),
    "hlpf": ("hlpf",), "edition": ("edition",), "register": ("register",),
}  # fmt: skip
"""Type of a parameter -> kinds of the index among which its values are."""

_NOT_ASKED = frozenset({"format", "timeout", "example"})


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in a form: its value now, and documents of what may be chosen (none: it is written)."""

    parameter: Parameter
    value: str
    choices: Sequence[tuple[str, Json]] = ()


def questions_page(site: Site, language: str) -> str:
    """Return the list of all questions, by their first tag."""
    groups: dict[str, list[CatalogueQuery]] = {}
    for question in known_questions(site.engine).values():
        groups.setdefault(question.tags[0], []).append(question)
    return site.render("questions.html", language, "queries", groups=dict(sorted(groups.items())))


async def question_page(site: Site, language: str, http: HttpRequest) -> Response:
    """Return one question, answered for the parameters of the address; wrong ones as 400 on the same page."""
    try:
        question = question_called(http.path_params["name"], site.engine)
    except ProblemError as error:
        return await run_in_threadpool(site.problem, http, language, error)
    given = {name: value for name, value in http.query_params.items() if name not in _NOT_ASKED}
    iris = site.engine.release.iris
    try:
        bindings, filled = question.bind(given, iris), question.filled(given, iris)
    except WsiskgError as error:
        return await run_in_threadpool(site.problem, http, language, error)
    answer = await ask(site, language, http, question.text, bindings)
    values = {p.name: given.get(p.name) or p.default for p in question.params}
    return await run_in_threadpool(
        site.page, http, "question.html", language, with_query(f"queries/{question.name}", given),
        answer.fault.status if answer.fault else HTTPStatus.OK,
        question=question, answer=answer, values=values, fields=fields_of(site, question, given), query=question.text,
        filled=filled,
    )  # fmt: skip


def fields_of(site: Site, question: CatalogueQuery, given: Mapping[str, str]) -> list[Field]:
    """Return the fields of a question's form, filled with what is given."""
    index = None if site.engine.release.plain else site.index
    return [Field(p, given.get(p.name) or p.default, _choices(p.type, index)) for p in question.params]


def _choices(kind: str, index: Index | None) -> list[tuple[str, Json]]:
    """Return code and document of each value that a type of parameters may take; none where it is written."""
    if kind == "language":
        return [(code, {"id": code, "name": name}) for code, name in LANGUAGES.items()]
    if kind not in _KINDS or index is None:
        return []
    documents = index.page(Listing(_KINDS[kind], limit=500)).documents
    return [(code_of(str(d["id"])), d) for d in documents]
