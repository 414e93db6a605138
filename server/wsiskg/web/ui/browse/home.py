"""The front page, what there is to browse, and search."""

from collections.abc import Mapping
from typing import Any

from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.store.index.search import Found
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.ui.matrix.page import load_matrix
from wsiskg.web.ui.matrix.view import View
from wsiskg.web.ui.site import Site

__all__ = ["browse_page", "home_page", "search_page"]

_SHOWN = 100
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "action-line": ("action-line",), "sdg": ("goal", "target", "indicator"), "connect2020": ("connect2020",),
    "link": ("link", "candidate"), "agency": ("agency",), "project": ("project",), "award": ("award",),
    "place": ("country", "region"), "event": ("hlpf", "event", "edition"),
    "organisation": ("organisation", "register"),
}  # fmt: skip


def home_page(site: Site, language: str) -> str:
    """Return the front page: search, the matrix in small, four numbers with their sources, where to begin."""
    index = site.index
    matrix = load_matrix(index, View(index.editions[-1])) if index.editions else None
    edition = index.get("edition", index.editions[-1]) if index.editions else None
    return site.render(
        "home.html", language, "", matrix=matrix, edition=edition, figures=_figures(index), parameters={},
        registers=index.page(Listing(("register",))).documents,
    )  # fmt: skip


def _figures(index: Index) -> dict[str, int]:
    having = {"edition": list(index.editions[-1:])}
    return {
        "links": index.page(Listing(("link",), having, limit=1)).total,
        "validated": index.page(Listing(("link",), having | {"status": ["validated"]}, limit=1)).total,
        "projects": index.page(Listing(("project",), limit=1)).total,
        "awards": index.page(Listing(("award",), limit=1)).total,
    }


def browse_page(site: Site, language: str) -> str:
    """Return lists of all lines, goals, Connect 2020 targets, agencies, sessions, places and editions."""
    index = site.index

    def listed(kind: str, sort: str = "code") -> tuple[dict[str, Any], ...]:
        return index.page(Listing((kind,), sort=sort, limit=500)).documents

    lines = sorted(listed("action-line"), key=lambda d: int(d.get("position", 0)))
    return site.render(
        "browse.html", language, "browse", lines=lines, goals=listed("goal"), connect=listed("connect2020"),
        agencies=listed("agency"), sessions=listed("hlpf"), regions=listed("region"),
        countries=listed("country", "name"), editions_listed=listed("edition"), registers=listed("register"),
    )  # fmt: skip


def search_page(site: Site, language: str, values: Mapping[str, str]) -> str:
    """Return what a search finds, by kind, the best first."""
    text, group = values.get("q", "").strip()[:200], values.get("kind", "")
    kinds = _GROUPS.get(group, ())
    found = site.index.search(text, kinds, language) if text else []
    groups: dict[str, list[Found]] = {}
    for item in found:
        name = next((g for g, members in _GROUPS.items() if item.kind in members), "")
        if name:
            groups.setdefault(name, []).append(item)
    shown = {name: items[: _SHOWN if group else 8] for name, items in groups.items()}
    return site.render(
        "search.html", language, with_query("search", {"q": text, "kind": group}), text=text, group=group,
        groups=shown, counts={name: len(items) for name, items in groups.items()},
    )  # fmt: skip
