"""What proposals are held against: codes and their names, who facilitates what, sessions, Connect 2020."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from wsiskg.model.codes import parent_line
from wsiskg.tables.rows import Tables

__all__ = ["Facilitation", "Reference", "Session", "read_reference"]

_FACILITATING = frozenset({"facilitator", "co-facilitator"})


@dataclass(frozen=True, slots=True)
class Facilitation:
    """A role of an agency as a source shows it: seen in ``observed``, over by ``ended``."""

    agency: str
    role: str
    observed: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session of the High-level Political Forum; ``goals`` are those reviewed in depth, none if not known yet."""

    code: str
    goals: frozenset[str]
    updates_matrix: bool | None
    held: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Look-ups made once from the tables.

    Attributes:
        lines: names of the action lines by code and language.
        sdgs: names of goals and targets by code and language.
        agencies: names of agencies by code and language.
        sessions: HLPF sessions by code.
        facilitations: observed roles by action line.
        connect_sdgs: Connect 2020 targets that are linked with an SDG goal or target, by its code.
        connect_lines: Connect 2020 targets that are linked with an action line, by its code.

    """

    lines: Mapping[str, Mapping[str, str]]
    sdgs: Mapping[str, Mapping[str, str]]
    agencies: Mapping[str, Mapping[str, str]]
    sessions: Mapping[str, Session]
    facilitations: Mapping[str, tuple[Facilitation, ...]]
    connect_sdgs: Mapping[str, frozenset[str]]
    connect_lines: Mapping[str, frozenset[str]]

    def facilitators(self, line: str, year: int | None = None) -> frozenset[str]:
        """Return the agencies that facilitate or co-facilitate ``line``: in ``year``, or as last seen.

        An agency has the role of its latest observation up to then, unless that had ended by then.
        """
        latest: dict[str, Facilitation] = {}
        for seen in self.facilitations.get(line, ()):
            known = latest.get(seen.agency)
            if (year is None or seen.observed <= year) and (known is None or seen.observed >= known.observed):
                latest[seen.agency] = seen
        found = {
            agency
            for agency, seen in latest.items()
            if seen.role in _FACILITATING and (seen.ended is None or (year is not None and seen.ended > year))
        }
        # Nobody is recorded for C7 itself: its facilitators are those of its parts.
        parts = [code for code in self.lines if parent_line(code) == line]
        return frozenset(found).union(*(self.facilitators(code, year) for code in parts))

    def title(self, code: str, language: str) -> str:
        """Return the name of an action line, goal, target or agency, in English where ``language`` lacks it."""
        names = self.lines.get(code) or self.sdgs.get(code) or self.agencies.get(code) or {}
        return names.get(language) or names.get("en", "")

    def knows(self, line: str, sdg: str) -> bool:
        """Say whether both ends of a pair exist."""
        return line in self.lines and sdg in self.sdgs


def read_reference(tables: Tables) -> Reference:
    """Make the look-ups from tables."""
    lines: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in tables["action_lines"]:
        lines[row.text("code")] = {}
    for row in tables["action_line_titles"]:
        if row.text("kind") == "preferred":
            lines[row.text("action_line")][row.text("lang")] = row.text("title")
    sdgs = {row.text("code"): _texts(row.cells, "title_") for row in tables["goals"]}
    sdgs |= {row.text("code"): _texts(row.cells, "label_") for row in tables["targets"]}
    connected: dict[str, defaultdict[str, set[str]]] = {"sdg": defaultdict(set), "wsis": defaultdict(set)}
    for row in tables["proposals"]:
        connected[row.text("framework")][row.text("object")].add(row.text("connect_target"))
    return Reference(
        lines=dict(lines),
        sdgs=sdgs,
        agencies={row.text("code"): _texts(row.cells, "name_") for row in tables["agencies"]},
        sessions={
            row.text("code"): Session(
                row.text("code"),
                frozenset({*row.values("goals_in_depth"), *row.values("goals_unverified")}),
                row.flag("matrix_update"),
                row.text("state") == "held",
            )
            for row in tables["hlpf_sessions"]
        },
        facilitations=_facilitations(tables),
        connect_sdgs={code: frozenset(found) for code, found in connected["sdg"].items()},
        connect_lines={code: frozenset(found) for code, found in connected["wsis"].items()},
    )


def _texts(cells: Mapping[str, str], stem: str) -> Mapping[str, str]:
    return {name.removeprefix(stem): text for name, text in cells.items() if name.startswith(stem) and text}


def _facilitations(tables: Tables) -> Mapping[str, tuple[Facilitation, ...]]:
    found: defaultdict[str, list[Facilitation]] = defaultdict(list)
    for row in tables["facilitators"]:
        seen = Facilitation(row.text("agency"), row.text("role"), row.integer("observed") or 0, row.integer("ended_by"))
        found[row.text("action_line")].append(seen)
    return {line: tuple(seen) for line, seen in found.items()}
