"""Content negotiation (RFC 9110, section 12.5.1) as a pure function."""

from collections.abc import Sequence

__all__ = ["choose"]

_PASSED_OVER = frozenset({"charset", "profile"})
"""Parameters that no type is refused for: all is UTF-8, and a profile changes no meaning (RFC 6906)."""


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type that ``accept`` likes best, None when it takes none of them.

    Args:
        accept: value of the Accept header; None or empty accepts everything.
        offered: media types without parameters, in the server's order of preference.

    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best: tuple[float, int] | None = None
    chosen: str | None = None
    for position, media_type in enumerate(offered):
        quality = _quality(media_type, ranges)
        if quality > 0 and (best is None or (quality, -position) > best):
            best, chosen = (quality, -position), media_type
    return chosen


def _range(part: str) -> tuple[str, float, int]:
    """Return media range, quality, and number of parameters; a quality that is no number counts as 1."""
    media_type, *parameters = (p.strip().lower() for p in part.split(";"))
    quality, others = 1.0, 0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = min(1.0, max(0.0, float(value)))
            except ValueError:
                quality = 1.0
        elif name.strip() not in _PASSED_OVER:
            others += 1
    return media_type, quality, others


def _quality(media_type: str, ranges: Sequence[tuple[str, float, int]]) -> float:
    """Return the quality of the most specific range that covers ``media_type``."""
    kind = media_type.split("/")[0]
    specificity = {media_type: 3, f"{kind}/*": 2, "*/*": 1, "*": 1}
    found = [(specificity[r], q) for r, q, others in ranges if r in specificity and not others]
    return max(found)[1] if found else 0.0
