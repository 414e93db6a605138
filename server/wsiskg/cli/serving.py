"""``wsiskg serve``: check first, then listen."""

import gc
import math
import socket
from dataclasses import replace

import typer
import uvicorn

from wsiskg.model.errors import UsageError
from wsiskg.settings import Settings
from wsiskg.web.app import create_app
from wsiskg.web.http.transport import GatheringProtocol
from wsiskg.web.serving.engine import prepare_release

__all__ = ["serve_release"]

_COLLECT_AFTER = 20_000  # objects: a request makes a hundred or so, most of which need no collection


def serve_release(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop; then requests under way have ``settings.drain_seconds`` to end.

    Raises:
        ReleaseError: there is no complete release.
        UsageError: the address cannot be listened on, or the release is not of the kind that ``settings`` are for.

    """
    release = prepare_release(settings)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming TCP lets asyncio switch Nagle off: without it every answer on a kept connection waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # who reads the address below may connect at once
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host} port {port}: {error.strerror}", "Choose another with --port."
        ) from error
    bound = listener.getsockname()[1]
    shown = f"[{host}]" if family == socket.AF_INET6 else host
    address = f"http://{shown}:{bound}/"
    typer.echo(f"Release {release.id} at {address} (stop with Ctrl-C)", err=True)
    if not settings.public_url:
        settings = replace(settings, public_url=address.rstrip("/"))
    config = uvicorn.Config(
        create_app(settings), http=GatheringProtocol, ws="none", log_level="warning", access_log=False,
        server_header=False, proxy_headers=True, forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=math.ceil(settings.drain_seconds),
    )  # fmt: skip
    gc.collect()
    gc.freeze()  # what was imported stays: a collection need not go over it
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    uvicorn.Server(config).run(sockets=[listener])
