"""Processes: they must not outlive the one that started them, nor take all memory, nor be in the way of others."""

import contextlib
import ctypes
import gc
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

__all__ = ["address_space", "bound", "end_with_parent", "give_way", "without_collector"]

_PR_SET_PDEATHSIG = 1
_NICER = 10  # a tenth of the processor's time beside a process that is not; all of it alone


def end_with_parent(parent: int | None = None) -> None:
    """Have the system end this process when its parent ends, however that happens (Linux only; elsewhere: nothing).

    Args:
        parent: number of the parent, where it may have ended before this call; then this process ends at once.

    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def address_space() -> int:
    """Return the address space of this process, in bytes (Linux)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def bound(kind: int, most: int) -> None:
    """Set a limit of this process (``resource.RLIMIT_...``), or a lower one where the system holds it to that."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def give_way() -> None:
    """Let processes that are not as patient go first, where both want the processor.

    This process should be the first of a session of its own: Linux may schedule a session as one (autogroup, see
    sched(7)), which leaves the niceness of a process without effect outside of it.
    """
    niceness = os.nice(_NICER)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), "ascii")


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Let the collector rest: rows and statements are in no circles, and it would look at all of them each time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
