"""A badge that says how good the data are: a plain SVG that any page or README can show."""

import html
from collections.abc import Sequence

from wsiskg.analysis.quality.findings import Quality

__all__ = ["quality_badge"]

_SHOWN = {"verified": "verified", "sources": "sourced", "completeness": "complete", "labels": "labelled"}
_LEFT = "data quality"
_CHARACTER, _PADDING = 6.6, 8  # widths in a sans-serif of 11 px, generous: what is longer is squeezed by textLength


def quality_badge(found: Quality) -> str:
    """Return the badge as SVG; each number is the share of one measure, so that none hides another."""
    shares = {s.measure: s for s in found.shares}
    # Rounded down: 99.9 % verified is not all.
    said = [f"{int(100 * shares[name].share)}% {word}" for name, word in _SHOWN.items()]
    return _badge(_LEFT, " · ".join(said), [f"Release {found.release}", *said])


def _badge(left: str, right: str, described: Sequence[str]) -> str:
    first, second = (round(len(text) * _CHARACTER) + 2 * _PADDING for text in (left, right))
    label = html.escape(f"{left}: {right}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img" aria-label="{label}">'
        f"<title>{label}</title><desc>{html.escape('; '.join(described))}</desc>"
        f'<rect width="{first}" height="20" fill="#3a4650"/>'
        f'<rect x="{first}" width="{second}" height="20" fill="#00588f"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(left, _PADDING, first)}{_text(right, first + _PADDING, second)}</g></svg>\n"
    )


def _text(text: str, x: int, width: int) -> str:
    return (
        f'<text x="{x}" y="14" textLength="{width - 2 * _PADDING}" lengthAdjust="spacingAndGlyphs">'
        f"{html.escape(text)}</text>"
    )
