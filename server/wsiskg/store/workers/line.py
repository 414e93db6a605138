"""Waiting in line by client: each client's turn comes round, however many queries another one sends."""

import asyncio
from collections import OrderedDict, deque
from typing import Generic, TypeVar

__all__ = ["Line"]

T = TypeVar("T")


class Line(Generic[T]):
    """Places of those who wait for a ``T``: first come first served within a client, clients in turn."""

    def __init__(self) -> None:
        self._clients: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()
        self.length = 0

    def join(self, client: str) -> asyncio.Future[T]:
        """Return a place at the end of ``client``'s own line; it is filled when its turn comes."""
        place: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._clients.setdefault(client, deque()).append(place)
        self.length += 1
        return place

    def leave(self, client: str, place: asyncio.Future[T]) -> None:
        """Give up a place, if its turn has not come."""
        places = self._clients.get(client)
        if places is not None and place in places:
            places.remove(place)
            self.length -= 1
            if not places:
                del self._clients[client]

    def next(self) -> asyncio.Future[T] | None:
        """Return the place whose turn it is, None when nobody waits."""
        while self._clients:
            client, places = self._clients.popitem(last=False)
            place = places.popleft()
            self.length -= 1
            if places:
                self._clients[client] = places  # at the end: the others come first
            if not place.done():
                return place
        return None
