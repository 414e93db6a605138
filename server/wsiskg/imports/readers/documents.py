"""JSON documents and JSON Lines as rows: lists become several values, objects within objects dotted headers."""

import json
from collections.abc import Iterator
from typing import IO, Any

from wsiskg.imports.readers.lines import LONGEST, byte_lines, line_text
from wsiskg.imports.readers.rows import RawRow, odd_cells
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Origin
from wsiskg.tables.sheets.grid import Cell
from wsiskg.tables.sheets.limits import Limits

__all__ = ["document_rows", "is_document", "is_json", "line_rows"]

_DEPTH = 4  # objects within a record
_LIST_DEPTH = 4  # objects around the list of records
_NAMES = ("name", "title", "label", "value", "code", "iso3", "id")  # what stands for an object within a list


def is_json(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` holds JSON."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def is_document(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` is one JSON document, and not a record a line."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    line = text.splitlines()[0]
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return True
    return not isinstance(first, dict) or any(isinstance(v, list) and v and isinstance(v[0], dict)
                                              for v in first.values())  # fmt: skip


def line_rows(stream: IO[bytes], limits: Limits) -> Iterator[RawRow]:
    """Yield a row for each line that is not blank."""
    for number, line in enumerate(byte_lines(stream), 1):
        text, legacy, bad = line_text(line)
        if not text.strip():
            continue
        try:
            found = json.loads(text) if len(line) <= LONGEST else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            yield RawRow(number, {"line": text[: limits.cell].strip()}, "json")
        else:
            yield _row(number, found, limits, "encoding" if bad else "", legacy)


def document_rows(stream: IO[bytes], name: str, limits: Limits) -> Iterator[RawRow]:
    """Yield a row for each object of the document's list of objects, read piece by piece.

    Raises:
        UnreadableError: it is not JSON, or holds no such list.

    """
    import ijson

    if stream.read(3) != b"\xef\xbb\xbf":
        stream.seek(0)
    start = stream.tell()
    try:
        prefix = _list_prefix(stream)
        if prefix is None:
            raise _refused("json-list", name)
        stream.seek(start)
        for number, found in enumerate(ijson.items(stream, prefix, use_float=False), 1):
            if isinstance(found, dict):
                yield _row(number, found, limits)
            elif found is not None:
                yield RawRow(number, {"value": str(found)[: limits.cell]}, "json")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise _refused("json-broken", name, said=str(error).splitlines()[0][:100]) from error


def _list_prefix(stream: IO[bytes]) -> str | None:
    """Return where the first list of objects stands, as `ijson` names it."""
    import ijson

    lists: str | None = None
    for prefix, event, _ in ijson.parse(stream):
        if event == "start_array" and lists is None and prefix.count(".") < _LIST_DEPTH:
            lists = f"{prefix}.item" if prefix else "item"
        elif event == "start_map" and prefix == lists:
            return lists
        elif event == "end_array":
            lists = None
    return None


def _refused(rule: str, name: str, said: str = "") -> UnreadableError:
    from wsiskg.imports.messages import import_problem

    return UnreadableError(import_problem(rule, Origin(name), said=said))


def _row(number: int, record: dict[str, Any], limits: Limits, fault: str = "", legacy: bool = False) -> RawRow:
    cells = {
        " ".join(header.split()): Cell(text[: limits.cell], kind, len(text) > limits.cell)
        for header, (text, kind) in _flat(record, 0)
        if text.strip()
    }
    return RawRow(number, {header: cell.text for header, cell in cells.items()}, fault, legacy, odd_cells(cells))


def _flat(record: dict[str, Any], depth: int) -> Iterator[tuple[str, tuple[str, str]]]:
    for key, value in record.items():
        if isinstance(value, dict) and depth < _DEPTH:
            named = next((n for n in _NAMES if n in value), None)
            if named is not None and set(value) <= set(_NAMES):
                yield key, _scalar(value[named])
            else:
                yield from ((f"{key}.{below}", found) for below, found in _flat(value, depth + 1))
        elif isinstance(value, list):
            yield key, ("\n".join(text for v in value if (text := _item(v)).strip()), "text")
        else:
            yield key, _scalar(value)


def _item(value: Any) -> str:
    if isinstance(value, dict):
        return str(next((value[n] for n in _NAMES if value.get(n)), json.dumps(value, ensure_ascii=False, default=str)))
    return _scalar(value)[0]


def _scalar(value: Any) -> tuple[str, str]:
    """Return the text of a value. A number in JSON is what was meant: no spreadsheet has dropped a zero from it."""
    if value is None:
        return "", "text"
    if isinstance(value, bool):
        return ("yes" if value else "no"), "text"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str), "text"
    return str(value), "text"
