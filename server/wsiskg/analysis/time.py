"""Evidence over time: of a link or a line, by year, and before and after the reviews of its goal.

Years are those of projects and their awards, as the registers state them; what is undated is counted apart. The HLPF
(High-level Political Forum) reviews some goals in depth each year.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from wsiskg.evidence.measures import DIRECTNESS, ORIGINS
from wsiskg.model.codes import natural_key, sdg_goal_of

__all__ = [
    "TIMELINE_DIRECTNESS",
    "DatedProject",
    "Review",
    "ReviewCount",
    "SetCount",
    "Timeline",
    "YearCount",
    "line_timeline",
    "link_timeline",
    "stronger",
]

TIMELINE_DIRECTNESS = (*DIRECTNESS, "line-only")
"""``line-only`` exists in the timeline of a whole line: projects that carry it, and no SDG that it is linked with."""

_ORIGINS = ("declared", "assigned", "suggested")  # strongest first


def stronger(known: str | None, origin: str) -> str:
    """Return the stronger of two origins of a tag: declared, then assigned, then suggested."""
    return origin if known is None else min(known, origin, key=_ORIGINS.index)


@dataclass(frozen=True, slots=True)
class DatedProject:
    """A project that carries an action line.

    Attributes:
        code: of the project.
        origin: of its tag with the line.
        sdgs: SDG code to the origin of that tag.
        stated_year: its first year, where a register states one.
        awards: year (None where unknown) and grade (empty where doubtful) of each.

    """

    code: str
    origin: str
    sdgs: Mapping[str, str] = field(default_factory=dict)
    stated_year: int | None = None
    awards: tuple[tuple[int | None, str], ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """Every year that is known of it, sorted."""
        known = {year for year, _ in self.awards} | {self.stated_year}
        return tuple(sorted(year for year in known if year is not None))


@dataclass(frozen=True, slots=True)
class Review:
    """A goal that a held session of the HLPF reviewed in depth."""

    session: str
    year: int
    goal: str


@dataclass(frozen=True, slots=True)
class YearCount:
    """Projects of one set of evidence in one year.

    ``started`` counts those whose first known year it is, so that these and the undated add up to the set; ``dated``
    those that have any year here, by their start or an award; ``awarded`` those with an award of this year, of any
    grade.
    """

    year: int
    directness: str
    origin: str
    started: int
    dated: int
    awarded: int


@dataclass(frozen=True, slots=True)
class SetCount:
    """All projects of one set of evidence, and those of them without any year."""

    directness: str
    origin: str
    projects: int
    undated: int


@dataclass(frozen=True, slots=True)
class ReviewCount:
    """Projects of one set of evidence around one review of ``goal``, by their last known year.

    ``until`` has nothing later than the year of the review, ``since`` has (the measure sinceReview of the last
    review); with ``undated`` they add up to the set.
    """

    session: str
    year: int
    goal: str
    directness: str
    origin: str
    until: int
    since: int
    undated: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Evidence of a link, or of a line (``sdg`` empty), over the years.

    ``years`` holds every year between the first and the last for every set that has projects, zeros included, so that
    a chart can draw them as they are. The origin ``confirmed`` is declared and assigned together: draw it or these two.
    """

    line: str
    sdg: str
    sets: tuple[SetCount, ...]
    years: tuple[YearCount, ...]
    reviews: tuple[ReviewCount, ...]


def link_timeline(projects: Iterable[DatedProject], line: str, sdg: str, reviews: Iterable[Review]) -> Timeline:
    """Return the timeline of the pair of ``line`` and ``sdg``.

    Args:
        projects: those that carry the line.
        line: code of the action line.
        sdg: code of a goal or a target.
        reviews: of any goals; those of others are passed over.

    """
    sets = _sets((project, _evidence(project, sdg)) for project in projects)
    goal = sdg_goal_of(sdg)
    counted = [c for review in reviews if review.goal == goal for c in _around(review, sets)]
    return Timeline(line, sdg, _totals(sets), _by_year(sets), tuple(counted))


def line_timeline(
    projects: Iterable[DatedProject], line: str, links: Collection[tuple[str, str]], reviews: Iterable[Review]
) -> Timeline:
    """Return the timeline of a whole line: each project once, as the strongest evidence that it is for any link.

    Args:
        projects: those that carry the line.
        line: code of the action line.
        links: pairs of action line and SDG of an edition; for C7 those of its sub-lines.
        reviews: counted for each goal that the line is linked with, on the evidence of the line and that goal.

    """
    projects = tuple(projects)
    linked = {sdg for other, sdg in links if other == line or other.startswith(f"{line}-")}
    sets = _sets((project, [_best(project, linked)]) for project in projects)
    counted: list[ReviewCount] = []
    by_goal = {
        goal: _sets((p, _evidence(p, goal)) for p in projects)
        for goal in sorted({sdg_goal_of(sdg) for sdg in linked}, key=natural_key)
    }
    for review in reviews:
        if review.goal in by_goal:
            counted += _around(review, by_goal[review.goal])
    return Timeline(line, "", _totals(sets), _by_year(sets), tuple(counted))


Sets = Mapping[tuple[str, str], list[DatedProject]]


def _evidence(project: DatedProject, sdg: str) -> Iterator[tuple[str, str]]:
    """Yield the sets (directness, origin) that a project of a line belongs to for one SDG, as evidence counts them."""
    if "." in sdg:
        direct, weaker = project.sdgs.get(sdg), project.sdgs.get(sdg_goal_of(sdg))
    else:
        direct, weaker = None, None
        for code, origin in project.sdgs.items():
            if sdg_goal_of(code) == sdg:
                direct = stronger(direct, origin)
    if direct:
        yield "direct", _weaker(project.origin, direct)
    # A suggested target is no evidence, so it does not take the goal's place.
    if weaker and (direct is None or (direct == "suggested" and weaker != "suggested")):
        yield "goal-level", _weaker(project.origin, weaker)


def _best(project: DatedProject, linked: Collection[str]) -> tuple[str, str]:
    """Return the strongest set that a project belongs to for any of the linked SDGs; suggestions are no evidence."""
    found = [s for sdg in linked for s in _evidence(project, sdg) if s[1] != "suggested"]
    strength = {(d, o): (DIRECTNESS.index(d), _ORIGINS.index(o)) for d, o in found}
    return min(found, key=strength.__getitem__, default=("line-only", project.origin))


def _weaker(one: str, other: str) -> str:
    return max(one, other, key=_ORIGINS.index)


def _sets(members: Iterable[tuple[DatedProject, Iterable[tuple[str, str]]]]) -> Sets:
    """Return the projects by set, in the order of directness and origin."""
    found: dict[tuple[str, str], list[DatedProject]] = {}
    for project, belongs in members:
        for directness, origin in belongs:
            found.setdefault((directness, origin), []).append(project)
            if origin != "suggested":
                found.setdefault((directness, "confirmed"), []).append(project)
    order = [(d, o) for d in TIMELINE_DIRECTNESS for o in ORIGINS]
    return {key: found[key] for key in order if key in found}


def _totals(sets: Sets) -> tuple[SetCount, ...]:
    return tuple(SetCount(*key, len(found), sum(not p.years for p in found)) for key, found in sets.items())


def _by_year(sets: Sets) -> tuple[YearCount, ...]:
    known = [year for found in sets.values() for project in found for year in project.years]
    counts = []
    for key, found in sets.items():
        started = Counter(project.years[0] for project in found if project.years)
        dated = Counter(year for project in found for year in project.years)
        awarded = Counter(y for project in found for y in {year for year, _ in project.awards})
        for year in range(min(known, default=0), max(known, default=-1) + 1):
            counts.append(YearCount(year, *key, started[year], dated[year], awarded[year]))
    return tuple(sorted(counts, key=lambda c: c.year))


def _around(review: Review, sets: Sets) -> Iterator[ReviewCount]:
    for key, found in sets.items():
        last = [project.years[-1] for project in found if project.years]
        since = sum(year > review.year for year in last)
        yield ReviewCount(
            review.session, review.year, review.goal, *key, len(last) - since, since, len(found) - len(last)
        )
