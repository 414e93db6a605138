"""Errors as problem documents (RFC 9457), one shape for every path."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from wsiskg.model.errors import (
    ForbiddenQueryError,
    InstallationError,
    LimitError,
    QueryError,
    QuerySyntaxError,
    ReleaseError,
    ServiceError,
    StoreError,
    UsageError,
    ViolationError,
    WorkerError,
    WsiskgError,
)
from wsiskg.rules.report import render

__all__ = ["ProblemError", "not_acceptable", "problem_response", "status_of"]

_MOST_PROBLEMS = 100
_LIMITS: Mapping[str, HTTPStatus] = {
    "time": HTTPStatus.SERVICE_UNAVAILABLE,
    "queue": HTTPStatus.SERVICE_UNAVAILABLE,
    "memory": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk": HTTPStatus.SERVICE_UNAVAILABLE,
    "operator": HTTPStatus.SERVICE_UNAVAILABLE,
    "service": HTTPStatus.GATEWAY_TIMEOUT,
    "client": HTTPStatus.TOO_MANY_REQUESTS,
    "bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "rows": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "body": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "length": HTTPStatus.BAD_REQUEST,
    "nesting": HTTPStatus.BAD_REQUEST,
}


class ProblemError(Exception):
    """An HTTP error that no other room knows of: not found, not acceptable, wrong media type."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        remedy: str = "",
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.remedy = remedy
        self.headers = dict(headers or {})
        self.extra = extra


def not_acceptable(accept: str | None, offered: Iterable[str], where: str = "") -> ProblemError:
    """Return the error of an Accept header that takes none of the media types offered; ``where`` ends what it says."""
    return ProblemError(
        HTTPStatus.NOT_ACCEPTABLE, f"none of '{accept}' is offered{where}", "Accept one of the types listed.",
        offered=list(offered),
    )  # fmt: skip


def status_of(error: WsiskgError) -> HTTPStatus:
    """Return the HTTP status of an error of the package."""
    match error:
        case LimitError():
            return _LIMITS[error.limit]
        case WorkerError() | ReleaseError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case InstallationError():
            return HTTPStatus.NOT_IMPLEMENTED
        case ServiceError() | StoreError():
            return HTTPStatus.BAD_GATEWAY
        case ForbiddenQueryError():
            return HTTPStatus.FORBIDDEN
        case QuerySyntaxError() | QueryError() | UsageError():
            return HTTPStatus.BAD_REQUEST
        case ViolationError():
            return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem_response(error: WsiskgError | ProblemError) -> Response:
    """Return ``error`` as ``application/problem+json``."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, ProblemError):
        status, detail, extra = error.status, error.detail, dict(error.extra)
        headers |= error.headers
    else:
        status, detail, extra = status_of(error), error.message, {}
    document: dict[str, Any] = {"title": status.phrase, "status": status.value, "detail": detail}
    if error.remedy:
        document["remedy"] = error.remedy
    if isinstance(error, QuerySyntaxError) and error.line is not None:
        document |= {"line": error.line, "column": error.column, "token": error.token}
    if isinstance(error, LimitError):
        document["limit"] = error.limit
    if isinstance(error, QueryError) and error.hints:
        document["hints"] = [asdict(hint) for hint in error.hints]
    if isinstance(error, ViolationError) and error.problems:
        document["problems"] = json.loads(render(error.problems[:_MOST_PROBLEMS], "json"))
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        headers["Retry-After"] = "5"
    body = json.dumps(document | extra, ensure_ascii=False, indent=1) + "\n"
    return Response(body, status.value, headers, media_type="application/problem+json")
