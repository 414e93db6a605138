"""Carry out writes: who may, what came of it, and a line in the audit trail for each attempt."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.release import Release
from wsiskg.model.errors import ForbiddenQueryError, ViolationError, WsiskgError
from wsiskg.store.changes import Change, Effect, pack_change, with_dataset
from wsiskg.store.guard import check_update, line_and_column, without_loads
from wsiskg.web.access.audit import record
from wsiskg.web.access.bearer import require_role
from wsiskg.web.access.tokens import Token, TokenFile
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.protocol.requests import Asked
from wsiskg.web.protocol.service_description import public_url
from wsiskg.web.serving.engine import Engine

__all__ = ["carry_out", "carry_out_update", "recorded", "require_editor"]

_ROLE = "editor"


def require_editor(http: HttpRequest, engine: Engine, tokens: TokenFile) -> Token:
    """Return the token of a request that may write.

    Raises:
        ForbiddenQueryError: this installation takes no updates.
        ProblemError: 401 or 403, see `require_role`.

    """
    if engine.settings.updates == "off":
        raise ForbiddenQueryError("this endpoint answers queries only", "The setting `updates` can allow updates.")
    return require_role(http, tokens, _ROLE)


async def carry_out_update(http: HttpRequest, engine: Engine, tokens: TokenFile, asked: Asked) -> Response:
    """Carry out the update of a protocol request.

    Raises:
        ForbiddenQueryError: no updates are taken here, or this one holds LOAD or SERVICE.
        ProblemError: 401 or 403, see `require_role`.
        WsiskgError: see `Engine.change`.

    """
    token = require_editor(http, engine, tokens)
    asked_for = Change("update", asked.update or "", base=public_url(engine.settings, "/sparql"))
    async with recorded(engine, token, asked_for):
        text, load = without_loads(asked_for.text)
        check_update(text)
        if load is not None:
            await engine.parse_update(text)
            line, column = line_and_column(asked_for.text, load.start)
            raise ForbiddenQueryError(
                f"LOAD at line {line}, column {column}: documents are never fetched here",
                "Download the document and send its statements.",
            )
        text = with_dataset(text, asked.default_graphs, asked.named_graphs)
        check_update(text)  # the patterns that were written twice count twice
    _, release = await carry_out(engine, token, replace(asked_for, text=text))
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"X-Dataset-Version": release.id})


async def carry_out(engine: Engine, token: Token, change: Change) -> tuple[Effect, Release]:
    """Carry out ``change`` for the holder of ``token`` and record it, whatever comes of it.

    Raises:
        WsiskgError: see `Engine.change`.

    """
    entry = _entry(engine, token, change)
    async with recorded(engine, token, change):
        effect, release = await engine.change(change)
    engine.metrics.changes.labels("made").inc()
    after = {"release_after": release.id, "statements_after": release.manifest["counts"]["quads"]}
    await asyncio.to_thread(record, engine.settings.data, {**entry, "outcome": "made", **after})
    return effect, release


@asynccontextmanager
async def recorded(engine: Engine, token: Token, change: Change) -> AsyncIterator[None]:
    """Record why ``change`` is refused, if it is."""
    entry = _entry(engine, token, change)
    try:
        yield
    except (WsiskgError, ProblemError) as error:
        engine.metrics.changes.labels("refused").inc()
        reason = error.detail if isinstance(error, ProblemError) else error.message
        why: dict[str, object] = {"outcome": "refused", "reason": reason}
        if isinstance(error, ViolationError):
            why["rules"] = sorted({problem.rule for problem in error.problems})
        await asyncio.to_thread(record, engine.settings.data, {**entry, **why})
        raise


def _entry(engine: Engine, token: Token, change: Change) -> dict[str, object]:
    header, body = pack_change(change)
    before, text = engine.release, change.text.encode("utf-8", "surrogatepass")
    return {
        "who": token.name, "what": change.kind, "graph": change.graph,
        "sha256": hashlib.sha256(text + body).hexdigest(), "bytes": len(text) + len(body),
        "documents": header["documents"], "release_before": before.id,
        "statements_before": before.manifest["counts"]["quads"],
    }  # fmt: skip
