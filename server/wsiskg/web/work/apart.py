"""Run work on a stranger's file in a process of its own, so that a hostile file harms nothing but its own answer.

The processes are forked from a small server that has imported the libraries and nothing else (``forkserver``): no
memory of requests, and no second of importing for each.
"""

import asyncio
import contextlib
import json
import multiprocessing
import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any

from wsiskg.model.errors import LimitError, WorkerError, WsiskgError
from wsiskg.processes import address_space, bound, end_with_parent
from wsiskg.web.http.problems import ProblemError, problem_response

__all__ = ["Apart", "Reply", "Step", "Work", "reply_of"]

_FEWER = "Send fewer rows at a time, or run the command on a machine of your own."
_OWN = "Run the command on a machine of your own."

Step = Callable[[str], None]
"""Called with the name of each step of long work as it begins."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the work answers: ``headers`` beside the ``media`` type of ``body``."""

    status: int
    media: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Work = Callable[..., Reply]
"""A function of a module, called with arguments and ``step``: these travel to the process by pickle, its reply back as
plain bytes."""


class Apart:
    """A number of processes at most, for work that strangers ask for.

    Args:
        processes: how many may run at once.
        waiting: how many more may wait.
        seconds: time that each may take.
        memory: bytes of memory that each may take; 0 for no limit.
        preload: modules that the processes find imported.
        what: what is worked on, for messages: a ``file`` that was sent, or a ``report`` that was asked for.

    """

    def __init__(
        self, processes: int, waiting: int, seconds: float, memory: int, preload: list[str], what: str = "file"
    ) -> None:
        self._what = what
        self._free = asyncio.Semaphore(processes)
        self._most = processes + waiting
        self._seconds = seconds
        self._memory = memory
        self._count = 0
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(preload)

    async def run(self, work: Work, *arguments: Any, step: Step = lambda _: None) -> Reply:
        """Do ``work`` in a process of its own; it is killed when the caller is cancelled.

        An error of the package in it becomes the reply: a problem document.

        Raises:
            LimitError: too many wait already, or it took too long.
            WorkerError: the process died.

        """
        if self._count >= self._most:
            raise LimitError(
                f"too many {self._what}s are being worked on just now", "queue", "Try again in a few seconds."
            )
        self._count += 1
        try:
            async with self._free:
                return await self._run(work, arguments, step)
        finally:
            self._count -= 1

    async def _run(self, work: Work, arguments: tuple[Any, ...], step: Step) -> Reply:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_serve, args=(theirs, work, arguments, self._memory))
        await asyncio.to_thread(process.start)  # the first starts the server of processes, which imports
        theirs.close()
        try:
            async with asyncio.timeout(self._seconds):
                return await _receive(ours, step, self._what)
        except TimeoutError as error:
            remedy = _FEWER if self._what == "file" else _OWN
            raise LimitError(
                f"the {self._what} was not done with in {self._seconds:g} seconds", "time", remedy
            ) from error
        finally:
            await asyncio.shield(asyncio.to_thread(_end, process, ours))


async def _receive(connection: Connection, step: Step, what: str) -> Reply:
    """Read messages until the reply; a thread waits for each, and is let go when the process ends."""
    try:
        while True:
            head = json.loads(await asyncio.to_thread(connection.recv_bytes))
            if "step" not in head:
                body = await asyncio.to_thread(connection.recv_bytes)
                return Reply(head["status"], head["media"], body, head["headers"])
            step(head["step"])
    except (EOFError, OSError) as error:
        raise WorkerError(
            f"the process that worked on the {what} ended before it had done",
            f"The {what} may need more memory than is allowed.",
        ) from error


def _end(process: BaseProcess, connection: Connection) -> None:
    process.kill()
    process.join()
    connection.close()


def _serve(connection: Connection, work: Work, arguments: tuple[Any, ...], memory: int) -> None:
    """Run in the process: do the work and send its reply, to whoever is still there to read it."""
    end_with_parent()
    with contextlib.suppress(BrokenPipeError):
        _answer(connection, work, arguments, memory)


def _answer(connection: Connection, work: Work, arguments: tuple[Any, ...], memory: int) -> None:
    if memory:
        bound(resource.RLIMIT_AS, address_space() + memory)

    def step(name: str) -> None:
        connection.send_bytes(json.dumps({"step": name}).encode())

    try:
        try:
            reply = work(*arguments, step=step)
        finally:
            bound(resource.RLIMIT_AS, resource.RLIM_INFINITY)  # saying that there was too little takes some, too
    except (WsiskgError, ProblemError) as error:
        reply = reply_of(error)
    except (MemoryError, SystemError):  # the second where memory ends inside a C function that does not say so
        reply = reply_of(LimitError("the file needs more memory than is allowed", "memory", _FEWER))
    head = {"status": int(reply.status), "media": reply.media, "headers": dict(reply.headers)}
    connection.send_bytes(json.dumps(head).encode())
    connection.send_bytes(reply.body)


def reply_of(error: WsiskgError | ProblemError) -> Reply:
    """Return an error as the reply that a client gets: a problem document."""
    response = problem_response(error)
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Reply(response.status_code, str(response.media_type), bytes(response.body), headers)
