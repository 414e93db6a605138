"""The first stage of an import: files to normalised rows in the working file, in batches, resumable."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice, repeat

from wsiskg.imports.clean import ReadBlock, read_block
from wsiskg.imports.fields import KEEP, PERSONAL, Kind
from wsiskg.imports.layout import Layout
from wsiskg.imports.messages import import_problem
from wsiskg.imports.normalise import Normaliser
from wsiskg.imports.readers.files import ExportFile, open_parts
from wsiskg.imports.readers.rows import Block, Part, RawRow, Unread, batches
from wsiskg.imports.tally import Tally
from wsiskg.imports.values.tags import settled_comma
from wsiskg.imports.values.texts import plain_text, without_addresses
from wsiskg.imports.work import Step, StoredRow, Work, packed, packed_record
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Origin

__all__ = ["read_files"]

_BATCH, _BLOCKS = 10_000, 8  # rows, and blocks of them, that are put into the working file together
_LEARNT = 500  # rows looked at before the first is read, to see how commas are used
_LONGEST = 100_000  # characters that are kept of what is not understood in one row
_TEXTS = 200  # characters of a text not understood that is listed


def read_files(
    work: Work,
    files: Sequence[ExportFile],
    layout: Layout,
    normaliser: Normaliser,
    source: str,
    mapping: str,
    step: Step,
) -> tuple[Layout, Tally, int]:
    """Read all files into ``work``; return the layout with their headers, the tally, and rows read before.

    Args:
        work: the working file; a part of the files may be there already.
        files: in the order in which they count: what a later one says of a record is a correction.
        layout: how columns are read.
        normaliser: reads the rows.
        source: address to name as source of records that have no page; empty: the hash of their file.
        mapping: what messages call the saved layout.
        step: told of progress.

    Raises:
        UsageError: a file cannot be read, or has no headers that are known.

    """
    done: list[int] = work.get("done", [0] * len(files))
    before = sum(done)
    tally = Tally.load(work.get("tally")) if work.get("tally") else Tally()
    for place, file in enumerate(files):
        address = source or f"urn:sha256:{file.digest}"
        with open_parts(file, layout.known) as (stream, parts):
            number = read = 0
            for part in _known(parts, place, file.name, mapping, tally, new=not done[place]):
                layout, blocks = _learnt(layout, part)
                layout = layout.with_headers(part.headers)
                for block in batches(blocks, _BATCH, _BLOCKS):
                    layout = layout.with_headers(_new_headers(block, layout))
                    number += len(block.numbers)
                    if number <= done[place]:
                        continue
                    fresh = block.part(max(0, len(block.numbers) - (number - done[place])), len(block.numbers))
                    found = read_block(normaliser, fresh, layout, file.name, address)
                    _keep(work, place, part.sheet, file.name, address, found, layout, tally)
                    done[place] = number
                    work.put("done", done)
                    work.put("tally", tally.dump())
                    work.db.commit()
                    read = min(stream.tell(), file.size)
                    step(file.name, read, file.size)
    return layout, tally, before


def _known(
    parts: Iterator[Part | Unread], place: int, name: str, mapping: str, tally: Tally, *, new: bool
) -> Iterator[Part]:
    """Yield the parts that have headers, and remember the others."""
    found = False
    skipped: list[Unread] = []
    for part in parts:
        if isinstance(part, Unread):
            skipped.append(part)
        else:
            found = True
            yield part
    if not found:
        raise UnreadableError(import_problem("no-headers", Origin(name), mapping=mapping))
    if new or not any(file == name for file, *_ in tally.skipped):
        tally.skipped += [(name, part.sheet, part.rule) for part in skipped]


def _learnt(layout: Layout, part: Part) -> tuple[Layout, Iterator[Block]]:
    """Return the layout with what the first rows show of commas among SDGs, and all the rows."""
    if layout.comma != "doubt":
        return layout, part.blocks
    taken: list[Block] = []
    first: list[RawRow] = []
    while len(first) < _LEARNT and (block := next(part.blocks, None)) is not None:
        taken.append(block)
        first += islice(block.rows(), _LEARNT - len(first))
    known = layout.with_headers([*part.headers, *(h for row in first for h in row.cells)])
    texts = [text for row in first for h, text in row.cells.items() if known.columns.get(h) == "sdgs"]
    return layout.with_comma(settled_comma(texts)), chain(taken, part.blocks)


def _new_headers(block: Block, layout: Layout) -> list[str]:
    """Return the headers of cells that the layout does not know, in the order in which they come first."""
    first: dict[str, tuple[int, int]] = {}
    for order, (header, texts) in enumerate(block.columns.items()):
        if (
            header not in layout.columns
            and (place := next((n for n, text in enumerate(texts) if text), None)) is not None
        ):
            first[header] = place, order
    for place, row in block.strange.items():
        for order, header in enumerate(row.cells):
            if header not in layout.columns:
                first[header] = min(first.get(header, (place, order)), (place, order))
    return sorted(first, key=first.__getitem__)


def _keep(
    work: Work, place: int, sheet: str, name: str, address: str, found: ReadBlock, layout: Layout, tally: Tally
) -> None:
    """Add a batch that has been read to the working file."""
    block = found.block
    tally.add(place, sheet, name, found)
    personal = {(header, n) for header, places in found.dropped.items() for n in places}
    source = packed((plain_text(name), address))
    award = layout.kind is Kind.PRIZES
    if not found.exact and work.are_new(found.names.values()):
        same = (repeat(value, len(block.numbers)) for value in (place, sheet, award, source, "", "{}", False))
        places, sheets, awards, sources, rules, nothing, once = same
        work.add_rows(
            zip(
                places,
                sheets,
                block.numbers,
                found.names.values(),
                awards,
                found.said.values(),
                sources,
                rules,
                nothing,
                once,
                strict=True,
            )
        )
        return
    rows: list[StoredRow] = []
    unknown = []
    for n, number in enumerate(block.numbers):
        if (record := found.names.get(n)) is not None:
            again, cells = work.comes_again(record), "{}"
            if again:
                dropped = [header for header in block.columns if (header, n) in personal]
                cells = _shown(block.row(n), dropped, layout)
            rows.append((place, sheet, number, record, award, found.said[n], source, "", cells, again))
            continue
        one = found.exact[n]
        given = one.record.as_given if one.record is not None else {}
        if given and sum(map(len, given.values())) > _LONGEST:
            one.record, one.rule = None, "wide"
        again = one.record is not None and work.comes_again(one.record.record)
        cells = _shown(block.row(n), one.dropped, layout) if one.record is None or again else "{}"
        if one.record is None:
            rows.append((place, sheet, number, None, None, None, None, one.rule, cells, again))
        else:
            said, own = packed_record(one.record)
            rows.append((place, sheet, number, one.record.record, award, said, own, one.rule, cells, again))
        unknown += [
            (f, without_addresses(u.text)[0][:_TEXTS], u.taken, u.candidates, place, sheet, number)
            for f, u in one.unknown
        ]
    work.add_rows(rows)
    work.add_unknown(unknown)


def _shown(row: RawRow, dropped: Sequence[str], layout: Layout) -> str:
    """Return the cells of a row without those about persons, as JSON."""
    personal = {*dropped, *(h for h in row.cells if layout.columns.get(h, KEEP) == PERSONAL)}
    shown = {h: without_addresses(text)[0] for h, text in row.cells.items() if h not in personal}
    return json.dumps(shown, ensure_ascii=False)
