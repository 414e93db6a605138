"""Rows that are read in columns say what they say one by one, whatever stands in them."""

import io
import random
from collections.abc import Iterator
from functools import cache

import pytest

from wsiskg.imports.clean import ReadBlock, read_block
from wsiskg.imports.fields import Kind
from wsiskg.imports.layout import Layout
from wsiskg.imports.normalise import Normaliser
from wsiskg.imports.readers.delimited import delimited_blocks
from wsiskg.imports.readers.files import LIMITS
from wsiskg.imports.readers.rows import RawRow, batches, blocks_of
from wsiskg.imports.work import packed_record
from wsiskg.resources import default_mappings
from wsiskg.tables.load import Reading, load_tables
from wsiskg.tables.sheets.grid import Cell

COLUMNS = {
    "Id": "id", "Title": "title", "Title 2": "title", "Body": "organisation", "Country": "country",
    "Other country": "country", "Region": "region", "Kind": "stakeholder_type", "Lines": "action_lines",
    "SDGs": "sdgs", "From": "start", "To": "end", "About": "description", "Web": "url", "Page": "source_url",
    "Mail": "personal", "Budget": "keep", "Remark": "keep", "Nothing": "ignore", "Invented": "synthetic",
    "Year": "year", "Grade": "grade", "Category": "category", "Entry": "stocktaking_id",
}  # fmt: skip
SENSE = {
    "id": ["7", "synthetic-0012", "A/b 7", "1.23E+15", "12.0", "001234", "Synthetic_9", "x" * 70, "&#43;1E+9", "é"],
    "organisation": ["Ministry of Health (MoH)", "Bridge; Agro, Ltd.", "a@example.org; Body", " - ; x", "n/a"],
    "country": ["Kenya", "Kenya; Uganda", "Ruritania", "Philipines", "none"],
    "region": ["Africa"], "stakeholder_type": ["NGO", "Government", "Circus"],
    "action_lines": ["C2; C7. E-learning", "C99", "AL C7"], "sdgs": ["ODD 3 et 9", "9.c", "3,9", "all"],
    "start": ["May 2016", "2019", "soon", "31/31/2019"], "end": ["2020", "n/a"], "year": ["2018", "18", ""],
    "url": ["https://example.org/a", "www.example.org", "a.org b.org", "not one", "http://example.org/é"],
    "source_url": ["https://example.org/p/1", "http://a.org | http://b.org", "see a.org", "https://x.org/a b"],
    "personal": ["jane@example.org", "N/A", " "], "synthetic": ["yes", "no", "perhaps"],
    "grade": ["Winner", "Distinguished"], "category": ["Category 9", "C7 E-health", "C3 C4"],
    "stocktaking_id": ["101", "5 "],
}  # fmt: skip
TEXTS = [
    "School network", "  two  blanks ", "R&amp;D", "a < b", "<b>bold</b> words", "mail jane@example.org now", "1000+",
    "call +33 1 23 45 67 89", "0012 3456 7890", "year 2000", "na\u00efve \u0142", "e\u0301", "\u00ad", "\u200b", "中文",
    "tab\there", "line\nbreak", "\x1f", "\x1e1", "=1+1", "N/A", "-", "\u00a0", "x@y.org", "\u017f", "ﬁ", "\U0001f600",
]  # fmt: skip


@cache
def normaliser() -> Normaliser:
    return Normaliser(load_tables(default_mappings(), Reading(without=frozenset({"evidence", "matrix"}))), "reg")


def some_rows(rng: random.Random) -> Iterator[RawRow]:
    for number in range(1, 60):
        full = rng.random() * 0.4
        cells = {
            header: text
            for header, field in COLUMNS.items()
            if rng.random() < full
            and (text := rng.choice([*SENSE.get(field, TEXTS), *(TEXTS if rng.random() < 0.1 else ())])).strip()
        }
        if rng.random() < 0.9:
            cells.pop("Title 2", None)
            cells.pop("Other country", None)
            cells = {"Title": rng.choice(TEXTS[:20])} | cells
        fault = "quote" if rng.random() < 0.03 else ""
        odd = {h: Cell(cells[h], rng.choice(["number", "date", "formula"])) for h in cells if rng.random() < 0.02}
        yield RawRow(number, cells, fault, rng.random() < 0.05, odd)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("seed", range(12))
def test_a_block_says_what_its_rows_say(kind: Kind, seed: int) -> None:
    rng = random.Random(seed)
    rows = list(some_rows(rng))
    layout = Layout(kind, COLUMNS, {"country": {"Ruritania": ("ROU",)}} if seed % 2 else {})
    blocks = list(batches([*blocks_of(rows[:20]), *blocks_of(rows[20:])], 40, 9))
    assert [row for block in blocks for row in block.rows()] == rows
    found = [read_block(normaliser(), block, layout, "export.csv", "urn:x:1") for block in blocks]
    assert any(one.names for one in found)
    for one in found:
        check(one, layout)


def check(found: ReadBlock, layout: Layout) -> None:
    assert found.names.keys() | found.exact.keys() == set(range(len(found.block.numbers)))
    for place, row in enumerate(found.block.rows()):
        one = normaliser().read(row, layout, "export.csv", "urn:x:1")
        if place in found.exact:
            assert found.exact[place] == one
            continue
        assert one.record is not None
        assert (found.names[place], found.said[place]) == (one.record.record, packed_record(one.record)[0])
        assert not one.unknown
        assert one.removed == found.removed.get(place, 0)
        assert sorted(one.dropped) == sorted(h for h, places in found.dropped.items() if place in places)
        judged = {
            h: (row.cells[h], True) for h, silent in found.silent.items() if row.cells.get(h, "") not in silent | {""}
        }
        assert {h: (text, understood) for h, text, understood in one.judged} == judged


def test_simple_texts_are_plain() -> None:
    """Each character that a clean text may hold stays what it is."""
    letters = [chr(code) for code in range(0x21, 0x250) if code != ord("<")]
    rows = [RawRow(n, {"Title": f"x{c}y {c}"}) for n, c in enumerate(letters)]
    found = read_block(
        normaliser(), next(blocks_of(rows)).part(0, 500), Layout(Kind.STOCKTAKING, COLUMNS), "", "urn:x:1"
    )
    for place, row in enumerate(rows[:500]):
        one = normaliser().read(row, Layout(Kind.STOCKTAKING, COLUMNS), "", "urn:x:1")
        assert one.record is not None
        assert found.said[place] == packed_record(one.record)[0]


def read(text: bytes) -> list[tuple[int, dict[int, str], str, bool]]:
    blocks = delimited_blocks(io.BytesIO(text), LIMITS)
    rows = (block.row(place) for block in blocks for place in range(len(block.numbers)))
    return [(row.number, dict(row.cells), row.fault, row.legacy) for row in rows]


@pytest.mark.parametrize("seed", range(40))
def test_delimited_text_is_read_alike_together_and_line_by_line(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    pieces = [
        b"a",
        b"b c",
        b" ",
        b",",
        b",",
        b'"',
        b'"x, y"',
        b'""',
        b"\n",
        b"\r\n",
        b"\xe9",
        b"\xc3\xa9",
        b'5" ',
        b"\r",
    ]
    text = b"".join(rng.choices(pieces[: rng.choice([10, 12, len(pieces)])], k=200))
    together = read(text)
    monkeypatch.setattr("wsiskg.imports.readers.delimited._plain", lambda _lines, _delimiter: None)
    assert read(text) == together
    monkeypatch.setattr("wsiskg.imports.readers.delimited._TOGETHER", 1)
    assert read(text) == together


@pytest.mark.parametrize("size", [1, 7, 60])
def test_blocks_are_put_together_and_taken_apart(size: int) -> None:
    rows = list(some_rows(random.Random(size)))
    blocks = [next(blocks_of(rows[start : start + 11])) for start in range(0, len(rows), 11)]
    for most in (1, 3, 9):
        found = list(batches(blocks, size, most))
        assert [row for block in found for row in block.rows()] == rows
        assert max(len(block.numbers) for block in found) <= size
    assert list(batches([], size, 1)) == []
    plain = [next(blocks_of([row])) for row in (RawRow(n, {"Title": "x", "Id": str(n)}) for n in range(40))]
    assert [len(block.numbers) for block in batches(plain, 15, 99)] == [15, 15, 10]
