"""What was recognised in a cell, and how sure that is."""

from dataclasses import dataclass
from enum import Enum

__all__ = ["How", "Recognised"]


class How(Enum):
    """How a code was recognised."""

    EXACT = "exact"
    NORMALISED = "normalised"
    TITLE = "title"
    ACRONYM = "acronym"


@dataclass(frozen=True, slots=True)
class Recognised:
    """The reading of one text.

    Attributes:
        kind: of what it was read as: ``action-line``, ``sdg``, ``connect2020``, ``agency``, ``language``.
        text: as written.
        code: ours, or None if it could not be told without guessing.
        how: None without code.
        candidates: codes it may have meant, the likeliest first; where there is a code, others to think of.
        doubt: what stands against it, by its rule in `recognise.messages`; empty if nothing does.
        rest: words beside the code that were not understood.

    """

    kind: str
    text: str
    code: str | None = None
    how: How | None = None
    candidates: tuple[str, ...] = ()
    doubt: str = ""
    rest: str = ""
