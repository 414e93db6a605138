"""The statements of one named graph as columns, in blocks: how graphs of any size are written, read and checked.

A block is a Polars frame of three columns of text, ``subject``, ``predicate`` and ``object``, each as N-Triples writes
it (https://www.w3.org/TR/n-triples/). Blocks follow one another in the order of the sorted N-Quads, a statement stands
once, and no subject is in two blocks, so that each block can be worked on by itself in bounded memory. A part is a
block that is made only when it is asked for, and may say before what it is made from.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import polars as pl
import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

__all__ = ["BLOCK", "COLUMNS", "NONE", "Part", "Statements", "frame_of", "triples_of"]

COLUMNS = ("subject", "predicate", "object")

NONE = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
"""No statements."""

BLOCK = 32 << 20
"""Bytes of N-Quads that a block is cut from, about."""

_ROWS = 50_000
"""Statements in a part of those that are given one by one, about."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some statements of a graph that follow one another.

    Attributes:
        first: the first subject, as N-Triples writes it.
        source: returns a hash of what they are made from: parts of one graph with the same are equal. Empty if unknown.
        block: makes them; there may be none.

    """

    first: str
    source: Callable[[], str]
    block: Callable[[], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one named graph.

    Attributes:
        graph: its IRI.
        parts: returns its parts, anew at each call. It is given first subjects of parts, in order: parts begin there
            too, so that those that did not change since can be told.

    """

    graph: NamedNode
    parts: Callable[[Sequence[str]], Iterator[Part]]

    def blocks(self) -> Iterator[pl.DataFrame]:
        """Iterate over the statements block by block; none is empty."""
        for part in self.parts(()):
            if len(block := part.block()):
                yield block

    def __iter__(self) -> Iterator[Triple]:
        """Iterate over the statements one by one, which is slow for large graphs."""
        for block in self.blocks():
            yield from triples_of(block)

    @classmethod
    def in_blocks(cls, graph: NamedNode, blocks: Callable[[], Iterable[pl.DataFrame]]) -> "Statements":
        """Return statements given as blocks, anew at each call of ``blocks``."""
        return cls(graph, lambda _: (_part(block) for block in blocks()))

    @classmethod
    def of(cls, graph: NamedNode, triples: Iterable[Triple]) -> "Statements":
        """Return statements given one by one."""
        frame = frame_of(triples)
        return cls(graph, lambda cuts: _cut(frame, cuts))

    @classmethod
    def read(cls, graph: NamedNode, pieces: Callable[[], Iterable[bytes]]) -> "Statements":
        """Return the statements in sorted N-Quads, all of them of ``graph``, which come in pieces of any size."""
        end = f" {graph} ."
        return cls(graph, lambda _: (_text_part(text, end) for text in _cut_text(pieces())))


def _cut(frame: pl.DataFrame, cuts: Sequence[str]) -> Iterator[Part]:
    """Cut statements at some subjects, and in between where parts get too large."""
    subjects = frame["subject"]
    edges = {0, len(frame), *subjects.search_sorted(pl.Series(cuts, dtype=pl.String), side="left")}
    for low, high in pairwise(sorted(edges)):
        step = _ROWS if high - low > 2 * _ROWS else high - low
        inner = subjects.search_sorted(subjects[low + step : high : step], side="left").to_list() if step else []
        for start, end in pairwise(sorted({low, high, *inner})):
            block = frame[start:end]
            yield Part(subjects[start], partial(_hash, block), partial(_same, block))


def _hash(block: pl.DataFrame) -> str:
    return hashlib.sha256(block.write_csv(include_header=False).encode()).hexdigest()


def _same(block: pl.DataFrame) -> pl.DataFrame:
    return block


def _part(block: pl.DataFrame) -> Part:
    return Part(block["subject"][0], str, partial(_same, block))


def _text_part(text: bytes, end: str) -> Part:
    return Part(text[: text.index(b" ")].decode(), str, partial(_split, text, end))


def frame_of(triples: Iterable[Triple]) -> pl.DataFrame:
    """Return triples as one block.

    Raises:
        TypeError: one has a blank node; the project's graphs hold none.

    """
    text = ox.serialize(set(triples), format=ox.RdfFormat.N_TRIPLES) or b""
    frame = _split(text, " .")
    if frame["subject"].str.starts_with("_:").any() or frame["object"].str.starts_with("_:").any():
        raise TypeError("the project's graphs hold no blank nodes")
    return frame.sort(COLUMNS)


def triples_of(block: pl.DataFrame) -> Iterator[Triple]:
    """Iterate over the statements of a block."""
    lines = block.select(pl.concat_str([*COLUMNS, pl.lit(".\n")], separator=" ")).to_series()
    for quad in ox.parse("".join(lines), ox.RdfFormat.N_TRIPLES):
        yield quad.triple


def _cut_text(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a text where the subject changes."""
    kept, size = list[bytes](), 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size < BLOCK:
            continue
        text = b"".join(kept)
        if cut := _last_subject(text):
            yield text[:cut]
        kept, size = [text[cut:]], len(text) - cut
    if size:
        yield b"".join(kept)


def _last_subject(text: bytes) -> int:
    """Return where the last subject begins of which ``text`` has a whole line: more of it may follow."""
    end = text.rfind(b"\n")
    if end < 0:
        return 0
    line = text.rfind(b"\n", 0, end) + 1
    subject = text[line : text.index(b" ", line) + 1]
    while line and text.startswith(subject, text.rfind(b"\n", 0, line - 1) + 1):
        line = text.rfind(b"\n", 0, line - 1) + 1
    return line


def _split(text: bytes, end: str) -> pl.DataFrame:
    """Return the terms of lines that end with ``end``. No control character stands in a line, so none is cut."""
    lines = pl.read_csv(
        text, has_header=False, separator="\x01", quote_char=None, schema={"line": pl.String}, raise_if_empty=False
    )
    terms = lines.select(
        pl.col("line").str.strip_suffix(end).str.splitn(" ", 3).struct.rename_fields(list(COLUMNS))
    )  # fmt: skip
    return terms.unnest("line")
