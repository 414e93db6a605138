"""Records and rows of tables as columns (Polars, strings throughout), a block of them at a time."""

from collections.abc import Callable, Sequence

import polars as pl

from wsiskg.imports.record import ASIDE, COLUMNS
from wsiskg.imports.work import AS_JSON, BETWEEN, unpacked

__all__ = ["mapped", "packed_frame", "record_frame", "said_column"]

_SAID, _SOURCE = COLUMNS[:-ASIDE], COLUMNS[-ASIDE:]


def record_frame(said: Sequence[str], source: Sequence[str]) -> pl.DataFrame:
    """Return the cells of records (`row_of`) that `packed_record` made texts of, a column for each of `COLUMNS`."""
    return pl.concat([_cells(said, _SAID), _cells(source, _SOURCE)], how="horizontal")


def said_column(said: Sequence[str], column: str) -> pl.Series:
    """Return the cells of one column of what records say."""
    return _cells(said, _SAID)[column]


def _cells(texts: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    if any(text.startswith(AS_JSON) for text in texts):
        return pl.DataFrame(list(map(unpacked, texts)), dict.fromkeys(columns, pl.String), orient="row")
    fields = pl.Series("", texts, pl.String).str.split_exact(BETWEEN, len(columns) - 1)
    return fields.struct.rename_fields(columns).struct.unnest()


def packed_frame(frame: pl.DataFrame) -> pl.Series:
    """Return the cells of each row as one text, as `packed` does; they hold none of its signs."""
    return frame.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series()


def mapped(values: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """Return what ``function`` makes of each text; it is asked once for those that are the same."""
    different = values.unique()
    if len(different) == 1:
        return pl.repeat(function(different[0]), len(values), dtype=pl.String, eager=True).alias(values.name)
    found = pl.Series(list(map(function, different)), dtype=pl.String)
    return values.replace_strict(different, found, return_dtype=pl.String)
