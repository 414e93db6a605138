"""Processes that must not outlive the one that started them."""

import contextlib
import ctypes
import os
import signal

__all__ = ["end_with_parent"]

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int | None = None) -> None:
    """Have the system end this process when its parent ends, however that happens (Linux only; elsewhere: nothing).

    Args:
        parent: number of the parent, where it may have ended before this call; then this process ends at once.

    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)
