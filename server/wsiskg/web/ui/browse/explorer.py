"""The projects explorer: words, facets with counts, a list, and the countries they come from."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wsiskg.graph.framing import framer
from wsiskg.graph.index.columns import row_of
from wsiskg.model.errors import LimitError, UsageError
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.api.listings import COLLECTIONS, FORMS
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.ui.drawings.worldmap import draw_world
from wsiskg.web.ui.matrix.view import ORIGINS
from wsiskg.web.ui.site import Site

__all__ = ["FACETS", "MOST_ROWS", "Question", "explorer_page", "projects_csv", "read_question"]

FACETS: Mapping[str, str] = {
    "line": "line", "goal": "named-goal", "region": "region", "country": "country", "grade": "grade",
    "stakeholder": "stakeholder", "register": "register",
}  # fmt: skip
"""Query parameter -> facet of the index, in the order in which they are shown."""

_MORE: Mapping[str, str] = {"sdg": "sdg", "recognised": "recognised", "organisation": "organisation"}
_BY_ORIGIN = frozenset({"line", "named-goal", "sdg"})
_SORTS: Mapping[str, tuple[str, bool]] = {
    "newest": ("year", True), "oldest": ("year", False), "name": ("name", False), "awards": ("number", True),
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_PAGE = 40
MOST_ROWS = 10_000
"""Projects in a CSV file, at most."""

_VALUES = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the explorer; ``values`` holds the facets that are chosen, by query parameter."""

    words: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    origin: str = "confirmed"
    first: int = 0
    last: int = 0
    sort: str = "newest"
    after: str = ""

    def parameters(self) -> dict[str, object]:
        """Return the query parameters that ask this, without the place in the list."""
        return {
            "q": self.words, **self.values, "origin": "" if self.origin == "confirmed" else self.origin,
            "year-from": self.first or "", "year-to": self.last or "",
            "sort": "" if self.sort == "newest" else self.sort,
        }  # fmt: skip

    def listing(self, limit: int = _PAGE) -> Listing:
        """Return what to list."""
        suffix = "" if self.origin == "confirmed" else f":{self.origin}"
        having: dict[str, Sequence[str]] = {}
        for name, value in self.values.items():
            facet = FACETS.get(name) or _MORE[name]
            having[facet + suffix if facet in _BY_ORIGIN else facet] = [value]
        sort, descending = _SORTS[self.sort]
        return Listing(
            ("project",), having, {}, (self.first, self.last), sort, descending, limit, self.after, self.words
        )


def read_question(values: Mapping[str, str]) -> Question:
    """Return what query parameters ask; those of other names are passed over.

    Raises:
        UsageError: a value is not of its form.

    """
    filters = COLLECTIONS["projects"].filters
    chosen: dict[str, str] = {}
    for name in (*FACETS, *_MORE):
        if value := values.get(name, ""):
            form, example = FORMS[filters[name].form if name in filters else "goal"]
            if not re.fullmatch(form, value):
                raise UsageError(f"{name}: '{value[:60]}' is not of its form", f"Example: {name}={example}")
            chosen[name] = value
    origin, sort = values.get("origin") or "confirmed", values.get("sort") or "newest"
    if origin not in ORIGINS:
        raise UsageError(f"origin: there is no '{origin[:60]}'", f"There are: {', '.join(ORIGINS)}.")
    if sort not in _SORTS:
        raise UsageError(f"sort: there is no '{sort[:60]}'", f"There are: {', '.join(_SORTS)}.")
    years = []
    for name in ("year-from", "year-to"):
        year = values.get(name, "")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise UsageError(f"{name}: '{year[:60]}' is no year", "Write it with four digits, such as 2018.")
        years.append(int(year or 0))
    after = values.get("after", "")
    return Question(values.get("q", "").strip()[:200], chosen, origin, years[0], years[1], sort, after)


def explorer_page(site: Site, language: str, values: Mapping[str, str], *, template: str = "projects.html") -> str:
    """Return the explorer: the list, or with ``view=map`` the countries of what is asked for.

    Raises:
        UsageError: a parameter is not of its form.

    """
    index, asked = site.index, read_question(values)
    listing = asked.listing()
    page = index.page(listing)
    facets = _facets(index, asked)
    parameters = asked.parameters()
    view = "map" if values.get("view") == "map" else ""
    return site.render(
        template, language, with_query("projects", parameters, after=asked.after, view=view), asked=asked, page=page,
        facets=facets, labels=_labels(index), parameters=parameters, sorts=tuple(_SORTS), most=_VALUES,
        origins=tuple(ORIGINS), view=view, world=draw_world(dict(facets["country"])) if view else None,
    )  # fmt: skip


def projects_csv(site: Site, values: Mapping[str, str]) -> str:
    """Return the projects that are asked for, `MOST_ROWS` at most, for spreadsheets: no text begins a formula.

    Raises:
        UsageError: a parameter is not of its form.

    """
    index, asked = site.index, read_question(values)
    columns, context = COLLECTIONS["projects"].columns, framer(index.release.iris).context
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for document in index.page(asked.listing(MOST_ROWS)).documents:
        row = row_of(document, columns, context)
        writer.writerow([_harmless(str(row.get(column, ""))) for column in columns])
    return text.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _NUMBER.fullmatch(text) else text


def _facets(index: Index, asked: Question) -> dict[str, list[tuple[str, int]]]:
    """Return the values of each facet with their numbers; none where counting would take too long."""
    suffix = "" if asked.origin == "confirmed" else f":{asked.origin}"
    names = {name: facet + suffix if facet in _BY_ORIGIN else facet for name, facet in FACETS.items()}
    try:
        counted = index.facets(asked.listing(), tuple(names.values()))
    except LimitError:
        return {name: [] for name in names}
    return {name: counted[facet] for name, facet in names.items()}


def _labels(index: Index) -> dict[str, dict[str, object]]:
    """Return code -> document for the values of facets that have a title."""
    found: dict[str, dict[str, object]] = {}
    for name, kind in (("line", "action-line"), ("goal", "goal"), ("region", "region"), ("country", "country")):
        found |= {f"{name}:{d['notation']}": d for d in index.items(Listing((kind,)))}
    return found | {f"register:{d['identifier']}": d for d in index.items(Listing(("register",)))}
