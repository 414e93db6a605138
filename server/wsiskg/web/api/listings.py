"""The lists of the REST interface as data: what each holds, its filters, orders and CSV columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsiskg.graph.index.columns import COLUMNS
from wsiskg.model.codes import PATTERNS

__all__ = ["COLLECTIONS", "FORMS", "Collection", "Filter"]

FORMS: Mapping[str, tuple[str, str]] = {
    "line": (PATTERNS["action-line"], "C2"),
    "sdg": (PATTERNS["sdg"], "9.c"),
    "goal": (PATTERNS["sdg-goal"], "9"),
    "connect-goal": (r"[1-4]", "2"),
    "edition": (r"[0-9]{4}[0-9A-Za-z-]{0,20}", "2015"),
    "agency": (r"[A-Za-z0-9-]{1,40}", "ITU"),
    "country": (PATTERNS["country"], "KEN"),
    "region": (r"[A-Z]{3}", "AFR"),
    "level": (r"goal|target", "target"),
    "sdg-level": (r"goal|target|indicator", "target"),
    "status": (r"proposed|validated|insufficient-evidence|contested|retired", "validated"),
    "origin": (r"declared|assigned|suggested", "declared"),
    "directness": (r"direct|goal-level", "direct"),
    "register": (r"[a-z0-9-]{1,40}", "wsis-prizes"),
    "grade": (r"winner|champion|nominee", "winner"),
    "stakeholder": (r"[a-z-]{1,40}", "civil-society"),
    "organisation": (r"[^\x00-\x20/]{1,80}", "a2i"),
    "project": (r"[a-z0-9-]{1,80}", "wsis-2018-c-003"),
    "boolean": (r"true|false", "true"),
    "true": (r"true", "true"),
    "year": (r"(19|20)[0-9]{2}", "2018"),
    "kind": (
        r"action-line|goal|target|indicator|connect2020|agency|region|country|edition|hlpf|event|link|decision|"
        r"project|award|organisation|register",
        "target",
    ),
    "language": (r"ar|en|es|fr|ru|zh", "fr"),
}
"""Form of a value -> regular expression that it matches as a whole, and an example."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter that narrows a list.

    Attributes:
        facet: what it is in the index.
        form: one of `FORMS`.
        text: what it keeps, for the documentation.

    """

    facet: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A list.

    Attributes:
        name: its name in the address.
        kinds: kinds of items in it.
        text: what it holds, for the documentation.
        filters: by name of the query parameter; several values of one mean any of them.
        columns: CSV column -> path of names in the document; the last dot may be followed by a language.
        number: what ``sort=<number>`` sorts by, empty for nothing.
        dated: whether items have a year (``year-from``, ``year-to``, ``sort=year``).
        latest: whether only the latest edition is listed when none is named.
        example: code of an item.

    """

    name: str
    kinds: tuple[str, ...]
    text: str
    filters: Mapping[str, Filter]
    columns: Mapping[str, str]
    number: str = ""
    dated: bool = False
    latest: bool = False
    example: str = ""

    @property
    def sorts(self) -> tuple[str, ...]:
        """Names of the orders; each may be preceded by ``-``."""
        return ("code", "name", *(["year"] if self.dated else []), *([self.number] if self.number else []))


_EDITION = Filter("edition", "edition", "links of this edition; left out: of the latest")
_LINE = Filter("line", "line", "with this action line; C7 has links of its own sub-lines only where they name it")
_SDG = Filter("sdg", "sdg", "with exactly this SDG goal or target")
_GOAL = Filter("goal", "goal", "with this SDG goal or any of its targets")
_LEVEL = Filter("level", "level", "at the level of goals, or of targets")
_REGION = Filter("region", "region", "from a country of this ITU region")
_COUNTRY = Filter("country", "country", "from this country (ISO 3166-1 alpha-3)")
_REGISTER = Filter("register", "register", "from this register")
_GRADE = Filter("grade", "grade", "that won this grade of a WSIS Prize, as far as that is certain")

COLLECTIONS: Mapping[str, Collection] = {
    c.name: c
    for c in (
        Collection(
            "links", ("link",), "Links of an edition of the matrix, each with its assessment.",
            {
                "edition": _EDITION, "line": _LINE, "sdg": _SDG, "goal": _GOAL, "level": _LEVEL,
                "status": Filter("status", "status", "with this status"),
                "agency": Filter("agency", "agency", "put forward by this agency"),
            },
            COLUMNS["links"],
            number="projects", latest=True, example="2015/C2-9.c",
        ),
        Collection(
            "candidates", ("candidate",),
            "Pairs with evidence that no agency has linked in an edition, the strongest first.",
            {
                "edition": _EDITION, "line": _LINE, "sdg": _SDG, "goal": _GOAL, "level": _LEVEL,
                "meets-policy": Filter("meets-policy", "boolean", "whose evidence would validate a link"),
            },
            COLUMNS["candidates"],
            number="rank", latest=True, example="2015/C7-EHEA-4",
        ),
        Collection(
            "action-lines", ("action-line",), "Action lines of the Geneva Plan of Action, with their facilitators.",
            {
                "agency": Filter("agency", "agency", "that this agency facilitates, at any time"),
                "parent": Filter("parent", "line", "sub-lines of this action line"),
            },
            COLUMNS["action-lines"],
            example="C7-EAGR",
        ),
        Collection(
            "sdgs", ("goal", "target", "indicator"), "SDG goals, targets and indicators, under the UN's IRIs.",
            {
                "goal": Filter("goal", "goal", "this goal, its targets and their indicators"),
                "line": Filter("line", "line", "that this action line supports in the latest edition"),
            },
            COLUMNS["sdgs"],
            example="9.c",
        ),
        Collection(
            "connect2020", ("connect2020",), "Goals and targets of the Connect 2020 agenda, with reported figures.",
            {"goal": Filter("goal", "connect-goal", "this Connect 2020 goal and its targets")},
            COLUMNS["connect2020"],
            example="2.1.A",
        ),
        Collection(
            "agencies", ("agency",), "UN agencies that facilitate action lines or put links forward.",
            {"line": Filter("line", "line", "that facilitate this action line, at any time")},
            COLUMNS["agencies"],
            example="ITU",
        ),
        Collection(
            "projects", ("project",), "Projects of the registers, with tags by origin, awards and organisations.",
            {
                "line": Filter("line", "line", "that carry this action line or one of its sub-lines (not: suggested)"),
                "sdg": Filter("sdg", "sdg", "that carry this target, or this goal or one of its targets"),
                "country": _COUNTRY, "region": _REGION, "register": _REGISTER, "grade": _GRADE,
                "recognised": Filter("recognised", "true", "that have an award of any grade"),
                "organisation": Filter("organisation", "organisation", "of this organisation"),
                "stakeholder": Filter("stakeholder", "stakeholder", "of an organisation of this type"),
            },
            COLUMNS["projects"],
            number="awards", dated=True, example="dpg-dhis2",
        ),
        Collection(
            "prizes", ("award",), "WSIS Prizes: winners, champions and nominees.",
            {
                "line": Filter("line", "line", "in the category of this action line"), "grade": _GRADE,
                "country": _COUNTRY, "region": _REGION,
                "project": Filter("project", "project", "of this project"),
            },
            COLUMNS["prizes"],
            dated=True, example="wsis-2012-w-003",
        ),
        Collection(
            "hlpf", ("hlpf",), "Sessions of the High-level Political Forum, with the goals reviewed in depth.",
            {"goal": Filter("goal", "goal", "that review this goal in depth")},
            COLUMNS["hlpf"],
            dated=True, example="2019",
        ),
        Collection(
            "editions", ("edition",), "Editions of the matrix.", {},
            COLUMNS["editions"],
            dated=True, example="2015",
        ),
        Collection(
            "organisations", ("organisation",), "Organisations behind the projects.", {},
            COLUMNS["organisations"], number="projects", example="a2i",
        ),
        Collection(
            "countries", ("country",), "Countries, with their ITU region.", {"region": _REGION},
            COLUMNS["countries"],
            example="KEN",
        ),
        Collection(
            "regions", ("region",), "ITU regions.", {},
            COLUMNS["regions"], example="AFR",
        ),
        Collection(
            "registers", ("register",), "Registers that projects and awards come from.", {},
            COLUMNS["registers"], number="projects", example="wsis-prizes",
        ),
    )
}  # fmt: skip
"""All lists by name."""
