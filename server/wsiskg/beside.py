"""Work in a thread of its own, beside other work: some that ends once nobody wants it any more, or the next of many."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Thread
from typing import Generic, Self, TypeVar

__all__ = ["Beside", "Step", "ahead"]

Outcome = TypeVar("Outcome")

Step = Callable[[], None]
"""Is called by long work now and then, and raises if it is to end."""


class Beside(Generic[Outcome]):
    """Work that begins at once; `stop` it in any case, or use it as a context.

    Not in a forked process: Polars has threads by then, which a fork would not take along.

    Args:
        name: of the thread.
        work: what to do.

    """

    def __init__(self, name: str, work: Callable[[Step], Outcome]) -> None:
        self._unwanted = Event()
        self._outcome: Future[Outcome] = Future()
        self._thread = Thread(target=self._run, args=(work,), name=name, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def result(self) -> Outcome:
        """Wait for what came of it; raise what it raised."""
        return self._outcome.result()

    def stop(self) -> None:
        """End the work, whether or not its outcome was asked for."""
        self._unwanted.set()
        self._thread.join()

    def _run(self, work: Callable[[Step], Outcome]) -> None:
        try:
            self._outcome.set_result(work(self._step))
        except BaseException as error:  # handed to who waits
            self._outcome.set_exception(error)

    def _step(self) -> None:
        if self._unwanted.is_set():
            raise _UnwantedError


def ahead(items: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield ``items``, each made while the one before is worked on."""
    making = iter(items)
    with ThreadPoolExecutor(1, "ahead") as beside:
        coming = beside.submit(_next, making)
        while found := coming.result():
            coming = beside.submit(_next, making)
            yield found[0]


def _next(items: Iterator[Outcome]) -> tuple[Outcome] | None:
    """Return the next item by itself; None if there is none, which in a future cannot be told by StopIteration."""
    for item in items:
        return (item,)
    return None


class _UnwantedError(Exception):
    """Nobody waits for the outcome any more."""
