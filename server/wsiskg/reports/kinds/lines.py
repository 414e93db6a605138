"""The road map of one action line."""

from wsiskg.reports.content import Block, Code, Part, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import (
    bullets,
    candidates,
    evidence_over_time,
    examples_by_region,
    indicators,
    links_table,
    loaded_note,
    standing,
    without_evidence,
)

__all__ = ["ROLES", "find_line", "line_parts"]

ROLES = ("facilitator", "co-facilitator", "partner")
"""Roles of agencies that facilitate a line; suggestions are none."""

_CANDIDATES, _INDICATORS = 10, 60


def find_line(desk: Desk, code: str) -> Subject:
    """Return an action line by its code.

    Raises:
        UsageError: there is no such line.

    """
    return desk.find(code, "action line", "action-line")


def line_parts(desk: Desk, line: Subject) -> tuple[list[Block], list[Part]]:
    """Return the road map of a line; of C7, that of its sub-lines together."""
    below = [code for code in desk.subjects("action-line") if code.startswith(f"{line.code}-")]
    codes = below or [line.code]
    verdicts = desk.ask("verdicts", edition=desk.edition)
    links = verdicts.where(line_code=codes)
    found = desk.ask("line-examples", line=line.code)
    keys = (*(["line"] if below else []), "sdg", "title", "status", "projects", "countries", "goal_level")
    widths = (12, 8, 32, 18, 10, 10, 10) if below else (8, 44, 18, 10, 10, 10)
    standing_of_line = standing(desk, desk.title("line-subject", code=line.code), line_code=codes)
    rows = [links_table(desk, desk.word("links-of-line"), links, keys, widths=widths)] if links else []
    bare = without_evidence(
        desk, links, lambda row: f"{row['line_code']}–{row['sdg_code']}" if below else row["sdg_code"],
        **({"line_code": line.code} if not below else {}),
    ) if not below else []  # fmt: skip
    sharing = desk.ask("lines-sharing-targets", line=line.code, edition=desk.edition) if not below else None
    shared: list[Block] = []
    if sharing and sharing.rows:
        several = [
            desk.text(
                "shares", line=f"{row['other_code']} {desk.name('action-line', row['other_code'])}",
                targets=sharing.cell(row, "shared_targets", "other_code"),
            )
            for row in sharing.rows[:3]
        ]  # fmt: skip
        shared = [desk.say("shares-lead"), *bullets(several)]
    parts = [
        Part(desk.word("facilitators"), tuple(_facilitators(desk, codes))),
        Part(desk.word("links"), (*standing_of_line, *rows, *shared)),
        Part(
            desk.word("over-time"),
            (*evidence_over_time(desk, found, desk.title("by-first-year-alt", what=line.code)), *_timeline(desk, line)),
        ),
        Part(desk.word("by-region-title"), tuple(examples_by_region(desk, found))),
    ]
    if bare:
        parts.append(Part(desk.word("gaps"), tuple(bare)))
    parts += [
        Part(
            desk.word("candidates"),
            (
                desk.say("candidates-lead"),
                *candidates(
                    desk, lambda row: row["line_code"] in codes,
                    (*(["line"] if below else []), "sdg", "title", "projects", "countries", "meets"), _CANDIDATES,
                ),
            ),
        ),
        Part(desk.word("indicators-title"), tuple(b for c in codes for b in _indicators(desk, c, bool(below)))),
    ]  # fmt: skip
    return [loaded_note(desk)], parts


def _timeline(desk: Desk, line: Subject) -> list[Block]:
    return [desk.say("timeline", command=Code(f"wsiskg analyse timeline {line.code}"))]


def _indicators(desk: Desk, code: str, several: bool) -> list[Block]:
    found = indicators(desk, code, 8 if several else _INDICATORS)
    return [desk.say("of-line", line=desk.line(code)), *found] if several else found


def _facilitators(desk: Desk, codes: list[str]) -> list[Block]:
    """Return who facilitates the lines, as of the last year that is known."""
    found = desk.ask("facilitator-changes")
    rows = [row for row in found.rows if row["line_code"] in codes and row["role"] in ROLES]
    if not rows:
        return [desk.say("no-facilitators")]
    records: list[Record] = [
        {
            "line": row["line_code"],
            "agency": f"{desk.name('agency', row['agency_code'])} ({row['agency_code']})",
            "role": desk.word(f"role-{row['role']}"),
            "from_year": row["first_observed"],
            "to_year": row["last_observed"],
        }
        for row in rows
    ]
    keys = (*(["line"] if len(codes) > 1 else []), "agency", "role", "from_year", "to_year")
    after = desk.text("facilitators-after")
    table = desk.table(desk.word("facilitators-caption"), keys, records, after, asked=found)
    return [table]
