"""The error tree. Everything the package raises on purpose is a `WsiskgError`.

::

    WsiskgError                 exit 2
    ├── UsageError              exit 2   a wrong name, option or file
    │   └── UnreadableError              a file that somebody sent cannot be read
    ├── ViolationError          exit 1   data broke rules; carries the problems
    ├── ReleaseError            exit 2   no release, or one that cannot be read
    ├── InstallationError       exit 2   something that this machine needs is not installed
    └── QueryError              exit 2   a query that cannot be answered
        ├── QuerySyntaxError             not SPARQL
        ├── ForbiddenQueryError          SERVICE, LOAD, an update where only queries are served
        ├── LimitError                   time, size or memory limit reached
        ├── ServiceError                 an endpoint named by SERVICE gave no answer
        ├── StoreError                   the store, where it is another server, gave no answer
        └── WorkerError                  the worker died
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wsiskg.model.problems import Problem

__all__ = [
    "ForbiddenQueryError",
    "Hint",
    "InstallationError",
    "LimitError",
    "QueryError",
    "QuerySyntaxError",
    "ReleaseError",
    "ServiceError",
    "StoreError",
    "UnreadableError",
    "UsageError",
    "ViolationError",
    "WorkerError",
    "WsiskgError",
]


class WsiskgError(Exception):
    """Base of all errors of the package; ``remedy`` says what to do, ``exit_code`` is the command's."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(WsiskgError):
    """The caller named something that does not exist or does not fit."""


class UnreadableError(UsageError):
    """A file that somebody sent cannot be read at all; ``problem`` says where, why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.origin}: {problem.text()}")
        self.problem = problem


class ViolationError(WsiskgError):
    """Data broke rules; ``problems`` lists every one of them."""

    exit_code = 1

    def __init__(self, message: str, problems: Sequence[Problem], remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.problems = tuple(problems)


class ReleaseError(WsiskgError):
    """There is no release, or it is incomplete."""


class InstallationError(WsiskgError):
    """What was asked for needs a library or a font that is not installed; ``remedy`` names it."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A known trap that a query holds, where (from 1), and how the same may be asked otherwise."""

    trap: str
    line: int
    column: int
    message: str
    rewrite: str


class QueryError(WsiskgError):
    """A query could not be answered; ``hints`` say what in it may be the cause."""

    hints: Sequence[Hint] = ()


class QuerySyntaxError(QueryError):
    """The text is not SPARQL; ``line`` and ``column`` (from 1) say where, when known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None, token: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.token = token


class ForbiddenQueryError(QueryError):
    """The query asks for something that this store never does (SERVICE, LOAD, updates)."""


class LimitError(QueryError):
    """A limit was reached.

    ``limit`` names it: ``time``, ``memory``, ``bytes``, ``rows``, ``queue``, ``client``, ``operator``, ``length``,
    ``nesting``, ``body``, ``disk`` (room for temporary files) or ``service`` (the time of other endpoints).
    """

    def __init__(self, message: str, limit: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.limit = limit


class ServiceError(QueryError):
    """Another endpoint, asked on behalf of a query, cannot be reached or answers wrongly."""


class StoreError(QueryError):
    """The store, where it is another server, cannot be reached, answers wrongly, or lacks what it should hold."""


class WorkerError(QueryError):
    """The process that evaluated the query ended without an answer."""
