"""The report on ITU's Connect 2020 Agenda: each target, what was reported, and how far it was at the last report."""

from wsiskg.model.errors import UsageError
from wsiskg.reports.answers import Answer, Row
from wsiskg.reports.content import Block, Chart, Derived, Number, Part, Point, Record
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.texts import UNITS

__all__ = ["connect2020_parts", "find_agenda"]

_COMPARABLE = {"at-least", "at-most"}
_LISTED = 8


def find_agenda(desk: Desk, code: str) -> Subject:
    """Return the agenda, which has no code.

    Raises:
        UsageError: a code is given.

    """
    if code:
        raise UsageError(f"there is one report on Connect 2020, and none of '{code}'", "wsiskg report connect2020")
    return Subject("", desk.word("connect-subject"))


def connect2020_parts(desk: Desk, agenda: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on the agenda."""
    targets, figures = desk.ask("connect2020-targets"), desk.ask("connect2020-figures")
    measured = {row["target_code"] for row in figures.rows}
    lead: list[Block] = [
        desk.say(
            "connect-lead-numbers", targets=targets.count(), goals=targets.distinct("goal_code"),
            measured=figures.distinct("target_code"), figures=figures.count(),
        ),
        desk.note("connect-sample"),
    ]  # fmt: skip
    if not targets.rows:
        return lead, []
    parts = [Part(desk.word("connect-overview"), tuple(_overview(desk, targets, figures)))]
    parts += [
        Part(f"{row['target_code']} {row['target_title']}", tuple(_target(desk, targets, figures, row)), 3)
        for row in targets.rows
        if row["target_code"] in measured
    ]
    bare = [row["target_code"] for row in targets.rows if row["target_code"] not in measured]
    if bare:
        said = desk.say("connect-bare", targets=", ".join(bare))
        parts.append(Part(desk.word("connect-bare-title"), (said,)))
    parts.append(Part(desk.word("connect-links-title"), tuple(_links(desk, targets))))
    return lead, parts


def _unit(desk: Desk, unit: str) -> str:
    return UNITS.get(unit, {}).get(desk.language, unit)


def _reported(figures: Answer, target: Row, *kinds: str) -> list[Row]:
    """Return the figures of a target that were not revised, in its own unit and scope, by year."""
    rows = figures.where(target_code=target["target_code"], unit=target["unit"], scope=target["scope"], revised_to="")
    return sorted((row for row in rows if row["kind"] in kinds), key=lambda row: int(row["year"]))


def _last(figures: Answer, target: Row) -> tuple[Row, Number] | None:
    found = _reported(figures, target, "observed", "estimate")
    return (found[-1], figures.cell(found[-1], "value", "figure")) if found else None


def _distance(targets: Answer, target: Row, last: Number) -> Derived | None:
    """Return the value of a target less that of the last report, in percentage points; None if not comparable."""
    if target["direction"] not in _COMPARABLE or not target["target_value"]:
        return None
    return Derived("difference", (targets.cell(target, "target_value", "target_code"), last))


def _overview(desk: Desk, targets: Answer, figures: Answer) -> list[Block]:
    records: list[Record] = []
    for row in targets.rows:
        last = _last(figures, row)
        records.append(
            {
                "connect": row["target_code"],
                "title": row["target_title"],
                "value": targets.cell(row, "target_value", "target_code") if row["target_value"] else None,
                "baseline": targets.cell(row, "baseline_value", "target_code") if row["baseline_value"] else None,
                "last": last[1] if last else None,
                "last_year": last[0]["year"] if last else "",
                "distance": _distance(targets, row, last[1]) if last else None,
            }
        )
    keys = ("connect", "title", "value", "baseline", "last", "last_year", "distance")
    after = desk.text("connect-after")
    return [desk.table(desk.word("connect-overview-caption"), keys, records, after, (10, 42, 9, 11, 10, 9, 9))]


def _target(desk: Desk, targets: Answer, figures: Answer, target: Row) -> list[Block]:
    blocks: list[Block] = []
    by = ("target_code",)
    unit = _unit(desk, target["unit"])
    if target["baseline_value"] and target["baseline_year"]:
        baseline = targets.cell(target, "baseline_value", *by)
        blocks.append(desk.say("connect-baseline", value=baseline, year=target["baseline_year"], unit=unit))
    last = _last(figures, target)
    if last:
        row, number = last
        blocks.append(desk.say("connect-last", value=number, year=row["year"], unit=unit, kind=desk.word(row["kind"])))
        distance = _distance(targets, target, number)
        if distance is not None:
            reached = distance.value <= 0 if target["direction"] == "at-least" else distance.value >= 0
            aim = targets.cell(target, "target_value", *by)
            blocks.append(
                desk.say(
                    "connect-reached" if reached else "connect-distance", distance=distance, aim=aim, year=row["year"]
                )
            )
    blocks += _trend(desk, targets, figures, target)
    records: list[Record] = [
        {
            "year": row["year"],
            "value": figures.cell(row, "value", "figure"),
            "unit": _unit(desk, row["unit"]),
            "scope": row["scope"],
            "kind": desk.word(row["kind"]),
            "revised": figures.cell(row, "revised_to", "figure") if row["revised_to"] else None,
        }
        for row in sorted(figures.where(target_code=target["target_code"]), key=lambda row: (row["scope"], row["year"]))
    ]
    keys = ("year", "value", "unit", "scope", "kind", "revised")
    caption = desk.title("connect-figures-caption", target=target["target_code"])
    return [*blocks, desk.table(caption, keys, records, None, (10, 10, 32, 22, 14, 12))]


def _trend(desk: Desk, targets: Answer, figures: Answer, target: Row) -> list[Block]:
    """Return the figures as a chart with the aim, and the change between the first and the last."""
    reported = _reported(figures, target, "observed", "estimate")
    projected = _reported(figures, target, "projection")
    if len({row["year"] for row in [*reported, *projected]}) < 2:
        return []
    seen, ahead = desk.word("reported"), desk.word("projection")
    points = tuple(
        Point(row["year"], figures.cell(row, "value", "figure"), ahead if row["kind"] == "projection" else seen)
        for row in [*reported, *projected]
    )
    aims = ()
    if target["direction"] in _COMPARABLE and target["target_value"]:
        aims = ((desk.word("aim"), targets.cell(target, "target_value", "target_code")),)  # type: ignore[assignment]
    blocks: list[Block] = [
        Chart(
            desk.title("connect-chart", target=target["target_code"]),
            desk.title("connect-chart-alt", target=target["target_code"], first=points[0].x, last=points[-1].x),
            "lines", desk.word("year"), _unit(desk, target["unit"]), points, (seen, ahead) if projected else (seen,),
            aims,
        )
    ]  # fmt: skip
    if len(reported) > 1:
        first, last = reported[0], reported[-1]
        change = Derived("difference", (figures.cell(last, "value", "figure"), figures.cell(first, "value", "figure")))
        blocks.append(desk.say("connect-trend", change=change, first=first["year"], last=last["year"]))
    return blocks


def _links(desk: Desk, targets: Answer) -> list[Block]:
    """Return the SDG targets and the action lines that are proposed for each target."""
    records: list[Record] = []
    for target in targets.rows:
        found = desk.ask("connect2020-links", connect=target["target_code"])
        lines = [row["object_code"] for row in found.rows if row["object_code"].startswith("C")]
        sdgs = [row["object_code"] for row in found.rows if not row["object_code"].startswith("C")]
        paths = desk.ask("three-way-paths", connect=target["target_code"], edition=desk.edition)
        over = list(dict.fromkeys(row["line_code"] for row in paths.rows if row["line_code"]))
        records.append(
            {
                "connect": target["target_code"],
                "links": targets.cell(target, "proposed_links", "target_code"),
                "sdgs": ", ".join(sdgs[:_LISTED]),
                "lines": ", ".join(lines[:_LISTED]),
                "over": ", ".join(over[:_LISTED]) + (" …" if len(over) > _LISTED else ""),
            }
        )
    keys = ("connect", "links", "sdgs", "lines", "over")
    return [
        desk.say("connect-links-lead", edition=desk.edition),
        desk.table(desk.word("connect-links-caption"), keys, records, None, (12, 10, 24, 20, 34)),
    ]
