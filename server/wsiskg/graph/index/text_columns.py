"""Codes and texts of whole columns as they are searched for and put in order: the same answers as one by one."""

from collections.abc import Callable

import polars as pl

from wsiskg.graph.columns.terms import each, put
from wsiskg.graph.index.text import code_key, search_text

__all__ = ["code_keys", "natural_order", "search_texts"]

_OTHER_SCRIPT = r"[^\x00-\x7F\u{A0}-\u{24F}\u{300}-\u{36F}\u{1E00}-\u{1EFF}]"
"""What is neither Latin nor a mark on Latin letters."""
_MARKS = r"[\u{300}-\u{36F}]"
_NOT_SIMPLE = r"[^\x00-\x7F]|[0-9]\.[0-9A-Za-z]|[0-9A-Za-z]{41}"
"""Texts in which words are more than runs of ASCII letters and digits: other scripts, codes, words that are cut."""
_LONGEST_CODE = 80


def search_texts(texts: pl.Series) -> pl.Series:
    """Return `search_text` of each text."""
    latin = texts.str.contains(r"[^\x00-\x7F]") & ~texts.str.contains(_OTHER_SCRIPT)
    plain = texts
    if latin.any():
        bare = texts.filter(latin).str.normalize("NFKD").str.replace_all(_MARKS, "")
        plain = put(texts, latin.arg_true(), bare)
    words = plain.str.to_lowercase().str.replace_all("[^0-9a-z]+", " ").str.strip_chars(" ")
    return _where(plain.str.contains(_NOT_SIMPLE), texts, words, search_text)


def code_keys(codes: pl.Series) -> pl.Series:
    """Return `code_key` of each code."""
    hard = codes.str.contains(r"[^\x00-\x7F]") | (codes.str.len_bytes() > _LONGEST_CODE)
    keys = codes.str.to_lowercase().str.replace_all("[^0-9a-z.]", "").str.strip_chars(".")
    return _where(hard, codes, keys, code_key)


def _where(hard: pl.Series, texts: pl.Series, easy: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """Return ``easy``, but what ``function`` makes of ``texts`` where it is ``hard``."""
    places = hard.arg_true()
    return put(easy, places, each(texts.gather(places), function)) if len(places) else easy


def natural_order(codes: pl.Series) -> pl.Series:
    """Return texts that sort by their bytes as `natural_key` sorts ``codes``.

    A number is its length and its digits, behind a mark that stands before that of a text; the end stands before both.
    """
    parts = (
        codes.alias("code").to_frame().with_row_index("row")
        .select("row", "code", part=pl.col("code").str.extract_all(r"[0-9]+|[^0-9.]+"))
        .explode("part", keep_nulls=True, empty_as_null=True)
    )  # fmt: skip
    digits = pl.col("part").str.strip_chars_start("0")
    length = digits.str.len_bytes().cast(pl.String).str.zfill(6)
    text = pl.col("part").str.replace_all("([\x00-\x03])", "\x03${1}")
    key = (
        pl.when(pl.col("part").str.contains("^[0-9]")).then(pl.concat_str(pl.lit("\x01"), length, digits))
        .otherwise(pl.concat_str(pl.lit("\x02"), text))
    )  # fmt: skip
    return (
        parts.select("row", "code", key=key).group_by("row", maintain_order=True)
        .agg(pl.col("code").first(), pl.col("key").drop_nulls().str.join(""))
        .select(pl.concat_str("key", pl.lit("\x00"), "code")).to_series()
    )  # fmt: skip
