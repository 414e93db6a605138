"""The matrix as it is looked at: action lines by goals, or by the targets of one goal, coloured by a measure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wsiskg.model.codes import natural_key
from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Cell as Counted
from wsiskg.web.languages.addresses import code_of

__all__ = ["MEASURES", "ORIGINS", "MatrixCell", "MatrixRow", "MatrixView", "View", "build_matrix", "read_view"]

Json = Any

MEASURES: Mapping[str, tuple[int, ...]] = {
    "links": (1, 2, 3, 4, 5),
    "verdict": (),
    "evidence": (1, 3, 6, 11, 21),
    "prizes": (1, 3, 6, 11, 21),
    "countries": (1, 3, 6, 11, 21),
    "candidates": (1, 2, 3, 4, 5),
    "changes": (1, 2, 3, 4, 5),
}
"""What a cell may show, and the numbers at which its steps of colour begin."""

ORIGINS: Mapping[str, tuple[str, ...]] = {
    "confirmed": ("declared", "assigned"),
    "declared": ("declared",),
    "assigned": ("assigned",),
}
"""Choices of the origin of tags, and the origins that each counts."""

_ORDERS = ("code", "most")
_DEFAULTS = {"measure": "links", "origin": "confirmed", "order": "code"}


@dataclass(frozen=True, slots=True)
class View:
    """A state of the matrix; every one has an address.

    Attributes:
        edition: of the links.
        measure: one of `MEASURES`.
        goal: the goal that is opened to its targets, empty for all goals.
        agency: only its links.
        hlpf: only the goals that this session reviews in depth.
        region: ITU region whose projects count.
        origin: one of `ORIGINS`.
        first: year from which projects count, 0 for any.
        last: year up to which projects count, 0 for any.
        order: ``code``, or ``most`` for the lines with the highest numbers first.
        compare: edition that this one is held against, empty for none.

    """

    edition: str
    measure: str = "links"
    goal: str = ""
    agency: str = ""
    hlpf: str = ""
    region: str = ""
    origin: str = "confirmed"
    first: int = 0
    last: int = 0
    order: str = "code"
    compare: str = ""

    def parameters(self, latest: str = "") -> dict[str, object]:
        """Return the query parameters that lead here; what is so anyway is left out."""
        values: dict[str, object] = {
            "edition": "" if self.edition == latest else self.edition, "measure": self.measure, "goal": self.goal,
            "agency": self.agency, "hlpf": self.hlpf, "region": self.region, "origin": self.origin,
            "year-from": self.first or "", "year-to": self.last or "", "order": self.order,
            "compare": self.compare,
        }  # fmt: skip
        return {name: value for name, value in values.items() if value and _DEFAULTS.get(name) != value}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Where a line meets a goal or target.

    Attributes:
        line: code of the action line.
        sdg: code of the goal or target.
        links: documents of the links in it.
        candidates: pairs in it that have evidence and no link.
        projects: that carry the line and the goal or target itself (for a goal: or any of its targets).
        recognised: of these, projects with an award.
        countries: behind the best evidenced of its links.
        new: codes that its links name and those of the edition compared with do not.
        gone: codes that only those of the edition compared with name.
        value: number of the measure that is shown.
        step: 0 for nothing, to 5.

    """

    line: str
    sdg: str
    links: tuple[Mapping[str, Json], ...] = ()
    candidates: tuple[str, ...] = ()
    projects: int = 0
    recognised: int = 0
    countries: int = 0
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    value: int = 0
    step: int = 0

    @property
    def validated(self) -> int:
        """Number of its links that the policy validates."""
        return sum(code_of(str(link.get("status", ""))) == "validated" for link in self.links)

    @property
    def verdict(self) -> str:
        """``all``, ``some`` or ``none`` of its links are validated; empty where it has none."""
        if not self.links:
            return ""
        return {0: "none", len(self.links): "all"}.get(self.validated, "some")

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the goals and targets that its links name."""
        return tuple(sorted((code_of(str(link["target"])) for link in self.links), key=natural_key))

    @property
    def agencies(self) -> tuple[str, ...]:
        """Codes of the agencies that put its links forward."""
        return tuple(sorted({code_of(agency) for link in self.links for agency in link.get("proposedBy", ())}))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An action line with its cells."""

    line: Mapping[str, Json]
    cells: tuple[MatrixCell, ...]

    @property
    def total(self) -> int:
        """Sum of what its cells show."""
        return sum(cell.value for cell in self.cells)


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix in one state: its columns (documents of goals or targets), and its rows."""

    view: View
    columns: tuple[Mapping[str, Json], ...]
    rows: tuple[MatrixRow, ...]
    steps: tuple[int, ...] = field(default=())

    @property
    def links(self) -> int:
        """Number of different links in it."""
        return len({str(link["id"]) for row in self.rows for cell in row.cells for link in cell.links})

    @property
    def totals(self) -> tuple[int, ...]:
        """Sums of the columns."""
        return tuple(sum(row.cells[n].value for row in self.rows) for n in range(len(self.columns)))


def read_view(values: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> View:
    """Return the state that query parameters mean.

    Args:
        values: the parameters; those of other names are passed over.
        known: values there are of ``edition`` (the latest last), ``goal``, ``agency``, ``hlpf`` and ``region``.

    Raises:
        UsageError: a value is none of those there are.

    """
    allowed = {**known, "measure": tuple(MEASURES), "origin": tuple(ORIGINS), "order": _ORDERS}
    allowed["compare"] = known["edition"]
    chosen: dict[str, str] = {}
    for name, choices in allowed.items():
        value = values.get(name, "")
        if value and value not in choices:
            raise UsageError(f"{name}: there is no '{value[:60]}'", f"There are: {', '.join(choices)}.")
        if value:
            chosen[name] = value
    if chosen.get("measure") == "changes" and "compare" not in chosen:
        raise UsageError("measure: changes are counted against another edition", "Name it: compare=2015.")
    editions = known["edition"]
    chosen.setdefault("edition", editions[-1] if editions else "")
    return View(**chosen, first=_year(values, "year-from"), last=_year(values, "year-to"))


def _year(values: Mapping[str, str], name: str) -> int:
    value = values.get(name, "")
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise UsageError(f"{name}: '{value[:60]}' is no year", "Write it with four digits, such as 2018.")
    return int(value)


def build_matrix(
    view: View,
    lines: Sequence[Mapping[str, Json]],
    columns: Sequence[Mapping[str, Json]],
    links: Iterable[Mapping[str, Json]],
    candidates: Iterable[Mapping[str, Json]],
    counted: Iterable[Counted],
    before: Iterable[Mapping[str, Json]] = (),
) -> MatrixView:
    """Return the matrix.

    Args:
        view: its state.
        lines: documents of all action lines; those with sub-lines have no row, unless a link names them.
        columns: documents of the goals, or of one goal and its targets.
        links: documents of the links to show, without labels.
        candidates: documents of the candidates, without labels.
        counted: projects by line and SDG, under the filters of the view.
        before: documents of the links of the edition compared with.

    """
    by_pair, open_pairs, old_pairs = (_by_cell(view, found) for found in (links, candidates, before))
    counts = {(c.line, c.sdg): c for c in counted}
    parents = {code_of(parent) for line in lines for parent in line.get("broader", ())}
    rows = []
    for line in sorted(lines, key=lambda d: int(d.get("position", 0))):
        code = str(line["notation"])
        cells = []
        for column in columns:
            key = (code, str(column["notation"]))
            count = counts.get(key)
            cell = MatrixCell(
                *key, tuple(by_pair.get(key, ())), tuple(str(found["id"]) for found in open_pairs.get(key, ())),
                count.projects if count else 0, count.recognised if count else 0,
            )  # fmt: skip
            cells.append(_measured(view, cell, [code_of(str(found["target"])) for found in old_pairs.get(key, ())]))
        if code not in parents or any(cell.links for cell in cells):
            rows.append(MatrixRow(line, tuple(cells)))
    if view.order == "most":
        rows.sort(key=lambda row: -row.total)
    return MatrixView(view, tuple(columns), tuple(rows), MEASURES[view.measure])


def _columns_of(view: View, link: Mapping[str, Json]) -> tuple[str, ...]:
    goal, target = code_of(str(link["goal"])), code_of(str(link["target"]))
    if not view.goal:
        return (goal,)
    return (target,) if goal == view.goal else ()


def _by_cell(view: View, links: Iterable[Mapping[str, Json]]) -> dict[tuple[str, str], list[Mapping[str, Json]]]:
    """Return links or candidates by line and column, in the order of their codes."""
    found: dict[tuple[str, str], list[Mapping[str, Json]]] = {}
    for link in sorted(links, key=lambda d: natural_key(code_of(str(d["target"])))):
        for sdg in _columns_of(view, link):
            found.setdefault((code_of(str(link["actionLine"])), sdg), []).append(link)
    return found


def _measured(view: View, cell: MatrixCell, old: Sequence[str]) -> MatrixCell:
    """Return a cell with what follows from its links and from those it had in the edition compared with."""
    countries = max((_countries(link) for link in cell.links), default=0)
    new = tuple(code for code in cell.codes if code not in old) if view.compare else ()
    gone = tuple(code for code in old if code not in cell.codes)
    value = {
        "links": len(cell.links), "verdict": len(cell.links), "evidence": cell.projects, "prizes": cell.recognised,
        "countries": countries, "candidates": len(cell.candidates), "changes": len(new) + len(gone),
    }[view.measure]  # fmt: skip
    step = sum(value >= start for start in MEASURES[view.measure])
    return replace(cell, countries=countries, new=new, gone=gone, value=value, step=step)


def _countries(link: Mapping[str, Json]) -> int:
    for assessment in link.get("assessments", ()):
        return int(assessment.get("directConfirmed", {}).get("countryCount", 0))
    return 0
