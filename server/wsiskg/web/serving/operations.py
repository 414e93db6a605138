"""For those who run the server: readiness, metrics, and the queries that run just now."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI
from starlette.responses import JSONResponse, Response

from wsiskg.web.access.bearer import needs_role
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.metrics import METRICS_TYPE

__all__ = ["add_operations"]

_READ = ["GET", "HEAD"]
_ONLY_OPERATORS = [Depends(needs_role("operator"))]
_PRIVATE = {"Cache-Control": "no-store"}
_PROBLEM: Mapping[str, Any] = {"application/problem+json": {"schema": {"type": "object"}}}
_NOT_READY: dict[int | str, dict[str, Any]] = {503: {"description": "Starting or ending", "content": _PROBLEM}}
_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No valid token", "content": _PROBLEM},
    403: {"description": "The token lacks the role", "content": _PROBLEM},
}
_GONE: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such query", "content": _PROBLEM}}


def add_operations(app: FastAPI, engine: Engine) -> None:
    """Add the addresses for operators to ``app``."""

    @app.api_route("/ready", methods=_READ, summary="Whether requests should be sent here", responses=_NOT_READY)
    async def ready() -> Response:
        if not engine.ready:
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "the server is starting or ending")
        return JSONResponse({"status": "ready", "release": engine.release.id}, headers=_PRIVATE)

    @app.api_route(
        "/metrics", methods=_READ, summary="Counts and times for Prometheus", response_class=Response,
        responses={200: {"content": {METRICS_TYPE: {"schema": {"type": "string"}}}}},
    )  # fmt: skip
    async def metrics() -> Response:
        return Response(engine.metrics.render(), headers={**_PRIVATE, "Content-Type": METRICS_TYPE})

    @app.api_route(
        "/operations/queries", methods=_READ, summary="Queries that run or wait (role operator)",
        dependencies=_ONLY_OPERATORS, responses=_REFUSED,
    )  # fmt: skip
    async def queries() -> Response:
        now = time.monotonic()
        listed = [
            {
                "number": job.number,
                "state": "waiting" if job.began is None else "running",
                "seconds": round(now - (job.began or job.arrived), 3),
                "limit": job.seconds,
                "query": job.query,
            }
            for job in engine.jobs()
        ]
        return JSONResponse(listed, headers=_PRIVATE)

    @app.api_route(
        "/operations/queries/{number}", methods=["DELETE"], summary="Stop a query (role operator)",
        dependencies=_ONLY_OPERATORS, status_code=204, response_class=Response, responses=_REFUSED | _GONE,
    )  # fmt: skip
    async def stop(number: str) -> Response:
        if not number.isdecimal() or len(number) > 18 or not engine.stop(int(number)):
            raise ProblemError(HTTPStatus.NOT_FOUND, f"no query {number} is running or waiting")
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_PRIVATE)
