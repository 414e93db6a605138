"""Pieces that several reports share: links and their verdicts, evidence over time, examples, gaps, candidates."""

from collections.abc import Callable, Collection, Iterable, Sequence

from wsiskg.reports.answers import Answer, Row
from wsiskg.reports.content import Block, Bullets, Cell, Chart, Code, Derived, Number, Point, Record, Table, Text
from wsiskg.reports.desk import Desk

__all__ = [
    "BUNDLED",
    "LINKS",
    "bullets",
    "candidates",
    "codes_text",
    "evidence_over_time",
    "example_text",
    "examples",
    "examples_by_region",
    "indicators",
    "links_table",
    "loaded_note",
    "partial_prizes",
    "shown_text",
    "standing",
    "without_evidence",
]

LINKS = 30
"""Links that a table shows."""

BUNDLED = frozenset({"dpga", "wsis-prizes"})
"""Registers that the package brings: samples, which reports then say."""

_STATUSES = ("validated", "contested", "insufficient-evidence", "retired")
_NAMED = 12
_EXAMPLES_A_REGION = 3
_TITLE = 110


def loaded_note(desk: Desk) -> Block:
    """Say how much evidence is loaded, from where, and that it is a sample."""
    registers = desk.ask("registers")
    named = [
        desk.text("register", title=row["register_title"], projects=registers.cell(row, "projects", "register_code"))
        for row in registers.rows
    ]
    if not named:
        return desk.note("nothing-loaded")
    sample = {row["register_code"] for row in registers.rows} <= BUNDLED
    years = [int(row[c]) for row in registers.rows for c in ("first_year", "last_year") if row[c]]
    parts: list[str | Number | Derived | Code] = []
    for position, text in enumerate(named):
        parts += [", "] * bool(position) + list(text.parts)
    return desk.note(
        "loaded", projects=registers.total("projects"), awards=registers.total("awards"), registers=Text(tuple(parts)),
        sample=f" {desk.word('loaded-sample')}" if sample else "",
        years=f"{min(years)}–{max(years)}" if years else desk.word("years-unknown"),
    )  # fmt: skip


def partial_prizes(desk: Desk) -> list[Block]:
    """Say that the prizes are partial, where they are those that the package brings."""
    registers = desk.ask("registers")
    return [desk.say("prizes-partial")] if registers.first(register_code="wsis-prizes") else []


def standing(desk: Desk, what: str, **conditions: str | Collection[str]) -> list[Block]:
    """Say how many links there are and what became of them.

    Args:
        desk: answers.
        what: beginning of the sentence, such as "The line".
        conditions: columns of ``verdicts`` that tell which links are meant.

    """
    verdicts = desk.ask("verdicts", edition=desk.edition)
    links = verdicts.count(**conditions)
    if not links.value:
        return [desk.say("no-links", what=what, edition=desk.edition)]
    by_status = {status: verdicts.count(status=status, **conditions) for status in _STATUSES}
    found: list[Block] = [
        desk.say(
            "standing", what=what, edition=desk.edition, links=links, validated=by_status["validated"],
            share=Derived("share", (by_status["validated"], links)), insufficient=by_status["insufficient-evidence"],
        )
    ]  # fmt: skip
    if by_status["contested"].value:
        found.append(desk.say("contested", contested=by_status["contested"]))
    return found


def links_table(
    desk: Desk, caption: str, rows: Iterable[Row], keys: Sequence[str], limit: int = LINKS, widths: Sequence[int] = ()
) -> Table:
    """Return links with verdict and evidence, those with most evidence first.

    Args:
        desk: answers.
        caption: of the table.
        rows: of ``verdicts``.
        keys: columns among line, line_title, sdg, title, status, projects, countries, goal_level.
        limit: rows shown at most.
        widths: of the columns.

    """
    verdicts = desk.ask("verdicts", edition=desk.edition)
    ordered = sorted(rows, key=lambda r: (_STATUSES.index(r["status"]), -int(r["projects"]), -int(r["countries"])))
    records = [_link(desk, verdicts, row) for row in ordered[:limit]]
    after = shown_text(desk, len(records), len(ordered), verdicts.question.command)
    return desk.table(caption, keys, records, after, widths)


def _link(desk: Desk, verdicts: Answer, row: Row) -> Record:
    by = ("line_code", "sdg_code")
    return {
        "line": row["line_code"],
        "sdg": row["sdg_code"],
        "title": row["sdg_title"],
        "line_title": desk.name("action-line", row["line_code"]),
        "status": desk.status(row["status"]),
        "projects": verdicts.cell(row, "projects", *by),
        "countries": verdicts.cell(row, "countries", *by),
        "goal_level": verdicts.cell(row, "goal_level_projects", *by),
    }


def shown_text(desk: Desk, shown: int, number: int, command: str) -> Text | None:
    """Say what a table leaves out, and how to see all; None where it shows all."""
    return desk.text("shown", shown=shown, number=number, command=Code(command)) if shown < number else None


def evidence_over_time(desk: Desk, found: Answer, alt: str) -> list[Block]:
    """Return the projects of an answer by their first year, as a chart and in words."""
    projects = found.distinct("project_code")
    if not projects.value:
        return [desk.say("no-projects")]
    known = {int(row["first_year"]) for row in found.rows if row["first_year"]}
    undated = found.distinct("project_code", first_year="")
    blocks: list[Block] = []
    if len(known) > 1:
        points = tuple(
            Point(str(year), found.distinct("project_code", first_year=str(year)))
            for year in range(min(known), max(known) + 1)
        )
        blocks.append(
            Chart(desk.word("by-first-year"), alt, "columns", desk.word("first-year"), desk.word("projects"), points)
        )
    blocks.append(desk.say("dated", projects=projects, undated=undated))
    return blocks


def example_text(desk: Desk, row: Row, places: Sequence[str]) -> str:
    """Return one project as people cite it: name, countries, year, best prize."""
    name = row["project_name"] or row["project_code"]
    name = name if len(name) <= _TITLE else name[: _TITLE - 1].rstrip() + "…"
    grade = next((desk.word(f"grade-{g}") for g in ("winner", "champion", "nominee") if int(row[f"{g}s"])), "")
    several = ", ".join(places[:3]) + (" …" if len(places) > 3 else "")
    said = "; ".join(part for part in (several, row["first_year"], grade) if part)
    return f"{name} ({said})" if said else name


def _projects(rows: Iterable[Row]) -> dict[str, tuple[Row, list[str]]]:
    """Return the first row of each project, prizes first as the answer has them, with its countries."""
    found: dict[str, tuple[Row, list[str]]] = {}
    for row in rows:
        places = found.setdefault(row["project_code"], (row, []))[1]
        if row["country_name"] and row["country_name"] not in places:
            places.append(row["country_name"])
    return found


def examples(desk: Desk, rows: Iterable[Row], limit: int) -> list[str]:
    """Return the first projects of an answer as people cite them, prizes first."""
    return [example_text(desk, row, places) for row, places in list(_projects(rows).values())[:limit]]


def examples_by_region(desk: Desk, found: Answer) -> list[Block]:
    """Return a table of the regions with the number of projects and some of them."""
    if not found.rows:
        return [desk.say("no-projects")]
    regions = {row["region_code"]: row["region_name"] for row in found.rows}
    records: list[Record] = []
    for code in sorted(regions, key=lambda c: (not c, c)):
        several = _projects(found.where(region_code=code))
        # One region after another of a worldwide project says little: such projects stand in the last row.
        named = [example_text(desk, row, places) for row, places in list(several.values())[:_EXAMPLES_A_REGION]]
        records.append(
            {
                "region": regions[code] or desk.word("no-region"),
                "projects": found.distinct("project_code", region_code=code),
                "examples": "; ".join(named),
            }
        )
    table = desk.table(
        desk.word("by-region"), ("region", "projects", "examples"), records, desk.text("several-regions"), (18, 10, 72)
    )
    return [table]


def without_evidence(desk: Desk, rows: Sequence[Row], label: Callable[[Row], str], **conditions: str) -> list[Block]:
    """Say which links no project bears out: those whose status is insufficient evidence.

    Args:
        desk: answers.
        rows: of ``verdicts``.
        label: how a link is named.
        conditions: columns of ``verdicts`` that tell which links are meant.

    """
    verdicts = desk.ask("verdicts", edition=desk.edition)
    lacking = [row for row in rows if row["status"] == "insufficient-evidence"]
    if not lacking:
        return [desk.say("all-borne-out")] if rows else []
    none = [row for row in lacking if row["projects"] == "0" and row["goal_level_projects"] == "0"]
    counted = verdicts.count(status="insufficient-evidence", **conditions)
    nothing = verdicts.count(status="insufficient-evidence", projects="0", goal_level_projects="0", **conditions)
    blocks: list[Block] = [desk.say("lacking", lacking=counted, nothing=nothing)]
    if none:
        blocks.append(desk.say("lacking-named", links=codes_text(desk, [label(row) for row in none])))
    return blocks


def codes_text(desk: Desk, codes: Sequence[str], limit: int = _NAMED) -> str:
    """Return codes joined by commas, bounded."""
    more = len(codes) - limit
    return ", ".join(codes[:limit]) + (" " + desk.title("and-more", number=more) if more > 0 else "")


def candidates(desk: Desk, keep: Callable[[Row], bool], keys: Sequence[str], limit: int) -> list[Block]:
    """Return the best pairs with evidence that nobody has linked."""
    found = desk.ask("candidates", edition=desk.edition)
    rows = [row for row in found.rows if keep(row)]
    if not rows:
        return [desk.say("no-candidates")]
    by = ("line_code", "sdg_code")
    records: list[dict[str, Cell]] = [
        {
            "rank": found.cell(row, "rank", *by),
            "line": row["line_code"],
            "sdg": row["sdg_code"],
            "title": row["sdg_title"],
            "projects": found.cell(row, "projects", *by),
            "countries": found.cell(row, "countries", *by),
            "meets": desk.word("yes" if row["meets_policy"] == "true" else "no"),
        }
        for row in rows[:limit]
    ]
    after = shown_text(desk, len(records), len(rows), found.question.command)
    return [desk.table(desk.word("candidates-caption"), keys, records, after)]


def indicators(desk: Desk, line: str, limit: int) -> list[Block]:
    """Return the indicators of the targets that a line is linked with."""
    found = desk.ask("indicators-of-line", line=line, edition=desk.edition)
    rows = list({(row["target_code"], row["indicator_code"]): row for row in found.rows}.values())
    if not rows:
        return [desk.say("no-indicators")]
    records: list[Record] = [
        {
            "sdg": row["target_code"],
            "title": desk.name("target", row["target_code"]),
            "indicator": row["indicator_code"],
            "tier": row["tier"],
            "custodian": "; ".join(
                sorted({r["custodian"] for r in found.rows if r["indicator_code"] == row["indicator_code"]} - {""})
            ),
        }
        for row in rows[:limit]
    ]
    after = shown_text(desk, len(records), len(rows), found.question.command)
    said = desk.say(
        "indicators", indicators=found.distinct("indicator_code"), targets=found.distinct("target_code")
    )  # fmt: skip
    keys = ("sdg", "title", "indicator", "tier", "custodian")
    return [said, desk.table(desk.word("indicators-caption"), keys, records, after, (8, 46, 12, 8, 26), found)]


def bullets(items: Sequence[Text]) -> list[Block]:
    """Return a list, nothing where it is empty."""
    return [Bullets(tuple(items))] if items else []
