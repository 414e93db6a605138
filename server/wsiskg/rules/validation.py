"""Structural validation beside other work: it takes about as long as writing a release, and needs nothing of it."""

import multiprocessing
import os
from multiprocessing.connection import Connection

from wsiskg.graph.dataset import Dataset
from wsiskg.model.errors import ViolationError, WsiskgError
from wsiskg.model.problems import Problem, Severity
from wsiskg.processes import end_with_parent

__all__ = ["Validation"]


class Validation:
    """The structural shapes on a dataset, in a process that begins at once; `stop` it in any case.

    Args:
        dataset: what to validate.
        remedy: what to do about violations.

    """

    def __init__(self, dataset: Dataset, remedy: str = "Correct them and build again.") -> None:
        self._remedy = remedy
        self.problems: tuple[Problem, ...] = ()
        self._done = False
        receiving, sending = multiprocessing.Pipe(duplex=False)
        # A fork shares the dataset without copying it; nothing with threads of its own has started yet.
        self._process = multiprocessing.get_context("fork").Process(
            target=_validate, args=(dataset, sending, os.getpid())
        )
        self._process.start()
        sending.close()
        self._receiving = receiving

    def approve(self) -> None:
        """Wait for the verdict.

        Raises:
            ViolationError: the dataset breaks structural shapes.
            WsiskgError: the process was ended from outside.

        """
        if not self._done:
            self._done = True
            try:
                found = self._receiving.recv()
            except EOFError as error:
                raise WsiskgError(
                    "the validation ended without a verdict", "Build again, with more memory if it was used up."
                ) from error
            if isinstance(found, BaseException):
                raise found
            self.problems = tuple(found)
        violations = [p for p in self.problems if p.severity is Severity.VIOLATION]
        if violations:
            raise ViolationError(
                f"{len(violations)} violation(s) of the structural shapes",
                self.problems,
                self._remedy,
            )

    def stop(self) -> None:
        """End the process, whether or not its verdict was asked for."""
        self._process.kill()
        self._process.join()


def _validate(dataset: Dataset, sending: Connection, parent: int) -> None:
    end_with_parent(parent)  # or this process would go on holding the lock of a build that was killed
    from wsiskg.rules.check import check_dataset

    try:
        sending.send(check_dataset(dataset))
    except Exception as error:  # handed to the parent, which raises it
        sending.send(error)
