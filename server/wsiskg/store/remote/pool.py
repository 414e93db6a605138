"""Queries of a server whose store is another one: parsed here, by a worker that may die of it, and answered there."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from wsiskg.graph.release import Release, open_release
from wsiskg.model.errors import LimitError, ReleaseError, UsageError
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Answer, Request
from wsiskg.store.remote.client import RemoteStore
from wsiskg.store.remote.loading import current_held, held_releases, names_of
from wsiskg.store.workers.jobs import Job, Result
from wsiskg.store.workers.pool import Limits, WorkerPool

__all__ = ["RemotePool", "release_read"]


class RemotePool(WorkerPool):
    """A pool whose workers only parse, and whose answers come from a remote store: from ``release``'s graphs there."""

    def __init__(self, release: Release, limits: Limits, data: Path, settings: Settings) -> None:
        super().__init__(release, limits, data)
        self._settings = settings
        self._store = RemoteStore(settings)
        self._threads = ThreadPoolExecutor(limits.workers, "wsiskg-store")

    async def __aenter__(self) -> "RemotePool":
        """Start the workers.

        Raises:
            ReleaseError: the store does not hold the release complete.

        """
        self._names = await asyncio.to_thread(self._held)
        await super().__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the workers, and wait for no answer."""
        await super().__aexit__()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._store.__exit__()

    async def _answered(self, request: Request, client: str, job: Job) -> Result:
        await super()._answered(replace(request, parse_only=True), client, job)
        left = job.seconds - (time.monotonic() - (job.began or job.arrived))
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, self._store.answer, request, self._names, max(left, 0.001))
        stopped = job.awaited = loop.create_future()
        either: set[asyncio.Future[Any]] = {answer, stopped}
        done, _ = await asyncio.wait(either, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if answer in done:
            return _result(answer.result())
        answer.cancel()
        if stopped in done:
            stopped.result()  # raises what stopped it
        raise LimitError(
            f"the query took longer than {job.seconds:g} seconds and was given up", "time",
            "Ask for less: name an edition, a goal or an action line, or add LIMIT.",
        )  # fmt: skip

    def _held(self) -> Any:
        base = str(self.release.manifest["base"])
        for held in held_releases(self._store, base):
            if held.release == self.release.id and held.complete is not None:
                return names_of(base, held)
        raise ReleaseError(f"the store does not hold release {self.release.id}", "Load it: wsiskg store load")


def release_read(settings: Settings) -> Release:
    """Return the release that the store says is to be read; its files must be below ``settings.data``.

    Raises:
        ReleaseError: there is none, or its files are missing.
        StoreError: the store cannot be asked.
        UsageError: the settings would change what the store holds.

    """
    if settings.updates != "off":
        raise UsageError("a server whose store is another one takes no updates", "Set updates = off.")
    with RemoteStore(settings) as store:
        held = current_held(store, settings.base)
    path = settings.data / "releases" / held.release
    if not path.is_dir():
        raise ReleaseError(
            f"the store's release {held.release} is not in '{settings.data}'",
            "A server needs its files for pages, lists and downloads: build or copy it there.",
        )
    return open_release(path)


def _result(answer: Answer) -> Result:
    return Result(answer.body, answer.media_type, replaced=answer.replaced)
