"""Who asks: bearer tokens of requests (RFC 6750). Cookies are never looked at, so no page can write for its reader."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi import Request as HttpRequest
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from wsiskg.web.access.tokens import Token, TokenFile
from wsiskg.web.http.problems import ProblemError

__all__ = ["needs_role", "require_role"]

_CHALLENGE = 'Bearer realm="wsiskg"'
_BEARER = HTTPBearer(auto_error=False, description="A token of `wsiskg token create`")


def needs_role(role: str) -> Callable[..., Token]:
    """Return a FastAPI dependency that gives the request's token, which has ``role`` (see `require_role`).

    ``token: Annotated[Token, Depends(needs_role("publisher"))]`` on a route of `create_app`'s application.
    """

    def check(http: HttpRequest, _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Token:
        return require_role(http, http.app.state.tokens, role)

    return check


def require_role(http: HttpRequest, tokens: TokenFile, role: str) -> Token:
    """Return the request's token, which has ``role``.

    Raises:
        ProblemError: 401 there is no valid token, 403 it has other roles.

    """
    scheme, _, secret = http.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED, f"this takes a token with the role '{role}'",
            "Send it as: Authorization: Bearer TOKEN. An administrator makes one: wsiskg token create",
            headers={"WWW-Authenticate": _CHALLENGE},
        )  # fmt: skip
    token = tokens.find(secret.strip(), datetime.now(UTC).date())
    if token is None:
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED, "the token is unknown, revoked or expired", "Ask for a new one.",
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'},
        )  # fmt: skip
    if role not in token.roles:
        raise ProblemError(
            HTTPStatus.FORBIDDEN, f"the token '{token.name}' lacks the role '{role}'",
            f"It has: {', '.join(token.roles)}.",
            headers={"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope"'},
        )  # fmt: skip
    return token
