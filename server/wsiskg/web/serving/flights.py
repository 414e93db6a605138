"""The same query asked several times at once is evaluated once: all who ask wait for one flight."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive

from wsiskg.model.errors import WsiskgError
from wsiskg.web.serving.cache import StoredAnswer
from wsiskg.web.serving.clients import WATCH_AFTER, ClientGoneError, left, unless_gone
from wsiskg.web.serving.metrics import Metrics

__all__ = ["Flights"]


@dataclass(slots=True, eq=False)
class _Flight:
    """A query under way in the task of who asked it first; others who ask the same meanwhile wait for ``landed``."""

    task: asyncio.Task[Any]
    landed: asyncio.Future[StoredAnswer]
    waiters: int = 1
    abandoned: bool = False
    watcher: asyncio.Task[None] | None = None

    def leave(self) -> None:
        """Let one who waits go; after the last one the query is stopped."""
        self.waiters -= 1
        if not self.waiters and not self.landed.done():
            self.abandoned = True
            self.task.cancel()


class Flights:
    """Queries under way, by what is asked."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._flights: dict[Hashable, _Flight] = {}

    async def fly(
        self, name: Hashable | None, evaluate: Callable[[], Awaitable[StoredAnswer]], receive: Receive | None
    ) -> StoredAnswer:
        """Join the flight of the same query, or begin one.

        Args:
            name: what is asked; None: nobody else may be given the answer.
            evaluate: works the answer out.
            receive: the client's channel; when it closes, it waits no more. After the last one the query is stopped.

        Raises:
            WsiskgError: ``evaluate`` does.
            ClientGoneError: nobody waits for the answer any more.

        """
        while name is not None and (flight := self._flights.get(name)) is not None and not flight.abandoned:
            if (shared := await self._join(flight, receive)) is not None:
                return shared
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("queries are asked in a task")
        loop = asyncio.get_running_loop()
        flight = _Flight(task, loop.create_future())
        if name is not None:
            self._flights[name] = flight
        watch = None if receive is None else loop.call_later(WATCH_AFTER, _watch_client, flight, receive)
        try:
            stored = await evaluate()
            flight.landed.set_result(stored)
        except asyncio.CancelledError:
            flight.landed.cancel()
            if not flight.abandoned:
                raise
            task.uncancel()
            self._metrics.queries.labels("gone").inc()
            raise ClientGoneError from None
        except WsiskgError as error:
            flight.landed.set_exception(error)
            flight.landed.exception()  # whether or not somebody else waits for it
            raise
        finally:
            if watch is not None:
                watch.cancel()
            if flight.watcher is not None:
                flight.watcher.cancel()
            if name is not None and self._flights.get(name) is flight:
                del self._flights[name]
        return stored

    def end(self) -> None:
        """Stop all."""
        for flight in list(self._flights.values()):
            flight.task.cancel()

    async def _join(self, flight: _Flight, receive: Receive | None) -> StoredAnswer | None:
        """Wait for a flight; return None when who began it was interrupted."""
        self._metrics.queries.labels("shared").inc()
        flight.waiters += 1
        try:
            await unless_gone(flight.landed, receive)
            return None if flight.landed.cancelled() else flight.landed.result()
        except ClientGoneError:
            self._metrics.queries.labels("gone").inc()
            raise
        finally:
            flight.leave()


def _watch_client(flight: _Flight, receive: Receive) -> None:
    """Have who asked first leave the flight when its client goes away."""
    flight.watcher = asyncio.ensure_future(left(receive))
    flight.watcher.add_done_callback(lambda watched: None if watched.cancelled() else flight.leave())
