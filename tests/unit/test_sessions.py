"""Sessions of publishers end when they should, failures make wait, forms come from our own pages only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from wsiskg.web.access.forms import form_token, require_own_page, require_token
from wsiskg.web.access.sessions import IDLE_SECONDS, LONGEST_SECONDS, Attempts, Sessions, clear_cookie, set_cookie
from wsiskg.web.access.tokens import Token, TokenFile
from wsiskg.web.http.problems import ProblemError


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path)


def holder(tokens: TokenFile, *roles: str) -> Token:
    today = datetime.now(UTC).date()
    token = tokens.find(tokens.create("Ada", roles, 1, today), today)
    assert token is not None
    return token


def test_a_session_is_found_by_its_secret_alone(tokens: TokenFile, clock: Clock) -> None:
    sessions, token = Sessions(tokens, clock), holder(tokens, "publisher")
    first, second = sessions.open(token), sessions.open(token)
    assert first != second
    found = sessions.find(first)
    assert found is not None
    assert (found.name, found.token) == ("Ada", token.sha256)
    assert first not in repr(found)
    for other in ("", "x", first + "x", found.key):
        assert sessions.find(other) is None
    sessions.close(found)
    assert sessions.find(first) is None
    assert sessions.find(second) is not None


def test_a_session_ends_without_use_and_after_its_time(tokens: TokenFile, clock: Clock) -> None:
    sessions, token = Sessions(tokens, clock), holder(tokens, "publisher")
    left = sessions.open(token)
    clock.now = IDLE_SECONDS + 1
    assert sessions.find(left) is None
    used = sessions.open(token)
    began = clock.now
    while clock.now - began <= LONGEST_SECONDS - IDLE_SECONDS:
        clock.now += IDLE_SECONDS - 1
        assert sessions.find(used) is not None
    clock.now = began + LONGEST_SECONDS + 1
    assert sessions.find(used) is None


def test_a_session_ends_with_its_token(tokens: TokenFile, clock: Clock) -> None:
    sessions = Sessions(tokens, clock)
    secret = sessions.open(holder(tokens, "publisher"))
    tokens.revoke("Ada")
    assert sessions.find(secret) is None


def test_a_session_is_of_a_publisher(tokens: TokenFile, clock: Clock) -> None:
    sessions = Sessions(tokens, clock)
    assert sessions.find(sessions.open(holder(tokens, "proposer", "editor"))) is None


def test_failures_make_wait_and_are_forgotten(clock: Clock) -> None:
    attempts = Attempts(3, 60, clock)
    for _ in range(3):
        assert attempts.wait("a") == 0
        attempts.fail("a")
        clock.now += 10
    assert attempts.wait("a") == 30
    assert attempts.wait("b") == 0
    clock.now += 31
    assert attempts.wait("a") == 0
    attempts.fail("a")
    assert attempts.wait("a") > 0
    attempts.forgive("a")
    assert attempts.wait("a") == 0


def test_a_form_has_the_token_of_its_reader() -> None:
    first, second = form_token(b"key"), form_token(b"key")
    assert first != second
    require_token(b"key", first)
    require_token(b"key", second)
    for wrong in ("", ".", first[:-1], first + "0", form_token(b"other"), "é.é", first.replace(".", "")):
        with pytest.raises(ProblemError):
            require_token(b"key", wrong)


def request(**headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({
        "type": "http", "method": "POST", "scheme": "http", "path": "/", "query_string": b"",
        "server": ("example.org", 80), "headers": [(b"host", b"example.org"), *named],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"origin": "http://example.org"}, True),
        ({"origin": "https://wsis.example"}, True),  # what a proxy with TLS is known as
        ({"sec_fetch_site": "same-origin", "origin": "http://example.org"}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://example.org.evil.example"}, False),
        ({"origin": "https://example.org"}, False),
        ({"origin": "http://example.org:8080"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://example.org"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-origin", "origin": "http://evil.example"}, False),
    ],
)
def test_a_form_comes_from_our_own_page(headers: dict[str, str], passes: bool) -> None:
    if passes:
        require_own_page(request(**headers), "https://wsis.example/")
    else:
        with pytest.raises(ProblemError) as caught:
            require_own_page(request(**headers), "https://wsis.example/")
        assert caught.value.status == 403


def test_cookies_are_for_us_alone() -> None:
    response = Response()
    set_cookie(response, "wsiskg-session", "secret", 60, secure=True)
    clear_cookie(response, "wsiskg-session", secure=True)
    given, taken = response.headers.getlist("set-cookie")
    for cookie in (given, taken):
        parts = [part.strip().lower() for part in cookie.split(";")]
        assert parts[0].startswith("__host-wsiskg-session=")
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= set(parts)
        assert not any(part.startswith("domain") for part in parts)
    assert "Max-Age=60" in given
    assert "Max-Age=0" in taken
