"""Rendering: templates with what every page needs, in one language; rendered pages are kept for their release."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from importlib.resources import files
from threading import Lock
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from wsiskg.graph.iris import Iris
from wsiskg.model.codes import natural_key
from wsiskg.model.errors import WsiskgError
from wsiskg.store.index import Found, Index, edition_codes
from wsiskg.web.http.problems import ProblemError, problem_response
from wsiskg.web.languages.addresses import code_of, page_address, resource_address, with_query
from wsiskg.web.languages.translations import LANGUAGES, Language, Text, load_languages, pick
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of
from wsiskg.web.ui.assets import asset_address

__all__ = ["EMBEDDED", "SECURITY", "Site", "data_block", "page_context", "page_environment", "plain"]

Json = Any

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}

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
_BIDI_CONTROLS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LONGEST = 160
_LONGEST_LINK = 500


class _Absent(StrictUndefined):
    """What a document lacks: false where it is asked for, an error where it is shown."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


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
    ) -> Response:
        """Return what ``page`` makes, from memory if it was made before, as 304 if the client holds it."""
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
            **self._other_languages(http, language),
        }
        if etag in http.headers.get("if-none-match", ""):
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

    def _other_languages(self, http: HttpRequest, language: str) -> Mapping[str, str]:
        """Return links to the page in each language (RFC 8288), whole, for search engines pass over relative ones."""
        path = http.url.path
        if not path.startswith(f"/{language}/"):
            return {}
        rest = quote(path.removeprefix(f"/{language}/"), safe="/%:") + (f"?{http.url.query}" if http.url.query else "")
        if len(rest) > _LONGEST_LINK:  # named seven times in one header
            return {}
        named = [*((code, code) for code in LANGUAGES), ("x-default", "en")]
        origin = self.origin(http)
        links = [f'<{origin}/{code}/{rest}>; rel="alternate"; hreflang="{name}"' for name, code in named]
        return {"Link": ", ".join(links)}

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
            **(self._other_languages(http, language) if http.method != "POST" else {}),
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


def page_environment() -> Environment:
    """Return the environment of all templates: everything from data is escaped, an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("wsiskg.web"),
        autoescape=True,
        undefined=_Absent,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals |= {"_": _message, "ngettext": _counted, "asset": asset_address, "with_query": with_query}
    environment.filters |= {
        "pick": _pick, "n": _number, "day": _day, "listed": _listed, "href": _href, "plain": plain, "site": _site,
        "code": code_of, "id_path": resource_address, "web": _web, "in_order": _in_order,
    }  # fmt: skip
    return environment


def page_context(language: str, path: str | None) -> dict[str, Any]:
    """Return what the layout of a page needs; ``path`` is None for a page that has no other languages."""
    found = load_languages()[language]
    return {
        "language": found,
        "lang": language,
        "path": path,
        "alternates": [(code, name, f"/{code}/{path or ''}") for code, name in LANGUAGES.items()],
        "framed": False,
        "linked_data": "",
    }


def data_block(iris: Iris, document: Mapping[str, Json]) -> Markup:
    """Return a JSON-LD document as the content of a script element, which no text in it can end.

    It is data, not a script: browsers run none of it, and the content security policy does not mind it
    (https://html.spec.whatwg.org/#data-block, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents).
    """
    whole = {"@context": f"{iris.base}context.jsonld", **document}
    return Markup(json.dumps(whole, ensure_ascii=False).translate(_IN_SCRIPT))  # noqa: S704 - nothing is left of markup


def plain(text: object) -> str:
    """Return a text for a title or an attribute: without controls of direction, and not too long."""
    found = " ".join(str(text).translate(_BIDI_CONTROLS).split())
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1].rstrip() + "…"


def _language(context: Context) -> Language:
    found: Language = context["language"]
    return found


@pass_context
def _message(context: Context, message: str, **values: object) -> Markup:
    return Markup(_language(context).gettext(message)) % values  # noqa: S704 - our translators' text; values are escaped


@pass_context
def _counted(context: Context, one: str, many: str, number: int, **values: object) -> Markup:
    language = _language(context)
    values = {"n": language.number(number), **values}
    return Markup(language.ngettext(one, many, number)) % values  # noqa: S704 - as above


@pass_context
def _pick(context: Context, texts: object) -> Text:
    return pick(texts, _language(context).code)


@pass_context
def _number(context: Context, value: object, digits: int = 0) -> str:
    try:
        return _language(context).number(float(str(value)), digits)
    except ValueError:
        return str(value)


@pass_context
def _day(context: Context, value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("@value", "")
    return _language(context).date(str(value))


@pass_context
def _listed(context: Context, parts: Sequence[str]) -> str:
    return _language(context).listed(parts)


@pass_context
def _href(context: Context, named: object) -> str:
    name = str(named.get("id", "")) if isinstance(named, Mapping) else str(named)
    return page_address(_language(context).code, name)


def _in_order(named: Sequence[Json]) -> list[Json]:
    """Return what is named in the order of its codes: 2 before 10."""
    names = [(str(it.get("id", "")) if isinstance(it, Mapping) else str(it), it) for it in named]
    return [it for _, it in sorted(names, key=lambda pair: (pair[0].partition(":")[0], natural_key(code_of(pair[0]))))]


def _web(address: object) -> str:
    """Return a web address that may be linked, empty for any other."""
    text = str(address)
    return text if text.startswith(("http://", "https://")) else ""


def _site(address: object) -> str:
    """Return the site of a web address, as it is shown."""
    try:
        return plain((urlsplit(str(address)).hostname or str(address)).removeprefix("www."))
    except ValueError:
        return plain(address)


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
