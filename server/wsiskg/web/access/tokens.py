"""Bearer tokens: who may write, kept as hashes in one file of the data directory.

A token is 256 random bits, so its SHA-256 needs neither salt nor stretching. The file is readable by its owner only;
it says of each token its name, roles, days of creation, expiry and last use, never the token.
"""

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from wsiskg.model.errors import UsageError

__all__ = ["ROLES", "Token", "TokenFile"]

ROLES = {
    "proposer": "may put forward links",
    "publisher": "may publish editions",
    "editor": "may send SPARQL updates and write graphs",
    "operator": "may see and stop running queries",
}
"""Roles and what each may do; none includes another."""

_PREFIX = "wsiskg_"  # so that a token in a wrong place is recognised as one
_BYTES = 32
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; days are ISO dates, ``used`` is empty until its first use."""

    name: str
    roles: tuple[str, ...]
    sha256: str
    created: str
    expires: str
    used: str = ""

    def expired(self, day: date) -> bool:
        """Return whether it counts no more on ``day``."""
        return day > date.fromisoformat(self.expires)


class TokenFile:
    """The tokens of an installation, in ``tokens.json`` of its data directory; read again when it has changed."""

    def __init__(self, data: Path) -> None:
        self._path = data / "tokens.json"
        self._read_at: tuple[int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def list(self) -> Sequence[Token]:
        """Return the tokens, by name.

        Raises:
            UsageError: the file is damaged.

        """
        try:
            found = self._path.stat()
        except OSError:
            return ()
        if self._read_at != (found.st_mtime_ns, found.st_size):
            try:
                entries = json.loads(self._path.read_text("utf-8"))["tokens"]
                self._tokens = tuple(Token(**{**entry, "roles": tuple(entry["roles"])}) for entry in entries)
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise UsageError(f"'{self._path}' is damaged", "Remove it, and create the tokens again.") from error
            self._read_at = (found.st_mtime_ns, found.st_size)
        return self._tokens

    def create(self, name: str, roles: Sequence[str], days: int, today: date) -> str:
        """Add a token and return its secret, which cannot be had again.

        Raises:
            UsageError: the name is taken or no name, a role is unknown, or ``days`` is no number of days.

        """
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise UsageError(f"'{name}' is no name for a token", f"Use 1 to {_LONGEST_NAME} printable characters.")
        if unknown := sorted(set(roles) - set(ROLES)):
            raise UsageError(f"there is no role '{unknown[0]}'", f"Known: {', '.join(ROLES)}.")
        if not roles:
            raise UsageError("a token needs a role", f"Known: {', '.join(ROLES)}.")
        if not 1 <= days <= 3660:
            raise UsageError(f"{days} is not a number of days from 1 to 3660")
        secret = _PREFIX + secrets.token_urlsafe(_BYTES)
        with self._locked():
            tokens = list(self.list())
            if any(token.name == name for token in tokens):
                raise UsageError(f"there is a token called '{name}'", "Revoke it first, or choose another name.")
            expires = (today + timedelta(days=days)).isoformat()
            self._write(
                [*tokens, Token(name, tuple(dict.fromkeys(roles)), _digest(secret), today.isoformat(), expires)]
            )
        return secret

    def revoke(self, name: str) -> None:
        """Remove a token; a running server refuses it from its next request on.

        Raises:
            UsageError: there is none of this name.

        """
        with self._locked():
            tokens = self.list()
            kept = [token for token in tokens if token.name != name]
            if len(kept) == len(tokens):
                raise UsageError(f"there is no token called '{name}'", "`wsiskg token list` lists them.")
            self._write(kept)

    def find(self, secret: str, today: date) -> Token | None:
        """Return the token with this secret that has not expired, and note the day of its use."""
        found = self.standing(_digest(secret), today)
        if found is None:
            return None
        if found.used != today.isoformat():
            with contextlib.suppress(UsageError), self._locked():
                used = [replace(t, used=today.isoformat()) if t == found else t for t in self.list()]
                self._write(used)
        return found

    def standing(self, sha256: str, today: date) -> Token | None:
        """Return the token with this SHA-256 that has not expired."""
        found = None
        for token in self.list():
            if hmac.compare_digest(token.sha256, sha256):
                found = token
        return None if found is None or found.expired(today) else found

    def _write(self, tokens: Sequence[Token]) -> None:
        text = json.dumps({"tokens": [asdict(t) for t in sorted(tokens, key=lambda t: t.name)]}, indent=1) + "\n"
        beside = self._path.with_suffix(".new")
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise UsageError(f"'{self._path}' cannot be written: {error.strerror}") from error
        self._read_at = None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = (self._path.parent / ".tokens.lock").open("w")
        except OSError as error:
            raise UsageError(f"'{self._path}' cannot be written: {error.strerror}") from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
