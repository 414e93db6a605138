"""What is made of records in columns is what is made of them one by one."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.graph.columns.terms import each
from wsiskg.imports.csv_tables import read_frames, write_frames, write_table
from wsiskg.imports.derive import (
    project_frame,
    project_row,
    row_digest,
    row_digests,
    sort_key,
    sort_keys,
)
from wsiskg.imports.frames import packed_cells, record_frame, said_column
from wsiskg.imports.matching import folded_name, folded_names, squeezed_titles
from wsiskg.imports.record import Record
from wsiskg.imports.work import AS_JSON, packed_record
from wsiskg.model.errors import UsageError
from wsiskg.tables.recognise.folding import compatible, compatible_lines, squeeze, squeeze_all

TEXTS = ["", "a", "Ministry of Health", 'say "x"', "back\\slash", "a, b", "tab\tline\n", "\x1f", "\x1edisguise",
         "é | x", "http://a.org | http://b.org | http://a.org", " blank ", "{}"]  # fmt: skip


def some_record(rng: random.Random, number: int) -> Record:
    def text() -> str:
        return rng.choice(TEXTS)

    def several(*values: str) -> tuple[str, ...]:
        return tuple(rng.sample(values, rng.randint(0, len(values))))

    return Record(
        f"r-{number}", rng.choice(["stocktaking", "prizes"]), text(), text(),
        several("Body (B)", "BODY", "Agro Ltd.", "Old name"), several("KEN", "UGA", "ALB"),
        rng.choice(["", "academia"]), several("C2", "C11", "C7-EGOV"), several("9.c", "10", "1.10", "1.2"),
        rng.choice(["", "2016-05", "2019"]),
        "", text(), text(), rng.choice(["", "2018"]), rng.choice(["", "winner"]), rng.choice(["", "C3", "C2"]), "",
        text(), rng.choice([{}, {"country": "Ruritania", "Budget": "2"}, {"sdgs": "x\ty" * 90}]), "f.csv", "urn:x:1",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_projects_of_one_record_each(seed: int) -> None:
    rng = random.Random(seed)
    records = [some_record(rng, number) for number in range(60)]
    if seed < 6:  # as nearly always, packed in the short way
        records = [record for record in records if not packed_record(record)[0].startswith(AS_JSON)]
    said, source = zip(*map(packed_record, records), strict=True)
    frame = record_frame(said, source)
    same_name = {"Old name": "New name", "BODY": "Body (B)"}
    rows = project_frame(frame, same_name)
    assert list(map(list, rows.rows())) == [project_row(r.record, None, [r], same_name) for r in records]
    assert row_digests(rows) == [row_digest(row) for row in rows.rows()]
    plain = rows.select(pl.all().str.replace_all(r"[\x00-\x1f]", ""))
    assert row_digests(plain) == [row_digest(row) for row in plain.rows()]
    assert packed_cells(frame[:, :-2]) == list(said)
    for column in ("record", "organisations", "as_given"):
        assert said_column(said, column).to_list() == frame[column].to_list()


@given(st.lists(st.from_regex(r"[a-z.-]{0,4}[0-9]{0,22}[a-z-]{0,3}", fullmatch=True)))
def test_names_are_sorted_as_they_are_one_by_one(names: list[str]) -> None:
    assert sort_keys(pl.Series("", names, pl.String)).to_list() == list(map(sort_key, names))


@given(st.lists(st.text(max_size=12)))
def test_texts_are_folded_as_they_are_one_by_one(texts: list[str]) -> None:
    assert squeeze_all(texts) == list(map(squeeze, texts))
    assert squeezed_titles(pl.Series("", texts, pl.String)).to_list() == list(map(squeeze, texts))
    names = pl.Series("", [text.replace("\n", " ") for text in texts], pl.String)
    assert folded_names(names).to_list() == list(map(folded_name, names))
    lines = compatible_lines(names.to_list()).split("\n") if texts else []
    assert list(map(compatible, lines)) == list(map(compatible, names))


def test_each_letter_is_squeezed_as_it_is_alone() -> None:
    titles = [f"a{chr(code)} B{chr(code)}" for code in range(1, 0x250)]
    assert squeezed_titles(pl.Series(titles)).to_list() == list(map(squeeze, titles))


def test_what_comes_again_is_asked_once() -> None:
    asked: list[str] = []
    values = pl.Series("x", ["b", "a", "b", ""])
    assert each(values, lambda text: asked.append(text) or text.upper()).to_list() == ["B", "A", "B", ""]  # type: ignore[func-returns-value]
    assert sorted(asked) == ["", "a", "b"]
    assert each(values.head(0), str).to_list() == []


def test_tables_are_written_and_read_alike(tmp_path: Path) -> None:
    rng = random.Random(3)
    signs = ["a", '"', ",", "\n", "\r\n", "é", " ", "'", "\x1f", "0", ";", "", "\u2028"]
    rows = [["".join(rng.choices(signs, k=rng.randint(0, 4))) for _ in range(3)] for _ in range(400)]
    frames = [pl.DataFrame(rows[start : start + 90], list("abc"), orient="row") for start in range(0, 400, 90)]
    write_table(tmp_path / "rows.csv", "abc", rows)
    write_frames(tmp_path / "frames.csv", "abc", frames)
    assert (tmp_path / "frames.csv").read_bytes() == (tmp_path / "rows.csv").read_bytes()
    found = pl.concat(read_frames(tmp_path / "rows.csv", ["c", "a"])).rows()
    assert found == [(c, a) for a, b, c in rows if f"{a}{b}{c}".strip()]
    assert list(read_frames(tmp_path / "none.csv", ["a"])) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a,b\n1,2\n3\n", "row 3: the number"), (b"a\n1\n", "lacks the columns b"), (b"a,b\n\xff,2\n", "cannot be read")],
)
def test_a_damaged_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(UsageError, match=said):
        list(read_frames(tmp_path / "t.csv", ["a", "b"]))
