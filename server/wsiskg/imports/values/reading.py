"""What was made of a text: the values understood, and the pieces that were not."""

from dataclasses import dataclass

__all__ = ["NOTHING", "Reading", "Unknown"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A piece of text that was not understood, or that was and deserves a look.

    Attributes:
        text: as given.
        candidates: what it may have meant, the likeliest first.
        taken: what it was taken for all the same (a spelling with one wrong letter, words beside a code); else empty.

    """

    text: str
    candidates: tuple[str, ...] = ()
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Values in the order of the text and each once, and pieces not understood."""

    values: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()


NOTHING = Reading()
