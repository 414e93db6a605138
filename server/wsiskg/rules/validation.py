"""Structural validation beside other work: it needs nothing of the release that is written meanwhile."""

from concurrent.futures import Future
from threading import Event, Thread

from wsiskg.graph.content.dataset import Dataset
from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import Problem, Severity

__all__ = ["Validation"]


class Validation:
    """The structural shapes on a dataset, in a thread that begins at once; `stop` it in any case.

    Not in a forked process: Polars has threads by now, which a fork would not take along.

    Args:
        dataset: what to validate.
        remedy: what to do about violations.

    """

    def __init__(self, dataset: Dataset, remedy: str = "Correct them and build again.") -> None:
        self._remedy = remedy
        self.problems: tuple[Problem, ...] = ()
        self._unwanted = Event()
        self._found: Future[list[Problem]] = Future()
        self._thread = Thread(target=self._validate, args=(dataset,), name="validation", daemon=True)
        self._thread.start()

    def approve(self) -> None:
        """Wait for the verdict.

        Raises:
            ViolationError: the dataset breaks structural shapes.

        """
        self.problems = tuple(self._found.result())
        violations = [p for p in self.problems if p.severity is Severity.VIOLATION]
        if violations:
            raise ViolationError(
                f"{len(violations)} violation(s) of the structural shapes",
                self.problems,
                self._remedy,
            )

    def stop(self) -> None:
        """End the work, whether or not its verdict was asked for."""
        self._unwanted.set()
        self._thread.join()

    def _validate(self, dataset: Dataset) -> None:
        from wsiskg.rules.check import check_dataset

        try:
            self._found.set_result(check_dataset(dataset, step=self._step))
        except BaseException as error:  # handed to who waits for the verdict
            self._found.set_exception(error)

    def _step(self) -> None:
        if self._unwanted.is_set():
            raise _UnwantedError


class _UnwantedError(Exception):
    """Nobody waits for the verdict any more."""
