"""``/<language>/publish``: a publisher decides on each proposal of a file, looks at what changes, and publishes."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from wsiskg.matrix.decide import Choice
from wsiskg.matrix.publishing.order import Order
from wsiskg.store.index.listings import Listing
from wsiskg.web.access.audit import read_trail
from wsiskg.web.access.forms import form_token
from wsiskg.web.access.sessions import Session
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import code_of
from wsiskg.web.languages.translations import told_language
from wsiskg.web.proposals.desk import Desk, Held, document_of, wait_for
from wsiskg.web.proposals.publishing import PublishOrder
from wsiskg.web.proposals.reviewing import MOST_LINKS
from wsiskg.web.ui.officers.check import (
    PRIVATE_PAGE,
    FileFaultError,
    known_codes,
    named_ends,
    progress_page,
    put_file,
    read_file_form,
)
from wsiskg.web.ui.officers.sign_in import Gate, SignedIn
from wsiskg.web.ui.site import Site
from wsiskg.web.work.jobs import Job

__all__ = ["faults_in", "open_links", "options_of", "publish_routes"]

Json = Any

_TERMS = ("edition", "hlpf", "role", "agency")
_LONGEST = 1_000  # characters of a field
_DECISION_BYTES = 8_000_000
_SWITCH_TRIES, _SWITCH_PAUSE = 50, 0.1
_ENTRIES = 50  # of the audit trail on a page


def options_of(link: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the decisions that are open on a proposal of a review, the one that is taken for granted first.

    The first is empty where the publisher has to choose.
    """
    if link["worst"] == "Violation":
        return ("", "withhold")
    if link["change"] == "retire":
        return ("take", "withhold")
    if link["decision"] is not None:
        given = {"upheld": "uphold", "contested": "contest"}[link["decision"]["kind"]]
        return (given, *(kind for kind in ("uphold", "contest", "withhold") if kind != given))
    if link["change"] in {"add", "amend"} and link["findings"]:
        return ("", "uphold", "withhold", "contest")
    return ("take", "withhold", "contest")


def open_links(review: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Return the proposals of a review that a publisher decides on: those that change something, or break a rule."""
    return [it for it in review["links"] if it["change"] != "keep" or it["worst"] == "Violation" or it["decision"]]


def faults_in(
    entered: Mapping[str, str], review: Mapping[str, Json], editions: Sequence[str], known: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return what is wrong with what a publisher entered: the name of a fault by field, in the order of the page."""
    found = {name: "missing" for name in _TERMS if not entered.get(name)}
    if "edition" not in found and editions and entered["edition"] <= editions[-1]:
        found["edition"] = "published"
    for name, codes in known.items():
        if name not in found and entered[name] not in codes:
            found[name] = "unknown"
    for link in open_links(review):
        kind, reason = (entered.get(f"{name}-{link['place']}", "") for name in ("kind", "reason"))
        if kind not in options_of(link) or not kind:
            found[f"kind-{link['place']}"] = "choose"
        elif kind != "take" and not reason:
            found[f"reason-{link['place']}"] = "reason"
    return found


def publish_routes(site: Site, desk: Desk, gate: Gate, language: str) -> list[Route]:
    """Return the routes of publishing in one language."""
    settings = desk.settings

    async def page(template: str, path: str, session: Session, status: int = HTTPStatus.OK, **data: Any) -> Response:
        text = await run_in_threadpool(
            site.render, template, language, path, session=session, token=form_token(session.forms),
            told=told_language(language), **data,
        )  # fmt: skip
        return HTMLResponse(text, status, {**PRIVATE_PAGE, "Content-Language": language})

    def go(path: str) -> Response:
        return RedirectResponse(f"/{language}/{path}", HTTPStatus.SEE_OTHER, PRIVATE_PAGE)

    def mine(http: HttpRequest, session: Session) -> Held:
        held = desk.find(http.path_params["name"])
        if held.owner not in {"", session.token}:
            raise ProblemError(HTTPStatus.CONFLICT, "another publisher works on this file", "Check it again yourself.")
        return held

    async def begin(http: HttpRequest, session: Session) -> Response:
        return await begin_page(session)

    async def begin_page(session: Session, fault: str = "", status: int = HTTPStatus.OK) -> Response:
        data: dict[str, Any] = {**known_codes(site), "limit": settings.check_bytes, "fault": fault}
        return await page("publish.html", "publish", session, status, **data)

    async def receive(http: HttpRequest, session: Session) -> Response:
        try:
            form = await read_file_form(http, settings)
            gate.require(http, session, form)
            held = put_file(form, desk)
        except FileFaultError as error:
            return await begin_page(session, error.fault, error.status)
        return go(f"publish/{held.id}")

    async def show(http: HttpRequest, session: Session) -> Response:
        held = mine(http, session)
        await wait_for(held.check)
        if held.check.reply is None:
            return progress_page(site, language, f"publish/{held.id}", held.check.steps)
        review = held.review()
        if review["loose"] or review["links_total"] > MOST_LINKS or not review["links"]:
            return go(f"check/{held.id}")
        held.owner = session.token
        agencies = await run_in_threadpool(_agencies, site)
        names = await run_in_threadpool(named_ends, site, review["links"])
        data: dict[str, Any] = {"it": review, "links": open_links(review), "options": options_of, **known_codes(site)}
        return await page(
            "decide.html", f"publish/{held.id}", session, held=held, agencies=agencies, names=names, **data
        )

    async def decide(http: HttpRequest, session: Session) -> Response:
        form = await gate.form(http, session, _DECISION_BYTES, 2 * MOST_LINKS + 50)
        held = mine(http, session)
        if held.owner != session.token:
            return go(f"publish/{held.id}")
        review = held.review()
        held.entered = {name: value.strip()[:_LONGEST] for name, value in form.fields if "token" not in name}
        if form.field("action") == "save":
            held.faults = {}
            return go(f"publish/{held.id}")
        known = {"hlpf": known_codes(site)["sessions"], "agency": [code for code, _ in _agencies(site)]}
        held.faults = faults_in(held.entered, review, site.index.editions, known)
        if held.faults:
            return go(f"publish/{held.id}")
        if held.trial is not None:
            desk.jobs.drop(held.trial)
        held.asked = _asked(held, review, session.name)
        held.trial = desk.publish(held, held.asked, site.engine.release.id)
        return go(f"publish/{held.id}/confirm")

    async def confirm(http: HttpRequest, session: Session) -> Response:
        held = mine(http, session)
        if held.trial is None:
            return go(f"publish/{held.id}")
        return await outcome(held, held.trial, "confirm", session)

    async def publish(http: HttpRequest, session: Session) -> Response:
        form = await gate.form(http, session)
        held = mine(http, session)
        if held.publication is not None and not _failed(held.publication):
            return go(f"publish/{held.id}/published")
        if held.trial is None or held.asked is None:
            return go(f"publish/{held.id}")
        release = document_of(held.trial.reply)["release"]
        if form.field("release") != release:
            raise ProblemError(
                HTTPStatus.CONFLICT,
                "the decisions were changed since this page was shown",
                "Look at them again.",
            )
        asked = replace(held.asked, dry_run=False, expected=release)
        held.publication = desk.publish(held, asked, site.engine.release.id)
        return go(f"publish/{held.id}/published")

    async def published(http: HttpRequest, session: Session) -> Response:
        held = mine(http, session)
        if held.publication is None:
            return go(f"publish/{held.id}")
        response = await outcome(held, held.publication, "published", session)
        if not _failed(held.publication) and (reply := held.publication.reply) is not None:
            await _served(site, str(document_of(reply)["release"]))
        return response

    async def outcome(held: Held, job: Job, stage: str, session: Session) -> Response:
        path = f"publish/{held.id}/{stage}"
        await wait_for(job)
        if job.reply is None:
            return await run_in_threadpool(progress_page, site, language, path, job.steps)
        document = json.loads(job.reply.body)
        if _failed(job):
            return await page("refused.html", path, session, job.reply.status, held=held, it=document)
        return await page(f"{stage}.html", path, session, held=held, it=document)

    async def trail(http: HttpRequest, session: Session) -> Response:
        given = http.query_params.get("skip", "")
        skip = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else 0
        entries, more = await run_in_threadpool(read_trail, settings.data, _ENTRIES, skip)
        path = "publish/trail" + (f"?skip={skip}" if skip else "")
        return await page(
            "trail.html", path, session, entries=entries, skip=skip, older=skip + _ENTRIES if more else 0,
            newer=max(skip - _ENTRIES, 0),
        )  # fmt: skip

    def add(path: str, endpoint: SignedIn, method: str = "GET") -> Route:
        return Route(path, gate.behind(site, language, endpoint), methods=[method], include_in_schema=False)

    return [
        add("/publish", begin),
        add("/publish", receive, "POST"),
        add("/publish/trail", trail),
        add("/publish/{name}", show),
        add("/publish/{name}", decide, "POST"),
        add("/publish/{name}/confirm", confirm),
        add("/publish/{name}/confirm", publish, "POST"),
        add("/publish/{name}/published", published),
    ]


async def _served(site: Site, release: str) -> None:
    """Wait a little until the server serves ``release``, so that the links to it lead somewhere."""
    for _ in range(_SWITCH_TRIES):
        if site.engine.release.id == release:
            return
        await asyncio.sleep(_SWITCH_PAUSE)


def _failed(job: Job) -> bool:
    return job.reply is not None and job.reply.status >= HTTPStatus.BAD_REQUEST


def _agencies(site: Site) -> list[tuple[str, Mapping[str, Json]]]:
    documents = site.index.page(Listing(("agency",), limit=500)).documents
    return sorted(((code_of(str(d["id"])), d) for d in documents), key=lambda pair: pair[0])


def _asked(held: Held, review: Mapping[str, Json], by: str) -> PublishOrder:
    """Return the trial of what a publisher entered, which has no faults."""
    entered = held.entered
    choices = {
        int(link["place"]): Choice(entered[f"kind-{link['place']}"], entered.get(f"reason-{link['place']}", ""))
        for link in open_links(review)
    }
    order = Order(
        edition=entered["edition"], hlpf=entered["hlpf"], by=by, role=entered["role"], agency=entered["agency"],
        on=datetime.now(UTC).date(), policy=held.order.policy,
    )  # fmt: skip
    return PublishOrder(order, dry_run=True, choices=choices)
