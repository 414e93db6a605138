"""The door for files of proposals: bytes in, `Submission` out, by what the file is and not by what it is called."""

import hashlib
import re

from wsiskg.graph.iris import Iris
from wsiskg.matrix.columns import COLUMNS
from wsiskg.matrix.proposals import Proposal, Submission
from wsiskg.matrix.reading.graphs import is_json, is_turtle, read_graph
from wsiskg.matrix.reading.grids import read_grid
from wsiskg.matrix.reading.messages import reading_problem
from wsiskg.matrix.template import OTHER_SHEETS, PROPERTIES
from wsiskg.model.codes import FORMATS, UN_LANGUAGES
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Origin, Problem, Severity
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.rows import Tables
from wsiskg.tables.sheets.delimited import read_delimited
from wsiskg.tables.sheets.encodings import decoded
from wsiskg.tables.sheets.grid import Grid, Workbook
from wsiskg.tables.sheets.kinds import check_kind, is_package
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.reading import read_sheets

__all__ = ["read_delimited_rows", "read_submission"]

_LIMITS = Limits()
_METADATA = re.compile(r"(?:#[^\n]*(?:\n|$))+")  # the YAML head of SSSOM/TSV


def read_submission(
    data: bytes, name: str, tables: Tables, limits: Limits = _LIMITS, iris: Iris | None = None
) -> Submission:
    """Read a file of proposals: XLSX, CSV, TSV, SSSOM/TSV, JSON-LD or Turtle.

    Whatever is wrong with it becomes a problem of the submission, a file that cannot be read at all included.

    Args:
        data: the file.
        name: what messages call it; its ending only tells RDF from delimited text.
        tables: whose codes are recognised.
        limits: how much is read.
        iris: IRIs of the project, for RDF.

    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        check_kind(data, name, limits)
        if is_package(data):
            return _from_sheets(read_sheets(data, name, limits), name, digest, tables, limits)
        text, encoding = decoded(data, name)
        if is_json(text) or is_turtle(text, name):
            proposals, problems = read_graph(text, name, Recogniser(tables), limits, iris or Iris())
            return Submission(name, digest, tuple(proposals), tuple(problems))
        grid = _rows_below_metadata(text, name, limits, encoding)
        return _from_sheets(Workbook((grid,)), name, digest, tables, limits)
    except UnreadableError as error:
        return Submission(name, digest, (), (error.problem,))


def read_delimited_rows(data: bytes, name: str, limits: Limits = _LIMITS) -> Grid | None:
    """Return every cell of a CSV, TSV or SSSOM/TSV file as it was written; None for RDF, and for no data.

    Raises:
        UnreadableError: it is no text, or larger than the limits.

    """
    if not data:
        return None
    check_kind(data, name, limits)
    text, encoding = decoded(data, name)
    if is_json(text) or is_turtle(text, name):
        return None
    return _rows_below_metadata(text, name, limits, encoding)


def _rows_below_metadata(text: str, name: str, limits: Limits, encoding: str) -> Grid:
    head = found.end() if (found := _METADATA.match(text)) else 0
    return read_delimited(text[head:], name, limits, encoding, text[:head].count("\n") + 1)


def _from_sheets(book: Workbook, name: str, digest: str, tables: Tables, limits: Limits) -> Submission:
    ours = PROPERTIES["template"] in book.properties
    language = book.properties.get(PROPERTIES["language"], "")
    recogniser = Recogniser(tables)
    proposals: list[Proposal] = []
    problems: list[Problem] = []
    skipped, read = [], False
    for grid in book.sheets:
        if not grid.rows or (ours and grid.name in OTHER_SHEETS):
            continue
        found = read_grid(grid, name, recogniser, limits, language if language in UN_LANGUAGES else "")
        if found is None:
            skipped.append(grid.name)
            continue
        read = True
        proposals += found[0]
        problems += found[1]
    if not read:
        titles = {column.attribute: column.titles for column in COLUMNS if column.attribute in {"line", "sdg"}}
        problems.append(reading_problem("no-header", Origin(name), line=titles["line"], sdg=titles["sdg"]))
    else:
        problems += [
            reading_problem("sheet-skipped", Origin(name, sheet=title), severity=Severity.INFO) for title in skipped
        ]
    edition, hlpf = (_slug(book.properties.get(PROPERTIES[key], "")) for key in ("edition", "hlpf"))
    return Submission(name, digest, tuple(proposals), tuple(problems), edition, hlpf)


def _slug(text: str) -> str:
    return text if FORMATS["slug"](text) else ""
