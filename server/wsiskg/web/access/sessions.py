"""Sessions of publishers in the pages: a cookie that says nothing, and on the server what it stands for.

Kept in memory only, so that a restart ends them all. A session ends after some hours, after a while without a request,
when its publisher signs out, and with its token.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.responses import Response

from wsiskg.web.access.tokens import Token, TokenFile

__all__ = ["IDLE_SECONDS", "LONGEST_SECONDS", "Attempts", "Session", "Sessions", "clear_cookie", "cookie_name",
           "set_cookie"]  # fmt: skip

LONGEST_SECONDS = 8 * 3600
"""How long a session can last."""

IDLE_SECONDS = 3600
"""How long it lasts without a request."""

_MOST = 1_000
_ROLE = "publisher"


@dataclass(slots=True)
class Session:
    """One session.

    Attributes:
        key: SHA-256 of the secret in the cookie.
        token: SHA-256 of the token that it was opened with.
        name: that of the token.
        forms: key that the tokens of its forms are made with.
        opened: when it began.
        used: when it was last used.

    """

    key: str
    token: str
    name: str
    forms: bytes
    opened: float
    used: float


class Sessions:
    """The sessions of this process; ``clock`` counts seconds."""

    def __init__(self, tokens: TokenFile, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._open: OrderedDict[str, Session] = OrderedDict()

    def open(self, token: Token) -> str:
        """Begin a session for the holder of ``token``; return the secret of its cookie, which is always a new one."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        key = _digest(secret)
        self._open[key] = Session(key, token.sha256, token.name, secrets.token_bytes(32), now, now)
        while len(self._open) > _MOST:
            self._open.popitem(last=False)
        return secret

    def find(self, secret: str) -> Session | None:
        """Return the session of a cookie, if it is open and its token still makes its holder a publisher."""
        session = self._open.get(_digest(secret))
        if session is None:
            return None
        now = self._clock()
        token = self._tokens.standing(session.token, datetime.now(UTC).date())
        ended = now - session.opened > LONGEST_SECONDS or now - session.used > IDLE_SECONDS
        if ended or token is None or _ROLE not in token.roles:
            self.close(session)
            return None
        session.used = now
        self._open.move_to_end(session.key)
        return session

    def close(self, session: Session) -> None:
        """End a session."""
        self._open.pop(session.key, None)


class Attempts:
    """Failures by client: after ``most`` of them within ``seconds`` it has to wait."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Return the seconds that ``client`` has to wait, 0 for none."""
        recent = self._recent(client)
        return 0 if len(recent) < self._most else max(1, round(recent[0] + self._seconds - self._clock()))

    def fail(self, client: str) -> None:
        """Count a failure of ``client``."""
        self._failures[client] = [*self._recent(client), self._clock()][-self._most :]
        self._failures.move_to_end(client)
        while len(self._failures) > _MOST:
            self._failures.popitem(last=False)

    def forgive(self, client: str) -> None:
        """Forget the failures of ``client``."""
        self._failures.pop(client, None)

    def _recent(self, client: str) -> list[float]:
        since = self._clock() - self._seconds
        return [moment for moment in self._failures.get(client, ()) if moment > since]


def cookie_name(name: str, secure: bool) -> str:
    """Return the full name of a cookie; over HTTPS one that no other host of the domain can set (RFC 6265bis)."""
    return f"__Host-{name}" if secure else name


def set_cookie(response: Response, name: str, value: str, seconds: int, secure: bool) -> None:
    """Give a cookie that scripts cannot read and that the browser sends to requests of our own pages only."""
    response.set_cookie(
        cookie_name(name, secure), value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict"
    )


def clear_cookie(response: Response, name: str, secure: bool) -> None:
    """Take a cookie back."""
    response.delete_cookie(cookie_name(name, secure), path="/", secure=secure, httponly=True, samesite="strict")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
