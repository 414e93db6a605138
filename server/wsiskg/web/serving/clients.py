"""Those who ask: who they are, and whether they still wait for their answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import Receive, Scope

__all__ = ["WATCH_AFTER", "ClientGoneError", "client_of", "left", "unless_gone"]

WATCH_AFTER = 0.05
"""Seconds: most queries are answered before, and need nobody to watch their client."""


class ClientGoneError(Exception):
    """The client closed the connection before it had its answer."""


def client_of(scope: Scope) -> str:
    """Return who asks: the peer's address."""
    peer = scope.get("client")
    return str(peer[0]) if peer else "unknown"


async def unless_gone(task: asyncio.Future[Any], receive: Receive | None) -> None:
    """Wait for a task or future, unless the client goes away before.

    Raises:
        ClientGoneError: it did.

    """
    if receive is None:
        await asyncio.wait({task})
        return
    done, _ = await asyncio.wait({task}, timeout=WATCH_AFTER)
    if not done:
        leaving = asyncio.ensure_future(left(receive))
        try:
            await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
        if not task.done():
            raise ClientGoneError


async def left(receive: Callable[[], Awaitable[Any]]) -> None:
    """Return when the client has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
