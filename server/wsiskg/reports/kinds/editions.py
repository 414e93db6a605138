"""The report on one edition of the matrix."""

from wsiskg.reports.content import Block, Chart, Derived, Part, Point, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import codes_text, links_table, loaded_note, standing, without_evidence

__all__ = ["edition_parts", "find_edition"]


def find_edition(desk: Desk, code: str) -> Subject:
    """Return an edition by its code.

    Raises:
        UsageError: there is no such edition.

    """
    return desk.find(code, "edition", "edition")


def edition_parts(desk: Desk, edition: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on an edition."""
    size = desk.ask("matrix-size", edition=edition.code)
    verdicts = desk.ask("verdicts", edition=edition.code)
    lead: list[Block] = [
        desk.say(
            "edition-size", edition=edition.code, links=size.value("links"), target_links=size.value("target_links"),
            goal_links=size.value("goal_links"), lines=size.value("lines"), goals=size.value("goals"),
            targets=size.value("targets"), agencies=size.value("agencies"),
        ),
        loaded_note(desk),
    ]  # fmt: skip
    keys = ("line", "sdg", "title", "status", "projects", "countries", "goal_level")
    strongest = [row for row in verdicts.rows if row["status"] == "validated"]
    table = links_table(desk, desk.word("strongest"), strongest, keys, 20, (12, 8, 32, 18, 10, 10, 10))
    return lead, [
        Part(
            desk.word("verdicts"),
            (*standing(desk, desk.word("edition-subject")), *_by_line(desk), *([table] if strongest else [])),
        ),
        Part(desk.word("agencies"), tuple(_agencies(desk))),
        Part(desk.word("goals-title"), tuple(_goals(desk))),
        Part(
            desk.word("gaps"),
            (
                *without_evidence(desk, verdicts.rows, lambda row: f"{row['line_code']}–{row['sdg_code']}"),
                *_open(desk),
            ),
        ),
    ]


def _by_line(desk: Desk) -> list[Block]:
    """Return the links of each line by what became of them."""
    verdicts = desk.ask("verdicts", edition=desk.edition)
    lines = list(dict.fromkeys(row["line_code"] for row in verdicts.rows))
    states = [s for s in ("validated", "contested", "insufficient-evidence") if verdicts.first(status=s)]
    points = tuple(
        Point(line, verdicts.count(line_code=line, status=status), desk.status(status))
        for line in lines
        for status in states
    )
    if not points:
        return []
    names = tuple(desk.status(status) for status in states)
    alt = desk.title("verdicts-alt", statuses=desk.listed(names))
    return [Chart(desk.word("verdicts-caption"), alt, "bars", desk.word("line"), desk.word("links"), points, names)]


def _agencies(desk: Desk) -> list[Block]:
    found = desk.ask("agencies-by-links", edition=desk.edition)
    records: list[Record] = [
        {
            "agency": f"{desk.name('agency', row['agency_code'])} ({row['agency_code']})",
            "links": found.cell(row, "links", "agency_code"),
            "lines": found.cell(row, "lines", "agency_code"),
            "goals": found.cell(row, "goals", "agency_code"),
            "targets": found.cell(row, "targets", "agency_code"),
        }
        for row in found.rows
    ]
    keys = ("agency", "links", "lines", "goals", "targets")
    return [desk.table(desk.word("agencies-caption"), keys, records, None, (52, 12, 12, 12, 12))]


def _goals(desk: Desk) -> list[Block]:
    found = desk.ask("goals-by-lines", edition=desk.edition)
    records: list[Record] = []
    for row in sorted(found.rows, key=lambda row: int(row["goal_code"])):
        linked = found.cell(row, "targets_linked", "goal_code")
        in_all = found.cell(row, "targets_in_all", "goal_code")
        records.append(
            {
                "goal": row["goal_code"],
                "title": row["goal_title"],
                "lines": found.cell(row, "lines", "goal_code"),
                "links": found.cell(row, "links", "goal_code"),
                "targets_linked": linked,
                "share": Derived("share", (linked, in_all)),
            }
        )
    keys = ("goal", "title", "lines", "links", "targets_linked", "share")
    return [desk.table(desk.word("goals-caption"), keys, records, None, (8, 44, 12, 10, 14, 12))]


def _open(desk: Desk) -> list[Block]:
    """Return what the edition leaves open: targets nobody links, links without reasons, contradictions."""
    unlinked = desk.ask("unsupported-targets", edition=desk.edition)
    silent = desk.ask("links-without-rationale", edition=desk.edition)
    doubtful = desk.ask("discrepancies", edition=desk.edition)
    blocks: list[Block] = []
    if unlinked.rows:
        said = codes_text(desk, [row["target_code"] for row in unlinked.rows], 30)
        blocks.append(desk.say("unlinked-targets", number=unlinked.count(), targets=said))
    if silent.rows:
        named = codes_text(desk, [f"{row['line_code']}–{row['sdg_code']}" for row in silent.rows])
        blocks.append(desk.say("no-rationale", number=silent.count(), links=named))
    if doubtful.rows:
        blocks.append(desk.say("discrepancies", number=doubtful.count()))
    return blocks
