"""A pool of worker processes on one release: killed when time is up or the client has gone, and replaced.

Queries wait in line by client: each client's turn comes round, however many queries another one sends.
"""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsiskg.graph.release import Release
from wsiskg.model.errors import LimitError, ReleaseError, WorkerError
from wsiskg.store.changes import Change, pack_change
from wsiskg.store.evaluate import Request
from wsiskg.store.workers.channels import Control, Worker, error_of
from wsiskg.store.workers.frames import pack
from wsiskg.store.workers.jobs import Job, Result
from wsiskg.store.workers.line import Line
from wsiskg.store.workers.loader import FORK_SUCCESSOR, FORK_WORKER

__all__ = ["Changed", "Limits", "WorkerPool"]

_NEVER = sys.maxsize
_LONGEST_PAUSE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """What queries may use.

    ``seconds`` bounds a query's time, ``memory`` the bytes a worker may take beyond the release, ``waiting`` the number
    of queries that may wait for a worker, ``client`` those that one client may have running and waiting. Answers above
    ``spool_above`` bytes wait in a file; a worker is replaced after ``answers`` answers, or when it has grown. A
    release that takes more than ``release`` bytes of memory is read from disk.
    """

    workers: int = 2
    seconds: float = 30.0
    memory: int = 2_000_000_000
    waiting: int = 64
    client: int = 32
    spool_above: int = _NEVER
    answers: int = 10_000
    release: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: whether its graph existed; of a plain release also the pool of the next one."""

    existed: bool
    pool: "WorkerPool | None" = None


class WorkerPool:
    """Workers that answer queries on one release. Use as an asynchronous context manager."""

    def __init__(self, release: Release, limits: Limits, data: Path | None = None) -> None:
        self.release = release
        self.limits = limits
        self.offline = False
        self.in_memory = False
        self.generation = 0
        self.jobs: dict[int, Job] = {}
        self._data = data or release.path.parent.parent
        self._numbers = itertools.count(1)
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._line: Line[Worker] = Line()
        self._by_client: dict[str, int] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._control: Control | None = None
        self._closed = False
        self._stillborn = 0

    async def __aenter__(self) -> "WorkerPool":
        """Start the loader and its workers, unless another pool handed over a loader.

        Raises:
            ReleaseError: the release is damaged.
            WorkerError: the process that loads it was ended.

        """
        if self._control is None:
            ours, theirs = socket.socketpair()
            ours.setblocking(False)
            limits = {
                "memory": self.limits.memory,
                "spool_above": self.limits.spool_above,
                "answers": self.limits.answers,
                "release": self.limits.release,
            }
            data, path = self._data.resolve(), self.release.path.resolve()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "wsiskg.store.workers.loader", str(data), str(path),
                str(theirs.fileno()), json.dumps(limits), pass_fds=[theirs.fileno()],
                env={**os.environ, "RUST_BACKTRACE": "0"}, stdin=asyncio.subprocess.DEVNULL, cwd=Path("/"),
                start_new_session=True,
            )  # fmt: skip
            theirs.close()
            self._control = Control(ours, process)
            ready = await self._control.receive()
            if not ready["ready"]:
                raise ReleaseError(ready["message"], ready["remedy"])
            self.offline, self.in_memory = bool(ready["offline"]), bool(ready["in_memory"])
        for _ in range(self.limits.workers):
            await self._spawn()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the loader and every worker."""
        self._closed = True
        for task in self._background:
            task.cancel()
        for worker in list(self._workers):
            worker.end()
        if self._control is not None:
            self._control.channel.close()
            if self._control.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._control.process.kill()
                await self._control.process.wait()

    @property
    def waiting(self) -> int:
        """Number of queries that wait for a worker."""
        return self._line.length

    @property
    def running(self) -> int:
        """Number of queries that are being evaluated."""
        return sum(1 for job in self.jobs.values() if job.began is not None)

    async def ask(self, request: Request, seconds: float | None = None, client: str = "") -> Result:
        """Answer ``request`` within ``seconds`` (never more than the pool's limit), in ``client``'s turn.

        Raises:
            LimitError: no worker became free, time was up, the answer was too large, or an operator stopped it.
            QuerySyntaxError: the query is not SPARQL.
            WorkerError: the worker died.
            QueryError: the query failed.

        """
        with self._listed(request, seconds, client) as job:
            return await self._answered(request, client, job)

    async def _answered(self, request: Request, client: str, job: Job) -> Result:
        """Have a worker answer."""
        worker = self._idle.pop() if self._idle and not self._line.length else await self._wait(client, job)
        job.began = time.monotonic()
        return await self._run(worker, job, request)

    @contextlib.contextmanager
    def _listed(self, request: Request, seconds: float | None, client: str) -> Iterator[Job]:
        """List a job while it lasts.

        Raises:
            LimitError: too many of the client's queries are listed.

        """
        if client and self._by_client.get(client, 0) >= self.limits.client:
            raise LimitError(
                f"{self.limits.client} of your queries are running or waiting", "client", "Wait until one has ended."
            )
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        job = Job(next(self._numbers), request.query, client, allowed, time.monotonic())
        self.jobs[job.number] = job
        self._by_client[client] = self._by_client.get(client, 0) + 1
        try:
            yield job
        finally:
            del self.jobs[job.number]
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]

    def stop(self, number: int) -> bool:
        """Stop the job of this number; return whether there was one."""
        job = self.jobs.get(number)
        if job is None or job.awaited is None or job.awaited.done():
            return False
        job.awaited.set_exception(LimitError("an operator stopped the query", "operator", "Ask them why."))
        return True

    async def change(self, change: Change, seconds: float, folder: Path, parse_only: bool = False) -> Changed:
        """Carry out a change within ``seconds``, in a process of its own; nothing is made current.

        Of a built release, all statements after the change are then in ``folder``: in the loader's file `CHANGED`.
        With ``parse_only`` nothing is carried out.

        Raises:
            LimitError: time or memory was used up.
            QueryError: the change is wrong, or failed.
            UsageError: a document is not of its type.

        """
        if self._control is None:
            raise WorkerError("the pool is not running")
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            pid = await self._control.fork(FORK_SUCCESSOR, theirs.fileno())
        control, kept = Control(ours), False
        try:
            header, body = pack_change(change)
            message = pack(
                {"change": header, "seconds": seconds, "folder": str(folder), "parse_only": parse_only}, body
            )
            async with asyncio.timeout(seconds):
                await asyncio.get_running_loop().sock_sendall(ours, message)
                reply = await control.receive()
            if not reply.get("ok"):
                raise error_of(reply)
            if "release" not in reply:
                return Changed(bool(reply["existed"]))
            kept = True
            return Changed(bool(reply["existed"]), self._next(str(reply["release"]), control))
        except TimeoutError as error:
            raise LimitError(f"the update took longer than {seconds:g} seconds and was stopped", "time") from error
        except WorkerError as error:
            raise WorkerError("the update stopped the process that carried it out", "Make it smaller.") from error
        finally:
            if not kept:
                ours.close()
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _next(self, release: str, control: Control) -> "WorkerPool":
        path = self._data / "releases" / release
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        pool = WorkerPool(Release(path, manifest), self.limits, self._data)
        pool.offline, pool.in_memory, pool.generation = self.offline, self.in_memory, self.generation + 1
        pool._control = control
        return pool

    async def _wait(self, client: str, job: Job) -> Worker:
        """Wait in line for a worker that is free, and return it."""
        if self._line.length >= self.limits.waiting:
            raise LimitError("too many queries are waiting", "queue", "Try again in a few seconds.")
        place = job.awaited = self._line.join(client)
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await place
        except BaseException as error:
            self._line.leave(client, place)
            if place.done() and not place.cancelled() and place.exception() is None:  # it came too late
                self._free(place.result())
            if isinstance(error, TimeoutError):
                raise LimitError("no worker became free in time", "queue", "Try again in a few seconds.") from error
            raise

    async def _run(self, worker: Worker, job: Job, request: Request) -> Result:
        reply = job.awaited = worker.ask(pack({}, request.packed()))
        timer = asyncio.get_running_loop().call_later(job.seconds, _time_is_up, reply, job.seconds)
        header: dict[str, Any] = {"tired": True}
        try:
            header, body = await reply
        finally:
            timer.cancel()
            # When time is up, the worker died, or the client went away, the worker is not reused; nor when its file
            # is still to be read.
            if header.get("tired") or header.get("spooled"):
                self._end(worker)
            else:
                self._free(worker)
        if "error" in header:
            raise error_of(header)
        spooled = int(header.get("spooled", 0))
        return Result(
            body, request.media_type, worker.spool if spooled else None, spooled,
            tuple(header.get("unknown_functions", ())), header.get("replaced", 0),
        )  # fmt: skip

    def _free(self, worker: Worker) -> None:
        """Give ``worker`` to who is next in line."""
        if worker not in self._workers:
            return
        place = self._line.next()
        if place is None:
            self._idle.append(worker)
        else:
            place.set_result(worker)

    def _end(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers.discard(worker)
            worker.end()
            self._stillborn = 0 if worker.asked else self._stillborn + 1
            self._replace()

    def _lost(self, worker: Worker) -> None:
        """Replace a worker whose process has ended by itself."""
        if worker in self._idle:
            self._idle.remove(worker)
        self._end(worker)

    def _replace(self) -> None:
        if not self._closed:
            task = asyncio.create_task(self._spawn())
            self._background.add(task)
            task.add_done_callback(self._replaced)

    def _replaced(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()  # a loader that has ended: whoever asks next is told

    async def _spawn(self) -> None:
        if self._control is None:
            raise WorkerError("the pool is not running")
        # Workers that end before they are asked would otherwise be replaced as fast as they end.
        await asyncio.sleep(
            min(_LONGEST_PAUSE, 0.01 * 2**self._stillborn) if self._stillborn > self.limits.workers else 0
        )
        ours, theirs = socket.socketpair()
        spool = tempfile.TemporaryFile(prefix="wsiskg-", buffering=0)  # noqa: SIM115 - closed with the last reference
        with theirs:
            pid = await self._control.fork(FORK_WORKER, theirs.fileno(), spool.fileno())
        worker = Worker(pid, spool, self._lost)
        self._workers.add(worker)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        self._free(worker)


def _time_is_up(reply: asyncio.Future[Any], seconds: float) -> None:
    if not reply.done():
        reply.set_exception(
            LimitError(
                f"the query took longer than {seconds:g} seconds and was stopped", "time",
                "Ask for less: name an edition, a goal or an action line, or add LIMIT.",
            )
        )  # fmt: skip
