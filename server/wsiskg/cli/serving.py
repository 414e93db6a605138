"""``wsiskg serve``: check first, then listen."""

import socket

import typer
import uvicorn

from wsiskg.graph.release import current_release
from wsiskg.model.errors import UsageError
from wsiskg.settings import Settings
from wsiskg.web.app import create_app

__all__ = ["serve_release"]


def serve_release(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        ReleaseError: there is no complete release.
        UsageError: the address cannot be listened on.

    """
    release = current_release(settings.data)
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
    typer.echo(f"Release {release.id} at http://{shown}:{bound}/ (stop with Ctrl-C)", err=True)
    config = uvicorn.Config(create_app(settings), log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
