"""The report on one SDG goal or target."""

from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.reports.content import Block, Part, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import (
    LINKS,
    candidates,
    codes_text,
    evidence_over_time,
    examples_by_region,
    links_table,
    loaded_note,
    shown_text,
    standing,
)

__all__ = ["find_goal", "find_target", "sdg_parts"]

_CANDIDATES = 10


def find_goal(desk: Desk, code: str) -> Subject:
    """Return a goal by its code.

    Raises:
        UsageError: there is no such goal.

    """
    return desk.find(code, "SDG goal", "goal")


def find_target(desk: Desk, code: str) -> Subject:
    """Return a target by its code.

    Raises:
        UsageError: there is no such target.

    """
    return desk.find(code, "SDG target", "target")


def sdg_parts(desk: Desk, sdg: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on a goal with its targets, or on one target."""
    name = desk.title("sdg", code=sdg.code)
    verdicts = desk.ask("verdicts", edition=desk.edition)
    links = [row for row in verdicts.rows if _within(row["sdg_code"], sdg)]
    found = desk.ask("sdg-examples", sdg=sdg.code)
    said = standing(desk, name, sdg_code=list(dict.fromkeys(row["sdg_code"] for row in links)) or [sdg.code])
    keys = ("line", "line_title", "sdg", "status", "projects", "countries", "goal_level")
    table = links_table(desk, desk.word("links-of-sdg"), links, keys, LINKS, (10, 34, 8, 18, 10, 10, 10))
    pairs = candidates(
        desk, lambda row: _within(row["sdg_code"], sdg), ("line", "sdg", "title", "projects", "countries", "meets"),
        _CANDIDATES,
    )  # fmt: skip
    alt = desk.title("by-first-year-alt", what=name)
    parts = [
        Part(desk.word("links"), (*said, *([table] if links else []))),
        Part(desk.word("over-time"), tuple(evidence_over_time(desk, found, alt))),
        Part(desk.word("by-region-title"), tuple(examples_by_region(desk, found))),
        *(Part(desk.word("gaps"), tuple(gaps)) for gaps in [_gaps(desk, sdg)] if gaps),
        Part(desk.word("candidates"), (desk.say("candidates-lead"), *pairs)),
        Part(desk.word("connect-title"), tuple(_connect(desk, sdg))),
        Part(desk.word("sessions-title"), tuple(_sessions(desk, sdg_goal_of(sdg.code)))),
    ]
    return [loaded_note(desk)], parts


def _within(code: str, sdg: Subject) -> bool:
    """Say whether an SDG code is that of the subject, or of one of its targets."""
    return code == sdg.code or ("." not in sdg.code and "." in code and sdg_goal_of(code) == sdg.code)


def _gaps(desk: Desk, sdg: Subject) -> list[Block]:
    """Say which targets nobody links."""
    unlinked = desk.ask("unsupported-targets", edition=desk.edition)
    if "." in sdg.code:
        row = unlinked.first(target_code=sdg.code)
        return [] if row is None else [
            desk.say(
                "target-unlinked", lines=unlinked.cell(row, "lines_on_goal", "target_code"),
                others=unlinked.cell(row, "lines_on_other_targets", "target_code"),
            )
        ]  # fmt: skip
    rows = unlinked.where(goal_code=sdg.code)
    if not rows:
        return [desk.say("all-targets-linked")]
    said = codes_text(desk, [row["target_code"] for row in rows], 19)
    return [desk.say("unlinked-targets", number=unlinked.count(goal_code=sdg.code), targets=said)]


def _connect(desk: Desk, sdg: Subject) -> list[Block]:
    """Return the proposed links with targets of Connect 2020."""
    records: list[Record] = []
    for code in sorted(desk.subjects("connect2020"), key=natural_key):
        if "." not in code:
            continue
        found = desk.ask("connect2020-links", connect=code)
        records += [
            {
                "connect": code,
                "title": desk.name("connect2020", code),
                "sdg": row["object_code"],
                "confidence": found.cell(row, "confidence", "object_code"),
            }
            for row in found.rows
            if _within(row["object_code"], sdg)
        ]
    if not records:
        return [desk.say("no-connect")]
    after = shown_text(desk, min(len(records), 20), len(records), "wsiskg report connect2020")
    table = desk.table(
        desk.word("connect-caption"), ("connect", "title", "sdg", "confidence"), records[:20], after, (12, 60, 14, 14)
    )  # fmt: skip
    return [desk.say("connect-lead"), table]


def _sessions(desk: Desk, goal: str) -> list[Block]:
    """Say which sessions of the forum review the goal in depth."""
    named = [
        subject.title for subject in desk.subjects("hlpf").values() if f"sdg:{goal}" in subject.named("reviewsGoal")
    ]
    if not named:
        return [desk.say("no-sessions", goal=goal)]
    return [desk.say("sessions", goal=goal, sessions=desk.listed(named))]
