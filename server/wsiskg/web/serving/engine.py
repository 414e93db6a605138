"""The release being served and its workers; follows the ``current`` pointer without dropping a request."""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Hashable, Sequence
from functools import partial
from pathlib import Path

from starlette.requests import Request as HttpRequest
from starlette.types import Receive

from wsiskg.graph.iris import Iris
from wsiskg.graph.plain import begin_plain, forget_plain
from wsiskg.graph.release import Release, current_path, current_release, switch, writer_lock
from wsiskg.model.errors import (
    LimitError,
    QuerySyntaxError,
    ServiceError,
    StoreError,
    UsageError,
    WorkerError,
    WsiskgError,
)
from wsiskg.settings import Settings
from wsiskg.store.amend import amend_release
from wsiskg.store.changes import Change, Effect
from wsiskg.store.evaluate import Answer, Request
from wsiskg.store.federation import Inlined, ServiceBlock
from wsiskg.store.lookup import Lookups
from wsiskg.store.workers.jobs import Job
from wsiskg.store.workers.loader import CHANGED
from wsiskg.store.workers.pool import Limits, WorkerPool
from wsiskg.web.serving.cache import AnswerCache, StoredAnswer
from wsiskg.web.serving.clients import ClientGoneError, client_of, unless_gone
from wsiskg.web.serving.flights import Flights
from wsiskg.web.serving.metrics import Metrics
from wsiskg.web.serving.services import ServiceClient

__all__ = ["Engine", "prepare_release"]

_MOST_SEEN = 10_000  # lookups that are remembered to have been asked
_WATCH_STORE = 3  # seconds between questions to another server
_GENERATIONS = 64  # successors before a loader is started afresh: each keeps what the ones before it threw away


class Engine:
    """Answers queries on the current release. Use as an asynchronous context manager."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.cache = AnswerCache(settings.cache_bytes)
        self._services = ServiceClient(settings)
        self.draining = False
        self.on_switch: list[Callable[[], None]] = []
        self._limits = Limits(
            settings.workers, settings.query_seconds, settings.query_memory, settings.query_waiting,
            settings.client_queries, settings.spool_bytes, settings.worker_queries, settings.release_memory,
        )  # fmt: skip
        self._pool: WorkerPool | None = None
        self._users: dict[WorkerPool, int] = {}
        self._lookups: Lookups | None = None
        self._seen: set[int] = set()
        self._flights = Flights(self.metrics)
        self._watcher: asyncio.Task[None] | None = None
        self._switching = asyncio.Lock()
        self.metrics.watch("wsiskg_queries_running", "Queries being evaluated", lambda: self._sum("running"))
        self.metrics.watch("wsiskg_queries_waiting", "Queries waiting for a worker", lambda: self._sum("waiting"))
        self.metrics.watch("wsiskg_cache_bytes", "Memory taken by kept answers", lambda: self.cache.bytes)
        self.metrics.watch("wsiskg_cache_answers", "Answers kept", lambda: len(self.cache))

    @property
    def release(self) -> Release:
        """The release being served."""
        return self._running().release

    @property
    def ready(self) -> bool:
        """Whether queries are answered, and will be for a while."""
        return self._pool is not None and not self.draining

    async def __aenter__(self) -> "Engine":
        """Open the current release and start its workers.

        Raises:
            ReleaseError: there is no complete release.
            UsageError: the release is not of the kind that the setting ``updates`` is for.

        """
        await self._serve(await self._start(prepare_release(self.settings)))
        self._watcher = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop watching, and stop all workers."""
        self.draining = True
        if self._watcher is not None:
            self._watcher.cancel()
        self._flights.end()
        for pool in list(self._users):
            await pool.__aexit__(None, None, None)

    async def ask(self, request: Request, seconds: float | None = None, client: HttpRequest | None = None) -> Answer:
        """Answer a query, in memory as a whole; stop it when ``client`` goes away.

        Raises:
            QueryError: see `WorkerPool.ask`.
            ClientGoneError: nobody waits for the answer any more.

        """
        receive, name = (None, "") if client is None else (client.receive, client_of(client.scope))
        stored = await self.answer(request, seconds, name, receive)
        body = stored.body if stored.file is None else os.pread(stored.file.fileno(), stored.spooled, 0)
        return Answer(body, stored.media_type, unknown_functions=stored.unknown_functions)

    async def answer(
        self,
        request: Request,
        seconds: float | None = None,
        client: str = "",
        receive: Receive | None = None,
        keep: bool = True,
        lookup: bool = False,
    ) -> StoredAnswer:
        """Answer a query from the cache, or by a worker; the same query asked at the same time is evaluated once.

        Args:
            request: the query.
            seconds: its time limit, if below the setting.
            client: who asks; see the setting ``client_queries``.
            receive: the client's channel; when it closes, nobody waits any more.
            keep: whether the answer may serve others too: False where asking again may give another.
            lookup: whether the query is one by `lookup_form`, so that no worker need be asked.

        Raises:
            QueryError: see `WorkerPool.ask`.
            ClientGoneError: nobody waits for the answer any more.

        """
        pool = self._running()
        key = (pool.release.id, *_identity(request)) if keep else None
        if key is not None and (stored := self._cached(key)) is not None:
            return stored
        if key is not None and lookup and (stored := self._look_up(request)) is not None:
            self.cache.put(key, stored)
            return stored
        self._users[pool] += 1
        try:
            work = partial(self._evaluate, pool, key, request, seconds, client)
            return await self._flights.fly(None if key is None else (key, seconds), work, receive)
        finally:
            await self._leave(pool)

    def look_up(self, request: Request) -> StoredAnswer | None:
        """Answer a lookup from the cache, or here and now; None: a worker must.

        Raises:
            QuerySyntaxError: the engine cannot parse the query.

        """
        mark = hash((request.query, request.media_type))
        if mark not in self._seen:  # most are asked once: to keep them, or to look for them, costs as much as to answer
            if len(self._seen) > _MOST_SEEN:
                self._seen.clear()
            self._seen.add(mark)
            return self._look_up(request)
        key = (self._running().release.id, *_identity(request))
        if (stored := self._cached(key)) is None and (stored := self._look_up(request)) is not None:
            self.cache.put(key, stored)
        return stored

    async def ask_services(self, blocks: Sequence[ServiceBlock], receive: Receive) -> list[Inlined]:
        """Have other endpoints answer the SERVICE blocks of a query, until the client goes away.

        Raises:
            QueryError: see `ServiceClient.ask`.
            ClientGoneError: nobody waits for the answer any more.

        """
        task = asyncio.create_task(self._services.ask(blocks))
        try:
            await unless_gone(task, receive)
            found = task.result()
        except ClientGoneError:
            self.metrics.queries.labels("gone").inc()
            raise
        except WsiskgError as error:
            self.metrics.queries.labels(_outcome(error)).inc()
            raise
        finally:
            task.cancel()
        return found

    def jobs(self) -> list[Job]:
        """Return the queries that wait or run, oldest first."""
        return sorted((job for pool in self._users for job in pool.jobs.values()), key=lambda job: job.arrived)

    def stop(self, number: int) -> bool:
        """Stop the query of this number; return whether there was one."""
        return any(pool.stop(number) for pool in self._users)

    async def parse_update(self, update: str) -> None:
        """Check that ``update`` is one, in a process of its own.

        Raises:
            QuerySyntaxError: it cannot be parsed.
            LimitError: that took too long.

        """
        async with self._use() as pool:
            change = Change("update", update)
            await pool.change(change, self.settings.update_seconds, self.settings.data, parse_only=True)

    async def change(self, change: Change) -> tuple[Effect, Release]:
        """Carry out a change: a new release that holds it is written, and served when this returns.

        Returns:
            What the change found, and the release that is served now: the same as before where nothing changed.

        Raises:
            LimitError: time or memory was used up.
            QueryError: the change is wrong, or failed.
            ViolationError: the release would break structural shapes.
            UsageError: a document is wrong, a graph may not be changed, or somebody else is writing.

        """
        settings = self.settings
        async with self._switching:
            with writer_lock(settings.data), tempfile.TemporaryDirectory(prefix=".changing-", dir=settings.data) as at:
                await self._follow()
                async with self._use() as pool:
                    folder = Path(at).resolve()
                    changed = await pool.change(change, settings.update_seconds, folder)
                    if changed.pool is not None:
                        release = await self._adopt(changed.pool)
                    else:
                        file = folder / CHANGED
                        release = await amend_release(pool.release, file, settings.data, settings.update_seconds)
                        if release.id != pool.release.id:
                            switch(settings.data, release)
                            await self._serve(await self._start(release))
        return Effect(changed.existed), release

    async def _adopt(self, pool: WorkerPool) -> Release:
        """Serve a plain release that a successor wrote and holds."""
        old = self._running()
        if pool.release.id == old.release.id:
            await pool.__aexit__(None, None, None)
            return old.release
        switch(self.settings.data, pool.release)
        if pool.generation >= _GENERATIONS:
            await pool.__aexit__(None, None, None)
            pool = await self._start(pool.release)
        else:
            await pool.__aenter__()
            self._users[pool] = 0
        await self._serve(pool)
        forget_plain(self.settings.data, old.release)
        return pool.release

    def _cached(self, key: Hashable) -> StoredAnswer | None:
        stored = self.cache.get(key)
        if stored is not None:
            self.metrics.cached.inc()
        return stored

    def _look_up(self, request: Request) -> StoredAnswer | None:
        """Answer a lookup here and now, if it can be."""
        began = time.perf_counter()
        answer = None if self._lookups is None else self._lookups.answer(request)
        if answer is None:
            return None
        self.metrics.answered.inc()
        self.metrics.seconds.observe(time.perf_counter() - began)
        return StoredAnswer(answer.body, answer.media_type, replaced=answer.replaced)

    async def _evaluate(
        self, pool: WorkerPool, key: Hashable | None, request: Request, seconds: float | None, client: str
    ) -> StoredAnswer:
        began = time.perf_counter()
        try:
            result = await pool.ask(request, seconds, client)
        except WsiskgError as error:
            self.metrics.queries.labels(_outcome(error)).inc()
            raise
        self.metrics.answered.inc()
        self.metrics.seconds.observe(time.perf_counter() - began)
        stored = StoredAnswer(
            result.body, result.media_type, result.file, result.spooled, result.unknown_functions, result.replaced
        )
        if key is not None and pool is self._pool:  # or another release is served by now
            self.cache.put(key, stored)
        return stored

    def _running(self) -> WorkerPool:
        if self._pool is None:
            raise RuntimeError("the engine is not running")
        return self._pool

    def _sum(self, name: str) -> float:
        return float(sum(getattr(pool, name) for pool in self._users))

    @contextlib.asynccontextmanager
    async def _use(self) -> AsyncIterator[WorkerPool]:
        pool = self._running()
        self._users[pool] += 1
        try:
            yield pool
        finally:
            await self._leave(pool)

    async def _leave(self, pool: WorkerPool) -> None:
        self._users[pool] -= 1
        if pool is not self._pool and not self._users[pool]:
            await self._stop(pool)

    async def _start(self, release: Release) -> WorkerPool:
        if self.settings.store:
            from wsiskg.store.remote.pool import RemotePool

            pool: WorkerPool = RemotePool(release, self._limits, self.settings.data, self.settings)
        else:
            pool = WorkerPool(release, self._limits, self.settings.data)
        await pool.__aenter__()
        self._users[pool] = 0
        return pool

    async def _serve(self, pool: WorkerPool) -> None:
        """Let ``pool`` answer from now on; the one before it ends with its last request."""
        old, self._pool = self._pool, pool
        self._lookups = None if self.settings.store else Lookups(pool.release)
        self.cache.clear()
        self.metrics.serve_release(pool.release.id)
        for note in self.on_switch:
            note()
        if old is not None and not self._users[old]:
            await self._stop(old)

    async def _stop(self, pool: WorkerPool) -> None:
        if self._users.pop(pool, None) is not None:
            await pool.__aexit__(None, None, None)

    async def _follow(self) -> None:
        """Switch to a new release once the pointer names one that is complete."""
        if self.settings.store:
            release = await asyncio.to_thread(prepare_release, self.settings)
        elif current_path(self.settings.data) == self.release.path.resolve():
            return
        else:
            release = current_release(self.settings.data)
        if release.id != self.release.id:
            await self._serve(await self._start(release))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_STORE if self.settings.store else 1)
            with contextlib.suppress(WsiskgError, OSError):
                async with self._switching:
                    await self._follow()


def prepare_release(settings: Settings) -> Release:
    """Return the current release, if it is of the kind that ``settings`` are for; a plain one is begun if need be.

    Raises:
        ReleaseError: there is no complete release.
        UsageError: the release is not of the kind that the setting ``updates`` is for.
        StoreError: the store, another server, cannot be asked.

    """
    if settings.store:
        from wsiskg.store.remote.pool import release_read

        return release_read(settings)
    if settings.updates == "plain":
        return begin_plain(settings.data, Iris(settings.base))
    release = current_release(settings.data)
    if release.plain and settings.updates == "checked":
        raise UsageError(
            f"'{settings.data}' holds a plain dataset, whose updates are not checked",
            "Set WSISKG_UPDATES to plain or off, or name another directory with --data.",
        )
    return release


def _identity(request: Request) -> tuple[Hashable, ...]:
    """Return what makes two requests the same question."""
    return (
        request.query, request.media_type, tuple(sorted(request.bindings.items())) if request.bindings else (),
        None if request.default_graphs is None else tuple(request.default_graphs),
        None if request.named_graphs is None else tuple(request.named_graphs),
        request.own_dataset, request.union, request.max_bytes, request.max_rows, request.base,
    )  # fmt: skip


def _outcome(error: WsiskgError) -> str:
    match error:
        case LimitError():
            return error.limit
        case QuerySyntaxError():
            return "syntax"
        case ServiceError():
            return "service"
        case StoreError():
            return "store"
        case WorkerError():
            return "died"
    return "failed"
