"""Synthetic registers: invented projects, deterministic, any size; for measuring only, never part of a release.

Every code begins with ``synthetic-``, every title with ``Synthetic project``, every address is at example.org
(RFC 2606). A project depends on the seed and on its own number alone, so that a larger register begins with the
smaller one.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from wsiskg.resources import default_mappings
from wsiskg.tables.load import Reading, load_tables
from wsiskg.tables.rows import Tables

__all__ = [
    "FIRST_SDG_YEAR", "REGISTER", "SEED", "STAKEHOLDERS", "YEARS", "Codes", "Draws", "code_tables", "codes_of",
    "synthetic_mappings", "synthetic_register", "write_register",
]  # fmt: skip

REGISTER = "synthetic"
SEED = 2015
FILES = {"register": "register.csv", "projects": "projects.csv", "awards": "awards.csv", "tags": "tags.csv",
         "same_project": "same_project.csv"}  # fmt: skip
YEARS = (2004, 2026)
FIRST_SDG_YEAR = 2016
STAKEHOLDERS = (
    "government", "private-sector", "civil-society", "academia", "international-organisation", "other",
)  # fmt: skip
"""Most frequent first."""
_GRADES = ("nominee", "champion", "winner")
_SYLLABLES = [onset + vowel for onset in "bdfgklmnprstvz" for vowel in "aeiouéü"]
_PLACES_OF = 3  # most countries of one project
_GOALS_OF = 5
_LINES_OF = 4


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes that projects carry, most frequent first; the order is drawn from the seed, it is nobody's ranking."""

    countries: Sequence[str]
    lines: Sequence[str]
    goals: Sequence[str]
    targets: Mapping[str, Sequence[str]]


class Draws:
    """Random numbers by subject: each has a stream of its own, one row a project."""

    def __init__(self, seed: int, size: int) -> None:
        self._seed = seed
        self.size = size

    def uniform(self, subject: str, columns: int = 1) -> npt.NDArray[np.float64]:
        """Return numbers in [0, 1), of shape (size, columns)."""
        stream = np.random.default_rng([self._seed, *subject.encode()])
        return stream.random((self.size, columns))

    def chosen(self, subject: str, weights: Sequence[float], columns: int = 1) -> npt.NDArray[np.intp]:
        """Return indexes of ``weights``, each drawn as often as its weight says, of shape (size, columns)."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(edges[:-1] / edges[-1], self.uniform(subject, columns), side="right")

    def skewed(self, subject: str, choices: int, columns: int = 1) -> npt.NDArray[np.intp]:
        """Return indexes below ``choices``, the first ones often (Zipf with exponent 1), of shape (size, columns)."""
        return self.chosen(subject, 1 / np.arange(1, choices + 1), columns)


def codes_of(tables: Tables, seed: int) -> Codes:
    """Return the codes of ``tables`` in an order drawn from ``seed``."""
    draw = np.random.default_rng(seed).permutation
    goals = [r.text("code") for r in tables["goals"]]
    targets: dict[str, list[str]] = {goal: [] for goal in goals}
    for row in tables["targets"]:
        targets[row.text("goal")].append(row.text("code"))
    return Codes(
        countries=draw([r.text("code") for r in tables["countries"]]).tolist(),
        lines=draw([r.text("code") for r in tables["action_lines"] if r.text("prize_category")]).tolist(),
        goals=draw(goals).tolist(),
        targets=targets,
    )


def code_tables() -> Tables:
    """Return the bundled tables that hold codes, without evidence and editions."""
    return load_tables(default_mappings(), Reading(without=frozenset({"evidence", "matrix"})))


def synthetic_mappings(folder: Path, projects: int, seed: int = SEED) -> Path:
    """Write a directory of tables: the bundled ones, and a register of invented projects; return it."""
    mappings = folder / "mappings"
    shutil.copytree(str(default_mappings()), mappings)
    write_register(mappings / "evidence", projects, seed, code_tables())
    return mappings


def write_register(folder: Path, projects: int, seed: int, tables: Tables) -> None:
    """Write a register of invented projects as tables, into a folder of its name below ``folder``."""
    place = folder / REGISTER
    place.mkdir(parents=True, exist_ok=True)
    for name, frame in synthetic_register(projects, seed, tables).items():
        frame.write_csv(place / FILES[name])


def synthetic_register(projects: int, seed: int, tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Return the tables of a register of ``projects`` invented projects, by name, on the codes of ``tables``."""
    draws, codes = Draws(seed, projects), codes_of(tables, seed)
    found = _projects(draws, codes)
    awards = _awards(draws, found)
    return {
        "register": _register(projects, seed),
        "projects": found.drop("number", "name"),
        "awards": awards,
        "tags": _tags(draws, codes, found),
        "same_project": pl.DataFrame(schema={"record": pl.String, "project": pl.String, "reason": pl.String}),
    }


def _register(projects: int, seed: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": [REGISTER],
            "title_en": ["Synthetic register: invented projects, for measuring only"],
            "title_fr": ["Registre synthétique : projets inventés, pour des mesures seulement"],
            "title_es": ["Registro sintético: proyectos inventados, solo para mediciones"],
            "publisher": ["wsiskg benchmarks"],
            "licence": [""],
            "as_of": [str(YEARS[1])],
            "source_url": ["https://example.org/synthetic"],
            "note": [f"{projects} projects drawn at random with seed {seed}. Nothing here is a fact."],
        }
    )


def _projects(draws: Draws, codes: Codes) -> pl.DataFrame:
    size = draws.size
    number = pl.int_range(1, size + 1, dtype=pl.UInt32, eager=True).alias("number")
    first, last = YEARS
    year = first + np.floor((last - first + 1) * np.sqrt(draws.uniform("year")[:, 0])).astype(np.int32)
    tagged = (year >= FIRST_SDG_YEAR) & (draws.uniform("tagged")[:, 0] < 0.9)
    stakeholder = draws.skewed("stakeholder", len(STAKEHOLDERS))[:, 0]
    frame = pl.DataFrame(
        {
            "number": number,
            "padded": number.cast(pl.String).str.zfill(6),
            "name": _names(draws),
            "organisations": _organisations(draws),
            "countries": _countries(draws, codes),
            "stakeholder_type": _taken([*STAKEHOLDERS, ""], _some(draws, "stated", 0.92, stakeholder)),
            "action_lines": _joined(codes.lines, draws.skewed("line", len(codes.lines), _LINES_OF), _line_count(draws)),
            "sdgs": _sdgs(draws, codes, tagged),
            "first_year": year,
            "described": draws.uniform("described")[:, 0] < 0.6,
            "has_url": draws.uniform("url")[:, 0] < 0.5,
        }
    )
    return frame.select(
        "number",
        "name",
        pl.format("synthetic-{}", "padded").alias("project"),
        pl.format("Synthetic project {} {}", "padded", "name").alias("title"),
        "organisations",
        "countries",
        pl.lit("").alias("development_countries"),
        pl.lit("").alias("deployment_countries"),
        "stakeholder_type",
        "action_lines",
        "sdgs",
        pl.col("first_year").cast(pl.String),
        pl.when("described").then(pl.format("Synthetic description of what {} would do.", "name")).otherwise(pl.lit(""))
        .alias("description"),
        pl.when("has_url").then(pl.format("https://example.org/synthetic/{}/home", "padded")).otherwise(pl.lit(""))
        .alias("url"),
        pl.format("https://example.org/synthetic/{}", "padded").alias("source_url"),
        pl.lit("Synthetic register").alias("source_title"),
        pl.lit("").alias("note"),
    )  # fmt: skip


def _taken(choices: Sequence[str], indexes: npt.NDArray[np.integer]) -> pl.Series:
    return pl.Series(choices, dtype=pl.String).gather(indexes)


def _some(draws: Draws, subject: str, share: float, indexes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return ``indexes`` for that share of the rows, -1 for the others: the last of the choices."""
    return np.where(draws.uniform(subject)[:, 0] < share, indexes, -1)


def _names(draws: Draws) -> pl.Series:
    """Two made-up words for each project."""
    syllables = draws.chosen("syllables", [1.0] * len(_SYLLABLES), 6)
    parts = pl.DataFrame({str(i): _taken(_SYLLABLES, syllables[:, i]) for i in range(6)})
    words = [pl.concat_str([str(i) for i in part]).str.to_titlecase() for part in (range(3), range(3, 6))]
    return parts.select(pl.concat_str(words, separator=" ")).to_series()


def _joined(choices: Sequence[str], indexes: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> pl.Series:
    """Return the first ``counts`` of each row's choices, each once, joined as a cell of several values."""
    columns = [
        _taken([*choices, ""], np.where(counts > i, indexes[:, i], -1)).replace("", None).alias(str(i))
        for i in range(indexes.shape[1])
    ]
    lists = pl.DataFrame(columns).select(pl.concat_list(pl.all()).list.drop_nulls().list.unique(maintain_order=True))
    return lists.to_series().list.join(";")


def _line_count(draws: Draws) -> npt.NDArray[np.intp]:
    return 1 + draws.chosen("lines", [60, 25, 10, 5])[:, 0]


def _countries(draws: Draws, codes: Codes) -> pl.Series:
    places = draws.skewed("country", len(codes.countries), _PLACES_OF)
    return _joined(codes.countries, places, draws.chosen("countries", [6, 82, 8, 4])[:, 0])


def _organisations(draws: Draws) -> pl.Series:
    """One to three owners; a few own many projects, and their number grows with that of the projects."""
    owned = np.floor(np.arange(1, draws.size + 1)[:, None] * draws.uniform("owner", 3) ** 2).astype(np.uint32)
    counts = 1 + draws.chosen("owners", [90, 8, 2])[:, 0]
    columns = []
    for i in range(owned.shape[1]):
        name = "Synthetic organisation " + pl.Series(owned[:, i]).cast(pl.String).str.zfill(6)
        columns.append(name.set(pl.Series(counts <= i), None).alias(str(i)))
    lists = pl.DataFrame(columns).select(pl.concat_list(pl.all()).list.drop_nulls().list.unique(maintain_order=True))
    return lists.to_series().list.join(";")


def _sdgs(draws: Draws, codes: Codes, tagged: npt.NDArray[np.bool_]) -> pl.Series:
    """Goals, one in eight of them narrowed down to one of its targets."""
    goals = draws.skewed("goal", len(codes.goals), _GOALS_OF)
    sizes = np.array([len(codes.targets[goal]) for goal in codes.goals])
    starts = len(codes.goals) + np.concatenate([[0], np.cumsum(sizes)[:-1]])
    within = np.floor(draws.uniform("target", _GOALS_OF) * sizes[goals]).astype(np.intp)
    narrowed = draws.uniform("narrowed", _GOALS_OF) < 0.125
    indexes = np.where(narrowed, starts[goals] + within, goals)
    counts = np.where(tagged, 1 + draws.chosen("goals", [45, 25, 15, 10, 5])[:, 0], 0)
    choices = [*codes.goals, *(target for goal in codes.goals for target in codes.targets[goal])]
    return _joined(choices, indexes, counts)


def _awards(draws: Draws, projects: pl.DataFrame) -> pl.DataFrame:
    """Prizes from 2012 on, for one project in sixteen, for some of them in several years."""
    last = YEARS[1]
    prized = draws.uniform("prized")[:, 0] < 1 / 16
    counts = np.where(prized, 1 + draws.chosen("prizes", [75, 20, 5])[:, 0], 0)
    rows = projects.select(
        "project", "title", "source_url", category=pl.col("action_lines").str.split(";").list.first()
    )
    years = np.maximum(projects["first_year"].cast(pl.Int32).to_numpy(), 2012)
    grades, certain = draws.chosen("grade", [70, 20, 10], 3), draws.uniform("certain", 3) < 0.97
    parts = [
        rows.with_columns(
            pl.Series("year", years + i),
            _taken(_GRADES, grades[:, i]).alias("grade"),
            _taken(["no", "yes"], certain[:, i].astype(np.intp)).alias("grade_certain"),
        ).filter(pl.Series((counts > i) & (years + i <= last)))
        for i in range(3)
    ]
    return (
        pl.concat(parts).sort("project", "year")
        .select(
            pl.format("{}-{}", "project", "year").alias("record"), "project", pl.col("year").cast(pl.String), "grade",
            "grade_certain", "category", "title", "source_url", pl.lit("Synthetic register").alias("source_title"),
            pl.when(pl.col("grade_certain") == "no").then(pl.lit("Synthetic doubt")).otherwise(pl.lit(""))
            .alias("note"),
        )
    )  # fmt: skip


def _tags(draws: Draws, codes: Codes, projects: pl.DataFrame) -> pl.DataFrame:
    """Tags that a curator would assign to one project in forty: mostly SDGs, which the older ones lack."""
    assigned = draws.uniform("assigned")[:, 0] < 1 / 40
    choices = [*codes.goals, *(t for goal in codes.goals for t in codes.targets[goal]), *codes.lines]
    index = draws.chosen("tag", [1.0] * len(choices))[:, 0]
    return projects.select("project").with_columns(
        _taken(["sdg", "wsis"], (index >= len(choices) - len(codes.lines)).astype(np.intp)).alias("framework"),
        _taken(choices, index).alias("code"),
        pl.lit("Synthetic reason").alias("reason"),
        pl.lit("Synthetic curator").alias("curator"),
        pl.lit(f"{YEARS[1]}-01-01").alias("assigned_on"),
    ).filter(pl.Series(assigned))  # fmt: skip
