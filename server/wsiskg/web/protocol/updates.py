"""Carry out writes: who may, what came of it, and a line in the audit trail for each attempt."""

import asyncio
import hashlib
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
from wsiskg.web.protocol.requests import Asked
from wsiskg.web.protocol.service_description import public_url
from wsiskg.web.serving.engine import Engine

__all__ = ["carry_out", "carry_out_update", "require_editor"]

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
    text, load = without_loads(asked.update or "")
    check_update(text)
    if load is not None:
        await engine.parse_update(text)
        line, column = line_and_column(asked.update or "", load.start)
        raise ForbiddenQueryError(
            f"LOAD at line {line}, column {column}: documents are never fetched here",
            "Download the document and send its statements.",
        )
    text = with_dataset(text, asked.default_graphs, asked.named_graphs)
    check_update(text)  # the patterns that were written twice count twice
    change = Change("update", text, base=public_url(engine.settings, "/sparql"))
    _, release = await carry_out(engine, token, change)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"X-Dataset-Version": release.id})


async def carry_out(engine: Engine, token: Token, change: Change) -> tuple[Effect, Release]:
    """Carry out ``change`` for the holder of ``token`` and record it, whatever comes of it.

    Raises:
        WsiskgError: see `Engine.change`.

    """
    header, body = pack_change(change)
    before = engine.release
    entry = {
        "who": token.name, "what": change.kind, "graph": change.graph,
        "sha256": hashlib.sha256(change.text.encode("utf-8", "surrogatepass") + body).hexdigest(),
        "bytes": len(change.text.encode("utf-8", "surrogatepass")) + len(body),
        "documents": header["documents"], "release_before": before.id,
        "statements_before": before.manifest["counts"]["quads"],
    }  # fmt: skip
    try:
        effect, release = await engine.change(change)
    except WsiskgError as error:
        engine.metrics.changes.labels("refused").inc()
        why: dict[str, object] = {"outcome": "refused", "reason": error.message}
        if isinstance(error, ViolationError):
            why["rules"] = sorted({problem.rule for problem in error.problems})
        await asyncio.to_thread(record, engine.settings.data, {**entry, **why})
        raise
    engine.metrics.changes.labels("made").inc()
    after = {"release_after": release.id, "statements_after": release.manifest["counts"]["quads"]}
    await asyncio.to_thread(record, engine.settings.data, {**entry, "outcome": "made", **after})
    return effect, release
