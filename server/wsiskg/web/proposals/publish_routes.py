"""``POST /api/v1/editions``: publish an edition, with a token of the role ``publisher``; each attempt is recorded."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.web.access.bearer import require_role
from wsiskg.web.proposals.publications import carry_out_publication
from wsiskg.web.proposals.publishing import FIELDS, publish_file, read_publish_order
from wsiskg.web.proposals.uploads import read_upload
from wsiskg.web.work.answers import find_job, job_response, reply_response, started_response, wants_job
from wsiskg.web.work.apart import Apart, Reply, Step
from wsiskg.web.work.jobs import Jobs

__all__ = ["add_publishing"]

_ADDRESS = "/api/v1/editions"
_ROLE = "publisher"


def add_publishing(app: FastAPI, apart: Apart, jobs: Jobs) -> None:
    """Add the publication of editions to ``app``."""
    settings, tokens = app.state.engine.settings, app.state.tokens

    @app.post(_ADDRESS, summary="Publish an edition from a file of proposals (role publisher)")
    async def publish(http: Request) -> Response:
        token = require_role(http, tokens, _ROLE)
        upload = await read_upload(http, settings.check_bytes, FIELDS)
        asked = read_publish_order(upload, token.name)
        before = app.state.engine.release.id

        async def work(step: Step) -> Reply:
            return await carry_out_publication(
                apart, settings, publish_file, upload.name, upload.data, asked, before, step
            )

        if wants_job(http):
            return started_response(jobs.start(work), f"{_ADDRESS}/jobs")
        return reply_response(await work(lambda _: None))

    @app.get(f"{_ADDRESS}/jobs/{{name}}", summary="How far a publication is; its outcome once it has ended")
    async def job(http: Request, name: str) -> Response:
        return job_response(http, find_job(jobs, name), f"{_ADDRESS}/jobs")
