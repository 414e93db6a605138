"""Where papers go: to the terminal, or to a file."""

import contextlib
import io
import sys
from pathlib import Path

import typer

from wsiskg.matrix.papers.paper import Paper, as_csv, as_html, as_json, as_markdown, print_paper
from wsiskg.model.errors import UsageError

__all__ = ["check_format", "write_bytes", "write_paper"]

_FILE_WIDTH = 160


def check_format(form: str, known: tuple[str, ...]) -> str:
    """Return ``form`` if it is one of the ``known``.

    Raises:
        UsageError: it is not.

    """
    if form not in known:
        raise UsageError(f"unknown format '{form}'", f"Known: {', '.join(known)}.")
    return form


def write_paper(paper: Paper, form: str, output: Path | None) -> None:
    """Write a paper to ``output``, or print it.

    Args:
        paper: what to write; as CSV, the records of its sections under each other, with the columns of the first.
        form: ``text``, ``md``, ``html``, ``json`` or ``csv``.
        output: the file; the terminal when None.

    Raises:
        UsageError: the file cannot be written.

    """
    if form == "text" and output is None:
        from rich.console import Console

        print_paper(paper, Console(highlight=False))
        return
    write_bytes(_text(paper, form).encode(), output)


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write ``content`` to ``output``, or to standard output.

    Raises:
        UsageError: the file cannot be written.

    """
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    part = output.with_name(f".{output.name}.part")
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(content)  # a pipe or a device
        else:
            part.write_bytes(content)
            part.replace(output)  # so that nothing half-written takes the name
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise UsageError(f"'{output}' cannot be written: {error.strerror}") from error
    typer.echo(f"{output} written.", err=True)


def _text(paper: Paper, form: str) -> str:
    if form == "text":
        from rich.console import Console

        page = io.StringIO()
        print_paper(paper, Console(file=page, width=_FILE_WIDTH, highlight=False))
        return page.getvalue()
    if form == "csv":
        columns = next((s.columns for s in paper.sections if s.columns), ())
        return as_csv(columns, [r for s in paper.sections for r in s.records])
    return {"md": as_markdown, "html": as_html, "json": as_json}[form](paper)
