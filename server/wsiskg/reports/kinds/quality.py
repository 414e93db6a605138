"""The report on the evidence itself: coverage, origins, sources, freshness, bias by region and year."""

from wsiskg.model.errors import UsageError
from wsiskg.reports.content import Block, Chart, Derived, Part, Point, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import loaded_note, partial_prizes, shown_text

__all__ = ["find_evidence", "quality_parts"]

_SITES = 10


def find_evidence(desk: Desk, code: str) -> Subject:
    """Return the evidence, which has no code.

    Raises:
        UsageError: a code is given.

    """
    if code:
        raise UsageError(f"there is one report on the evidence, and none of '{code}'", "wsiskg report evidence-quality")
    return Subject("", desk.word("evidence-subject"))


def quality_parts(desk: Desk, evidence: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on the evidence."""
    registers = desk.ask("registers")
    if not registers.rows:
        return [loaded_note(desk)], []
    return [loaded_note(desk)], [
        Part(desk.word("coverage"), tuple(_coverage(desk))),
        Part(desk.word("origins"), tuple(_origins(desk))),
        Part(desk.word("completeness"), tuple(_completeness(desk))),
        Part(desk.word("freshness"), tuple(_freshness(desk))),
        Part(desk.word("bias-region"), tuple(_regions(desk))),
        Part(desk.word("bias-year"), tuple(_years(desk))),
        Part(desk.word("bias-stakeholder"), tuple(_stakeholders(desk))),
        Part(desk.word("sources"), tuple(_sources(desk))),
        Part(desk.word("unverified-title"), tuple(_unverified(desk))),
    ]


def _coverage(desk: Desk) -> list[Block]:
    """Say how much of the matrix the evidence reaches."""
    verdicts = desk.ask("verdicts", edition=desk.edition)
    links = verdicts.count()
    if not links.value:
        return [desk.say("no-links", what=desk.word("edition-subject"), edition=desk.edition)]
    direct = Derived("difference", (links, verdicts.count(projects="0")))
    nothing = verdicts.count(projects="0", goal_level_projects="0")
    return [
        desk.say(
            "coverage-links", edition=desk.edition, links=links, direct=direct, share=Derived("share", (direct, links)),
            nothing=nothing,
        )
    ]  # fmt: skip


def _origins(desk: Desk) -> list[Block]:
    found = desk.ask("tags-by-origin")
    by = ("register_code", "framework", "origin")
    records: list[Record] = [
        {
            "register": row["register_code"],
            "framework": desk.word(f"framework-{row['framework'].replace(' ', '-').lower()}"),
            "origin": desk.word(f"origin-{row['origin']}"),
            "tags": found.cell(row, "tags", *by),
            "projects": found.cell(row, "projects", *by),
        }
        for row in found.rows
    ]
    keys = ("register", "framework", "origin", "tags", "projects")
    return [desk.say("origins-lead"), desk.table(desk.word("origins-caption"), keys, records)]


def _completeness(desk: Desk) -> list[Block]:
    records: list[Record] = []
    for register in desk.ask("registers").rows:
        found = desk.ask("register-completeness", register=register["register_code"])
        for row in found.rows:
            present = found.cell(row, "projects_with", "information")
            in_all = found.cell(row, "projects_in_all", "information")
            records.append(
                {
                    "register": register["register_code"],
                    "information": desk.word(f"information-{row['information'].replace(' ', '-').lower()}"),
                    "projects": present,
                    "share": Derived("share", (present, in_all)),
                }
            )
    keys = ("register", "information", "projects", "share")
    return [desk.table(desk.word("completeness-caption"), keys, records, None, (24, 40, 18, 18))]


def _freshness(desk: Desk) -> list[Block]:
    found = desk.ask("registers")
    records: list[Record] = [
        {
            "register": row["register_title"],
            "publisher": row["publisher"],
            "as_of": row["as_of"],
            "from_year": row["first_year"] or "–",
            "to_year": row["last_year"] or "–",
            "projects": found.cell(row, "projects", "register_code"),
        }
        for row in found.rows
    ]
    keys = ("register", "publisher", "as_of", "from_year", "to_year", "projects")
    return [desk.table(desk.word("freshness-caption"), keys, records, None, (28, 26, 14, 10, 10, 12))]


def _regions(desk: Desk) -> list[Block]:
    found = desk.ask("region-coverage")
    by = ("register_code", "region_code")
    records: list[Record] = []
    for row in found.rows:
        covered, in_all = found.cell(row, "countries_with_projects", *by), found.cell(row, "countries", *by)
        records.append(
            {
                "register": row["register_code"],
                "region": row["region_name"],
                "projects": found.cell(row, "projects", *by),
                "countries": covered,
                "share": Derived("share", (covered, in_all)),
            }
        )
    points = tuple(
        Point(row["region_name"], found.cell(row, "projects", *by), row["register_code"]) for row in found.rows
    )
    series = tuple(dict.fromkeys(row["register_code"] for row in found.rows))
    keys = ("register", "region", "projects", "countries", "share")
    return [
        desk.say("bias-region-lead"),
        Chart(
            desk.word("regions-caption"), desk.word("regions-alt"), "bars", desk.word("region"), desk.word("projects"),
            points, series,
        ),
        desk.table(desk.word("regions-caption"), keys, records, desk.text("several-regions"), (20, 30, 16, 18, 16)),
    ]  # fmt: skip


def _years(desk: Desk) -> list[Block]:
    prizes = desk.ask("prizes-by-year")
    years = [int(row["year"]) for row in prizes.rows if row["year"]]
    if not years:
        return [desk.say("no-years")]
    grades = ("winners", "champions", "nominees", "doubtful")
    names = tuple(desk.word(grade) for grade in grades)
    points = tuple(
        Point(str(year), prizes.value(grade, year=str(year)), desk.word(grade))
        for year in range(min(years), max(years) + 1)
        for grade in grades
    )
    most = max(prizes.rows, key=lambda row: int(row["awards"]))
    share = Derived("share", (prizes.cell(most, "awards", "year"), prizes.total("awards")))
    alt = desk.title("years-alt", first=min(years), last=max(years))
    return [
        desk.say("bias-year-lead", year=most["year"] or "–", share=share),
        *partial_prizes(desk),
        Chart(desk.word("years-caption"), alt, "columns", desk.word("year"), desk.word("awards"), points, names),
    ]


def _stakeholders(desk: Desk) -> list[Block]:
    found = desk.ask("projects-by-stakeholder")
    by_register = [desk.ask("register-completeness", register=r["register_code"]) for r in desk.ask("registers").rows]
    stated = [answer.value("projects_with", information="stakeholder type") for answer in by_register]
    in_all = [answer.value("projects_in_all", information="stakeholder type") for answer in by_register]
    states = list(dict.fromkeys((row["type_code"], row["type_title"]) for row in found.rows))
    regions = desk.subjects("region")
    records: list[Record] = [
        {
            "type": title or desk.word("unstated"),
            "region": regions[row["region_code"]].title if row["region_code"] in regions else desk.word("no-region"),
            "projects": found.cell(row, "projects", "type_code", "region_code"),
        }
        for code, title in states
        for row in found.where(type_code=code)
    ]
    keys = ("type", "region", "projects")
    return [
        desk.say("stakeholder-lead", stated=Derived("sum", tuple(stated)), all=Derived("sum", tuple(in_all))),
        desk.table(desk.word("stakeholder-caption"), keys, records, desk.text("several-regions"), (40, 40, 20)),
    ]


def _sources(desk: Desk) -> list[Block]:
    found = desk.ask("sources-by-site")
    records: list[Record] = [
        {
            "site": row["site"],
            "pages": found.cell(row, "pages", "site"),
            "records": found.cell(row, "records", "site"),
        }
        for row in found.rows[:_SITES]
    ]
    after = shown_text(desk, len(records), len(found.rows), found.question.command)
    table = desk.table(desk.word("sources-caption"), ("site", "pages", "records"), records, after, (60, 20, 20))
    return [desk.say("sources-lead", sites=found.count()), table]


def _unverified(desk: Desk) -> list[Block]:
    found = desk.ask("unverified-statements")
    if not found.rows:
        return [desk.say("all-verified")]
    records: list[Record] = [
        {
            "what": " · ".join(_local(name) for name in (row["class"], row["property"]) if name),
            "statements": found.cell(row, "unverified", "kind", "class", "property"),
        }
        for row in found.rows
    ]
    table = desk.table(desk.word("unverified-caption"), ("what", "statements"), records, None, (70, 30))
    return [desk.say("unverified-lead", number=found.total("unverified")), table]


def _local(iri: str) -> str:
    """Return the last part of an IRI, after its last ``#`` or ``/``."""
    return iri.rpartition("#")[2].rpartition("/")[2]
