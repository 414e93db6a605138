"""Files of the pages: their addresses change with their content, so that a browser may keep them for good."""

import hashlib
import os
from functools import lru_cache
from importlib.resources import files

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

__all__ = ["Assets", "asset_address"]

_FOLDER = "static"
_FILES = files("wsiskg.web") / _FOLDER
_KEPT = "public, max-age=31536000, immutable"


@lru_cache(maxsize=64)
def asset_address(name: str) -> str:
    """Return the address of a file of ours, with a hash of its content; empty if there is no such file."""
    file = _FILES / name
    if not file.is_file():
        return ""
    return f"/static/{name}?{hashlib.sha256(file.read_bytes()).hexdigest()[:10]}"


class Assets(StaticFiles):
    """The files, kept by browsers for a year where they were asked for by hash (RFC 8246)."""

    def __init__(self) -> None:
        super().__init__(packages=[("wsiskg.web", _FOLDER)])

    def file_response(
        self, full_path: "str | os.PathLike[str]", stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file as `StaticFiles` does, with how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        name = scope["path"].rpartition("/static/")[2]
        if scope["query_string"] and asset_address(name).endswith("?" + scope["query_string"].decode("latin-1")):
            response.headers["Cache-Control"] = _KEPT
        return response
