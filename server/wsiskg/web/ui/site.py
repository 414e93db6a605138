"""Answering with pages: rendered in one language, kept for their release, with what protects their readers."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from importlib.resources import files
from threading import Lock
from typing import Any
from urllib.parse import quote

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from wsiskg.model.errors import WsiskgError
from wsiskg.store.editions import edition_codes
from wsiskg.store.index.index import Index
from wsiskg.store.index.search import Found
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.problems import ProblemError, problem_response
from wsiskg.web.languages.translations import LANGUAGES
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of
from wsiskg.web.ui.templates import page_context, page_environment

__all__ = ["EMBEDDED", "SECURITY", "Site"]

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)

SECURITY = {
    "Content-Security-Policy": _POLICY.format(ancestors="'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""Headers that protect the reader of a page."""

EMBEDDED = {"Content-Security-Policy": _POLICY.format(ancestors="*")}
"""Headers of pages that any site may show in a frame."""

_KEPT_BYTES = 32_000_000
_LONGEST_LINK = 500


class Site:
    """The pages: their environment, and those that were rendered of the release that is served."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._environment = page_environment()
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    @property
    def index(self) -> Index:
        """The index of the release that is served."""
        return index_of(self.engine)

    def answer(
        self,
        http: HttpRequest,
        language: str,
        page: Callable[[], str | bytes],
        headers: Mapping[str, str] | None = None,
        media_type: str = "text/html",
        path: str = "",
    ) -> Response:
        """Return what ``page`` makes, from memory if it was made before, as 304 if the client holds it.

        Args:
            http: the request.
            language: code of the page's language.
            page: makes it.
            headers: further ones; a ``Link`` among them stands before those to the other languages.
            media_type: of what is made.
            path: what stands after the language in the page's address, where that is not the one asked for.

        """
        release = self.engine.release.id
        # The host is a part: a page may hold its own address, and a client may say any.
        key = (release, language, http.url.netloc, http.url.path, http.url.query, media_type)
        etag = f'"{hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()[:24]}-{_version()}"'
        sent = {
            **SECURITY,
            **(headers or {}),
            "ETag": etag,
            "X-Dataset-Version": release,
            "Content-Language": language,
            **self._links(http, language, headers or {}, path),
        }
        if names_etag(http.headers.get("if-none-match"), etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
        with self._lock:
            body = self._kept.get(key)
            if body is not None:
                self._kept.move_to_end(key)
        if body is None:
            try:
                made = page()
                body = made if isinstance(made, bytes) else made.encode("utf-8", "replace")
            except (WsiskgError, ProblemError) as error:
                return self.problem(http, language, error)
            self._keep(key, body)
        charset = "" if media_type == "image/png" else "; charset=utf-8"
        return Response(body, headers=sent, media_type=media_type + charset)

    def origin(self, http: HttpRequest) -> str:
        """Return where this server is found: as it is set, else as the client says."""
        return self.engine.settings.public_url.rstrip("/") or f"{http.url.scheme}://{http.url.netloc}"

    def _links(self, http: HttpRequest, language: str, headers: Mapping[str, str], path: str = "") -> Mapping[str, str]:
        """Return the header of links (RFC 8288), if there are any: those in ``headers``, and to all languages."""
        links = [*([headers["Link"]] if "Link" in headers else []), *self._languages(http, language, path)]
        return {"Link": ", ".join(links)} if links else {}

    def _languages(self, http: HttpRequest, language: str, path: str) -> list[str]:
        """Return links to the page in each language, whole, for search engines pass over relative ones."""
        if not path and not http.url.path.startswith(f"/{language}/"):
            return []
        rest = quote(path or http.url.path.removeprefix(f"/{language}/"), safe="/%:")
        rest += f"?{http.url.query}" if http.url.query else ""
        if len(rest) > _LONGEST_LINK:  # named seven times in one header
            return []
        named = [*((code, code) for code in LANGUAGES), ("x-default", "en")]
        origin = self.origin(http)
        return [f'<{origin}/{code}/{rest}>; rel="alternate"; hreflang="{name}"' for name, code in named]

    def _keep(self, key: tuple[str, ...], body: bytes) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = body
                self._bytes += len(body)
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1])

    def render(self, template: str, language: str, path: str, **data: Any) -> str:
        """Return a page.

        Args:
            template: its file below ``templates/ui``.
            language: code of its language.
            path: what stands after the language in its address, with its query.
            data: what the template shows.

        """
        release = self.engine.release
        return self._environment.get_template(f"ui/{template}").render(
            page_context(language, path), release=release, editions=edition_codes(release), **data
        )

    def page(self, http: HttpRequest, template: str, language: str, path: str, status: int, **data: Any) -> Response:
        """Return a page that is made anew for each request; see `render`."""
        headers = {
            **SECURITY,
            "X-Dataset-Version": self.engine.release.id,
            "Content-Language": language,
            **(self._links(http, language, {}) if http.method != "POST" else {}),
        }
        return HTMLResponse(self.render(template, language, path, **data), status, headers)

    def problem(self, http: HttpRequest, language: str, error: Exception) -> Response:
        """Return an error as a page, with what may have been meant where nothing was found."""
        near: list[Found] = error.extra.pop("near", []) if isinstance(error, ProblemError) else []
        plain_answer = problem_response(error if isinstance(error, WsiskgError | ProblemError) else _FAILED)
        content = json.loads(bytes(plain_answer.body))
        path = http.url.path.removeprefix(f"/{language}/")
        if not near and plain_answer.status_code == HTTPStatus.NOT_FOUND and not self.engine.release.plain:
            words = path.replace("/", " ").replace("-", " ")[:100]
            near = self.index.lookup(path.rpartition("/")[2][:60], language=language, limit=5)
            near = near or self.index.search(words, language=language)[:5]
        text = self.render(
            "problem.html", language, "", status=plain_answer.status_code, problem=content, near=near,
        )  # fmt: skip
        kept = {n: v for n, v in plain_answer.headers.items() if n not in {"content-type", "content-length"}}
        return HTMLResponse(text, plain_answer.status_code, {**SECURITY, **kept, "Content-Language": language})


_FAILED = ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed to answer")


@lru_cache(maxsize=1)
def _version() -> str:
    """Return a hash of the templates, translations and static files: pages change with it."""
    found = hashlib.sha256()
    folders = [files("wsiskg.web") / name for name in ("templates", "translations", "static")]
    while folders:
        for entry in sorted(folders.pop().iterdir(), key=lambda e: e.name):
            if entry.is_dir():
                folders.append(entry)
            else:
                found.update(entry.read_bytes())
    return found.hexdigest()[:8]
