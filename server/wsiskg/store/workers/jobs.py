"""Queries that wait or run, and their answers."""

import asyncio
from dataclasses import dataclass
from typing import Any, BinaryIO

__all__ = ["Job", "Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as a worker gave it: ``body``, or the first ``spooled`` bytes of ``file``."""

    body: bytes
    media_type: str
    file: BinaryIO | None = None
    spooled: int = 0
    unknown_functions: tuple[str, ...] = ()
    replaced: int = 0

    @property
    def size(self) -> int:
        """Number of bytes of the answer."""
        return self.spooled or len(self.body)


@dataclass(slots=True)
class Job:
    """A query that waits or runs. ``seconds`` is its time limit, ``began`` a monotonic time (None: it waits).

    ``awaited`` is what it waits for: a worker, then its reply.
    """

    number: int
    query: str
    client: str
    seconds: float
    arrived: float
    began: float | None = None
    awaited: asyncio.Future[Any] | None = None
