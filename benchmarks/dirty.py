"""Dirty exports of invented projects, with the truth beside them: what an import is measured by.

The mess is of the kinds seen in real exports: countries in any spelling, lists in one cell in six languages, titles
retyped, one project under two numbers and in the prizes of several years, Windows letters among UTF-8, rows twice,
numbers twice, titles missing, persons' addresses. What is drawn depends on the seed and the number of the project
alone. Every record is marked: its number begins with ``synthetic-``, its title with ``Synthetic``, a column says so.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pycountry
from babel import Locale

from wsiskg.tables.rows import Tables

T = TypeVar("T")

__all__ = ["PRIZES", "STOCKTAKING", "TRUTH", "Truth", "write_dirty"]

STOCKTAKING, PRIZES, TRUTH = "stocktaking.csv", "prizes.csv", "truth.csv"
_HEADERS = (
    "Project ID", "Project title", "Organization", "Country", "Type of entity", "WSIS Action Lines",
    "Sustainable Development Goals", "Start date", "Description", "Website", "Contact e-mail", "Budget (USD)",
    "Synthetic",
)  # fmt: skip
_PRIZE_HEADERS = (
    "Record",
    "Year",
    "Category",
    "Result",
    "Project title",
    "Organisation",
    "Country",
    "Stocktaking ID",
    "Synthetic",
)
_TRUTH_HEADERS = ("file", "id", "project", "countries", "action_lines", "sdgs", "fault")
_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
_OTHERS = ("de", "pt", "it", "tr", "uk")  # further languages that names of countries come in
_ADJECTIVES = (
    "rural", "mobile", "national", "open", "community", "digital", "regional", "smart", "local", "virtual", "free",
    "women-led",
)  # fmt: skip
_THINGS = (
    "telecentre network", "health record system", "learning platform", "market price service", "early warning system",
    "land registry", "broadband programme", "radio archive", "library portal", "training scheme", "payment gateway",
    "job exchange", "water monitoring", "disability helpline", "heritage collection", "weather bulletin",
)  # fmt: skip
_GROUPS = (
    "farmers", "teachers", "nurses", "fishers", "young people", "small firms", "municipalities", "refugees",
    "schools", "older people", "journalists", "women entrepreneurs",
)  # fmt: skip
_BODIES = (
    "Ministry of {t}",
    "{p} {t} Agency",
    "University of {p}",
    "{p} Foundation",
    "{p} Systems Ltd.",
    "{t} Network of {p}",
)
_TOPICS = ("Communications", "Education", "Health", "Agriculture", "Environment", "Culture", "Labour", "Information")
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_TYPES = {
    "government": ("Government", "Gouvernement", "Gobierno", "government ", "GOVERNMENT", "Public sector"),
    "private-sector": ("Private sector", "Secteur privé", "Business entities", "Sector privado", "private"),
    "civil-society": ("Civil society", "NGO", "Société civile", "Sociedad civil", "Civil Society/NGO"),
    "academia": ("Academia", "University", "Universidad", "Académie"),
    "international-organisation": ("International organization", "Organisation internationale", "UN agency"),
}  # fmt: skip
_GOAL_WORDS = {
    "en": ("SDG", "Goal"),
    "fr": ("ODD", "Objectif"),
    "es": ("ODS", "Objetivo"),
    "ru": ("ЦУР",),
    "zh": ("目标",),
}
_GRADES = {
    "winner": ("Winner", "winner", "Lauréat", "Ganador"), "champion": ("Champion", "CHAMPION", "Campeón"),
    "nominee": ("Nominee", "Nominated", "Nominado", "nominee"),
}  # fmt: skip
_NOWHERE = ("Global", "International", "Worldwide", "Africa", "Various countries", "n/a")
_FORMAL = {"IRN": "Iran (Islamic Republic of)", "KOR": "Korea (Rep. of)", "COD": "Dem. Rep. of the Congo",
           "TZA": "Tanzania, United Republic of", "BOL": "Bolivia (Plurinational State of)", "LAO": "Lao P.D.R.",
           "GBR": "UK", "USA": "U.S.A.", "ARE": "UAE", "VNM": "Viet Nam", "CIV": "Cote d'Ivoire"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What a record really says: the invented project, and its codes; ``fault`` if the row is to be rejected."""

    file: str
    id: str
    project: str
    countries: tuple[str, ...] = ()
    action_lines: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    fault: str = ""


@dataclass
class _Names:
    """Codes of the tables with their names by language."""

    tables: Tables
    seed: int
    countries: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.countries = [(r.text("code"), r.text("iso2")) for r in self.tables["countries"] if r.text("region")]
        self.lines = [r.text("code") for r in self.tables["action_lines"] if r.text("prize_category")]
        self.categories = {r.text("code"): r.text("prize_category") for r in self.tables["action_lines"]}
        self.goals = [r.text("code") for r in self.tables["goals"]]
        self.targets = [r.text("code") for r in self.tables["targets"]]

    @cached_property
    def territories(self) -> Mapping[str, Mapping[str, str]]:
        return {language: Locale.parse(language).territories for language in (*_LANGUAGES, *_OTHERS)}

    @cached_property
    def line_titles(self) -> Mapping[tuple[str, str], str]:
        return {
            (r.text("action_line"), r.text("lang")): r.text("title")
            for r in self.tables["action_line_titles"]
            if r.text("kind") == "preferred"
        }

    @cached_property
    def goal_titles(self) -> Mapping[tuple[str, str], str]:
        return {
            (r.text("code"), language): r.text(f"title_{language}")
            for r in self.tables["goals"]
            for language in _LANGUAGES
        }


def write_dirty(folder: Path, projects: int, seed: int, tables: Tables) -> dict[str, Truth]:
    """Write the exports and the truth into ``folder``; return the truth by number as given."""
    names, truths = _Names(tables, seed), []
    out: dict[str, list[tuple[Sequence[str], random.Random]]] = {STOCKTAKING: [], PRIZES: []}
    for number in range(1, projects + 1):
        rng = random.Random(f"{seed}:{number}")  # noqa: S311
        for file, cells, truth in _records(number, rng, names):
            out[file].append((cells, rng))
            truths.append(truth)
    folder.mkdir(parents=True, exist_ok=True)
    for file, headers in ((STOCKTAKING, _HEADERS), (PRIZES, _PRIZE_HEADERS)):
        with (folder / file).open("wb") as handle:
            handle.write(_line(headers).encode())
            for cells, rng in out[file]:
                handle.write(_encoded(_line(cells), rng))
    with (folder / TRUTH).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(_TRUTH_HEADERS)
        writer.writerows([t.file, t.id, t.project, *map(";".join, (t.countries, t.action_lines, t.sdgs)), t.fault]
                         for t in truths)  # fmt: skip
    return {f"{t.file}:{t.id}": t for t in truths if not t.fault}


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _encoded(line: str, rng: random.Random) -> bytes:
    """Write one row in fifty with the letters of Windows, where it has them."""
    if rng.random() < 0.02:
        try:
            return line.encode("cp1252")
        except UnicodeEncodeError:
            pass
    return line.encode()


def _records(number: int, rng: random.Random, names: _Names) -> Iterator[tuple[str, Sequence[str], Truth]]:
    """Yield the records of one project: an entry, perhaps another one, perhaps prizes, perhaps rows that are wrong."""
    title, body = _title(rng), _body(rng)
    if number % 25 == 0:  # a sister of the project before: the same body and nearly the same title
        title, body = _sister(random.Random(f"{names.seed}:{number - 1}"), rng)  # noqa: S311
    count = rng.choices((0, 1, 2, 3), (4, 82, 10, 4))[0]
    places = _skewed(rng, names.countries, count)
    lines = _skewed(rng, names.lines, rng.choices((1, 2, 3), (60, 28, 12))[0])
    tagged = rng.random() < 0.7
    goals = _skewed(rng, names.goals, rng.choices((1, 2, 3, 4), (40, 30, 20, 10))[0]) if tagged else []
    targets = rng.sample(names.targets, 2) if tagged and rng.random() < 0.12 else []
    kind = rng.choice(list(_TYPES))
    year = rng.randint(2005, 2025)
    project = f"{number:07d}"
    records = 2 if rng.random() < 0.12 else 1
    for copy in range(records):
        given = f"synthetic-{project}{'b' * copy}"
        sdgs = targets if targets and rng.random() < 0.5 else goals
        truth = Truth(STOCKTAKING, given, project, tuple(c for c, _ in places), tuple(lines), tuple(sdgs))
        cells = [
            given, title if not copy else _retyped(rng, title), body if not copy else _respelled(rng, body),
            _countries(rng, names, places), rng.choice(_TYPES[kind]), _lines(rng, names, lines),
            _sdgs(rng, names, sdgs), _date(rng, year), f"Synthetic description. Write to nobody{number}@example.org.",
            rng.choice(("www.example.org/p", "http://example.org/p", "example.org", "", "n/a")) ,
            f"nobody{number}@example.org", str(rng.randint(1, 900) * 1000), "yes",
        ]  # fmt: skip
        yield STOCKTAKING, cells, truth
        if rng.random() < 0.01:
            yield STOCKTAKING, cells, truth  # the same row twice
        if rng.random() < 0.004:
            yield STOCKTAKING, [given, f"{title} II", *cells[2:]], Truth(STOCKTAKING, given, project, fault="conflict")
        if rng.random() < 0.005:
            lost = f"{given}x"
            yield STOCKTAKING, [lost, "", *cells[2:]], Truth(STOCKTAKING, lost, project, fault="no-title")
    if rng.random() < 0.2:
        for after in range(rng.choices((1, 2), (75, 25))[0]):
            yield _award(rng, names, project, after, title, body, places, lines[0], year)


def _title(rng: random.Random) -> str:
    return f"Synthetic {rng.choice(_ADJECTIVES)} {rng.choice(_THINGS)} for {rng.choice(_GROUPS)} of {_place(rng)}"


def _body(rng: random.Random) -> str:
    return rng.choice(_BODIES).format(t=rng.choice(_TOPICS), p=_place(rng))


def _place(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(3)).title()


def _sister(before: random.Random, rng: random.Random) -> tuple[str, str]:
    title, body = _title(before), _body(before)
    start, _, end = title.partition(" for ")
    _, _, place = end.rpartition(" of ")
    return rng.choice((f"{start} for {rng.choice(_GROUPS)} of {place}", f"{title} phase 2", f"{title} II")), body


def _award(
    rng: random.Random, names: _Names, project: str, after: int, title: str, body: str,
    places: Sequence[tuple[str, str]], line: str, year: int,
) -> tuple[str, Sequence[str], Truth]:  # fmt: skip
    given, held = f"synthetic-p{project}{'b' * after}", max(year, 2012) + after
    grade = rng.choices(list(_GRADES), (10, 20, 70))[0]
    cells = [
        given, str(held), _category(rng, names, line), rng.choice(_GRADES[grade]), _retyped(rng, title),
        _respelled(rng, body), _countries(rng, names, places),
        f"synthetic-{project}" if rng.random() < 0.4 else "", "yes",
    ]  # fmt: skip
    return PRIZES, cells, Truth(PRIZES, given, project, tuple(c for c, _ in places), (line,))


def _skewed(rng: random.Random, choices: Sequence[T], count: int) -> list[T]:
    weights = [1 / n for n in range(1, len(choices) + 1)]
    return list(dict.fromkeys(rng.choices(choices, weights, k=count)))


def _typo(rng: random.Random, text: str) -> str:
    """Swap, drop or double one letter."""
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i - 1].isalpha()]
    if not places:
        return text
    i = rng.choice(places)
    before, here, after = text[: i - 1] + text[i - 1], text[i], text[i + 1 :]
    return rng.choice((before + after, before + here + here + after, text[: i - 1] + here + text[i - 1] + after))


def _retyped(rng: random.Random, title: str) -> str:
    """Type a title again, as people do."""
    forms = (
        lambda t: t, lambda t: t.upper(), lambda t: t.title(), lambda t: f"  {t} ",
        lambda t: t.replace(" for ", " – for "),
        lambda t: _typo(rng, t), lambda t: _typo(rng, t), lambda t: t.replace(" of ", " in "), lambda t: f"“{t}”",
        lambda t: f"{t} ({''.join(w[0] for w in t.split()[1:4]).upper()})",
    )  # fmt: skip
    return rng.choice(forms)(title)


def _respelled(rng: random.Random, body: str) -> str:
    forms = (
        lambda t: t, lambda t: t.upper(), lambda t: t.replace("Ministry", "Min."), lambda t: f"The {t}",
        lambda t: t.replace("University", "Univ."), lambda t: t.removesuffix(" Ltd."),
        lambda t: f"{t} ({''.join(w[0] for w in t.split()).upper()})",
    )  # fmt: skip
    return rng.choice(forms)(body)


def _country(rng: random.Random, names: _Names, code: str, iso2: str) -> str:
    form = rng.random()
    if form < 0.45:
        return names.territories["en"][iso2]
    if form < 0.65:
        return names.territories[rng.choice(_LANGUAGES)][iso2]
    if form < 0.70:
        return names.territories[rng.choice(_OTHERS)][iso2]
    if form < 0.76:
        return code
    if form < 0.79:
        return iso2
    if form < 0.84:
        return names.territories["en"][iso2].upper()
    if form < 0.90:
        known = pycountry.countries.get(alpha_3=code)
        return getattr(known, "official_name", known.name) if known else code
    if form < 0.95:
        return _FORMAL.get(code, f" {names.territories['en'][iso2]}")
    return _typo(rng, names.territories["en"][iso2])


def _countries(rng: random.Random, names: _Names, places: Sequence[tuple[str, str]]) -> str:
    if not places:
        return rng.choice((*_NOWHERE, "", ""))
    return rng.choice((", ", "; ", " / ", "\n", " and ")).join(_country(rng, names, *place) for place in places)


def _a_line(rng: random.Random, names: _Names, code: str) -> str:
    language = rng.choice(("en", "en", "en", *_LANGUAGES))
    title = names.line_titles.get((code, language)) or names.line_titles[code, "en"]
    base, _, sub = code.partition("-")
    return rng.choice((
        code, code.lower(), f"AL {code}", f"{base}. {title}", f"{base}: {title}", f"AL {base} {title}", title,
        f"{base} {sub}".strip() if sub else f"WSIS Action Line {base}", _typo(rng, f"{base}. {title}"),
    ))  # fmt: skip


def _lines(rng: random.Random, names: _Names, codes: Sequence[str]) -> str:
    if rng.random() < 0.02:
        return rng.choice(("all", "various", "-", "ICT"))
    return rng.choice(("; ", ", ", "\n", " | ", " and ")).join(_a_line(rng, names, code) for code in codes)


def _category(rng: random.Random, names: _Names, code: str) -> str:
    number = names.categories[code]
    return rng.choice(
        (f"Category {number}", f"Category {number}: {names.line_titles[code, 'en']}", _a_line(rng, names, code))
    )


def _sdgs(rng: random.Random, names: _Names, codes: Sequence[str]) -> str:
    if not codes:
        return rng.choice(("", "", "", "", "n/a", "all", "many goals"))
    language = rng.choice(("en", "en", "en", *_GOAL_WORDS))
    word = rng.choice(_GOAL_WORDS[language])
    if any("." in code for code in codes):
        word = rng.choice(("", "Target", "SDG"))
        return rng.choice(("; ", ", ", "\n")).join(f"{word} {code}".strip() for code in codes)
    titles = names.goal_titles
    form = rng.choice(("word", "word", "title", "name", "number", "first", "cut", "close", "typo"))
    if form == "number":
        return rng.choice((";", ", ", " / ", ",")).join(codes)
    if form == "first":
        joint = {"en": " and ", "fr": " et ", "es": " y "}.get(language, ", ")
        return f"{word} {joint.join(codes)}"
    said = {
        "word": lambda c: f"{word} {c}", "title": lambda c: f"{word} {c}: {titles[c, language]}",
        "name": lambda c: titles[c, language], "cut": lambda c: f"{word} {c}: {titles[c, language].split()[0]}...",
        "close": lambda c: f"{word}{c}".upper(), "typo": lambda c: _typo(rng, titles[c, language]),
    }[form]  # fmt: skip
    return rng.choice(("; ", ", ", "\n", " / ")).join(said(code) for code in codes)


def _date(rng: random.Random, year: int) -> str:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice((
        str(year), f"{year}-{month:02}-{day:02}", f"{day:02}/{month:02}/{year}", f"{month}/{year}",
        f"{day}.{month}.{year}", f"{_MONTHS[month - 1]} {year}", f"{year}-{year + 2}", f"since {year}", "soon",
    ))  # fmt: skip


_MONTHS = (
    "January",
    "February",
    "March",
    "avril",
    "May",
    "June",
    "julio",
    "August",
    "Sept.",
    "October",
    "Nov",
    "December",
)
