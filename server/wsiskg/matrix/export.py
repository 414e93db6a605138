"""An edition in the forms that people and programs ask for, each of which can be read again as proposals."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.graph.serialise import frame, graph_file, write_graph
from wsiskg.matrix.columns import COLUMNS, rationale_attribute
from wsiskg.matrix.standing import StandingLink, standing_links
from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.model.errors import UsageError
from wsiskg.tables.rows import Tables

__all__ = ["EXPORT_FORMATS", "export_edition", "proposal_rows"]

EXPORT_FORMATS = ("csv", "xlsx", "sssom", "jsonld", "ttl")
_JSONLD = "wsis-kg.jsonld"


def export_edition(tables: Tables, release: Release, code: str, form: str, language: str) -> bytes:
    """Return the links of an edition in one of `EXPORT_FORMATS`.

    Args:
        tables: all tables, with or without the registers.
        release: a release that holds the edition, for the forms that are RDF or SSSOM.
        code: the edition.
        form: name of the format.
        language: of the headers of CSV and XLSX.

    Raises:
        UsageError: the release does not hold the edition.

    """
    if form in {"csv", "xlsx"}:
        rows = list(proposal_rows(standing_links(tables, code).values()))
        return _csv(rows, language) if form == "csv" else _xlsx(rows, language)
    iris = release.iris
    graph = iris.graph("matrix", code)
    if graph.value not in release.manifest["graphs"]:
        raise UsageError(f"release {release.id} does not hold edition {code}", "Build first: wsiskg build")
    if form == "sssom":
        return (release.path / f"dumps/matrix/{code}.sssom.tsv").read_bytes()
    turtle = (release.path / "dumps" / graph_file(graph, iris)).read_bytes()
    return turtle if form == "ttl" else _jsonld(graph, turtle, iris)


def proposal_rows(links: Iterable[StandingLink]) -> Iterator[Mapping[str, str]]:
    """Yield links as rows of a file of proposals, by attribute of a `Proposal`."""
    for link in links:
        line, sdg = link.pair
        yield {
            "line": line,
            "sdg": sdg,
            "proposed_by": "; ".join(link.proposed_by),
            "shared": "yes" if link.shared else "",
            "confidence": "" if link.confidence is None else f"{link.confidence:f}",
            "sources": " | ".join(link.sources),
            "note": link.row.text("note"),
            **{rationale_attribute(lang): link.rationale.get(lang, "") for lang in UN_LANGUAGES},
        }


def _titles(language: str) -> Sequence[str]:
    return [column.titles[language] for column in COLUMNS]


def _csv(rows: Sequence[Mapping[str, str]], language: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_titles(language))
    writer.writerows([row.get(column.attribute, "") for column in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


def _xlsx(rows: Sequence[Mapping[str, str]], language: str) -> bytes:
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        text = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet.write_row(0, 0, _titles(language), bold)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(COLUMNS):
                if value := row.get(column.attribute, ""):
                    sheet.write_string(number, place, value, text)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, 50 if column.attribute.startswith("rationale") else 16)
    return stream.getvalue()


def _jsonld(graph: NamedNode, turtle: bytes, iris: Iris) -> bytes:
    triples = [Triple(q.subject, q.predicate, q.object) for q in parse(turtle, RdfFormat.TURTLE)]
    before, _, after = frame(_JSONLD, iris)
    return b"".join([before, *write_graph(Statements.of(graph, triples), iris).part(_JSONLD), after])
