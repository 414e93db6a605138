"""``wsiskg query``: a catalogue name, a file or SPARQL text, answered from the store on disk."""

import io
import json
import signal
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import typer
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Column, Table

from wsiskg.cli.output import read_text
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import current_release, open_store
from wsiskg.model.errors import UsageError
from wsiskg.settings import Settings
from wsiskg.store.catalogue import find_query, load_catalogue
from wsiskg.store.editions import editions_among
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.store.guard import Form, Reading, check_query, tokens
from wsiskg.store.syntax import check_syntax

__all__ = ["list_catalogue", "run"]

_WIDE = 24  # a column of texts may wrap down to this width before rows are printed one by one
_FILE_WIDTH = 160


class _Asked(NamedTuple):
    """An answer, and what it is shown by."""

    body: bytes
    iris: Iris
    bindings: Mapping[str, str]
    reading: Reading


def list_catalogue(settings: Settings, form: str) -> None:
    """Print the questions of the catalogue, as a table or as JSON.

    Raises:
        UsageError: the format is neither.

    """
    if form not in {"table", "json"}:
        raise UsageError(f"the catalogue cannot be listed as '{form}'", "Choose from: table, json.")
    catalogue = load_catalogue(Iris(settings.base))
    if form == "json":
        listed = [
            {"name": q.name, "summary": q.summary, "parameters": {p.name: p.default for p in q.params}}
            for q in catalogue.values()
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    table = Table("Name", "Question", "Parameters")
    for query in catalogue.values():
        table.add_row(query.name, query.summary, " ".join(f"{p.name}={p.default}" for p in query.params))
    Console(highlight=False).print(table)


def run(what: str, params: list[str], form: str, output: Path | None, settings: Settings) -> None:
    """Answer ``what`` and print it, or write it to ``output``.

    Raises:
        UsageError: the query, a parameter or the format is unknown.
        ReleaseError: no release was built, or loaded into the store that the settings name.
        QueryError: the query is wrong, or cannot be answered.

    """
    ask = _ask_remote if settings.store else _ask_embedded
    body, iris, bindings, reading = ask(what, params, form, settings)
    if form == "table" and not (reading.form or Form.SELECT).gives_graph:
        _table(json.loads(body), iris, bindings, output)
    elif output is not None:
        _write(output, body)
    else:
        sys.stdout.buffer.write(body if body.endswith(b"\n") else body + b"\n")


def _ask_embedded(what: str, params: list[str], form: str, settings: Settings) -> _Asked:
    release = current_release(settings.data)
    request, reading = _request(what, params, form, release.iris, release.graphs, settings)
    store = open_store(release)
    # The engine does not return to Python while it evaluates: let Ctrl-C end the process.
    previous = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return _Asked(evaluate(store, request).body, release.iris, request.bindings, reading)
    finally:
        signal.signal(signal.SIGINT, previous)


def _ask_remote(what: str, params: list[str], form: str, settings: Settings) -> _Asked:
    from wsiskg.store.remote.client import RemoteStore
    from wsiskg.store.remote.loading import current_held, names_of

    with RemoteStore(settings) as store:
        names = names_of(settings.base, current_held(store, settings.base))
        iris = Iris(settings.base)
        request, reading = _request(what, params, form, iris, names.graphs, settings)
        check_syntax(request.query)
        return _Asked(store.answer(request, names).body, iris, request.bindings, reading)


def _request(
    what: str, params: list[str], form: str, iris: Iris, graphs: Iterable[str], settings: Settings
) -> tuple[Request, Reading]:
    text, bindings = _resolve(what, params, iris, next(reversed(editions_among(graphs, iris)), ""))
    reading = check_query(text)
    media_type = _media_type(reading.form or Form.SELECT, form)
    request = Request(text, media_type, bindings, own_dataset=reading.has_dataset_clause, base=iris.base,
                      max_bytes=settings.answer_bytes)  # fmt: skip
    return request, reading


def _resolve(what: str, params: list[str], iris: Iris, edition: str) -> tuple[str, dict[str, str]]:
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
        query = find_query(what, iris, edition)
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


def _table(answer: dict[str, Any], iris: Iris, bound: Collection[str], output: Path | None) -> None:
    """Print an answer for people: parameters are left out, an answer too wide for columns comes row by row."""
    if "boolean" in answer:
        text = "yes\n" if answer["boolean"] else "no\n"
        _write(output, text.encode()) if output else typer.echo(text, nl=False)
        return
    compact = load_context(iris).compact_iri
    columns = [v for v in answer["head"]["vars"] if v not in bound] or answer["head"]["vars"]
    rows = [[_cell(row.get(c), compact) for c in columns] for row in answer["results"]["bindings"]]
    page = io.StringIO()
    console = Console(highlight=False) if output is None else Console(file=page, width=_FILE_WIDTH, highlight=False)
    widths = [max([len(c), *(len(r[i]) for r in rows)]) for i, c in enumerate(columns)]
    if sum(min(w, _WIDE) + 3 for w in widths) <= console.width:
        table = Table(*(Column(c, overflow="fold") for c in columns))
        for cells in rows:
            table.add_row(*map(escape, cells))
        console.print(table)
    else:
        _records(console, columns, rows)
    if output is not None:
        _write(output, page.getvalue().encode())
    typer.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", err=True)


def _records(console: Console, columns: list[str], rows: list[list[str]]) -> None:
    """Print each row as a block of names and values."""
    for number, cells in enumerate(rows, 1):
        console.print(Rule(str(number), align="left", style="dim"))
        block = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2))
        for name, cell in zip(columns, cells, strict=True):
            if cell:
                block.add_row(f"[dim]{name}[/dim]", escape(cell))
        console.print(block)


def _cell(value: dict[str, str] | None, compact: Callable[[str], str]) -> str:
    if value is None:
        return ""
    return compact(value["value"]) if value["type"] == "uri" else value["value"]


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from error
