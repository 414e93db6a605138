"""How the columns and values of an export are read: recognised once, saved as TOML, edited by people, used again."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from wsiskg.imports.fields import IGNORE, KEEP, PERSONAL, Kind, fields_of, find_header
from wsiskg.imports.values.tags import COMMA_CHOICES
from wsiskg.model.errors import UsageError
from wsiskg.tables.recognise.folding import squeeze

__all__ = ["CODED", "Layout", "layout_text", "read_layout", "recognise_header"]

CODED = ("country", "stakeholder_type", "action_lines", "sdgs", "grade", "category")
"""Fields whose values are codes, so that a mapping may say what a text means."""

_PIECES = re.compile(r"\s*[/|()\[\]\n:]\s*|\s[-–—]\s")
_NUMBERED = re.compile(r" \(\d+\)$")
_HEAD = """\
# How the columns of {kind} exports are read. Made by wsiskg import, kept when it runs again: edit it as you need.
# A column is one of: {fields}
# or "{keep}" (kept as given, not understood), "{personal}" (about persons: never read), "{ignore}" (passed over).
"""
_VALUES = """\
# What a text stands for: "Text as given" = "CODE", several codes as "CODE;CODE", "" for none.
# Tables: {tables}.
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """The reading of one kind of export.

    Attributes:
        kind: of what.
        columns: field, or `KEEP`, `PERSONAL`, `IGNORE`, by header.
        values: codes by field and text.
        comma: what ``3,9`` is among SDGs; see `COMMA_CHOICES`.

    """

    kind: Kind
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    comma: str = COMMA_CHOICES[0]

    def with_headers(self, headers: Iterable[str]) -> "Layout":
        """Return the layout with all ``headers``: as it says already, else as recognised, else kept."""
        new = {h: recognise_header(self.kind, h) or KEEP for h in headers if h not in self.columns}
        return replace(self, columns={**self.columns, **new}) if new else self

    def with_comma(self, comma: str) -> "Layout":
        """Return the layout with another reading of commas among SDGs."""
        return self if comma == self.comma else replace(self, comma=comma)

    def known(self, headers: Sequence[str]) -> int:
        """Return how many of some texts are headers that name a field or are about persons, each field once."""
        found = {f for h in headers if (f := self.columns.get(h.strip()) or recognise_header(self.kind, h))}
        return len(found - {KEEP, IGNORE})


@lru_cache(4_096)
def recognise_header(kind: Kind, header: str) -> str:
    """Return the field that a header in any of the languages names, `PERSONAL`, `IGNORE`, or nothing."""
    plain = _NUMBERED.sub("", header.replace("*", " ").replace("_", " ")).strip()
    if len(plain) > 100 or not squeeze(plain):
        return ""
    for text in (plain, plain.replace(".", " "), plain.rpartition(".")[2], plain.partition(".")[0]):
        if found := find_header(kind, text):
            return found
    said = {find_header(kind, piece) for piece in _PIECES.split(plain) if squeeze(piece)} - {""}
    return said.pop() if len(said) == 1 else ""


def read_layout(path: Path, kind: Kind) -> Layout:
    """Read a saved mapping; one that does not exist is empty.

    Raises:
        UsageError: it is not TOML, or says what there is not.

    """
    try:
        with path.open("rb") as stream:
            content = tomllib.load(stream)
    except FileNotFoundError:
        return Layout(kind)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"'{path}' cannot be read: {error}", "Correct it, or remove it to have it made anew."
        ) from error
    columns = _checked(path, content.get("columns", {}), {*fields_of(kind), KEEP, PERSONAL, IGNORE})
    comma = content.get("reading", {}).get("comma_in_sdgs", COMMA_CHOICES[0])
    if comma not in COMMA_CHOICES:
        raise UsageError(f"'{path}': comma_in_sdgs is '{comma}'", f"Known: {', '.join(COMMA_CHOICES)}.")
    values = content.get("values", {})
    if not isinstance(values, dict) or (wrong := set(values) - set(CODED)):
        raise UsageError(f"'{path}': there are no values of {', '.join(sorted(wrong))}", f"Known: {', '.join(CODED)}.")
    return Layout(kind, columns, {name: _codes(path, name, table) for name, table in values.items()}, comma)


def _checked(path: Path, columns: Any, known: set[str]) -> Mapping[str, str]:
    if not isinstance(columns, dict):
        raise UsageError(f"'{path}': columns is not a table", 'Write [columns], then "Header" = "field".')
    for header, name in columns.items():
        if name not in known:
            raise UsageError(f"'{path}': column '{header}' is read as '{name}', which there is not",
                             f"Known: {', '.join(sorted(known))}.")  # fmt: skip
    return dict(columns)


def _codes(path: Path, name: str, table: Any) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
        raise UsageError(f"'{path}': values.{name} is not a table of texts", 'Write "Text as given" = "CODE".')
    return {text: tuple(c.strip() for c in codes.split(";") if c.strip()) for text, codes in table.items()}


def layout_text(layout: Layout) -> str:
    """Return a mapping as TOML, so that `read_layout` reads it back."""
    said = _HEAD.format(
        kind=layout.kind.value, fields=", ".join(fields_of(layout.kind)), keep=KEEP, personal=PERSONAL, ignore=IGNORE
    )
    lines = [said, "[columns]", *(f"{_quoted(h)} = {_quoted(name)}" for h, name in layout.columns.items()), ""]
    lines += [
        '# "3,9" among SDGs: "list" (the goals 3 and 9), "decimal" (the target 3.9), "doubt" (kept as given).',
        "[reading]",
        f"comma_in_sdgs = {_quoted(layout.comma)}",
        "",
        _VALUES.format(tables=", ".join(f"[values.{name}]" for name in CODED)).rstrip(),
    ]
    for name in CODED:
        if table := layout.values.get(name):
            lines += [f"[values.{name}]", *(f"{_quoted(t)} = {_quoted(';'.join(c))}" for t, c in table.items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def _quoted(text: str) -> str:
    """Return a basic string of TOML; JSON escapes the same characters, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
