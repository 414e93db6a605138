"""Lists of an index: what is asked for as SQL, page by page, with facets counted."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wsiskg.graph.index.text import match_expression
from wsiskg.model.errors import UsageError
from wsiskg.store.index.files import IndexFiles, Run, file_of, marks

__all__ = ["Listing", "Page", "count_facets", "list_items", "list_page"]

Json = Any

_SORTS = {"code": "i.id", "name": "folded(i.label)", "year": "i.year", "number": "i.number"}


@dataclass(frozen=True, slots=True)
class Listing:
    """What to list.

    Attributes:
        kinds: kinds of items, of one index file, in its order.
        having: facet -> values, one of which an item must have.
        lacking: facet -> values, none of which an item may have.
        years: first and last year, 0 for open; an item without a year is left out if either is given.
        sort: ``code`` (the order of the index), ``name``, ``year`` or ``number``.
        descending: the other way round.
        limit: number of items at most.
        after: cursor of the page before, empty for the first.
        words: only items in whose texts all these words stand, the last one perhaps as a beginning; empty for all.

    """

    kinds: tuple[str, ...]
    having: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: tuple[int, int] = (0, 0)
    sort: str = "code"
    descending: bool = False
    limit: int = 50
    after: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a listing: documents, how many there are in all, the cursor of the next page or empty."""

    documents: tuple[dict[str, Json], ...]
    total: int
    next: str


def list_page(files: IndexFiles, listing: Listing, release: str) -> Page:
    """Return one page, its documents without labels; ``release`` is what its cursor names.

    Raises:
        UsageError: the cursor is not one of this listing and release.

    """
    with files.open(file_of(listing.kinds)) as run:
        terms = _terms(run, listing)
        where, values = _where(files, listing, terms)
        total = _total(files, run, listing, terms, where, values)
        key, order = _SORTS[listing.sort], "DESC" if listing.descending else "ASC"
        after, bound = _after(listing, key, release)
        sql = f"SELECT i.id, {key}, i.json FROM item i WHERE {where}{after} ORDER BY {key} {order}, i.id LIMIT ?"
        rows = run(sql, [*values, *bound, listing.limit + 1])
    more = len(rows) > listing.limit
    rows = rows[: listing.limit]
    cursor = _pack([release, listing.sort, rows[-1][1], rows[-1][0]]) if more else ""
    return Page(tuple(json.loads(text) for _, _, text in rows), total, cursor)


def count_facets(files: IndexFiles, listing: Listing, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Return how many items of a listing have each value of some facets, the most frequent value first."""
    with files.open(file_of(listing.kinds)) as run:
        where, values = _where(files, listing, _terms(run, listing))
        rows = run(
            f"SELECT t.name, t.value, COUNT(*) FROM term t CROSS JOIN facet f ON f.term = t.id"
            f" WHERE t.kind IN ({marks(listing.kinds)}) AND t.name IN ({marks(names)})"
            f" AND f.item IN (SELECT i.id FROM item i WHERE {where}) GROUP BY t.name, t.value ORDER BY 3 DESC, 2",
            [*listing.kinds, *names, *values],
        )
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in names}
    for name, value, count in rows:
        found[name].append((value, count))
    return found


def list_items(files: IndexFiles, listing: Listing) -> list[dict[str, Json]]:
    """Return all documents of a listing without labels, in the order of the index."""
    with files.open(file_of(listing.kinds)) as run:
        where, values = _where(files, listing, _terms(run, listing))
        return [json.loads(text) for (text,) in run(f"SELECT i.json FROM item i WHERE {where}", values)]


def _where(files: IndexFiles, listing: Listing, terms: Mapping[str, Mapping[int, int]]) -> tuple[str, list[object]]:
    ranges = [files.ranges[kind] for kind in listing.kinds if kind in files.ranges]
    parts = [" OR ".join("i.id BETWEEN ? AND ?" for _ in ranges) or "0"]
    values: list[object] = [bound for found in ranges for bound in found]
    for name in listing.having:
        ids = list(terms[name])
        parts.append(f"i.id IN (SELECT item FROM facet WHERE term IN ({marks(ids)}))")
        values += ids
    for name in listing.lacking:
        ids = list(terms[f"!{name}"])
        parts.append(f"i.id NOT IN (SELECT item FROM facet WHERE term IN ({marks(ids)}))")
        values += ids
    if listing.words:
        expression = match_expression(listing.words, prefix=True)
        found = "i.id IN (SELECT d.item FROM text JOIN doc d ON d.id = text.rowid WHERE text MATCH ?)"
        parts.append(found if expression else "0")
        values += [expression] if expression else []
    first, last = listing.years
    if first or last:
        parts.append("i.year BETWEEN ? AND ?")
        values += [first or 1, last or 9999]
    return " AND ".join(f"({part})" for part in parts), values


def _total(
    files: IndexFiles,
    run: Run,
    listing: Listing,
    terms: Mapping[str, Mapping[int, int]],
    where: str,
    values: Sequence[object],
) -> int:
    if not listing.lacking and not listing.words and not any(listing.years):
        if not listing.having:
            return sum(files.sizes.get(kind, 0) for kind in listing.kinds)
        if len(listing.having) == 1:
            (found,) = terms.values()
            if len(found) <= 1:
                return sum(found.values())
    return int(run(f"SELECT COUNT(*) FROM item i WHERE {where}", values)[0][0])


def _after(listing: Listing, key: str, release: str) -> tuple[str, list[object]]:
    if not listing.after:
        return "", []
    of, sort, value, item = _unpack(listing.after)
    if of != release:
        raise UsageError("the cursor is of another release", "Ask for the first page again.")
    if sort != listing.sort:
        raise UsageError("the cursor is of another order", "Ask for the first page again.")
    if key == "i.id":
        return f" AND i.id {'<' if listing.descending else '>'} ?", [item]
    than = "<" if listing.descending else ">"
    return f" AND ({key} {than} ? OR ({key} = ? AND i.id > ?))", [value, value, item]


def _terms(run: Run, listing: Listing) -> dict[str, dict[int, int]]:
    """Return the terms that each filter of a listing means, with their numbers of items; ``!`` before lacking ones."""
    wanted = [(name, name, value) for name, values in listing.having.items() for value in values]
    wanted += [(f"!{name}", name, value) for name, values in listing.lacking.items() for value in values]
    found: dict[str, dict[int, int]] = {key: {} for key, _, _ in wanted}
    if wanted:
        sql = (
            "SELECT w.value ->> 0, t.id, t.items FROM json_each(?) w JOIN json_each(?) k"
            " JOIN term t ON t.kind = k.value AND t.name = w.value ->> 1 AND t.value = w.value ->> 2"
        )
        for key, term, items in run(sql, (json.dumps(wanted), json.dumps(listing.kinds))):
            found[key][term] = items
    return found


def _pack(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _unpack(cursor: str) -> tuple[str, str, str | int, int]:
    try:
        release, sort, value, item = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not (isinstance(release, str) and isinstance(sort, str) and isinstance(value, str | int)):
            raise ValueError
        if not isinstance(item, int) or abs(item) >= 2**62 or (isinstance(value, int) and abs(value) >= 2**62):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise UsageError("the cursor is not one of ours", "Use the `next` of a page as it is.") from error
    return release, sort, value, item
