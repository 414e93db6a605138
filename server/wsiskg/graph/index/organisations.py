"""Items of organisations, and what projects show of them."""

import json
from collections.abc import Iterator

import polars as pl

from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.columns.terms import apart, local_names, put
from wsiskg.graph.framing import LABELS
from wsiskg.graph.index.columns import COLUMNS, row_of
from wsiskg.graph.index.documents import describe, json_text, nodes
from wsiskg.graph.index.packages import csv_lines, resource_lines
from wsiskg.graph.index.text import search_text
from wsiskg.graph.index.text_columns import search_texts
from wsiskg.graph.jsonld import Context
from wsiskg.graph.vocabulary import SCHEMA

__all__ = ["Organisations", "organisations_of"]

_NAME = SCHEMA("name").value
_SHOWN = {"subject": pl.String, "compact": pl.String, "json": pl.String, "words": pl.String}

_ROW = {
    "subject": pl.String, "json": pl.String, "name": pl.String, "line": pl.String, "words": pl.String,
    "number": pl.UInt32,
}  # fmt: skip


class Organisations:
    """The organisations that one register names, added block by block.

    Attributes:
        shown: of each, once all are added: ``subject``, ``compact`` IRI, what is shown of it (``json``), and the
            ``words`` of its names for search.

    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: list[pl.DataFrame] = []
        self._counts = [pl.DataFrame(schema={"object": pl.String, "number": pl.UInt32})]
        self.shown = pl.DataFrame(schema=_SHOWN)

    def add(self, statements: pl.DataFrame) -> None:
        """Add the organisations of a block; ``statements`` are of organisations alone."""
        labels = statements.filter(pl.col("predicate").is_in([f"<{iri}>" for iri in LABELS]))
        if not len(labels):
            return
        described = describe(self._context, labels)
        member = described.members.get(_NAME, pl.repeat(None, len(described.subjects), dtype=pl.String, eager=True))
        single = described.single(_NAME) & member.str.starts_with(',"name":[').fill_null(value=False) & ~described.odd
        frame = pl.DataFrame(
            {
                "subject": described.subjects,
                "compact": compact_column(described.subjects, self._context),
                "json": nodes(described, labels),
                "name": described.texts(_NAME, " "),
                "line": resource_lines("organisations", described),
                "single": single,
            }
        )
        names = frame["name"].set(~single, None).fill_null("")
        several = [" ".join(_names(json.loads(text))) for text in frame.filter(~single)["json"]]
        names = put(names, (~single).arg_true(), pl.Series(several, dtype=pl.String))
        self._found.append(apart(frame.with_columns(name=names, words=search_texts(names))))

    def complete(self) -> None:
        """Say that all are added."""
        if self._found:
            self.shown = pl.concat(self._found).select(_SHOWN.keys())

    def count(self, named: pl.Series) -> None:
        """Count projects: ``named`` has an organisation once for each project of it."""
        self._counts.append(apart(named.value_counts(name="number")))

    def found(self) -> pl.DataFrame:
        """Return all with the number of projects of each."""
        if not self._found:
            return pl.DataFrame()
        found = pl.concat(self._found)
        counts = pl.concat(self._counts).group_by("object").agg(pl.col("number").sum())
        return found.join(counts, left_on="subject", right_on="object", how="left").with_columns(
            pl.col("number").fill_null(0)
        )


def organisations_of(registers: list[Organisations], context: Context) -> Iterator[pl.DataFrame]:
    """Yield the organisations of all registers together: one may stand in several."""
    parts = [part for part in (register.found() for register in registers) if len(part)]
    if not parts:
        return
    found = pl.concat(parts)
    plain = found["single"] & ~found["subject"].is_duplicated()
    merged: dict[str, tuple[dict[str, object], int]] = {}
    for subject, text, number in found.filter(~plain).select("subject", "json", "number").iter_rows():
        label = json.loads(text)
        known, count = merged.setdefault(subject, ({**label, "name": []}, 0))
        known["name"] = sorted({*_names(known), *_names(label)})
        merged[subject] = known, count + number
    rows = []
    for subject, (label, number) in merged.items():
        names = _names(label)
        line = csv_lines(COLUMNS["organisations"], [row_of(label, COLUMNS["organisations"], context)])
        words = search_text(" ".join(names))
        rows.append((subject, json_text(label), names[0] if names else "", line, words, number))
    alike = found.filter(plain).select(pl.col(name).cast(dtype) for name, dtype in _ROW.items())
    whole = pl.concat([alike, pl.DataFrame(rows, _ROW, orient="row")])
    whole = whole.sort(pl.col("subject").str.strip_suffix(">"))
    yield whole.select(
        "json", "number", "words", "line", code=local_names(whole["subject"]), label="name", year=pl.lit(0),
        other=pl.lit(""), body=pl.lit(""),
    )  # fmt: skip


def _names(label: dict[str, object]) -> list[str]:
    value = label.get("name")
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []
