"""Publications carried out and recorded, whoever asks for them: the API with a token, the pages with a session."""

import asyncio
import hashlib
import json
from http import HTTPStatus

from wsiskg.settings import Settings
from wsiskg.web.access.audit import record
from wsiskg.web.proposals.publishing import PublishOrder
from wsiskg.web.work.apart import Apart, Reply, Step, Work

__all__ = ["carry_out_publication"]


async def carry_out_publication(
    apart: Apart, settings: Settings, work: Work, name: str, data: bytes, asked: PublishOrder, before: str, step: Step
) -> Reply:
    """Try or publish an edition in a process apart, and record what came of it.

    Args:
        apart: runs the process.
        settings: of the installation.
        work: what it does: takes a file's name, its bytes, ``asked`` and ``settings``.
        name: of the file of proposals.
        data: the file.
        asked: what is to be published.
        before: id of the release that is served now.
        step: called with the name of each step as it begins.

    Raises:
        LimitError: too many are being worked on, or it took too long.
        WorkerError: the process died.

    """
    reply = await apart.run(work, name, data, asked, settings, step=step)
    entry: dict[str, object] = {
        "who": asked.order.by,
        "what": "try edition" if asked.dry_run else "publish edition",
        "edition": asked.order.edition,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "release_before": before,
        "outcome": "made" if reply.status < HTTPStatus.BAD_REQUEST else "refused",
    }
    document = json.loads(reply.body)
    entry["reason"] = document.get("detail", "")
    if withheld := document.get("withheld"):
        entry["withheld"] = withheld
    await asyncio.to_thread(record, settings.data, entry)
    return reply
