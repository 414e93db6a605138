"""A pool of worker processes on one release: killed when time is up or the client has gone, and replaced."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from wsiskg.graph.release import Release
from wsiskg.model.errors import LimitError, QueryError, QuerySyntaxError, WorkerError
from wsiskg.store.evaluate import Answer, Request
from wsiskg.store.frames import HEAD, pack, unpack_lengths

__all__ = ["Limits", "WorkerPool"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may use.

    ``seconds`` bounds its time, ``memory`` the bytes a worker may take beyond the release, ``waiting`` the number of
    queries that may wait for a worker.
    """

    workers: int = 2
    seconds: float = 30.0
    memory: int = 2_000_000_000
    waiting: int = 64


@dataclass(slots=True)
class _Worker:
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class WorkerPool:
    """Workers that answer queries on one release. Use as an asynchronous context manager."""

    def __init__(self, release: Release, limits: Limits) -> None:
        self.release = release
        self.limits = limits
        self.offline = False
        self.in_memory = False
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._waiting = 0
        self._spawning = asyncio.Lock()
        self._background: set[asyncio.Task[None]] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._closed = False

    async def __aenter__(self) -> "WorkerPool":
        """Start the loader and its workers.

        Raises:
            WorkerError: the release could not be loaded.

        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._control = ours
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wsiskg.store.loader", str(self.release.path), str(theirs.fileno()),
            str(self.limits.memory), pass_fds=[theirs.fileno()], stdin=asyncio.subprocess.DEVNULL,
            cwd=Path("/"), start_new_session=True,
        )  # fmt: skip
        theirs.close()
        ready = await self._control_message()
        self.offline, self.in_memory = bool(ready["offline"]), bool(ready["in_memory"])
        for _ in range(self.limits.workers):
            self._idle.put_nowait(await self._spawn())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the loader and every worker."""
        self._closed = True
        for task in self._background:
            task.cancel()
        if self._control is not None:
            self._control.close()
        while not self._idle.empty():
            self._end(self._idle.get_nowait())
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def ask(self, request: Request, seconds: float | None = None) -> Answer:
        """Answer ``request`` within ``seconds`` (never more than the pool's limit).

        Raises:
            LimitError: no worker became free, time was up, or the answer was too large.
            QuerySyntaxError: the query is not SPARQL.
            WorkerError: the worker died.
            QueryError: the query failed.

        """
        if self._waiting >= self.limits.waiting:
            raise LimitError("too many queries are waiting", "queue", "Try again in a few seconds.")
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds):
                worker = await self._idle.get()
        except TimeoutError as error:
            raise LimitError("no worker became free in time", "queue", "Try again in a few seconds.") from error
        finally:
            self._waiting -= 1
        answered = False
        try:
            async with asyncio.timeout(allowed):
                header, body = await self._exchange(worker, request)
            answered = True
        except TimeoutError as error:
            raise LimitError(
                f"the query took longer than {allowed:g} seconds and was stopped",
                "time",
                "Ask for less: name an edition, a goal or an action line, or add LIMIT.",
            ) from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerError("the query stopped the process that evaluated it", "Make the query smaller.") from error
        finally:
            if answered:
                self._idle.put_nowait(worker)
            else:  # time is up, the worker died, or the client went away: this worker is not reused
                self._end(worker)
                self._replace()
        if header.get("ok"):
            return Answer(body, header["media_type"])
        raise _error(header)

    async def _exchange(self, worker: _Worker, request: Request) -> tuple[dict[str, Any], bytes]:
        worker.writer.write(pack(asdict(request)))
        await worker.writer.drain()
        return await _read(worker.reader)

    def _replace(self) -> None:
        if not self._closed:
            task = asyncio.create_task(self._spawn_idle())
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def _spawn_idle(self) -> None:
        self._idle.put_nowait(await self._spawn())

    async def _spawn(self) -> _Worker:
        async with self._spawning:
            ours, theirs = socket.socketpair()
            with theirs:
                if self._control is None:
                    raise WorkerError("the pool is not running")
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
                pid = int((await self._control_message())["pid"])
            reader, writer = await asyncio.open_connection(sock=ours)
            return _Worker(pid, reader, writer)

    async def _control_message(self) -> dict[str, Any]:
        loop, control = asyncio.get_running_loop(), self._control
        if control is None:
            raise WorkerError("the pool is not running")

        async def exactly(length: int) -> bytes:
            data = b""
            while len(data) < length:
                part = await loop.sock_recv(control, length - len(data))
                if not part:
                    raise WorkerError("the release could not be loaded", "Build it again: wsiskg build.")
                data += part
            return data

        header_length, _ = unpack_lengths(await exactly(HEAD.size))
        message: dict[str, Any] = json.loads(await exactly(header_length))
        return message

    @staticmethod
    def _end(worker: _Worker) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        worker.writer.close()


async def _read(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    header_length, body_length = unpack_lengths(await reader.readexactly(HEAD.size))
    header: dict[str, Any] = json.loads(await reader.readexactly(header_length))
    return header, await reader.readexactly(body_length)


def _error(header: dict[str, Any]) -> QueryError:
    message = header["message"]
    if header["error"] == "syntax":
        return QuerySyntaxError(message, header["line"], header["column"], header["token"])
    if header["error"] == "limit":
        return LimitError(message, header["limit"], header["remedy"])
    return QueryError(message)
