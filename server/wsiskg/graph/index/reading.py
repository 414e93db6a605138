"""Read an index file while a release is written: for whoever says in another form what the index says."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

__all__ = ["documents_of", "open_index"]


def open_index(path: Path) -> closing[sqlite3.Connection]:
    """Open an index file read-only, as a context."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))


def documents_of(connection: sqlite3.Connection, kinds: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the documents of the items of some kinds, in their order."""
    for kind in kinds:
        for (text,) in connection.execute("SELECT json FROM item WHERE kind = ? ORDER BY id", (kind,)):
            yield json.loads(text)
