"""The index of one release: documents of its items, in lists, by code, by what they say."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from wsiskg.graph.framing import framer
from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.release import Release
from wsiskg.store.editions import edition_codes
from wsiskg.store.index.files import IndexFiles, file_of, marks
from wsiskg.store.index.listings import Listing, Page, count_facets, list_items, list_page
from wsiskg.store.index.search import Found, Search

__all__ = ["Cell", "Index"]

Json = Any


@dataclass(frozen=True, slots=True)
class Cell:
    """Projects that carry an action line and an SDG goal or target, and how many of these won recognition."""

    line: str
    sdg: str
    projects: int
    recognised: int


class Index:
    """The index of one release; may be used by several threads.

    Args:
        release: its files are opened read-only, as they are needed.
        trace: called with each statement that is run.

    Raises:
        ReleaseError: the release has no index.

    """

    def __init__(self, release: Release, trace: Callable[[str], None] | None = None) -> None:
        self.release = release
        self.editions = edition_codes(release)
        self._framer = framer(release.iris)
        self._files = IndexFiles(release, trace)
        self._search = Search(self._files, self.editions[-1] if self.editions else "", self._framer.label_names)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._files.close()

    def page(self, listing: Listing) -> Page:
        """Return one page, its documents with labels.

        Raises:
            UsageError: the cursor is not one of this listing and release.

        """
        found = list_page(self._files, listing, self.release.id[:8])
        return replace(found, documents=tuple(self._shown(list(found.documents))))

    def facets(self, listing: Listing, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Return how many items of a listing have each value of some facets, the most frequent value first."""
        return count_facets(self._files, listing, names)

    def get(self, kind: str, code: str) -> dict[str, Json] | None:
        """Return the document of one item with labels, None if there is no such item."""
        with self._files.open(file_of((kind,))) as run:
            rows = run("SELECT json FROM item WHERE kind = ? AND code = ?", (kind, code))
        return self._shown([json.loads(rows[0][0])])[0] if rows else None

    def codes(self, kind: str, facet: str, value: str) -> list[str]:
        """Return the codes of the items that have one facet, in order."""
        with self._files.open(file_of((kind,))) as run:
            sql = (
                "SELECT i.code FROM term t JOIN facet f ON f.term = t.id JOIN item i ON i.id = f.item"
                " WHERE t.kind = ? AND t.name = ? AND t.value = ? ORDER BY i.id"
            )
            return [code for (code,) in run(sql, (kind, facet, value))]

    def items(self, listing: Listing) -> list[dict[str, Json]]:
        """Return all documents of a listing without labels, in the order of the index."""
        return list_items(self._files, listing)

    def cells(
        self, origins: Sequence[str], region: str = "", years: tuple[int, int] = (0, 0), line: str = "", goal: str = ""
    ) -> list[Cell]:
        """Return projects counted by action line and SDG.

        Args:
            origins: of tags, such as ``declared``; a pair counts by the weaker of its two tags.
            region: ITU region of a project's country, empty for all.
            years: first and last year, 0 for open.
            line: one action line only.
            goal: one goal and its targets only.

        """
        where = [f"origin IN ({marks(origins)})", "region = ?"]
        values: list[object] = [*origins, region]
        for condition, wanted in (
            ("year >= ?", years[0]), ("year BETWEEN 1 AND ?", years[1]), ("line = ?", line),
        ):  # fmt: skip
            if wanted:
                where.append(condition)
                values.append(wanted)
        if goal:
            where.append("(sdg = ? OR sdg LIKE ? ESCAPE '!')")
            values += [goal, f"{goal}.%"]
        with self._files.open(EVIDENCE) as run:
            rows = run(
                "SELECT line, sdg, SUM(projects), SUM(recognised) FROM cell WHERE "
                + " AND ".join(where) + " GROUP BY line, sdg ORDER BY line, sdg", values,
            )  # fmt: skip
        return [Cell(*row) for row in rows]

    def digests(self, edition: str) -> dict[str, tuple[str, dict[str, Json]]]:
        """Return (hash of what it says, document) of every link of an edition, by pair such as ``C2-9.c``."""
        with self._files.open(CORE) as run:
            sql = (
                "SELECT i.code, i.digest, i.json FROM term t JOIN facet f ON f.term = t.id JOIN item i ON i.id = f.item"
                " WHERE t.kind = 'link' AND t.name = 'edition' AND t.value = ? ORDER BY i.id"
            )
            return {code.partition("/")[2]: (digest, json.loads(text)) for code, digest, text in run(sql, (edition,))}

    def search(self, text: str, kinds: Sequence[str] = (), language: str = "en") -> list[Found]:
        """Return what ``text`` finds, see `Search.by_words`."""
        return self._search.by_words(text, kinds, language)

    def lookup(self, text: str, kinds: Sequence[str] = (), language: str = "en", limit: int = 10) -> list[Found]:
        """Return what may be meant by the beginning ``text``, see `Search.by_beginning`."""
        return self._search.by_beginning(text, kinds, language, limit)

    def _shown(self, documents: list[dict[str, Json]]) -> list[dict[str, Json]]:
        """Return documents with labels of what they name, in three statements."""
        named = sorted(set().union(*(self._framer.references(d) for d in documents))) if documents else []
        labels: dict[str, Json] = {}
        for file in (CORE, EVIDENCE):
            with self._files.open(file) as run:
                sql = "SELECT id, json FROM label WHERE id IN (SELECT value FROM json_each(?))"
                labels |= {name: json.loads(text) for name, text in run(sql, (json.dumps(named),))}
        # Projects are many, and are named by few: their labels are in their items only.
        prefix = self._framer.context.compact_iri(self.release.iris.resource("project", "").value)
        if codes := [unquote(name.removeprefix(prefix)) for name in named if name.startswith(prefix)]:
            with self._files.open(EVIDENCE) as run:
                sql = "SELECT json FROM item WHERE kind = 'project' AND code IN (SELECT value FROM json_each(?))"
                for (text,) in run(sql, (json.dumps(codes),)):
                    document = json.loads(text)
                    labels[document["id"]] = self._search.shown(document)
        return [self._framer.with_labels(document, labels) for document in documents]
