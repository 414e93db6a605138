"""Which reports there are, and how one is written."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wsiskg.graph.release import Release
from wsiskg.matrix.outlook import known_code
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES
from wsiskg.reports.content import Block, Part, Report
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.kinds.agencies import agency_parts, find_agency
from wsiskg.reports.kinds.connect2020 import connect2020_parts, find_agenda
from wsiskg.reports.kinds.editions import edition_parts, find_edition
from wsiskg.reports.kinds.hlpf import find_session, hlpf_parts
from wsiskg.reports.kinds.lines import find_line, line_parts
from wsiskg.reports.kinds.places import country_parts, find_country, find_region, region_parts
from wsiskg.reports.kinds.quality import find_evidence, quality_parts
from wsiskg.reports.kinds.sdgs import find_goal, find_target, sdg_parts
from wsiskg.store.index.index import Index

__all__ = ["KINDS", "Kind", "find_subject", "kind_of", "write_report"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report.

    Attributes:
        name: as it is asked for.
        text: what it holds, in one line.
        example: code of a subject; empty where the report has none.
        find: returns the subject with a code.
        parts: returns the lead and the parts of the report on a subject.

    """

    name: str
    text: str
    example: str
    find: Callable[[Desk, str], Subject]
    parts: Callable[[Desk, Subject], tuple[list[Block], list[Part]]]


_KINDS = (
    Kind("hlpf", "Brief for a session of the High-level Political Forum", "2027", find_session, hlpf_parts),
    Kind("action-line", "Road map of an action line", "C2", find_line, line_parts),
    Kind("goal", "An SDG goal with its targets", "9", find_goal, sdg_parts),
    Kind("target", "An SDG target", "9.c", find_target, sdg_parts),
    Kind("region", "An ITU region", "AFR", find_region, region_parts),
    Kind("country", "A country", "KEN", find_country, country_parts),
    Kind("agency", "An agency: its lines, its links, its indicators", "ITU", find_agency, agency_parts),
    Kind("connect2020", "Targets of Connect 2020 and reported figures", "", find_agenda, connect2020_parts),
    Kind("edition", "An edition of the matrix", "2015", find_edition, edition_parts),
    Kind("evidence-quality", "Coverage, origins, sources and bias of the evidence", "", find_evidence, quality_parts),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
"""Kinds of reports by their names."""


def kind_of(name: str) -> Kind:
    """Return a kind of report by its name.

    Raises:
        UsageError: there is none; names the nearest.

    """
    try:
        return KINDS[known_code(name, KINDS, "report")]
    except UsageError as error:
        raise UsageError(error.message, error.remedy or f"Known: {', '.join(KINDS)}.") from error


def find_subject(release: Release, kind: str, code: str, language: str, index: Index | None = None) -> Subject:
    """Return the subject of a report, whatever the case of its code. Nothing is asked of the store.

    Args:
        release: that holds it.
        kind: one of `KINDS`.
        code: of the subject; empty where the report has none.
        language: of its title.
        index: of the release, where it is open already.

    Raises:
        UsageError: there is no such report, subject or language; names the nearest.

    """
    asked = kind_of(kind)
    if language not in LANGUAGES:
        raise UsageError(f"there are no reports in '{language}'", f"Known: {', '.join(LANGUAGES)}.")
    if release.plain:
        raise UsageError("a plain dataset has no reports", "Build a release from tables: wsiskg build.")
    return asked.find(Desk(release, language, index=index), code)


def write_report(release: Release, kind: str, code: str, language: str, date: str) -> Report:
    """Write a report from a release.

    Args:
        release: that answers.
        kind: one of `KINDS`.
        code: of its subject, such as ``C2``; empty where the report has none.
        language: of its words and of titles; titles that lack it stand in English.
        date: the day it is written, ISO 8601.

    Raises:
        UsageError: there is no such report, subject or language; names the nearest.
        ReleaseError: the release is damaged.

    """
    subject, asked = find_subject(release, kind, code, language), kind_of(kind)
    desk = Desk(release, language, subject.code if asked.name == "edition" else "")
    lead, parts = asked.parts(desk, subject)
    command = ["wsiskg", "report", asked.name, *([subject.code] if subject.code else [])]
    command += ["--lang", language] if language != "en" else []
    return Report(
        kind=asked.name,
        code=subject.code,
        title=desk.title(f"title-{asked.name}", code=subject.code, name=subject.title),
        subtitle=desk.word(f"kind-{asked.name}"),
        lead=tuple(lead),
        parts=tuple(parts),
        language=language,
        release=release.id,
        date=date,
        command=shlex.join(command),
        asked=desk.answers.asked,
    )
