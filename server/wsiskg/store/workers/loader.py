"""The loader process: holds a release and forks workers that answer from it at once (copy on write).

Started as ``python -m wsiskg.store.workers.loader DATA RELEASE FD LIMITS``. It has one thread, so that forking is safe.
A release that fits the memory budget is held in memory (two to four times faster than on disk); of a larger one each
worker opens the store on disk read-only. Neither loader nor workers can reach a network, where the system lets them
give that up.

A change is applied by a fork too, its successor: on the store in memory, which the system copies as it is written to,
or on a checkpoint of the one on disk. Of a plain release the successor writes the next one and then serves as its
loader; of a built one it hands over the changed statements and ends.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from wsiskg.graph.plain import write_plain
from wsiskg.graph.release import Release, load_store, open_release, open_store
from wsiskg.model.errors import LimitError, QueryError, QuerySyntaxError, ReleaseError, WsiskgError
from wsiskg.processes import address_space, bound, end_with_parent, give_way
from wsiskg.store.changes import apply_change, parse_update, unpack_change
from wsiskg.store.evaluate import Request, Spool, evaluate
from wsiskg.store.workers.frames import pack, receive

__all__ = ["CHANGED", "FORK_SUCCESSOR", "FORK_WORKER", "main"]

CHANGED = "changed.nq"
"""The file, in the folder that a change names, with all statements of a built release after it."""

FORK_WORKER, FORK_SUCCESSOR = b"w", b"s"
"""What the server sends on the control channel: with a worker's channel and spool, or a successor's control channel."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_TIMES_ITS_TEXT = 3  # what a statement takes in memory, about
_LOOK_EVERY = 32  # answers between two looks at a worker's memory: a look takes longer than a short answer


@dataclass(frozen=True, slots=True)
class _Limits:
    """What workers may use: see `wsiskg.store.workers.pool.Limits`."""

    memory: int
    spool_above: int
    answers: int
    release: int


def main() -> None:
    """Load the release, say that it is ready, then fork for each channel received."""
    data, path, control = Path(sys.argv[1]), Path(sys.argv[2]), socket.socket(fileno=int(sys.argv[3]))
    limits = _Limits(**json.loads(sys.argv[4]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    end_with_parent()
    give_way()  # lookups and pages come before queries
    offline = _leave_network()
    try:
        release = open_release(path)
        fits = release.plain or release.nquads_path.stat().st_size * _TIMES_ITS_TEXT <= limits.release
        store = load_store(release) if fits else None
    except ReleaseError as error:
        control.sendall(pack({"ready": False, "message": error.message, "remedy": error.remedy}))
        return
    control.sendall(pack({"ready": True, "offline": offline, "in_memory": store is not None}))
    _serve(data, release, store, control, limits)


def _serve(data: Path, release: Release, store: ox.Store | None, control: socket.socket, limits: _Limits) -> None:
    """Fork for each channel received, until the server closes its own."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not message or not descriptors:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            if message == FORK_WORKER:
                opened = open_store(release) if store is None else store  # an empty store is false
                _work(opened, socket.socket(fileno=descriptors[0]), descriptors[1], limits)
            _succeed(data, release, store, socket.socket(fileno=descriptors[0]), limits)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(pack({"pid": pid}))


def _work(store: ox.Store, channel: socket.socket, spool: int, limits: _Limits) -> NoReturn:
    """Answer requests on the channel until the other side closes it."""
    end_with_parent()
    used = address_space()
    if limits.memory:
        bound(resource.RLIMIT_AS, used + limits.memory)
    answered = 0
    with contextlib.suppress(OSError):
        while (message := receive(channel)) is not None:
            answered += 1
            grown = limits.memory and answered % _LOOK_EVERY == 0 and address_space() > used + limits.memory // 2
            tired = bool(answered >= limits.answers or grown)
            channel.sendall(_reply(store, Request.unpack(message[1]), Spool(spool, limits.spool_above), tired))
    os._exit(0)


def _reply(store: ox.Store, request: Request, spool: Spool, tired: bool) -> bytes:
    """Return the answer as a message; ``tired`` asks to be replaced."""
    try:
        answer = evaluate(store, request, spool)
    except (WsiskgError, MemoryError) as error:
        return pack({**_complaint(error), "tired": tired})
    header: dict[str, Any] = {}
    if tired:
        header["tired"] = True
    if answer.spooled:
        header["spooled"] = answer.spooled
    if answer.unknown_functions:
        header["unknown_functions"] = list(answer.unknown_functions)
    if answer.replaced:
        header["replaced"] = answer.replaced
    return pack(header, answer.body)


def _complaint(error: WsiskgError | MemoryError | OSError) -> Mapping[str, Any]:
    match error:
        case QuerySyntaxError():
            return {"error": "syntax", "message": error.message, "line": error.line, "column": error.column,
                    "token": error.token}  # fmt: skip
        case LimitError():
            return {"error": "limit", "message": error.message, "limit": error.limit, "remedy": error.remedy}
        case QueryError():
            return {"error": "query", "message": error.message, "remedy": error.remedy}
        case WsiskgError():
            return {"error": "usage", "message": error.message, "remedy": error.remedy}
        case OSError():
            return {"error": "usage", "message": f"the release cannot be written: {error.strerror}", "remedy": ""}
    return {"error": "limit", "message": "it needs more memory than it may use", "limit": "memory",
            "remedy": "Ask for less at a time."}  # fmt: skip


def _succeed(data: Path, release: Release, store: ox.Store | None, control: socket.socket, limits: _Limits) -> NoReturn:
    """Carry out the one change that comes on the channel; of a plain release, serve what came of it.

    The process that forked this one ends before it, so nothing but the closed channel tells it to end.
    """
    message = receive(control)
    if message is None:
        os._exit(0)
    header, body = message
    bound(resource.RLIMIT_CPU, int(header["seconds"]) + 1)
    if limits.memory:
        bound(resource.RLIMIT_AS, address_space() + limits.memory)
    try:
        change = unpack_change(header["change"], body)
        answer: dict[str, Any] = {"ok": True, "existed": True}
        if header["parse_only"]:
            parse_update(change.text)
            control.sendall(pack(answer))
            os._exit(0)
        changed = _checkpoint(release, Path(header["folder"])) if store is None else store
        answer["existed"] = apply_change(changed, change).existed
        if release.plain:
            release = write_plain(changed, data, release.iris)
            answer["release"] = release.id
        else:
            changed.dump(str(Path(header["folder"]) / CHANGED), ox.RdfFormat.N_QUADS)
    except (WsiskgError, MemoryError, OSError) as error:
        answer = dict(_complaint(error))
    control.sendall(pack(answer))
    if "release" in answer:
        bound(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
        bound(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        _serve(data, release, store, control, limits)
    os._exit(0)


def _checkpoint(release: Release, scratch: Path) -> ox.Store:
    """Return a store on disk that begins as the release's, by hard links."""
    base = ox.Store.read_only(str(release.store_path))
    base.backup(str(scratch / "store"))
    return ox.Store(str(scratch / "store"))


def _leave_network() -> bool:
    """Move into a network namespace of its own, where there is no network; say whether the system allowed it."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        return any(int(libc.unshare(flags)) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
    return False


if __name__ == "__main__":
    main()
