"""The release being served and its workers; follows the ``current`` pointer without dropping a request."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request as HttpRequest

from wsiskg.graph.release import Release, current_release
from wsiskg.model.errors import WsiskgError
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Answer, Request
from wsiskg.store.workers import Limits, WorkerPool

__all__ = ["ClientGoneError", "Engine"]


class ClientGoneError(Exception):
    """The client closed the connection before it had its answer."""


class Engine:
    """Answers queries on the current release. Use as an asynchronous context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._limits = Limits(settings.workers, settings.query_seconds, settings.query_memory, settings.query_waiting)
        self._pool: WorkerPool | None = None
        self._users: dict[WorkerPool, int] = {}
        self._watcher: asyncio.Task[None] | None = None

    @property
    def release(self) -> Release:
        """The release being served."""
        if self._pool is None:
            raise RuntimeError("the engine is not running")
        return self._pool.release

    async def __aenter__(self) -> "Engine":
        """Open the current release and start its workers.

        Raises:
            ReleaseError: there is no complete release.

        """
        self._pool = await self._start(current_release(self.settings.data))
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop watching, and stop all workers."""
        if self._watcher is not None:
            self._watcher.cancel()
        for pool in list(self._users):
            await pool.__aexit__(None, None, None)

    async def ask(self, request: Request, seconds: float | None = None, client: HttpRequest | None = None) -> Answer:
        """Answer a query; stop it when ``client`` goes away.

        Raises:
            QueryError: see `WorkerPool.ask`.
            ClientGoneError: nobody waits for the answer any more.

        """
        async with self._use() as pool:
            if client is None:
                return await pool.ask(request, seconds)
            asking = asyncio.create_task(pool.ask(request, seconds))
            leaving = asyncio.create_task(_left(client))
            try:
                await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    raise ClientGoneError
                return asking.result()
            finally:
                for task in (asking, leaving):
                    task.cancel()
                await asyncio.gather(asking, leaving, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _use(self) -> AsyncIterator[WorkerPool]:
        pool = self._pool
        if pool is None:
            raise RuntimeError("the engine is not running")
        self._users[pool] += 1
        try:
            yield pool
        finally:
            self._users[pool] -= 1
            if pool is not self._pool and not self._users[pool]:
                await self._stop(pool)

    async def _start(self, release: Release) -> WorkerPool:
        pool = WorkerPool(release, self._limits)
        await pool.__aenter__()
        self._users[pool] = 0
        return pool

    async def _stop(self, pool: WorkerPool) -> None:
        if self._users.pop(pool, None) is not None:
            await pool.__aexit__(None, None, None)

    async def _watch(self) -> None:
        """Switch to a new release once the pointer names one that is complete."""
        while True:
            await asyncio.sleep(1)
            with contextlib.suppress(WsiskgError, OSError):
                release, old = current_release(self.settings.data), self._pool
                if old is None or release.id == old.release.id:
                    continue
                self._pool = await self._start(release)
                if not self._users[old]:
                    await self._stop(old)


async def _left(client: HttpRequest) -> None:
    """Return when the client has closed its connection."""
    while True:
        message: Any = await client.receive()
        if message["type"] == "http.disconnect":
            return
