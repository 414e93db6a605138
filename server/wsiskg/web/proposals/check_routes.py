"""``/api/v1/check``: a file of proposals held against the rules and the evidence. Nothing of it is kept on disk."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.web.proposals.checking import FIELDS, check_file, read_check_order
from wsiskg.web.proposals.uploads import read_upload
from wsiskg.web.work.answers import PRIVATE, find_job, job_response, reply_response, started_response, wants_job
from wsiskg.web.work.apart import Apart, Reply, Step
from wsiskg.web.work.jobs import Jobs

__all__ = ["add_checks"]

_ADDRESS = "/api/v1/check"
_LARGE = 200_000  # bytes: a check of more is a job even where nobody asks for one


def add_checks(app: FastAPI, apart: Apart, jobs: Jobs) -> None:
    """Add the check of proposals to ``app``."""
    settings = app.state.engine.settings

    @app.post(_ADDRESS, summary="Check a file of proposals: XLSX, CSV, SSSOM/TSV, JSON-LD or Turtle")
    async def check(http: Request) -> Response:
        upload = await read_upload(http, settings.check_bytes, FIELDS)
        order = read_check_order(upload.field, http.headers.get("accept"))

        async def work(step: Step) -> Reply:
            return await apart.run(check_file, upload.name, upload.data, order, settings, step=step)

        if wants_job(http) or len(upload.data) > _LARGE:
            return started_response(jobs.start(work), _ADDRESS)
        return reply_response(await work(lambda _: None))

    @app.get(f"{_ADDRESS}/{{name}}", summary="How far a check is; its report once it has ended")
    async def job(http: Request, name: str) -> Response:
        return job_response(http, find_job(jobs, name), _ADDRESS)

    @app.delete(f"{_ADDRESS}/{{name}}", summary="Stop a check, or forget its report")
    async def stop(name: str) -> Response:
        jobs.drop(find_job(jobs, name))
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=PRIVATE)
