"""``/dumps/``: the files of the release, whole and by graph, with ranges, checksums and dates.

A graph has a Turtle file of its own. In the other syntaxes it is a part of the whole release's dump, which the manifest
says where to find; it is served from there, between the lines that stand before and behind it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from wsiskg.graph.release import DUMP_TYPES, Release
from wsiskg.graph.serialise import DUMPS, frame, graph_file
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.problems import ProblemError

__all__ = ["dump_response", "files_of", "graphs_of", "list_dumps"]

_CHUNK = 1 << 18
_AT_ONCE = 1 << 16
_SEVERAL = re.compile(
    r"bytes=\s*(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18})(?:\s*,\s*(?:[0-9]{1,18}-[0-9]{0,18}|-[0-9]{1,18}))+"
)
_PLACES = {Path(dump).suffix: dump for dump in DUMPS if not dump.endswith(".ttl")}


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a file with what stands before and behind it."""

    before: bytes
    file: Path
    offset: int
    length: int
    after: bytes

    @property
    def size(self) -> int:
        return len(self.before) + self.length + len(self.after)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` to ``stop``."""
        head, tail = len(self.before), len(self.before) + self.length
        if start < head:
            yield self.before[start:stop]
        if start < tail and stop > head:
            with self.file.open("rb") as handle:
                handle.seek(self.offset + max(start - head, 0))
                left = min(stop, tail) - max(start, head)
                while left:
                    piece = handle.read(min(_CHUNK, left))
                    if not piece:
                        raise OSError(f"'{self.file}' has become shorter")
                    left -= len(piece)
                    yield piece
        if stop > tail:
            yield self.after[max(start - tail, 0) : stop - tail]


def files_of(release: Release) -> list[dict[str, Any]]:
    """Return the files that the release is offered as: the manifest's entries with ``url`` and ``mediaType``."""
    return [
        {**f, "url": f"/{f['path']}", "mediaType": DUMP_TYPES[Path(f["path"]).suffix]}
        for f in release.manifest["files"]
        if f["path"].startswith("dumps/")
    ]


def graphs_of(release: Release) -> dict[str, dict[str, Any]]:
    """Return the manifest's entry of each graph, with the addresses of its ``distributions`` by media type."""
    graphs = {}
    for iri, entry in release.manifest["graphs"].items():
        if "ranges" not in entry:  # a plain dataset has no dumps by graph
            graphs[iri] = entry
            continue
        name = graph_file(NamedNode(iri), release.iris).removesuffix(".ttl")
        distributions = {".ttl": "text/turtle"} | {suffix: DUMP_TYPES[suffix] for suffix in _PLACES}
        graphs[iri] = {
            **{key: value for key, value in entry.items() if key != "ranges"},
            "distributions": {media_type: f"/dumps/{name}{suffix}" for suffix, media_type in distributions.items()},
        }
    return graphs


def list_dumps(release: Release) -> Response:
    """Return the manifest, with the address of each file, and of each graph in each syntax."""
    listed = {**release.manifest, "graphs": graphs_of(release), "files": files_of(release)}
    return JSONResponse(listed, headers={"X-Dataset-Version": release.id})


def dump_response(http: HttpRequest, release: Release, name: str) -> Response:
    """Return a file that the manifest names, or a graph of it; nothing else below the release can be reached.

    Raises:
        ProblemError: 404 there is no such file, 416 the range is outside of it.

    """
    known = {f["path"]: f["sha256"] for f in release.manifest["files"]}
    file = release.path / "dumps" / name
    part = None
    if (digest := known.get(f"dumps/{name}")) is None:
        part = _graph_part(release, name)
        if part is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"the release has no file '{name}'", "GET /dumps/ lists them.")
        file, digest = part.file, _digest(part)
    date = file.stat().st_mtime
    headers = {
        "X-Dataset-Version": release.id,
        "ETag": f'"{digest}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:",  # RFC 9530
        "Last-Modified": formatdate(date, usegmt=True),
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
    }
    if _has_it(http, headers["ETag"], date):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    media_type = DUMP_TYPES[Path(name).suffix]
    if part is None and _SEVERAL.fullmatch(http.headers.get("range", "")):
        return FileResponse(file, media_type=media_type, headers=headers)
    whole = part or _Part(b"", file, 0, file.stat().st_size, b"")
    return _part_response(http, whole, headers, media_type)


def _has_it(http: HttpRequest, tag: str, date: float) -> bool:
    """Return whether the client has the file already (RFC 9110, section 13.2.2: the tag goes before the date)."""
    if (tags := http.headers.get("if-none-match")) is not None:
        return names_etag(tags, tag)
    try:
        since = parsedate_to_datetime(http.headers.get("if-modified-since", ""))
        return int(date) <= since.timestamp()
    except (ValueError, OverflowError):
        return False


def _graph_part(release: Release, name: str) -> _Part | None:
    suffix = Path(name).suffix
    if suffix not in _PLACES:
        return None
    for iri, entry in release.manifest["graphs"].items():
        if graph_file(NamedNode(iri), release.iris).removesuffix(".ttl") == name.removesuffix(suffix):
            dump = _PLACES[suffix]
            if dump not in entry.get("ranges", {}):
                return None
            before, _, after = frame(dump, release.iris)
            offset, length = entry["ranges"][dump]
            return _Part(before, release.path / "dumps" / dump, offset, length, after)
    return None


@lru_cache(maxsize=256)
def _digest(part: _Part) -> str:
    digest = hashlib.sha256()
    for piece in part.read(0, part.size):
        digest.update(piece)
    return digest.hexdigest()


def _part_response(http: HttpRequest, part: _Part, headers: dict[str, str], media_type: str) -> Response:
    start, stop, status = 0, part.size, HTTPStatus.OK
    wanted = http.headers.get("range", "")
    condition = http.headers.get("if-range", "")
    if wanted and condition in {"", headers["ETag"], headers["Last-Modified"]}:
        asked = _range(wanted, part.size)
        if asked == (0, 0):
            raise ProblemError(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                f"the file has {part.size:,} bytes",
                "Ask for some of these.",
                {"Content-Range": f"bytes */{part.size}"},
            )
        if asked is not None:
            (start, stop), status = asked, HTTPStatus.PARTIAL_CONTENT
            headers = {**headers, "Content-Range": f"bytes {start}-{stop - 1}/{part.size}"}
    if stop - start <= _AT_ONCE:  # in one piece, so that it may be compressed
        return Response(b"".join(part.read(start, stop)), status, headers, media_type)
    headers = {**headers, "Content-Length": str(stop - start)}
    if http.method == "HEAD":
        return Response(None, status, headers, media_type)
    return StreamingResponse(part.read(start, stop), status, headers, media_type)


def _range(text: str, size: int) -> tuple[int, int] | None:
    """Return the bytes that one range asks for, (0, 0) for none of these, None where it is to be passed over."""
    unit, _, ranges = text.partition("=")
    first, dash, last = (p.strip() for p in ranges.partition("-"))
    if unit.strip() != "bytes" or not dash or "," in ranges or not (first or last):
        return None
    if not all(p.isascii() and p.isdigit() and len(p) < 19 for p in (first, last) if p):
        return None
    if not first:
        length = min(int(last), size)
        return (size - length, size) if length else (0, 0)
    start, stop = int(first), min(int(last) + 1 if last else size, size)
    if last and int(last) < int(first):
        return None
    return (start, stop) if start < stop else (0, 0)
