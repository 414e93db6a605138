"""The brief for a session of the High-level Political Forum: how ICTs cut across, goals under review, questions."""

from collections.abc import Sequence

from wsiskg.model.codes import sdg_goal_of
from wsiskg.reports.answers import Answer, Row
from wsiskg.reports.content import Block, Bullets, Chart, Code, Figure, Part, Point, Text
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.sections import codes_text, examples, links_table, loaded_note, standing

__all__ = ["find_session", "hlpf_parts"]

_ROWS = 28  # rows of tables, of all goals together: the brief is to stay within five pages
_CODES = 8
_EXAMPLES = 3


def find_session(desk: Desk, code: str) -> Subject:
    """Return a session by its code.

    Raises:
        UsageError: there is no such session.

    """
    return desk.find(code, "HLPF session", "hlpf")


def hlpf_parts(desk: Desk, session: Subject) -> tuple[list[Block], list[Part]]:
    """Return the brief for one session."""
    involved = desk.ask("hlpf-involves", session=session.code, edition=desk.edition)
    goals = list(dict.fromkeys(row["goal_code"] for row in involved.rows))
    lead: list[Block] = [loaded_note(desk)]
    parts = [Part(desk.word("cross-cutting"), tuple(_cross_cutting(desk, session, goals)))]
    if not goals:
        parts.append(Part(desk.word("under-review"), (desk.say("no-goals", session=session.title),)))
        return lead, parts
    agencies = desk.ask("hlpf-agencies", session=session.code, edition=desk.edition)
    command = Code(f"wsiskg matrix review --hlpf {session.code}")
    reviewed = (*_goals(desk, involved), *_agencies(desk, agencies), desk.say("review-command", command=command))
    parts.append(Part(desk.word("under-review"), reviewed))
    questions: list[Text] = []
    cited: set[str] = set()
    for goal in goals:
        blocks, asked = _goal(desk, session, goal, max(2, _ROWS // len(goals)), cited)
        parts.append(Part(f"{desk.title('sdg', code=goal)} {desk.name('goal', goal)}", tuple(blocks), 3))
        questions += asked
    guidance = [desk.text("ask-cross-cutting"), *questions, desk.text("ask-edition", edition=desk.edition)]
    parts.append(Part(desk.word("guidance"), (Bullets(tuple(guidance)),)))
    return lead, parts


def _cross_cutting(desk: Desk, session: Subject, goals: Sequence[str]) -> list[Block]:
    size = desk.ask("matrix-size", edition=desk.edition)
    by_goal = desk.ask("goals-by-lines", edition=desk.edition)
    found: list[Block] = [
        desk.say(
            "matrix", edition=desk.edition, lines=size.value("lines"), links=size.value("links"),
            goals=size.value("goals"), targets=size.value("targets"), agencies=size.value("agencies"),
        )
    ]  # fmt: skip
    theme = session.document.get("theme")
    if isinstance(theme, dict) and theme.get("en"):
        found.append(desk.say("theme", session=session.title, theme=str(theme["en"])))
    under, other = desk.word("under-review"), desk.word("other-goals")
    points = tuple(
        Point(row["goal_code"], by_goal.cell(row, "lines", "goal_code"), under if row["goal_code"] in goals else other)
        for row in sorted(by_goal.rows, key=lambda row: int(row["goal_code"]))
    )
    if points:
        found.append(
            Chart(
                desk.word("lines-by-goal"), desk.title("lines-by-goal-alt", goals=codes_text(desk, goals) or "–"),
                "columns", desk.word("goal"), desk.word("lines"), points, (under, other) if goals else (),
            )
        )  # fmt: skip
    return found


def _goals(desk: Desk, involved: Answer) -> list[Block]:
    memory = sorted({row["goal_code"] for row in involved.where(verified="false")}, key=int)
    goals = desk.listed(dict.fromkeys(row["goal_code"] for row in involved.rows))
    if memory:
        return [desk.cite("reviewed-memory", involved, goals=goals, memory=desk.listed(memory))]
    return [desk.cite("reviewed", involved, goals=goals)]


def _agencies(desk: Desk, agencies: Answer) -> list[Block]:
    """Say which agencies have links to the goals under review, those with most first."""
    parts: list[str | Figure | Code] = []
    for row in agencies.rows:
        parts += [", " * bool(parts) + f"{row['agency_code']} ", agencies.cell(row, "links", "agency_code")]
    return [desk.say("review-agencies", agencies=Text(tuple(parts)))] if parts else []


def _goal(desk: Desk, session: Subject, goal: str, rows: int, cited: set[str]) -> tuple[list[Block], list[Text]]:
    """Return what is said of one goal, and what it leads to ask; adds to ``cited`` the projects that it names."""
    verdicts = desk.ask("verdicts", edition=desk.edition)
    links = [row for row in verdicts.rows if sdg_goal_of(row["sdg_code"]) == goal]
    codes = list(dict.fromkeys(row["sdg_code"] for row in links))
    by_goal = desk.ask("goals-by-lines", edition=desk.edition)
    blocks = standing(desk, desk.title("sdg", code=goal), sdg_code=codes)
    if links:
        blocks.append(
            desk.say(
                "goal-lines", lines=by_goal.value("lines", goal_code=goal),
                linked=by_goal.value("targets_linked", goal_code=goal),
                targets=by_goal.value("targets_in_all", goal_code=goal), last=_last_review(desk, session, goal),
            )
        )  # fmt: skip
        keys = ("line", "sdg", "title", "status", "projects", "countries")
        caption = desk.title("links-of-goal", goal=goal)
        blocks.append(links_table(desk, caption, links, keys, rows, (11, 8, 41, 18, 11, 11)))
    found = desk.ask("sdg-examples", sdg=goal)
    fresh = [row for row in found.rows if row["project_code"] not in cited]
    chosen = list(dict.fromkeys(row["project_code"] for row in fresh))[:_EXAMPLES]
    cited.update(chosen)
    if named := examples(desk, fresh, _EXAMPLES):
        blocks.append(desk.cite("examples", found, examples="; ".join(named)))
    unlinked = desk.ask("unsupported-targets", edition=desk.edition)
    gaps = [row["target_code"] for row in unlinked.where(goal_code=goal)]
    if gaps:
        said = codes_text(desk, gaps, _CODES)
        blocks.append(desk.say("unlinked-targets", number=unlinked.count(goal_code=goal), targets=said))
    return blocks, _ask(desk, goal, links, gaps)


def _last_review(desk: Desk, session: Subject, goal: str) -> str:
    """Say when a goal was last reviewed in depth by a session that was held before this one."""
    held = [
        other
        for other in desk.subjects("hlpf").values()
        if f"sdg:{goal}" in other.named("reviewsGoal")
        and str(other.document.get("sessionState", "")).endswith("/held")
        and int(str(other.document["year"])) < int(str(session.document["year"]))
    ]
    if not held:
        return desk.word("never-reviewed")
    return desk.title("last-review", session=max(held, key=lambda s: int(str(s.document["year"]))).title)


def _ask(desk: Desk, goal: str, links: Sequence[Row], gaps: Sequence[str]) -> list[Text]:
    """Return the question that the evidence of a goal leads to: of candidates, of bare links, or of targets."""
    verdicts = desk.ask("verdicts", edition=desk.edition)
    found = desk.ask("candidates", edition=desk.edition)
    best = [row for row in found.rows if sdg_goal_of(row["sdg_code"]) == goal and row["meets_policy"] == "true"]
    bare = [row for row in links if row["status"] == "insufficient-evidence"]
    if best:
        row = best[0]
        projects = found.cell(row, "projects", "line_code", "sdg_code")
        countries = found.cell(row, "countries", "line_code", "sdg_code")
        return [
            desk.text(
                "ask-candidate", line=desk.line(row["line_code"]), sdg=desk.title("sdg", code=row["sdg_code"]),
                projects=projects, countries=countries,
            )
        ]  # fmt: skip
    if bare:
        codes = list(dict.fromkeys(row["sdg_code"] for row in links))
        lacking = verdicts.count(status="insufficient-evidence", sdg_code=codes)
        return [desk.text("ask-bare", sdg=desk.title("sdg", code=goal), lacking=lacking)]
    return [desk.text("ask-targets", sdg=desk.title("sdg", code=goal), targets=codes_text(desk, gaps, _CODES))] * bool(
        gaps
    )
