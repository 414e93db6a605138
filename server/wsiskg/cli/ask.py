"""``wsiskg query``: a catalogue name, a file or SPARQL text, answered from the store on disk."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import typer
from rich.console import Console
from rich.table import Table

from wsiskg.cli.output import read_text
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import current_release
from wsiskg.model.errors import UsageError
from wsiskg.settings import Settings
from wsiskg.store.catalogue import find_query, load_catalogue
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.store.guard import Form, check_query, tokens

__all__ = ["list_catalogue", "run"]


def list_catalogue(settings: Settings, form: str) -> None:
    """Print the questions of the catalogue, as a table or as JSON."""
    catalogue = load_catalogue(Iris(settings.base))
    if form == "json":
        typer.echo(json.dumps([{"name": q.name, "summary": q.summary, "parameters": {p.name: p.default for p in q.params}}
                               for q in catalogue.values()], ensure_ascii=False, indent=1))  # fmt: skip
        return
    table = Table("Name", "Question", "Parameters")
    for query in catalogue.values():
        table.add_row(query.name, query.summary, " ".join(f"{p.name}={p.default}" for p in query.params))
    Console(highlight=False).print(table)


def run(what: str, params: list[str], form: str, output: Path | None, settings: Settings) -> None:
    """Answer ``what`` and print it, or write it to ``output``.

    Raises:
        UsageError: the query, a parameter or the format is unknown.
        ReleaseError: no release was built.
        QueryError: the query is wrong, or cannot be answered.

    """
    release = current_release(settings.data)
    iris = release.iris
    text, bindings = _resolve(what, params, iris)
    reading = check_query(text)
    media_type = _media_type(reading.form or Form.SELECT, form)
    store = ox.Store.read_only(str(release.store_path))
    # The engine does not return to Python while it evaluates: let Ctrl-C end the process.
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        request = Request(text, media_type, bindings, own_dataset=reading.has_dataset_clause, base=iris.base,
                          max_bytes=settings.answer_bytes)  # fmt: skip
        body = evaluate(store, request).body
    finally:
        signal.signal(signal.SIGINT, previous)
    if form == "table" and not (reading.form or Form.SELECT).gives_graph:
        _table(json.loads(body), iris, output)
    elif output is not None:
        _write(output, body)
    else:
        sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")


def _resolve(what: str, params: list[str], iris: Iris) -> tuple[str, dict[str, str]]:
    """Return the query's text and its bindings."""
    if any(c.isspace() or c == "{" for c in what):
        text = what
    elif what.endswith(".rq") or Path(what).is_file():
        text = read_text(Path(what))
    else:
        values = {}
        for pair in params:
            name, equals, value = pair.partition("=")
            if not equals:
                raise UsageError(f"'{pair}' is not a parameter", "Write name=value.")
            values[name] = value
        query = find_query(what, iris)
        return query.text, dict(query.bind(values, iris))
    if params:
        raise UsageError("parameters go with the name of a catalogue query", "Write the values into the query.")
    return _declare_prefixes(text, iris), {}


def _declare_prefixes(text: str, iris: Iris) -> str:
    """Add our own prefixes where a query declares none, on its first line so that error positions keep their line."""
    if any(t.kind == "word" and t.text.upper() == "PREFIX" for t in tokens(text)):
        return text
    used = {t.text.partition(":")[0] for t in tokens(text) if t.kind == "pname"}
    known = prefixes(iris)
    return "".join(f"PREFIX {p}: <{known[p]}> " for p in sorted(used & set(known))) + text


def _media_type(form: Form, name: str) -> str:
    if form.gives_graph:
        wanted = {"table": "text/turtle", "json": "application/ld+json"}.get(name) or SHORT_NAMES.get(name, "")
        offered = GRAPH_TYPES
    else:
        wanted = SHORT_NAMES["json"] if name == "table" else SHORT_NAMES.get(name, "")
        offered = {**RESULT_TYPES}  # type: ignore[dict-item]
    if wanted not in offered:
        names = ", ".join(n for n, m in SHORT_NAMES.items() if m in offered)
        raise UsageError(f"a {form.value} query cannot be written as '{name}'", f"Choose from: table, {names}.")
    return wanted


def _table(answer: dict[str, Any], iris: Iris, output: Path | None) -> None:
    context = load_context(iris)
    if "boolean" in answer:
        text = "yes\n" if answer["boolean"] else "no\n"
        _write(output, text.encode()) if output else typer.echo(text, nl=False)
        return
    table = Table(*answer["head"]["vars"])
    rows = answer["results"]["bindings"]
    for row in rows:
        cells = (row.get(v) for v in answer["head"]["vars"])
        table.add_row(*(_cell(c, context.compact_iri) for c in cells))
    if output is None:
        console = Console(highlight=False)
        console.print(table)
    else:
        with output.open("w", encoding="utf-8") as handle:
            Console(file=handle, width=200).print(table)
    typer.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", err=True)


def _cell(value: dict[str, str] | None, compact: Any) -> str:
    if value is None:
        return ""
    text = compact(value["value"]) if value["type"] == "uri" else value["value"]
    return str(text).replace("[", "\\[")


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from error
