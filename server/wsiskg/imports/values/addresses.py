"""Web addresses as people type them, to ones that can be followed."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from wsiskg.imports.values.reading import NOTHING, Reading, Unknown
from wsiskg.model.codes import FORMATS
from wsiskg.tables.recognise.folding import compatible

__all__ = ["PLAIN_ADDRESS", "read_addresses"]

_SCHEME = re.compile(r"h?tt?ps?\s*:?\s*[/\\]{1,3}|h?tt?ps?\s*:[/\\]{0,3}", re.IGNORECASE)
_BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,24}(?::\d{1,5})?(?:[/?#].*)?")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
PLAIN_ADDRESS = r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/(?:[A-Za-z0-9!$&*+=:/~._-]*[A-Za-z0-9/])?)?"
"""Regular expression of addresses that are good as they are."""
_PLAIN = re.compile(PLAIN_ADDRESS)
_NONE = frozenset({"na", "none", "no", "nil", "null", "aucun", "ninguno", "нет", "无"})


def read_addresses(text: str) -> Reading:
    """Read web addresses; one without scheme gets ``http://``, as browsers do. Addresses of e-mail are left out."""
    if _PLAIN.fullmatch(text):
        return Reading((text,))
    found: dict[str, None] = {}
    unknown: list[Unknown] = []
    for piece in re.split(r"[\s;|]+(?=\S)|,\s*(?=(?:https?:|www\.))", compatible(text.replace("\n", " ")).strip()):
        word = piece.strip(" ,;.<>()[]\"'")
        if not word or _MAIL.fullmatch(word) or re.sub(r"\W", "", word).casefold() in _NONE:
            continue
        if (address := _address(word)) is None:
            unknown.append(Unknown(piece))
        else:
            found[address] = None
    if unknown and not found:
        return Reading((), (Unknown(text.strip()),))
    return Reading(tuple(found), tuple(unknown)) if found else NOTHING


def _address(word: str) -> str | None:
    match = _SCHEME.match(word)
    if match:
        scheme = "https" if "s" in match[0].lower() else "http"
        rest = word[match.end() :].replace("\\", "/")
    elif _BARE.fullmatch(word):
        scheme, rest = "http", word
    else:
        return None
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return None
    if "." not in host.strip("."):
        return None
    safe = "!$&'()*+,;=:@/%~-._"
    address = urlunsplit(
        (scheme, host, _quoted(parts.path, safe), _quoted(parts.query, safe + "?"), _quoted(parts.fragment, safe + "?"))
    )
    return address if FORMATS["uri"](address) else None


def _quoted(text: str, safe: str) -> str:
    """Encode what an IRI may not hold (RFC 3987); a percent sign that begins no code is one too."""
    plain = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return "".join(c if c.isalnum() or c in safe else quote(c) for c in plain)
