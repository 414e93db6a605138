"""The loader process: holds a release and forks workers that answer from it at once (copy on write).

Started as ``python -m wsiskg.store.loader RELEASE FD MEMORY``. It has one thread, so that forking is safe. A release
that fits the memory budget is held in memory (two to four times faster than on disk); of a larger one each worker
opens the store on disk read-only. Neither loader nor workers can reach a network, where the system lets them give
that up.
"""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from pathlib import Path

import pyoxigraph as ox

from wsiskg.model.errors import LimitError, QueryError, QuerySyntaxError
from wsiskg.processes import end_with_parent
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.frames import pack, receive

__all__ = ["main"]

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_IN_MEMORY_UP_TO = 400_000_000  # bytes of N-Quads; a statement takes about three times its text in memory


def main() -> None:
    """Load the release, say that it is ready, then fork a worker for each channel received."""
    release, control = Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    memory = int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    end_with_parent()
    offline = _leave_network()
    dump = release / "dumps" / "wsis-kg.nq"
    store: ox.Store | None = None
    if dump.stat().st_size <= _IN_MEMORY_UP_TO:
        store = ox.Store()
        store.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS)
    control.sendall(pack({"ready": True, "offline": offline, "in_memory": store is not None}))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message or not descriptors:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            _work(store or ox.Store.read_only(str(release / "store")), descriptors[0], memory)
        os.close(descriptors[0])
        control.sendall(pack({"pid": pid}))


def _work(store: ox.Store, descriptor: int, memory: int) -> None:
    """Answer requests on the channel until the other side closes it; never returns."""
    end_with_parent()
    if memory:
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    channel = socket.socket(fileno=descriptor)
    with contextlib.suppress(OSError):
        while (message := receive(channel)) is not None:
            header, _ = message
            channel.sendall(_reply(store, Request(**header)))
    os._exit(0)


def _reply(store: ox.Store, request: Request) -> bytes:
    try:
        answer = evaluate(store, request)
        return pack({"ok": True, "media_type": answer.media_type}, answer.body)
    except QuerySyntaxError as error:
        return pack({"error": "syntax", "message": error.message, "line": error.line, "column": error.column,
                     "token": error.token})  # fmt: skip
    except LimitError as error:
        return pack({"error": "limit", "message": error.message, "limit": error.limit, "remedy": error.remedy})
    except QueryError as error:
        return pack({"error": "query", "message": error.message})
    except MemoryError:
        return pack({"error": "limit", "message": "the query needs more memory than it may use", "limit": "memory",
                     "remedy": "Ask for less at a time."})  # fmt: skip


def _leave_network() -> bool:
    """Move into a network namespace of its own, where there is no network; say whether the system allowed it."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        return any(int(libc.unshare(flags)) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))
    return False


if __name__ == "__main__":
    main()
