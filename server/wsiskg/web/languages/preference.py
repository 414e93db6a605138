"""From an address without a language to the page in the language that its reader likes best."""

from http import HTTPStatus

from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from wsiskg.web.languages.translations import LANGUAGES, choose_language

__all__ = ["language_of", "to_language"]


def language_of(http: HttpRequest) -> str:
    """Return the language of a request: that of its address, else the one that the browser likes best."""
    first = http.url.path.split("/")[1]
    return first if first in LANGUAGES else choose_language(http.headers.get("accept-language"))


def to_language(http: HttpRequest, path: str = "") -> Response:
    """Send a browser to a page in the language that it likes best."""
    language = choose_language(http.headers.get("accept-language"))
    headers = {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache"}
    return RedirectResponse(f"/{language}/{path}", HTTPStatus.SEE_OTHER, headers)
