"""The reports on an ITU region and on a country."""

from collections.abc import Sequence

from wsiskg.reports.answers import Answer
from wsiskg.reports.content import Block, Chart, Part, Point, Record, Text
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import bullets, codes_text, examples, loaded_note, partial_prizes, shown_text

__all__ = ["country_parts", "find_country", "find_region", "region_parts"]

_COUNTRIES, _LINKS, _EXAMPLES, _PROJECTS = 20, 30, 10, 40
_GRADES = ("awards", "winners", "champions", "nominees", "doubtful")


def find_region(desk: Desk, code: str) -> Subject:
    """Return a region by its code.

    Raises:
        UsageError: there is no such region.

    """
    return desk.find(code, "ITU region", "region")


def find_country(desk: Desk, code: str) -> Subject:
    """Return a country by its three letters.

    Raises:
        UsageError: there is no such country.

    """
    return desk.find(code, "country", "country")


def region_parts(desk: Desk, region: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on a region."""
    countries = desk.ask("countries-of-region", region=region.code)
    found = desk.ask("region-examples", region=region.code)
    tags = desk.ask("region-tags", region=region.code)
    parts = [Part(desk.word("countries"), tuple(_countries(desk, countries, found)))]
    if found.rows:
        parts += [
            Part(desk.word("projects-by-line"), tuple(_tags(desk, tags, "action-line", "lines-of-region"))),
            Part(desk.word("projects-by-goal"), tuple(_tags(desk, tags, "sdg-goal", "goals-of-region"))),
            Part(desk.word("region-links-title"), tuple(_links(desk, region))),
            Part(desk.word("over-time"), tuple(_years(desk, region))),
        ]
    parts.append(Part(desk.word("prizes"), tuple(_prizes(desk, region))))
    if found.rows:
        cited = bullets([Text((name,)) for name in examples(desk, found.rows, _EXAMPLES)])
        parts.append(Part(desk.word("examples-title"), (desk.say("examples-lead"), *cited)))
    memory = countries.first(verified="false") is not None
    return [loaded_note(desk), *([desk.note("region-memory")] if memory else [])], parts


def _countries(desk: Desk, countries: Answer, found: Answer) -> list[Block]:
    if not countries.rows:
        return [desk.say("no-countries")]
    with_projects = [row for row in countries.rows if row["projects"] != "0"]
    without = [row["country_name"] for row in countries.rows if row["projects"] == "0"]
    named: tuple[str, ...] = tuple(dict.fromkeys(row["projects"] for row in with_projects))
    blocks: list[Block] = [
        desk.say(
            "region-countries", countries=countries.count(), covered=countries.count(projects=named),
            projects=found.distinct("project_code"),
        )
    ]  # fmt: skip
    if not with_projects:
        return [*blocks, desk.say("no-projects")]
    records: list[Record] = [
        {"country": row["country_name"], "projects": countries.cell(row, "projects", "country_code")}
        for row in with_projects[:_COUNTRIES]
    ]
    after = shown_text(desk, len(records), len(with_projects), countries.question.command)
    blocks.append(desk.table(desk.word("countries-caption"), ("country", "projects"), records, after, (70, 30)))
    if without:
        names = codes_text(desk, without, 40)
        blocks.append(desk.say("countries-bare", number=countries.count(projects="0"), countries=names))
    return blocks


def _tags(desk: Desk, tags: Answer, framework: str, caption: str) -> list[Block]:
    """Return the lines, or the goals, that projects carry, the most frequent first."""
    rows = sorted(tags.where(framework=framework), key=lambda row: -int(row["projects"]))
    if not rows:
        return [desk.say("no-tags")]
    points = tuple(Point(row["code"], tags.cell(row, "projects", "framework", "code")) for row in rows)
    alt = desk.title("tags-alt", first=rows[0]["code"], last=rows[-1]["code"])
    name = desk.word("line" if framework == "action-line" else "goal")
    records: list[Record] = [
        {
            "code": row["code"],
            "title": row["title"],
            "projects": tags.cell(row, "projects", "framework", "code"),
            "countries": tags.cell(row, "countries", "framework", "code"),
        }
        for row in rows
    ]
    return [
        Chart(desk.word(caption), alt, "bars", name, desk.word("projects"), points),
        desk.table(desk.word(caption), ("code", "title", "projects", "countries"), records, None, (14, 58, 14, 14)),
    ]


def _links(desk: Desk, region: Subject) -> list[Block]:
    found = desk.ask("region-links", region=region.code, edition=desk.edition)
    if not found.rows:
        return [desk.say("no-region-links")]
    by = ("line_code", "sdg_code")
    records: list[Record] = [
        {
            "line": row["line_code"],
            "sdg": row["sdg_code"],
            "title": row["sdg_title"],
            "status": desk.status(row["status"]),
            "projects": found.cell(row, "projects", *by),
            "countries": found.cell(row, "countries", *by),
        }
        for row in found.rows[:_LINKS]
    ]
    after = shown_text(desk, len(records), len(found.rows), found.question.command)
    size = desk.ask("matrix-size", edition=desk.edition)
    return [
        desk.say("region-links", links=found.count(), all=size.value("links"), edition=desk.edition),
        desk.table(
            desk.word("region-links-caption"), ("line", "sdg", "title", "status", "projects", "countries"), records,
            after, (12, 8, 42, 18, 10, 10),
        ),
    ]  # fmt: skip


def _years(desk: Desk, region: Subject) -> list[Block]:
    found = desk.ask("projects-by-region-and-year")
    years = [int(row["year"]) for row in found.where(region_code=region.code) if row["year"]]
    if len(set(years)) < 2:
        return [desk.say("no-years")]
    points = tuple(
        Point(str(year), found.value("projects", region_code=region.code, year=str(year)))
        for year in range(min(years), max(years) + 1)
    )
    alt = desk.title("by-first-year-alt", what=region.title)
    undated = found.value("projects", region_code=region.code, year="")
    return [
        Chart(desk.word("by-first-year"), alt, "columns", desk.word("first-year"), desk.word("projects"), points),
        desk.say("undated", undated=undated),
    ]


def _prizes(desk: Desk, region: Subject) -> list[Block]:
    found = desk.ask("prizes-by-region")
    if found.first(region_code=region.code) is None:
        return [desk.say("no-prizes")]
    return [
        desk.say("region-prizes", **{g: found.value(g, region_code=region.code) for g in _GRADES}),
        *partial_prizes(desk),
    ]


def country_parts(desk: Desk, country: Subject) -> tuple[list[Block], list[Part]]:
    """Return the report on a country."""
    projects = desk.ask("projects-of-country", country=country.code)
    tags = desk.ask("country-tags", country=country.code)
    prizes = desk.ask("prizes-by-country")
    lead = [loaded_note(desk)]
    if not projects.rows:
        return lead, [Part(desk.word("projects-title"), (desk.say("no-country-projects", country=country.title),))]
    blocks: list[Block] = [
        desk.say(
            "country-projects", country=country.title, projects=projects.distinct("project_code"),
            made=projects.distinct("project_code", made_there="true"),
            used=projects.distinct("project_code", used_there="true"),
        ),
        *_project_table(desk, projects),
    ]  # fmt: skip
    if prizes.first(country_code=country.code) is None:
        won: Sequence[Block] = [desk.say("no-prizes")]
    else:
        grades = {grade: prizes.value(grade, country_code=country.code) for grade in _GRADES}
        won = [desk.say("region-prizes", **grades), *partial_prizes(desk)]
    parts = [
        Part(desk.word("projects-by-line"), tuple(_country_tags(desk, tags, "action-line", "lines-of-country"))),
        Part(desk.word("projects-by-goal"), tuple(_country_tags(desk, tags, "sdg-goal", "goals-of-country"))),
        Part(desk.word("prizes"), tuple(won)),
        Part(desk.word("projects-title"), tuple(blocks)),
    ]
    return lead, parts


def _country_tags(desk: Desk, tags: Answer, framework: str, caption: str) -> list[Block]:
    rows = sorted(tags.where(framework=framework), key=lambda row: -int(row["projects"]))
    if not rows:
        return [desk.say("no-tags")]
    records: list[Record] = [
        {"code": row["code"], "title": row["title"], "projects": tags.cell(row, "projects", "framework", "code")}
        for row in rows
    ]
    return [desk.table(desk.word(caption), ("code", "title", "projects"), records, None, (14, 70, 16))]


def _project_table(desk: Desk, projects: Answer) -> list[Block]:
    rows = sorted(projects.rows, key=lambda row: -int(row["first_year"] or 0))
    records: list[Record] = [
        {
            "project": row["project_name"] or row["project_code"],
            "from_year": row["first_year"],
            "made": desk.word("yes") if row["made_there"] == "true" else "",
            "used": desk.word("yes") if row["used_there"] == "true" else "",
            "register": row["register_code"],
        }
        for row in rows[:_PROJECTS]
    ]
    after = shown_text(desk, len(records), len(rows), projects.question.command)
    keys = ("project", "from_year", "made", "used", "register")
    return [desk.table(desk.word("projects-caption"), keys, records, after, (52, 10, 12, 12, 14), projects)]
