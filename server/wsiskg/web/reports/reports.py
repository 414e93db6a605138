"""Reports over HTTP: written in processes apart, kept for the release and the day they were written."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.errors import UsageError
from wsiskg.reports.desk import Subject
from wsiskg.reports.html import STYLE
from wsiskg.reports.renderings import FORMATS
from wsiskg.reports.writing import find_subject, kind_of
from wsiskg.settings import Settings
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.reports.writing import report_reply
from wsiskg.web.serving.cache import AnswerCache, StoredAnswer
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of
from wsiskg.web.work.answers import reply_response
from wsiskg.web.work.apart import Apart, Reply

__all__ = ["Reports"]

_WAITING = 16
_KEPT_BYTES = 32_000_000
_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
Links = Sequence[tuple[str, str]]
_Key = tuple[object, ...]


class Reports:
    """Writes reports on the release that is served, each once.

    The processes have no limit of memory: the engine that draws the charts reserves far more addresses than it uses.
    What they work on is our own, and bounded.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self._apart = Apart(
            settings.checks, _WAITING, settings.check_seconds, 0, ["wsiskg.web.reports.writing"], "report"
        )  # fmt: skip
        self._kept = AnswerCache(_KEPT_BYTES)
        self._flights: dict[_Key, asyncio.Task[Reply]] = {}
        engine.on_switch.append(self._kept.clear)

    async def respond(
        self, http: HttpRequest, kind: str, code: str, language: str, form: str, links: Links = ()
    ) -> Response:
        """Return a report, from memory where it was written before, as 304 where the client holds it.

        Raises:
            ProblemError: 404, there is no such report or subject; names the nearest.
            LimitError: too many are being written, or it took too long.
            WorkerError: the process died.

        """
        release, day = self.engine.release, datetime.now(UTC).date().isoformat()
        try:
            code = (await run_in_threadpool(self._find, kind, code, language)).code
        except UsageError as error:
            raise ProblemError(HTTPStatus.NOT_FOUND, error.message, error.remedy) from error
        kind = kind_of(kind).name
        key: _Key = (release.id, kind, code, language, day, form, tuple(links))
        etag = f'"{hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()[:24]}"'
        kept = self._kept.get(key)
        headers = {
            "ETag": etag, "Vary": "Accept", "X-Dataset-Version": release.id, "Cache-Control": "no-cache",
            "Content-Language": language, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            "Content-Security-Policy": _POLICY,
        }  # fmt: skip
        if kept is None:
            reply = await self._write(key, str(release.path), kind, code, language, day, form, tuple(links))
            if reply.status != HTTPStatus.OK:
                return reply_response(reply)
            kept = StoredAnswer(reply.body, reply.media)
            self._kept.put(key, kept)
        if names_etag(http.headers.get("if-none-match"), etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if FORMATS[form].binary:
            name = "-".join(part for part in (kind, code, language) if part)
            safe = "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "_" for c in name)
            headers["Content-Disposition"] = f'inline; filename="{safe}.{form}"'
        return Response(kept.body, headers=headers, media_type=kept.media_type)

    def _find(self, kind: str, code: str, language: str) -> Subject:
        return find_subject(self.engine.release, kind, code, language, index_of(self.engine))

    async def _write(self, key: _Key, *order: object) -> Reply:
        """Have a report written; those who ask for the same one at the same time wait for one process."""
        if key not in self._flights:
            task = asyncio.create_task(self._apart.run(report_reply, *order))
            self._flights[key] = task
            task.add_done_callback(lambda _: self._flights.pop(key, None))
        return await asyncio.shield(self._flights[key])
