"""Channels to the processes: to a worker, and to the loader that forks workers."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from wsiskg.model.errors import LimitError, QueryError, QuerySyntaxError, UsageError, WorkerError, WsiskgError
from wsiskg.store.workers.frames import HEAD, read_header, unpack_lengths

__all__ = ["Control", "Worker", "error_of"]


class Worker(asyncio.Protocol):
    """One worker's channel: a request goes out, one message comes back.

    Args:
        pid: number of its process.
        spool: the file that it writes long answers to.
        lost: called when the process has ended, by itself or by `end`.

    """

    def __init__(self, pid: int, spool: BinaryIO, lost: Callable[["Worker"], None]) -> None:
        self.pid = pid
        self.spool = spool
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[tuple[dict[str, Any], bytes]] | None = None
        self._buffer = bytearray()
        self._whole = HEAD.size  # bytes that make up the message, as far as is known
        self.asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the channel."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        """Gather a message; with its last byte the reply is there."""
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._whole:
                return
            data = bytes(self._buffer)
        elif len(data) < HEAD.size:
            self._buffer += data
            return
        header, body = unpack_lengths(data[: HEAD.size])
        middle = HEAD.size + header
        self._whole = middle + body
        if len(data) < self._whole:
            self._buffer = bytearray(data)
            return
        self._buffer, self._whole = bytearray(), HEAD.size
        if self._reply is not None and not self._reply.done():
            self._reply.set_result((read_header(data[HEAD.size : middle]), data[middle:]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail the reply that is waited for: the process has ended."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(
                WorkerError(
                    "the query ended the process that evaluated it: it took too much memory, or overflowed its stack",
                    "Make the query smaller.",
                )
            )
        self._lost(self)

    def ask(self, message: bytes) -> asyncio.Future[tuple[dict[str, Any], bytes]]:
        """Send a message; return what will be header and body of the reply, or a `WorkerError`."""
        self.asked = True
        self._reply = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._reply.set_exception(WorkerError("the worker has ended", "Try again."))
        else:
            self._transport.write(message)
        return self._reply

    def end(self) -> None:
        """Kill the process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Control:
    """The channel to a loader, and the loader where this process started it."""

    channel: socket.socket
    process: asyncio.subprocess.Process | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def receive(self) -> dict[str, Any]:
        """Return the header of the next message.

        Raises:
            WorkerError: the loader has ended.

        """
        header_length, body_length = unpack_lengths(await self._exactly(HEAD.size))
        message = read_header(await self._exactly(header_length))
        await self._exactly(body_length)
        return message

    async def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = await asyncio.get_running_loop().sock_recv(self.channel, length - len(data))
            if not part:
                raise WorkerError("the process that holds the release has ended", "Build it again: wsiskg build.")
            data += part
        return data

    async def fork(self, kind: bytes, *descriptors: int) -> int:
        """Have the loader fork; return the number of the new process."""
        async with self.lock:
            socket.send_fds(self.channel, [kind], descriptors)
            return int((await self.receive())["pid"])


def error_of(reply: Mapping[str, Any]) -> WsiskgError:
    """Return the error that a reply tells of."""
    message, remedy = reply["message"], reply.get("remedy", "")
    match reply["error"]:
        case "syntax":
            return QuerySyntaxError(message, reply["line"], reply["column"], reply["token"])
        case "limit":
            return LimitError(message, reply["limit"], remedy)
        case "usage":
            return UsageError(message, remedy)
    return QueryError(message, remedy)
