"""``/<language>/publish/sign-in``: a publisher's token opens a session; sign-out ends it."""

import asyncio
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from wsiskg.settings import Settings
from wsiskg.web.access.audit import record
from wsiskg.web.access.forms import FIELD, form_token, is_secure, require_own_page, require_token
from wsiskg.web.access.sessions import (
    LONGEST_SECONDS,
    Attempts,
    Session,
    Sessions,
    clear_cookie,
    cookie_name,
    set_cookie,
)
from wsiskg.web.access.tokens import TokenFile
from wsiskg.web.proposals.uploads import Form, read_form
from wsiskg.web.ui.officers.check import PRIVATE_PAGE, guarded
from wsiskg.web.ui.site import Site

__all__ = ["Gate", "SignedIn", "sign_in_routes"]

SignedIn = Callable[[HttpRequest, Session], Awaitable[Response]]

_SESSION, _BEFORE = "wsiskg-session", "wsiskg-sign-in"
_BEFORE_SECONDS = 900
_FAILURES, _FAILURE_SECONDS = 5, 900
_ROLE = "publisher"
_BYTES = 10_000
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


class Gate:
    """Who is signed in."""

    def __init__(self, settings: Settings, tokens: TokenFile) -> None:
        self.settings = settings
        self.tokens = tokens
        self.sessions = Sessions(tokens)
        self.attempts = Attempts(_FAILURES, _FAILURE_SECONDS)
        self._key = secrets.token_bytes(32)

    def session(self, http: HttpRequest) -> Session | None:
        """Return the session that a request belongs to."""
        secret = http.cookies.get(cookie_name(_SESSION, self.secure(http)), "")
        return self.sessions.find(secret) if secret else None

    def secure(self, http: HttpRequest) -> bool:
        """Return whether the reader's browser speaks HTTPS with us."""
        return is_secure(http, self.settings.public_url)

    async def form(self, http: HttpRequest, session: Session, limit: int = _BYTES, most_fields: int = 400) -> Form:
        """Return the form that one of our own pages sent in this session.

        Raises:
            LimitError: it is larger than ``limit`` bytes.
            ProblemError: 403, another page sent it.
            UsageError: it cannot be read.

        """
        form = await read_form(http, limit, most_fields)
        self.require(http, session, form)
        return form

    def require(self, http: HttpRequest, session: Session, form: Form) -> None:
        """Refuse a form unless one of our own pages sent it in this session.

        Raises:
            ProblemError: 403.

        """
        require_own_page(http, self.settings.public_url)
        require_token(session.forms, form.field(FIELD))

    def behind(self, site: Site, language: str, endpoint: SignedIn) -> Callable[[HttpRequest], Awaitable[Response]]:
        """Return an endpoint for those who are signed in; it sends others to the page where they can."""

        async def answer(http: HttpRequest) -> Response:
            session = self.session(http)
            if session is None:
                name = http.path_params.get("name", "")
                query = f"?check={name}" if _NAME.fullmatch(name) else ""
                address = f"/{language}/publish/sign-in{query}"
                return RedirectResponse(address, HTTPStatus.SEE_OTHER, PRIVATE_PAGE)
            return await endpoint(http, session)

        return guarded(site, language, answer)

    def key_before(self, cookie: str) -> bytes:
        """Return the key of the sign-in form's token, made from the cookie that came with it."""
        return hmac.new(self._key, cookie.encode("utf-8", "replace"), "sha256").digest()


def sign_in_routes(site: Site, gate: Gate, language: str) -> list[Route]:
    """Return the routes of signing in and out in one language."""

    async def show(http: HttpRequest) -> Response:
        if gate.session(http) is not None:
            return RedirectResponse(_next(language, http.query_params.get("check", "")), 303, PRIVATE_PAGE)
        return await page(http, http.query_params.get("check", ""))

    async def page(http: HttpRequest, check: str, fault: str = "", status: int = HTTPStatus.OK) -> Response:
        name, secure = cookie_name(_BEFORE, gate.secure(http)), gate.secure(http)
        cookie = http.cookies.get(name, "")
        if not _NAME.fullmatch(cookie):
            cookie = secrets.token_urlsafe(24)
        kept = check if _NAME.fullmatch(check) else ""
        text = await run_in_threadpool(
            site.render, "sign_in.html", language, "publish/sign-in" + (f"?check={kept}" if kept else ""),
            check=kept, fault=fault, token=form_token(gate.key_before(cookie)),
        )  # fmt: skip
        response = HTMLResponse(text, status, {**PRIVATE_PAGE, "Content-Language": language})
        set_cookie(response, _BEFORE, cookie, _BEFORE_SECONDS, secure)
        return response

    async def sign_in(http: HttpRequest) -> Response:
        require_own_page(http, gate.settings.public_url)
        form = await read_form(http, _BYTES)
        check, client = form.field("check"), http.client.host if http.client else ""
        cookie = http.cookies.get(cookie_name(_BEFORE, gate.secure(http)), "")
        if not cookie:
            return await page(http, check, "cookie", HTTPStatus.FORBIDDEN)
        require_token(gate.key_before(cookie), form.field(FIELD))
        if wait := gate.attempts.wait(client):
            response = await page(http, check, "wait", HTTPStatus.TOO_MANY_REQUESTS)
            response.headers["Retry-After"] = str(wait)
            return response
        token = gate.tokens.find(form.field("token").strip(), datetime.now(UTC).date())
        if token is None or _ROLE not in token.roles:
            gate.attempts.fail(client)
            reason = "unknown token" if token is None else "no publisher"
            await _note(gate, "" if token is None else token.name, "sign in", "refused", reason=reason, client=client)
            return await page(http, check, "token" if token is None else "role", HTTPStatus.FORBIDDEN)
        gate.attempts.forgive(client)
        if (before := gate.session(http)) is not None:
            gate.sessions.close(before)
        secret = gate.sessions.open(token)
        await _note(gate, token.name, "sign in", "made")
        response = RedirectResponse(_next(language, check), HTTPStatus.SEE_OTHER, PRIVATE_PAGE)
        set_cookie(response, _SESSION, secret, LONGEST_SECONDS, gate.secure(http))
        clear_cookie(response, _BEFORE, gate.secure(http))
        return response

    async def sign_out(http: HttpRequest, session: Session) -> Response:
        await gate.form(http, session)
        gate.sessions.close(session)
        await _note(gate, session.name, "sign out", "made")
        response = RedirectResponse(f"/{language}/check", HTTPStatus.SEE_OTHER, PRIVATE_PAGE)
        clear_cookie(response, _SESSION, gate.secure(http))
        return response

    return [
        Route("/publish/sign-in", guarded(site, language, show), methods=["GET"], include_in_schema=False),
        Route("/publish/sign-in", guarded(site, language, sign_in), methods=["POST"], include_in_schema=False),
        Route("/publish/sign-out", gate.behind(site, language, sign_out), methods=["POST"], include_in_schema=False),
    ]


def _next(language: str, check: str) -> str:
    """Return where to go after signing in: only ever a page of ours."""
    return f"/{language}/publish" + (f"/{check}" if _NAME.fullmatch(check) else "")


async def _note(gate: Gate, who: str, what: str, outcome: str, **more: str) -> None:
    await asyncio.to_thread(record, gate.settings.data, {"who": who, "what": what, "outcome": outcome, **more})
