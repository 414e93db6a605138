"""Forms of pages: only our own pages may send them, and each carries a token that no other site can know."""

import hmac
import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request as HttpRequest

from wsiskg.web.http.problems import ProblemError

__all__ = ["FIELD", "form_token", "is_secure", "require_own_page", "require_token"]

FIELD = "form-token"
"""Name of the field that holds the token."""

_REMEDY = "Open the page again, and send its form from there. Programs use /api/v1 with a token."


def is_secure(http: HttpRequest, public_url: str) -> bool:
    """Return whether the reader's browser speaks HTTPS with this server, or with the proxy before it."""
    return http.url.scheme == "https" or public_url.startswith("https://")


def require_own_page(http: HttpRequest, public_url: str) -> None:
    """Refuse a form that a page of another site sent, or that nothing says the origin of.

    ``Sec-Fetch-Site`` (https://www.w3.org/TR/fetch-metadata/) decides where a browser sends it, else ``Origin``.

    Raises:
        ProblemError: 403.

    """
    site, origin = http.headers.get("sec-fetch-site"), http.headers.get("origin")
    own = {_origin(public_url), f"{http.url.scheme}://{http.url.netloc}".lower()}
    if site is not None and site != "same-origin":
        raise ProblemError(HTTPStatus.FORBIDDEN, "a page of another site sent this form", _REMEDY)
    if (site is None or origin is not None) and (origin or "").lower() not in own:
        raise ProblemError(HTTPStatus.FORBIDDEN, "nothing says that a page of this site sent this form", _REMEDY)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def form_token(key: bytes) -> str:
    """Return a token for a form, made with the reader's ``key``; another one each time, as BREACH would guess one."""
    salt = secrets.token_hex(16)
    return f"{salt}.{_mac(key, salt)}"


def require_token(key: bytes, token: str) -> None:
    """Refuse a form whose token was not made with ``key``.

    Raises:
        ProblemError: 403.

    """
    salt, _, given = token.partition(".")
    if not hmac.compare_digest(_mac(key, salt).encode(), given.encode("utf-8", "replace")):
        raise ProblemError(HTTPStatus.FORBIDDEN, "the form is not one that you were given", _REMEDY)


def _mac(key: bytes, salt: str) -> str:
    return hmac.new(key, salt.encode("utf-8", "replace"), "sha256").hexdigest()
