"""Records and rows of tables as columns (Polars, strings throughout), a block of them at a time."""

from collections.abc import Sequence

import polars as pl

from wsiskg.imports.record import ASIDE, COLUMNS
from wsiskg.imports.work import AS_JSON, BETWEEN, packed, unpacked

__all__ = ["packed_cells", "record_frame", "said_column"]

_SAID, _SOURCE = COLUMNS[:-ASIDE], COLUMNS[-ASIDE:]


def record_frame(said: Sequence[str], source: Sequence[str]) -> pl.DataFrame:
    """Return the cells of records (`row_of`) that `packed_record` made texts of, a column for each of `COLUMNS`."""
    return pl.concat([_cells(said, _SAID), _cells(source, _SOURCE)], how="horizontal")


def said_column(said: Sequence[str], column: str) -> pl.Series:
    """Return the cells of one column of what records say."""
    place = _SAID.index(column)
    if any(text.startswith(AS_JSON) for text in said):
        return _cells(said, _SAID)[column]
    return pl.Series("", said, pl.String).str.splitn(BETWEEN, place + 2).struct.field(f"field_{place}").alias(column)


def _cells(texts: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    if any(text.startswith(AS_JSON) for text in texts):
        return pl.DataFrame(list(map(unpacked, texts)), dict.fromkeys(columns, pl.String), orient="row")
    fields = pl.Series("", texts, pl.String).str.split_exact(BETWEEN, len(columns) - 1)
    return fields.struct.rename_fields(columns).struct.unnest()


def packed_cells(frame: pl.DataFrame) -> list[str]:
    """Return the cells of each row as one text (`packed`)."""
    if frame.select(pl.any_horizontal(pl.all().str.contains(f"[{BETWEEN}{AS_JSON}]").any())).item():
        return list(map(packed, frame.rows()))
    return frame.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series().to_list()
