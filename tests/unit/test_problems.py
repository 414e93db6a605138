"""Errors as problem documents: status, headers and fields of each kind."""

import inspect
import json
from http import HTTPStatus

import pytest

from wsiskg.model import errors
from wsiskg.model.errors import (
    ForbiddenQueryError,
    InstallationError,
    LimitError,
    QueryError,
    QuerySyntaxError,
    ReleaseError,
    ServiceError,
    StoreError,
    UnreadableError,
    UsageError,
    ViolationError,
    WorkerError,
    WsiskgError,
)
from wsiskg.model.problems import Origin, Problem
from wsiskg.web.http.problems import ProblemError, problem_response, status_of

STATUSES: list[tuple[WsiskgError, int]] = [
    (UsageError("m"), 400),
    (QueryError("m"), 400),
    (QuerySyntaxError("m"), 400),
    (ForbiddenQueryError("m"), 403),
    (LimitError("m", "length"), 400),
    (LimitError("m", "nesting"), 400),
    (LimitError("m", "bytes"), 413),
    (LimitError("m", "body"), 413),
    (LimitError("m", "time"), 503),
    (LimitError("m", "service"), 504),
    (ServiceError("m"), 502),
    (StoreError("m"), 502),
    (InstallationError("m"), 501),
    (LimitError("m", "queue"), 503),
    (LimitError("m", "memory"), 503),
    (WorkerError("m"), 503),
    (ReleaseError("m"), 503),
    (UnreadableError(Problem(Origin("f"), "damaged", {"en": "m"})), 400),
    (ViolationError("m", []), 422),
    (WsiskgError("m"), 500),
]


def test_every_error_of_the_package_has_a_case() -> None:
    kinds = {k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, WsiskgError)}
    assert kinds == {type(error) for error, _ in STATUSES}


@pytest.mark.parametrize(("error", "status"), STATUSES)
def test_status(error: WsiskgError, status: int) -> None:
    assert status_of(error) == status
    response = problem_response(error)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert ("retry-after" in response.headers) == (status == 503)
    document = json.loads(bytes(response.body))
    assert (document["title"], document["status"], document["detail"]) == (
        HTTPStatus(status).phrase,
        status,
        error.message,
    )
    assert "remedy" not in document


def test_limit_is_named() -> None:
    document = json.loads(bytes(problem_response(LimitError("m", "time", "Ask for less.")).body))
    assert (document["limit"], document["remedy"]) == ("time", "Ask for less.")


def test_syntax_error_says_where() -> None:
    document = json.loads(bytes(problem_response(QuerySyntaxError("m", 2, 7, "WHER")).body))
    assert (document["line"], document["column"], document["token"]) == (2, 7, "WHER")
    assert "line" not in json.loads(bytes(problem_response(QuerySyntaxError("m")).body))


def test_http_error_carries_what_it_is_given() -> None:
    error = ProblemError(HTTPStatus.NOT_ACCEPTABLE, "nothing like it", "Accept another.", offered=["text/turtle"])
    response = problem_response(error)
    assert response.status_code == 406
    assert json.loads(bytes(response.body)) == {
        "title": "Not Acceptable",
        "status": 406,
        "detail": "nothing like it",
        "remedy": "Accept another.",
        "offered": ["text/turtle"],
    }


def test_text_of_any_script_stays_readable() -> None:
    assert "قضية é 事" in bytes(problem_response(UsageError("قضية é 事")).body).decode("utf-8")
