"""Content encodings (RFC 9110, section 8.4): gzip and Brotli, by Accept-Encoding, each with an ETag of its own."""

import gzip
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

from wsiskg.web.http.negotiation import choose

__all__ = [
    "AT_ONCE",
    "ENCODINGS",
    "Compressor",
    "choose_encoding",
    "compress",
    "compressor",
    "etag_matches",
    "etag_of",
    "names_etag",
]

ENCODINGS = ("br", "gzip")
AT_ONCE = 1 << 16
"""Bytes: larger bodies are compressed beside the event loop."""

_SMALLEST = 600  # bytes: below, a compressed answer fits no fewer packets
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
_GZIP_WINDOW = 31


class Compressor(Protocol):
    """Compresses a stream piece by piece."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece, return what is ready."""
        ...

    def flush(self) -> bytes:
        """Return the rest."""
        ...


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=_BROTLI_QUALITY)

    def compress(self, data: bytes, /) -> bytes:
        return bytes(self._inner.process(data))

    def flush(self) -> bytes:
        return bytes(self._inner.finish())


def choose_encoding(accept_encoding: str | None, size: int) -> str:
    """Return ``br`` or ``gzip`` where the client takes one and it pays for ``size`` bytes, else an empty string."""
    if not accept_encoding or size < _SMALLEST:
        return ""
    chosen = choose(accept_encoding, [*ENCODINGS, "identity"])
    return chosen if chosen in ENCODINGS else ""


def compress(body: bytes, encoding: str) -> bytes:
    """Return ``body`` in one of `ENCODINGS`; the same body gives the same bytes."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def compressor(encoding: str) -> Compressor:
    """Return a compressor for a stream in one of `ENCODINGS`."""
    makers: dict[str, Callable[[], Compressor]] = {
        "br": _Brotli,
        "gzip": lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW),
    }
    return makers[encoding]()


def etag_of(etag: str, encoding: str) -> str:
    """Return the ETag of a representation in ``encoding``: ``"x"`` becomes ``"x-gzip"``."""
    return f'{etag[:-1]}-{encoding}"' if encoding else etag


def names_etag(if_none_match: str | None, etag: str) -> bool:
    """Return whether a list of ETags names ``etag``, as ``*`` does (RFC 9110, section 13.1.2); weak ones count."""
    return if_none_match is not None and not _held(if_none_match).isdisjoint({etag.removeprefix("W/"), "*"})


def _held(if_none_match: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in if_none_match.split(",")}


def etag_matches(if_none_match: str | None, etag: str, accept_encoding: str | None) -> str:
    """Return the ETag that the client holds and may go on using, empty if it holds none.

    A representation in an encoding that the client takes no longer is not offered to it.
    """
    if not if_none_match:
        return ""
    held = _held(if_none_match)
    for encoding in (*ENCODINGS, ""):
        if etag_of(etag, encoding) in held and (
            not encoding or choose(accept_encoding or "identity", [encoding]) is not None
        ):
            return etag_of(etag, encoding)
    return etag if "*" in held else ""
