"""The report on one agency: what it facilitates, what it put forward, and what the evidence says of that."""

from wsiskg.reports.content import Block, Part, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.kinds.lines import ROLES
from wsiskg.reports.sections import links_table, loaded_note

__all__ = ["agency_parts", "find_agency"]

_LINKS = 60


def find_agency(desk: Desk, code: str) -> Subject:
    """Return an agency by its code.

    Raises:
        UsageError: there is no such agency.

    """
    return desk.find(code, "agency", "agency")


def agency_parts(desk: Desk, agency: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on an agency."""
    return [loaded_note(desk)], [
        Part(desk.word("lines-facilitated"), tuple(_lines(desk, agency))),
        Part(desk.word("links"), tuple(_links(desk, agency))),
        Part(desk.word("agency-indicators-title"), tuple(_indicators(desk, agency))),
    ]


def _lines(desk: Desk, agency: Subject) -> list[Block]:
    found = desk.ask("facilitator-changes")
    rows = [row for row in found.where(agency_code=agency.code) if row["role"] in ROLES]
    if not rows:
        return [desk.say("facilitates-none", agency=agency.code)]
    records: list[Record] = [
        {
            "line": row["line_code"],
            "title": desk.name("action-line", row["line_code"]),
            "role": desk.word(f"role-{row['role']}"),
            "from_year": row["first_observed"],
            "to_year": row["last_observed"],
        }
        for row in rows
    ]
    keys = ("line", "title", "role", "from_year", "to_year")
    after = desk.text("facilitators-after")
    return [desk.table(desk.word("lines-caption"), keys, records, after, (12, 46, 18, 12, 12), found)]


def _links(desk: Desk, agency: Subject) -> list[Block]:
    """Return the links that the agency put forward, counted by what became of them."""
    own = desk.ask("agency-links", agency=agency.code, edition=desk.edition)
    if not own.rows:
        return [desk.say("agency-no-links", agency=agency.code, edition=desk.edition)]
    pairs = {(row["line_code"], row["sdg_code"]) for row in own.rows}
    verdicts = desk.ask("verdicts", edition=desk.edition)
    rows = [row for row in verdicts.rows if (row["line_code"], row["sdg_code"]) in pairs]
    links = tuple(row["link"] for row in rows)
    blocks: list[Block] = [
        desk.say(
            "agency-links", agency=agency.code, edition=desk.edition, links=own.count(),
            lines=own.distinct("line_code"), validated=verdicts.count(link=links, status="validated"),
            insufficient=verdicts.count(link=links, status="insufficient-evidence"),
        )
    ]  # fmt: skip
    if any(row["basis"] == "facilitator-at-the-time" for row in own.rows):
        blocks.append(desk.note("agency-basis"))
    keys = ("line", "sdg", "title", "status", "projects", "countries", "goal_level")
    caption = desk.word("links-of-agency")
    return [*blocks, links_table(desk, caption, rows, keys, _LINKS, (12, 8, 32, 18, 10, 10, 10))]


def _indicators(desk: Desk, agency: Subject) -> list[Block]:
    found = desk.ask("custodians-among-facilitators", edition=desk.edition)
    rows = found.where(agency_code=agency.code)
    if not rows:
        return [desk.say("keeps-none", agency=agency.code)]
    records: list[Record] = [
        {
            "line": row["line_code"],
            "sdg": row["target_code"],
            "title": desk.name("target", row["target_code"]),
            "indicator": row["indicator_code"],
        }
        for row in rows
    ]
    said = desk.say(
        "keeps", agency=agency.code, indicators=found.distinct("indicator_code", agency_code=agency.code)
    )  # fmt: skip
    keys = ("line", "sdg", "title", "indicator")
    return [said, desk.table(desk.word("keeps-caption"), keys, records, None, (14, 10, 60, 16), found)]
