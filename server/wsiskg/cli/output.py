"""What the command prints: results to stdout, talk to stderr."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from wsiskg.model.errors import UsageError, ViolationError, WsiskgError
from wsiskg.model.problems import LANGUAGES, Problem, Severity

if TYPE_CHECKING:
    from wsiskg.build import Built
    from wsiskg.graph.sources import KnownSource, Source

__all__ = [
    "LANGUAGE",
    "bars",
    "built",
    "check_language",
    "complain",
    "progress",
    "read_sent",
    "read_text",
    "sources",
    "verdict",
]

LANGUAGE = "en"
"""Language of the problems shown when a command fails."""


def check_language(language: str) -> str:
    """Return ``language`` if messages exist in it.

    Raises:
        UsageError: they do not.

    """
    if language not in LANGUAGES:
        raise UsageError(f"there are no messages in '{language}'", f"Known: {', '.join(LANGUAGES)}.")
    return language


def complain(error: WsiskgError) -> None:
    """Say what went wrong and what to do, without a traceback."""
    if isinstance(error, ViolationError):
        from wsiskg.rules.report import render

        typer.echo(render(error.problems, "text", LANGUAGE), err=True, nl=False)
    typer.echo(f"wsiskg: {error.message}", err=True)
    if error.remedy:
        typer.echo(error.remedy, err=True)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the step that is under way, on terminals only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda step: status.update(step)


@contextlib.contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each thing under way (what, done, of how many), on terminals only."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield step


def built(result: "Built", data: Path, *, as_json: bool) -> None:
    """Say what was built, and from how much."""
    manifest, counts = result.release.manifest, result.release.manifest["counts"]
    if as_json:
        typer.echo(json.dumps({"release": result.release.id, "counts": counts, "warnings": len(result.problems)}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Release {result.release.id}", title_justify="left")
    table.add_column("Graph")
    table.add_column("Statements", justify="right")
    prefix = manifest["base"] + "graph/"
    for graph, number in counts["graphs"].items():
        table.add_row(graph.removeprefix(prefix), f"{number:,}")
    console = Console(highlight=False)
    console.print(table)
    classes = counts["classes"]
    console.print(
        f"{classes['Link']} links, {classes['Project']} projects, {classes['Award']} awards "
        f"from {len(manifest['sources'])} tables, in {data}"
    )
    verdict(result.problems)


def verdict(problems: Sequence[Problem]) -> None:
    """Say on stderr how many problems there are of each severity."""
    numbers = {s: sum(p.severity is s for p in problems) for s in Severity}
    text = ", ".join(f"{n} {s.value.lower()}{'' if n == 1 or s is Severity.INFO else 's'}" for s, n in numbers.items())
    typer.echo(f"{text}." if problems else "No problems.", err=True)


def read_sent(path: Path) -> tuple[bytes, str]:
    """Read a file that somebody sent, or standard input for ``-``; return its content, and what messages call it.

    Its folders are left out of the name: they say nothing to who gets the report.

    Raises:
        UsageError: it cannot be read, or is larger than any that is read.

    """
    from wsiskg.tables.sheets.limits import Limits

    limit = Limits().bytes
    try:
        if str(path) == "-":
            content = sys.stdin.buffer.read(limit + 1)
        else:
            with path.open("rb") as file:
                content = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise UsageError(f"'{path}' has more than {limit:,} bytes", "Send it in several files.")
    return content, "standard input" if str(path) == "-" else path.name


def read_text(path: Path) -> str:
    """Read a UTF-8 file.

    Raises:
        UsageError: it cannot be read, or is not UTF-8.

    """
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"'{path}' is not UTF-8 (byte {error.start})", "Save it as UTF-8.") from error


def sources(known: Mapping[str, "KnownSource"], added: Sequence["Source"], *, as_json: bool) -> None:
    """List known sources and those added."""
    by_name = {s.name: s for s in added}
    if as_json:
        typer.echo(json.dumps([{"name": n, "added": n in by_name, "sha256": getattr(by_name.get(n), "sha256", None)}
                               for n in known]))  # fmt: skip
        return
    for name, source in known.items():
        state = f"added, {by_name[name].triples} statements" if name in by_name else "not added"
        typer.echo(f"{name}  {state}\n  {source.title}\n  {source.address}")
