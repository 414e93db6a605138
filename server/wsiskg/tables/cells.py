"""Checks of single cells: required, type, format, allowed values, plain text."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from wsiskg.model.codes import FORMATS, is_isodate
from wsiskg.model.problems import Origin, Problem
from wsiskg.tables.messages import problem
from wsiskg.tables.rows import Row, values_of
from wsiskg.tables.schema import Field

__all__ = ["cell_problems", "field_problems", "format_problem", "text_problem"]

_MARKUP = re.compile(r"<[A-Za-z/!?][^>]*>?|&(?:[a-z]+|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
# Joiners that Persian, Arabic and Indic titles need are format characters too; the others could hide text.
_ALLOWED_FORMAT = frozenset("\u200c\u200d\u200e\u200f")
_UN_SDG = "http://metadata.un.org/sdg/"
_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp"})

_EXAMPLES: Mapping[str, str] = {
    "action-line": "C2, C7-EAGR",
    "sdg": "9, 9.c",
    "sdg-goal": "9",
    "sdg-target": "9.c",
    "sdg-indicator": "9.c.1",
    "connect2020": "1, 2.1.A",
    "country": "KEN",
    "lang": "fr",
    "slug": "wsis-forum-2015",
    "uri": "https://www.itu.int/",
    "integer": "12",
    "number": "43.9",
    "boolean": "yes, no",
    "year": "2015",
    "date": "2026-11-24",
}


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text) is not None
    except InvalidOperation:
        return False


_TYPE_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "string": lambda _: True,
    "integer": lambda text: re.fullmatch(r"-?[0-9]{1,15}", text) is not None,
    "number": _is_number,
    "boolean": lambda text: text in {"yes", "no"},
    "year": lambda text: re.fullmatch(r"(?:19|20)[0-9]{2}", text) is not None,
    "date": lambda text: len(text) == 10 and is_isodate(text),
}


def cell_problems(row: Row) -> list[Problem]:
    """Return every problem of the row's cells, in the order of the columns."""
    found = [p for f in row.schema.fields for p in field_problems(row.origin(f.name), f, row.cells[f.name])]
    return found + list(_source_problems(row))


def _source_problems(row: Row) -> Iterator[Problem]:
    """Find a row without source that does not say that it is unverified."""
    field = row.schema.by_name.get("source_url")
    if field is None or row.cells["source_url"] or field.required:
        return
    if "status" in row.cells and row.cells["status"] != "unverified":
        yield problem("source", row.origin("source_url"))


def field_problems(origin: Origin, field: Field, cell: str) -> Iterator[Problem]:
    """Find what is wrong with one cell, whatever stands beside it."""
    if not cell and not field.required:
        return
    if cell != cell.strip():
        yield problem("blanks", origin, cell)
        return
    if not cell:
        yield problem("source" if field.name == "source_url" else "required", origin, title=field.title)
        return
    if (found := text_problem(origin, cell, markup=field.format == "uri")) is not None:
        yield found
        return
    if field.max_length is not None and len(cell) > field.max_length:
        yield problem("length", origin, found=len(cell), maximum=field.max_length)
    values = values_of(field, cell)
    if not all(values):
        yield problem("separator", origin, cell, separator=field.separator)
    for value in filter(None, values):
        if (found := _value_problem(origin, field, value)) is not None:
            yield found


def text_problem(origin: Origin, text: str, *, markup: bool = False) -> Problem | None:
    """Return what keeps ``text`` from being plain text on one line, or None; ``markup`` allows tags."""
    suspects = "" if text.isprintable() else text
    hidden = next((c for c in suspects if unicodedata.category(c) in _HIDDEN and c not in _ALLOWED_FORMAT), None)
    if hidden is not None:
        return problem("control", origin, f"U+{ord(hidden):04X}")
    if not markup and (found := _markup(text)):
        return problem("markup", origin, found)
    return None


def _markup(cell: str) -> str:
    """Return the first tag or character reference; the ``&D;`` of ``R&D;ITU`` is none."""
    if "<" not in cell and "&" not in cell:
        return ""
    found = (match.group() for match in _MARKUP.finditer(cell))
    return next((text for text in found if text.startswith("<") or html.unescape(text) != text), "")


def format_problem(origin: Origin, form: str, value: str) -> Problem | None:
    """Return what is wrong with ``value`` as a code or address of format ``form``, or None."""
    if FORMATS[form](value):
        return None
    if form == "isodate":
        return problem("date", origin, value)
    if form.startswith("sdg") and "://" in value and not value.startswith(_UN_SDG):
        return problem("foreign-iri", origin, value)
    return problem("format", origin, value, format=form, example=_EXAMPLES[form])


def _value_problem(origin: Origin, field: Field, value: str) -> Problem | None:
    if not _TYPE_CHECKS[field.type](value):
        if field.type == "date":
            return problem("date", origin, value)
        return problem("type", origin, value, type=field.type, example=_EXAMPLES[field.type])
    if field.format and (found := format_problem(origin, field.format, value)) is not None:
        return found
    if field.enum and value not in field.enum:
        return problem("enum", origin, value, choices=", ".join(field.enum))
    if field.pattern and not re.fullmatch(field.pattern, value):
        return problem("pattern", origin, value, pattern=field.pattern)
    if field.minimum is not None or field.maximum is not None:
        low = Decimal("-Infinity") if field.minimum is None else Decimal(str(field.minimum))
        high = Decimal("Infinity") if field.maximum is None else Decimal(str(field.maximum))
        if not low <= Decimal(value) <= high:
            limits = ["∞" if limit is None else f"{limit:g}" for limit in (field.minimum, field.maximum)]
            return problem("range", origin, value, minimum=limits[0].replace("∞", "-∞"), maximum=limits[1])
    return None
