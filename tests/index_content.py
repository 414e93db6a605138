"""What an index file says, to compare one with another that was written in another way."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def said(path: Path) -> dict[str, Any]:
    """All that an index answers, whatever the numbers of its items, texts and facets."""
    with closing(sqlite3.connect(path)) as connection:
        run = connection.execute
        run("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'text', 'instance')")
        names = {number: (kind, code) for number, kind, code in run("SELECT id, kind, code FROM item")}
        docs = {number: (names[item], lang) for number, item, lang in run("SELECT id, item, lang FROM doc")}
        found: dict[str, Any] = {
            "item": [row[1:] for row in run("SELECT * FROM item ORDER BY id")],
            "kind": run("SELECT name, items FROM kind ORDER BY name").fetchall(),
            "term": sorted(run("SELECT kind, name, value, items FROM term")),
            "facet": sorted(
                (*names[item], name, value)
                for item, name, value in run("SELECT f.item, t.name, t.value FROM facet f JOIN term t ON t.id = f.term")
            ),
            "alias": sorted((key, names[item]) for key, item in run("SELECT key, item FROM alias")),
            "doc": sorted((names[item], *row) for item, *row in run("SELECT item, lang, label FROM doc")),
            "words": sorted((docs[doc], *row) for doc, *row in run("SELECT doc, col, offset, term FROM temp.words")),
            "weights": run("SELECT block FROM text_data WHERE id = 1").fetchall(),
            "label": run("SELECT * FROM label").fetchall(),
            "cell": run("SELECT * FROM cell").fetchall(),
        }
        inside = run("SELECT COUNT(*) FROM item i JOIN kind k ON k.name = i.kind WHERE i.id BETWEEN k.first AND k.last")
        assert inside.fetchone() == (len(names),)
        return found
