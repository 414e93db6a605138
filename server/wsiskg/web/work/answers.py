"""How jobs look from outside: accepted with an address (RFC 7240, ``respond-async``), looked at, fetched."""

from http import HTTPStatus

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from wsiskg.web.http.problems import ProblemError
from wsiskg.web.work.apart import Reply
from wsiskg.web.work.jobs import KEPT_SECONDS, Job, Jobs

__all__ = ["PRIVATE", "find_job", "job_response", "reply_response", "started_response", "wants_job"]

PRIVATE = {"Cache-Control": "no-store"}


def wants_job(http: HttpRequest) -> bool:
    """Say whether the client asks not to be kept waiting."""
    return "respond-async" in http.headers.get("prefer", "").lower()


def find_job(jobs: Jobs, name: str) -> Job:
    """Return the job with this id.

    Raises:
        ProblemError: 404, there is none, or not any more.

    """
    if (job := jobs.find(name)) is None:
        raise ProblemError(
            HTTPStatus.NOT_FOUND,
            "there is no such job, or its outcome was dropped",
            f"Outcomes are kept for {KEPT_SECONDS / 60:.0f} minutes. Send the file again.",
        )
    return job


def started_response(job: Job, address: str) -> Response:
    """Return the answer that says where the job can be looked at."""
    headers = {**PRIVATE, "Location": f"{address}/{job.id}", "Preference-Applied": "respond-async", "Retry-After": "1"}
    return JSONResponse(_state(job, address), HTTPStatus.ACCEPTED, headers)


def job_response(http: HttpRequest, job: Job, address: str) -> Response:
    """Return how far a job is, or, once it has ended, its outcome; with ``?state`` always the former."""
    if job.reply is None or "state" in http.query_params:
        return JSONResponse(_state(job, address), headers={**PRIVATE, "Retry-After": "1"})
    return reply_response(job.reply)


def reply_response(reply: Reply) -> Response:
    """Return a reply as a response; it is nobody else's and not to be kept."""
    headers = {**PRIVATE, **reply.headers}
    return Response(reply.body, reply.status, headers, media_type=reply.media)


def _state(job: Job, address: str) -> dict[str, object]:
    state: dict[str, object] = {"state": job.state, "steps": job.steps, "url": f"{address}/{job.id}"}
    return state if job.reply is None else {**state, "status": job.reply.status}
