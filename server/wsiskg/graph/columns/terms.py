"""Terms of N-Triples in columns (https://www.w3.org/TR/n-triples/): made from the texts of cells, and taken apart."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

import polars as pl

__all__ = [
    "apart", "code_column", "each", "iri_column", "literal_column", "local_name", "local_names", "namespaces_of", "put",
    "text_of", "texts_apart", "unescaped", "values_of",
]  # fmt: skip

_ESCAPED = r'["\\\x00-\x1f\x7f\x{FFFE}\x{FFFF}]'
_ESCAPES: Mapping[str, str] = {
    chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)
} | {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}  # fmt: skip
# What Python strips, which is more than Rust does.
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_UNRESERVED = r"^[A-Za-z0-9._~-]*$"


def apart(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with texts of its own: a few that were taken from a block would keep all of it in memory."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(pl.concat_str(pl.col(name), pl.lit("")).alias(name) for name in texts)


def texts_apart(texts: pl.Series) -> pl.Series:
    """Return texts as `apart` does."""
    return apart(texts.to_frame()).to_series()


def each(
    column: pl.Series, change: Callable[[str], Any], dtype: pl.DataType | type[pl.DataType] = pl.String
) -> pl.Series:
    """Return what ``change`` makes of each text, null of null; it is called once for each distinct one.

    Args:
        column: texts.
        change: makes a value of a text.
        dtype: the type of these values.

    """
    known = column.drop_nulls().unique()
    answers = pl.Series([change(text) for text in known], dtype=dtype)
    return column.replace_strict(known, answers, default=None, return_dtype=dtype)


def put(column: pl.Series, places: pl.Series, values: pl.Series) -> pl.Series:
    """Return ``column`` with ``values`` at ``places``, which are numbers of rows."""
    return column.clone().scatter(places, values)


def literal_column(column: pl.Series, suffix: str = "") -> pl.Series:
    """Return texts as literals; ``suffix`` is their language (``@en``) or datatype (``^^<...>``), if any."""
    if column.str.contains(_ESCAPED).any():
        column = column.str.replace_many(dict(_ESCAPES))
    return _between('"', column, f'"{suffix}')


def iri_column(column: pl.Series, before: str = "") -> pl.Series:
    """Return IRIs, each ``before`` and a text, as they are."""
    return _between(f"<{before}", column, ">")


def code_column(column: pl.Series, before: str) -> pl.Series:
    """Return IRIs, each ``before`` and a code, percent-encoded as `Iris.resource` does."""
    if not column.str.contains(_UNRESERVED).all():
        column = each(column, lambda code: quote(code, safe="._-~"))
    return iri_column(column, before)


def _between(before: str, column: pl.Series, after: str) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit(before), column, pl.lit(after))).to_series()


def values_of(frame: pl.DataFrame, column: str, separator: str) -> pl.DataFrame:
    """Return a row for each value of the cells of ``column``, which hold several, without the blanks around it.

    Args:
        frame: with the column, of texts.
        column: its name.
        separator: what stands between two values.

    """
    if not frame[column].str.contains(separator, literal=True).any():
        return frame
    values = pl.col(column).str.split(separator)
    return frame.with_columns(values).explode(column).with_columns(pl.col(column).str.strip_chars(_SPACES))


def namespaces_of(iris: pl.Series, namespaces: Iterable[str], more: str = "") -> pl.DataFrame:
    """Split IRIs behind the longest of ``namespaces`` that they begin with.

    Args:
        iris: IRIs as N-Triples writes them.
        namespaces: what to look for.
        more: a regular expression that the local name begins with.

    Returns:
        Columns ``namespace``, null where none fits, and ``local``, the rest of the IRI.

    """
    longest = sorted(namespaces, key=len, reverse=True)
    pattern = f"^<({'|'.join(map(re.escape, longest))}){more}"
    bare = pl.col("iri").str.strip_prefix("<").str.strip_suffix(">")
    return pl.DataFrame({"iri": iris}).select(bare, namespace=pl.col("iri").str.extract(pattern)).select(
        "namespace", local=pl.col("iri").str.strip_prefix(pl.col("namespace").fill_null(""))
    )  # fmt: skip


def unescaped(texts: pl.Series) -> pl.Series:
    """Return texts between the quotation marks of N-Triples as they are meant."""
    escaped = texts.str.contains("\\", literal=True).fill_null(value=False)
    if not escaped.any():
        return texts
    plain = [json.loads(f'"{text}"') for text in texts.filter(escaped)]
    return put(texts, escaped.arg_true(), pl.Series(plain, dtype=pl.String))


def text_of(term: str) -> str:
    """Return the IRI or the lexical form of a term as N-Triples writes it."""
    return term[1:-1] if term.startswith("<") else str(json.loads(term[: term.rindex('"') + 1]))


def local_name(term: str) -> str:
    """Return what stands behind the last slash of a term as N-Triples writes it, percent-decoded."""
    return unquote(text_of(term).rpartition("/")[2])


def local_names(iris: pl.Series) -> pl.Series:
    """Return `local_name` of each IRI, given as N-Triples writes it."""
    names = iris.str.extract("([^/]*)>$")
    encoded = names.str.contains("%", literal=True)
    return put(names, encoded.arg_true(), each(names.filter(encoded), unquote))
