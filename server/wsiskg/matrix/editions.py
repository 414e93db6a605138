"""Editions of the matrix: list them, show one, compare two, follow one link through all of them.

Everything here is worked out from the tables, and from the verdicts on the evidence of now where the caller gives them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wsiskg.evidence.frozen import Frozen, frozen_assessments
from wsiskg.graph.content.matrix import link_content, previous_edition
from wsiskg.matrix.standing import StandingLink, standing_links
from wsiskg.model.codes import UN_LANGUAGES, natural_key
from wsiskg.model.errors import UsageError
from wsiskg.rules.status import Verdict
from wsiskg.tables.rows import Row, Tables

__all__ = [
    "Edition",
    "EditionDiff",
    "FieldChange",
    "LinkChange",
    "Pair",
    "Publication",
    "Recorded",
    "Stage",
    "diff_editions",
    "edition_of",
    "field_changes",
    "list_editions",
    "pair_key",
    "recorded_decisions",
    "require_edition",
    "timeline",
]

Pair = tuple[str, str]
"""Codes of the two ends of a link: (action line, SDG goal or target)."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Who published an edition, when, in what role and for which agency, from which file, policy and release."""

    by: str
    role: str
    agency: str
    on: str
    input_name: str
    input_sha256: str
    policy: str
    policy_sha256: str
    release_before: str
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition at a glance.

    ``publication`` is None for an edition that this tool did not publish; its evidence is counted at each build then.
    """

    code: str
    titles: Mapping[str, str]
    issued: str
    hlpf: str
    publisher: str
    before: str
    links: int
    goal_links: int
    publication: Publication | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as an edition records it: ``contested``, ``retired``, ``amended`` or ``upheld``."""

    edition: str
    line: str
    sdg: str
    decision: str
    by: str
    role: str
    agency: str
    proposed_by: tuple[str, ...]
    on: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that an amended link says differently: ``name`` is a column, or ``rationale`` with its language."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LinkChange:
    """What happened to one link between two editions.

    Attributes:
        line: code of its action line.
        sdg: code of its goal or target.
        before: the link in the first edition, None if it was added.
        after: the link in the second edition, None if it was removed.
        fields: what an amended link says differently.
        decisions: those recorded on it since the first edition.
        then: its assessment as frozen in the first edition, None if that froze none.
        later: its assessment as frozen in the second edition, None if that froze none.
        now: the verdict on today's evidence, None if nobody asked for it.

    """

    line: str
    sdg: str
    before: StandingLink | None
    after: StandingLink | None
    fields: tuple[FieldChange, ...]
    decisions: tuple[Recorded, ...]
    then: Frozen | None
    later: Frozen | None
    now: Verdict | None

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``amended``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "amended"


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """What edition ``second`` says differently from edition ``first``; ``unchanged`` counts the links that stayed."""

    first: str
    second: str
    added: tuple[LinkChange, ...]
    removed: tuple[LinkChange, ...]
    amended: tuple[LinkChange, ...]
    unchanged: int

    @property
    def changes(self) -> tuple[LinkChange, ...]:
        """All changes, in the order of the links."""
        changes = (*self.added, *self.removed, *self.amended)
        return tuple(sorted(changes, key=lambda c: pair_key((c.line, c.sdg))))


@dataclass(frozen=True, slots=True)
class Stage:
    """A link in one edition.

    ``change`` is ``added``, ``kept``, ``amended``, ``retired``, or ``absent`` where it is not and was not there.
    """

    edition: str
    issued: str
    change: str
    link: StandingLink | None
    fields: tuple[FieldChange, ...]
    decisions: tuple[Recorded, ...]
    then: Frozen | None


def pair_key(pair: Pair) -> tuple[object, ...]:
    """Return the sort key by which links are listed: C2 before C10, 1.2 before 1.10."""
    return natural_key(pair[0]), natural_key(pair[1])


def list_editions(tables: Tables) -> tuple[Edition, ...]:
    """Return all editions, oldest first."""
    return tuple(edition_of(tables, code) for code in sorted(tables.groups("links")))


def edition_of(tables: Tables, code: str) -> Edition:
    """Return one edition.

    Raises:
        UsageError: there is no such edition.

    """
    require_edition(tables, code)
    row = tables.groups("editions")[code].rows[0]
    links = [r.text("target") for r in tables.groups("links")[code]]
    return Edition(
        code=code,
        titles={lang: text for lang in ("en", "fr", "es") if (text := row.text(f"title_{lang}"))},
        issued=row.text("issued"),
        hlpf=row.text("hlpf"),
        publisher=row.text("publisher"),
        before=previous_edition(tables, code),
        links=len(links),
        goal_links=sum("." not in target for target in links),
        publication=_publication(tables, code),
    )


def require_edition(tables: Tables, code: str) -> None:
    """Raise UsageError if there is no edition ``code``."""
    if code not in tables.groups("links"):
        codes = ", ".join(sorted(tables.groups("links")))
        raise UsageError(f"there is no edition '{code}'", f"Published: {codes}.")


def recorded_decisions(tables: Tables, code: str) -> Mapping[Pair, tuple[Recorded, ...]]:
    """Return the decisions that edition ``code`` records, by pair."""
    found: dict[Pair, tuple[Recorded, ...]] = {}
    for row in tables.groups("decisions").get(code, ()):
        record = _recorded(code, row)
        pair = (record.line, record.sdg)
        found[pair] = (*found.get(pair, ()), record)
    return found


def diff_editions(tables: Tables, first: str, second: str, now: Mapping[Pair, Verdict] | None = None) -> EditionDiff:
    """Compare two editions.

    Args:
        tables: all tables, with or without the registers.
        first: code of the edition to begin with.
        second: code of the other, as a rule the later one.
        now: verdicts on today's evidence, by pair.

    Raises:
        UsageError: there is no such edition.

    """
    for code in (first, second):
        require_edition(tables, code)
    older, newer = standing_links(tables, first), standing_links(tables, second)
    then, later = frozen_assessments(tables, first), frozen_assessments(tables, second)
    between = [recorded_decisions(tables, e) for e in sorted(tables.groups("links")) if first < e <= second]

    def change(pair: Pair) -> LinkChange:
        before, after = older.get(pair), newer.get(pair)
        return LinkChange(
            line=pair[0],
            sdg=pair[1],
            before=before,
            after=after,
            fields=field_changes(before, after) if before and after else (),
            decisions=tuple(record for edition in between for record in edition.get(pair, ())),
            then=then.get(pair),
            later=later.get(pair),
            now=(now or {}).get(pair),
        )

    def changes(pairs: Iterable[Pair]) -> tuple[LinkChange, ...]:
        return tuple(change(pair) for pair in sorted(pairs, key=pair_key))

    was, is_now = link_content(tables, first), link_content(tables, second)
    both = was.keys() & is_now.keys()
    amended = [pair for pair in both if was[pair] != is_now[pair]]
    return EditionDiff(
        first=first,
        second=second,
        added=changes(is_now.keys() - was.keys()),
        removed=changes(was.keys() - is_now.keys()),
        amended=changes(amended),
        unchanged=len(both) - len(amended),
    )


def timeline(tables: Tables, line: str, sdg: str) -> tuple[Stage, ...]:
    """Return what became of a link in each edition, oldest first.

    Raises:
        UsageError: no edition has, or had, such a link.

    """
    stages: list[Stage] = []
    before: StandingLink | None = None
    for code in sorted(tables.groups("links")):
        link = standing_links(tables, code).get((line, sdg))
        fields = field_changes(before, link) if before and link else ()
        stages.append(
            Stage(
                edition=code,
                issued=tables.groups("editions")[code].rows[0].text("issued"),
                change=_step(before, link, fields),
                link=link,
                fields=fields,
                decisions=recorded_decisions(tables, code).get((line, sdg), ()),
                then=frozen_assessments(tables, code).get((line, sdg)),
            )
        )
        before = link
    if not any(stage.link for stage in stages):
        raise UsageError(f"no edition links {line} with SDG {sdg}", "List the links: wsiskg matrix show")
    return tuple(stages)


def field_changes(before: StandingLink, after: StandingLink) -> tuple[FieldChange, ...]:
    """Return what ``after`` says differently from ``before``."""
    pairs = [
        (f"rationale {lang}", before.rationale.get(lang, ""), after.rationale.get(lang, "")) for lang in UN_LANGUAGES
    ]
    pairs += [(name, before.row.text(name), after.row.text(name)) for name in _COLUMNS]
    return tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)


_COLUMNS = ("proposed_by", "proposer_basis", "status", "confidence", "source_url", "note")


def _step(before: StandingLink | None, link: StandingLink | None, fields: tuple[FieldChange, ...]) -> str:
    if link is None:
        return "absent" if before is None else "retired"
    if before is None:
        return "added"
    return "amended" if fields else "kept"


def _publication(tables: Tables, code: str) -> Publication | None:
    rows = tables.groups("activity")[code].rows if code in tables.groups("activity") else ()
    for row in rows:
        return Publication(
            by=row.text("published_by"),
            role=row.text("role"),
            agency=row.text("agency"),
            on=row.text("published_on"),
            input_name=row.text("input_name"),
            input_sha256=row.text("input_sha256"),
            policy=row.text("policy"),
            policy_sha256=row.text("policy_sha256"),
            release_before=row.text("release_before"),
            overrides=row.values("overrides"),
        )
    return None


def _recorded(code: str, row: Row) -> Recorded:
    return Recorded(
        edition=code,
        line=row.text("action_line"),
        sdg=row.text("target"),
        decision=row.text("decision"),
        by=row.text("by"),
        role=row.text("role"),
        agency=row.text("agency"),
        proposed_by=row.values("proposed_by"),
        on=row.text("decided_on"),
        reason=row.text("reason"),
    )
