"""The audit trail: one line of JSON for every attempt to write, appended and synced, never rewritten."""

import json
import os
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["read_trail", "record"]


def record(data: Path, entry: Mapping[str, Any]) -> None:
    """Append ``entry`` with the time (UTC) to ``audit.jsonl`` below ``data``; only its owner may read it."""
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
    descriptor = os.open(data / "audit.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (line + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_trail(data: Path, number: int, skip: int = 0) -> tuple[Sequence[Mapping[str, Any]], bool]:
    """Return up to ``number`` entries, the latest first, after the ``skip`` latest; and whether there are older ones.

    A line that is no entry, as a full disk may leave, is passed over.
    """
    try:
        with (data / "audit.jsonl").open(encoding="utf-8", errors="replace") as file:
            lines = deque(file, maxlen=skip + number + 1)
    except FileNotFoundError:
        return (), False
    latest = list(reversed(lines))[skip:]
    found = []
    for line in latest[:number]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found, len(latest) > number
