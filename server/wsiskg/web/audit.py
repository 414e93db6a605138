"""The audit trail: one line of JSON for every attempt to write, appended and synced, never rewritten."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["record"]


def record(data: Path, entry: Mapping[str, Any]) -> None:
    """Append ``entry`` with the time (UTC) to ``audit.jsonl`` below ``data``; only its owner may read it."""
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
    descriptor = os.open(data / "audit.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (line + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
