"""Long work with progress: started by one request, looked at and fetched by later ones, kept in memory for a while."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from wsiskg.model.errors import LimitError, WsiskgError
from wsiskg.web.work.apart import Reply, Step, reply_of

__all__ = ["KEPT_SECONDS", "Job", "Jobs"]

KEPT_SECONDS = 900.0
"""How long an outcome can be fetched."""

_MOST = 64


@dataclass(slots=True)
class Job:
    """One piece of work: ``steps`` are the names of those begun, ``reply`` is there when it has ended."""

    id: str
    steps: list[str] = field(default_factory=list)
    reply: Reply | None = None
    ended: float = 0.0
    task: "asyncio.Task[None] | None" = None

    @property
    def state(self) -> str:
        """``waiting``, ``running`` or ``ended``."""
        if self.reply is not None:
            return "ended"
        return "running" if self.steps else "waiting"


class Jobs:
    """The jobs of this process. Their ids are secrets: who knows one may see its outcome and stop it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}

    def start(self, work: Callable[[Step], Awaitable[Reply]]) -> Job:
        """Begin ``work``; it is called with what notes a step.

        Raises:
            LimitError: too many are running.

        """
        self._forget()
        if len(self._jobs) >= _MOST:
            oldest = min((job for job in self._jobs.values() if job.reply), key=lambda job: job.ended, default=None)
            if oldest is None:
                raise LimitError("too many jobs are running just now", "queue", "Try again in a minute.")
            del self._jobs[oldest.id]
        job = Job(secrets.token_urlsafe(16))
        self._jobs[job.id] = job
        job.task = asyncio.create_task(self._run(job, work))
        return job

    def find(self, name: str) -> Job | None:
        """Return the job with this id, None if there is none or it was forgotten."""
        self._forget()
        return self._jobs.get(name)

    def drop(self, job: Job) -> None:
        """Stop ``job`` if it runs, and forget it."""
        self._jobs.pop(job.id, None)
        if job.task is not None:
            job.task.cancel()

    async def stop(self) -> None:
        """Stop all."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job, work: Callable[[Step], Awaitable[Reply]]) -> None:
        try:
            job.reply = await work(job.steps.append)
        except WsiskgError as error:
            job.reply = reply_of(error)
        job.ended = self._clock()

    def _forget(self) -> None:
        now = self._clock()
        for job in [job for job in self._jobs.values() if job.reply and now - job.ended > KEPT_SECONDS]:
            del self._jobs[job.id]
