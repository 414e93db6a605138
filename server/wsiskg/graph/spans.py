"""Bytes of files, read where they stand: no handle is moved, so several threads may read one file at once."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wsiskg.model.errors import ReleaseError

__all__ = ["Span"]

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """Some bytes of a file that stays as it is: ``size`` of them from ``offset`` on. ``file`` is its path, or open."""

    file: Path | IO[bytes]
    offset: int
    size: int

    def read(self) -> Iterator[bytes]:
        """Yield them piece by piece.

        Raises:
            OSError: the file cannot be read.
            ReleaseError: it is too short.

        """
        if not isinstance(self.file, Path):
            yield from self._read(self.file.fileno())
            return
        with self.file.open("rb") as handle:
            yield from self._read(handle.fileno())

    def _read(self, handle: int) -> Iterator[bytes]:
        offset, end = self.offset, self.offset + self.size
        while offset < end:
            piece = os.pread(handle, min(_PIECE, end - offset), offset)
            if not piece:
                raise ReleaseError(f"'{self.file}' is too short", "Build anew: wsiskg build --anew")
            offset += len(piece)
            yield piece
