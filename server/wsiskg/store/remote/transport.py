"""HTTP to the store: no redirects, no proxies, no cookies, the address that was checked; bounded, and tried again.

Everything that is sent may be sent twice: reads change nothing, and statements of a release are a set.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from wsiskg import __version__
from wsiskg.model.errors import LimitError, StoreError
from wsiskg.store.remote.address import resolve

__all__ = ["PATIENT", "QUICK", "Reply", "Transport", "Tries"]

_AGAIN = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT,
    }
)  # fmt: skip
_LONGEST_WAIT = 30.0
_LONGEST_PAUSE = 8.0
_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something is tried: ``most`` times, after pauses that begin with ``pause`` seconds and double.

    With ``each`` every try may take the whole time, else all together.
    """

    most: int
    pause: float
    each: bool = False


QUICK = Tries(3, 0.2)
"""For queries: somebody waits for the answer."""

PATIENT = Tries(7, 0.5, each=True)
"""For loading: the store may be starting anew, which takes some half a minute."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def detail(self) -> str:
        """What the store says in its first line, for whoever runs it; never for a stranger."""
        text = self.body[:2_000].decode("utf-8", "replace").strip()
        line = " ".join(text.splitlines()[0].split()) if text else ""
        return "".join(c for c in line[:_DETAIL] if c.isprintable())


class _AgainError(Exception):
    """Something that may pass; ``after`` seconds are what the store asks to wait."""

    def __init__(self, message: str, after: float = 0.0, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.after = after
        self.reply = reply


class _LateError(_AgainError):
    """No answer in time."""

    def __init__(self) -> None:
        super().__init__("the store did not answer in time")


@dataclass(slots=True)
class Transport:
    """Sends requests to one store; may be used by several threads.

    ``login`` is a user's name and password, sent as Digest with ``digest``; ``private``: see `resolve`. ``sleep`` waits
    between tries.
    """

    login: tuple[str, str] | None = None
    digest: bool = False
    private: bool = False
    sleep: Callable[[float], None] = time.sleep
    _client: httpx.Client = field(
        default_factory=lambda: httpx.Client(trust_env=False, follow_redirects=False), init=False
    )
    _auth: httpx.Auth | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        *,
        with_login: bool,
        seconds: float,
        most_bytes: int,
        tries: Tries,
    ) -> Reply:
        """Send a request until it is answered by anything but a passing failure.

        Args:
            method: of HTTP.
            url: where to.
            content: body.
            headers: of the request.
            with_login: whether to send the login.
            seconds: longest time, of all tries or of each.
            most_bytes: size of the largest answer.
            tries: how often.

        Raises:
            StoreError: it cannot be reached, or went on failing.
            LimitError: time was used up, or the answer is too large.

        """
        began = time.monotonic()

        def pause(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            after = error.after if isinstance(error, _AgainError) else 0.0
            wait = wait_exponential(tries.pause, _LONGEST_PAUSE) + wait_random(0, tries.pause)
            left = _LONGEST_WAIT if tries.each else max(0.0, began + seconds - time.monotonic())
            return min(left, max(after, wait(state)))

        retrying = Retrying(
            retry=retry_if_exception_type(_AgainError), stop=stop_after_attempt(tries.most), wait=pause,
            sleep=self.sleep, reraise=True,
        )  # fmt: skip
        try:
            for attempt in retrying:
                with attempt:
                    left = seconds if tries.each else seconds - (time.monotonic() - began)
                    try:
                        return self._once(method, url, content, headers, with_login, left, most_bytes)
                    except _LateError as error:
                        if not tries.each:
                            raise LimitError(str(error), "time", "Ask for less, or allow it more time.") from error
                        raise
        except _AgainError as error:
            if error.reply is not None:
                return error.reply
            raise StoreError(
                f"the store does not answer: {error}; tried {tries.most} times", "Is it running? See: wsiskg doctor"
            ) from error
        raise AssertionError("tried at least once")

    def _once(
        self,
        method: str,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        with_login: bool,
        seconds: float,
        most_bytes: int,
    ) -> Reply:
        target = httpx.URL(url)
        host = target.netloc.decode("ascii")
        until = time.monotonic() + seconds
        if seconds <= 0:
            raise _LateError
        request = self._client.build_request(
            method, target.copy_with(host=resolve(url, self.private)), content=content,
            headers={"User-Agent": f"wsiskg/{__version__}", "Accept-Encoding": "identity", **headers, "Host": host},
            timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)), extensions={"sni_hostname": target.host},
        )  # fmt: skip
        body = bytearray()  # the timeout is of each piece, `until` of the whole
        try:
            answer = self._client.send(request, stream=True, auth=self._login() if with_login else None)
            try:
                for piece in answer.iter_raw():
                    body += piece
                    if len(body) > most_bytes:
                        raise LimitError(
                            f"the answer is larger than {most_bytes:,} bytes", "bytes",
                            "Ask for less, with LIMIT or a filter.",
                        )  # fmt: skip
                    if time.monotonic() > until:
                        raise _LateError
            finally:
                answer.close()
        except httpx.TimeoutException as error:
            if isinstance(error, httpx.ConnectTimeout):
                raise _AgainError("no connection in time") from error
            raise _LateError from error
        except httpx.InvalidURL as error:
            raise StoreError("the address of the store is none", "Check the setting `store`.") from error
        except (httpx.HTTPError, OSError) as error:
            raise _AgainError(_plain(error)) from error
        finally:
            self._client.cookies.clear()
        reply = Reply(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, bytes(body))
        if reply.status in _AGAIN:
            wait = reply.headers.get("retry-after", "")
            raise _AgainError(f"status {reply.status}", float(wait) if wait.isdecimal() else 0.0, reply)
        return reply

    def _login(self) -> httpx.Auth | None:
        with self._lock:
            if self.login is not None and self._auth is None:
                self._auth = httpx.DigestAuth(*self.login) if self.digest else httpx.BasicAuth(*self.login)
            return self._auth


def _plain(error: Exception) -> str:
    """Say in few words what happened, without addresses."""
    match error:
        case httpx.ConnectError():
            return "no connection"
        case httpx.RemoteProtocolError():
            return "it broke off half-way"
        case httpx.ReadError() | httpx.WriteError():
            return "the connection was reset"
    return type(error).__name__
