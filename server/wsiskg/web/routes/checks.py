"""``/api/v1/check``: a file of proposals held against the rules and the evidence. Nothing of it is kept on disk."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from wsiskg.web.apart import Apart, Reply, Step
from wsiskg.web.checking import CheckOrder, check_file
from wsiskg.web.engine import Engine
from wsiskg.web.jobs import KEPT_SECONDS, Job, Jobs
from wsiskg.web.problems import ProblemError
from wsiskg.web.uploads import Upload, read_upload, wants_job

__all__ = ["add_checks", "answer_job"]

_ADDRESS = "/api/v1/check"
_PRIVATE = {"Cache-Control": "no-store"}


def add_checks(app: FastAPI, engine: Engine, apart: Apart, jobs: Jobs) -> None:
    """Add the check of proposals to ``app``."""
    settings = engine.settings

    @app.post(_ADDRESS, summary="Check a file of proposals: XLSX, CSV, SSSOM/TSV, JSON-LD or Turtle")
    async def check(http: Request) -> Response:
        upload = await read_upload(http, settings.check_bytes, fields=frozenset(CheckOrder.FIELDS))
        order = CheckOrder.of(upload, http.headers.get("accept"))

        async def work(step: Step) -> Reply:
            return await apart.run(check_file, upload.name, upload.data, order, settings, step=step)

        if wants_job(http, upload):
            return started(jobs.start(work), _ADDRESS)
        return respond(await work(lambda _: None))

    @app.get(f"{_ADDRESS}/{{name}}", summary="How far a check is; its report when it has ended")
    async def job(name: str) -> Response:
        return answer_job(_find(jobs, name), _ADDRESS)

    @app.delete(f"{_ADDRESS}/{{name}}", summary="Stop a check, or forget its report")
    async def stop(name: str) -> Response:
        jobs.drop(_find(jobs, name))
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_PRIVATE)
