"""Files of proposals that people work on in the pages: kept in memory for a while, each under a secret name."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from wsiskg.model.errors import LimitError
from wsiskg.settings import Settings
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.proposals.checking import CheckOrder, check_file
from wsiskg.web.proposals.publications import carry_out_publication
from wsiskg.web.proposals.publishing import PublishOrder
from wsiskg.web.proposals.reviewing import publish_reviewed, review_file, template_file
from wsiskg.web.work.apart import Apart, Reply, Step
from wsiskg.web.work.jobs import KEPT_SECONDS, Job, Jobs

__all__ = ["Desk", "Held", "document_of", "wait_for"]

_AT_WORK_SECONDS = 4 * 3600.0  # a publisher reads hundreds of links
_MOST_FILES = 64
_FILLS = 8  # times the size of the largest file that all together may have


@dataclass(slots=True)
class Held:
    """One file: who sent what, what the check says of it, and what a publisher has entered.

    Attributes:
        id: its secret name: who knows it may see the check.
        name: of the file.
        data: the file.
        order: what the check was asked for.
        check: the check; its reply is that of `wsiskg.web.proposals.reviewing.review_file`.
        used: when it was last looked at.
        owner: SHA-256 of the token of the publisher who works on it, empty if none does.
        entered: what the publisher entered: fields of the form by name.
        faults: what is wrong with these: message by field.
        asked: the publication that these make, if they are in order.
        trial: that publication tried, if it was begun.
        publication: the publication itself, if it was begun.

    """

    id: str
    name: str
    data: bytes
    order: CheckOrder
    check: Job
    used: float
    owner: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: PublishOrder | None = None
    trial: Job | None = None
    publication: Job | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        jobs = (self.check, self.trial, self.publication)
        return len(self.data) + sum(len(job.reply.body) for job in jobs if job is not None and job.reply is not None)

    def review(self) -> Mapping[str, Any]:
        """Return what the check says.

        Raises:
            ProblemError: it could not be made.

        """
        return document_of(self.check.reply)


class Desk:
    """The files, and the processes apart that work on them."""

    def __init__(
        self, settings: Settings, apart: Apart, jobs: Jobs, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self.apart = apart
        self.jobs = jobs
        self._clock = clock
        self._held: dict[str, Held] = {}

    def put(self, name: str, data: bytes, order: CheckOrder) -> Held:
        """Keep a file and begin its check.

        Raises:
            LimitError: too many are being worked on.

        """
        self._make_room(len(data))

        async def work(step: Step) -> Reply:
            return await self.apart.run(review_file, name, data, order, self.settings, step=step)

        held = Held(secrets.token_urlsafe(16), name, data, order, self.jobs.start(work), self._clock())
        self._held[held.id] = held
        return held

    def find(self, name: str) -> Held:
        """Return the file with this secret name; it is kept anew from now.

        Raises:
            ProblemError: 404, there is none, or not any more.

        """
        self._forget()
        if (held := self._held.get(name)) is None:
            raise ProblemError(
                HTTPStatus.NOT_FOUND,
                "there is no such check, or it was dropped",
                f"A check is kept for {KEPT_SECONDS / 60:.0f} minutes. Send the file again.",
            )
        held.used = self._clock()
        return held

    def drop(self, held: Held) -> None:
        """Forget a file, and stop what runs on it, save a publication."""
        self._held.pop(held.id, None)
        for job in (held.check, held.trial):
            if job is not None:
                self.jobs.drop(job)

    def publish(self, held: Held, asked: PublishOrder, before: str) -> Job:
        """Begin to try or publish an edition from a file.

        Args:
            held: the file.
            asked: what is to be published.
            before: id of the release that is served now.

        Raises:
            LimitError: too many files are being worked on.

        """

        async def work(step: Step) -> Reply:
            return await carry_out_publication(
                self.apart, self.settings, publish_reviewed, held.name, held.data, asked, before, step
            )

        return self.jobs.start(work)

    async def report(self, held: Held, form: str, language: str) -> Reply:
        """Return the check in another form, see `wsiskg.matrix.renderings.CHECK_FORMATS`."""
        order = replace(held.order, form=form, language=language)
        return await self.apart.run(check_file, held.name, held.data, order, self.settings)

    async def template(self, language: str) -> Reply:
        """Return an empty workbook for proposals."""
        return await self.apart.run(template_file, language, self.settings)

    def _make_room(self, size: int) -> None:
        self._forget()
        most = _FILLS * self.settings.check_bytes

        def full() -> bool:
            return len(self._held) >= _MOST_FILES or sum(held.size for held in self._held.values()) + size > most

        while full():
            idle = [held for held in self._held.values() if not held.owner and held.check.reply is not None]
            if not idle:
                raise LimitError("too many files are being worked on just now", "queue", "Try again in a minute.")
            self.drop(min(idle, key=lambda held: held.used))

    def _forget(self) -> None:
        now = self._clock()
        for held in list(self._held.values()):
            if now - held.used > (_AT_WORK_SECONDS if held.owner else KEPT_SECONDS):
                self.drop(held)


def document_of(reply: Reply | None) -> Mapping[str, Any]:
    """Return the JSON document of a reply.

    Raises:
        ProblemError: it is that of an error, or there is none yet.

    """
    if reply is None:
        raise ProblemError(HTTPStatus.CONFLICT, "this has not ended yet", "Try again in a second.")
    document: Mapping[str, Any] = json.loads(reply.body)
    if reply.status >= HTTPStatus.BAD_REQUEST:
        extra = {name: document[name] for name in ("problems",) if name in document}
        raise ProblemError(HTTPStatus(reply.status), document["detail"], document.get("remedy", ""), **extra)
    return document


async def wait_for(job: Job, seconds: float = 1.0) -> None:
    """Wait until ``job`` has ended, ``seconds`` at most: most are quick, and nobody likes to see a page twice."""
    if job.reply is None and job.task is not None:
        await asyncio.wait({job.task}, timeout=seconds)
