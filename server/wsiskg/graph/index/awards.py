"""Items of awards, and what projects show of them."""

import json
from collections.abc import Iterator

import polars as pl

from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.columns.terms import apart, local_names, text_of
from wsiskg.graph.framing import Framer
from wsiskg.graph.index.columns import COLUMNS, row_of
from wsiskg.graph.index.documents import describe, json_text, nodes
from wsiskg.graph.index.facets import Facets, carried, numbers
from wsiskg.graph.index.packages import csv_lines, resource_lines
from wsiskg.graph.index.text_columns import natural_order
from wsiskg.graph.index.writer import IndexWriter
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import SCHEMA

__all__ = ["Awards"]

_NAME = SCHEMA("name").value
_PROPERTIES = ("project", "year", "grade", "gradeCertain", "register", "actionLine")


class Awards:
    """The awards of all registers.

    Attributes:
        shown: of each award, once all are added: ``subject``, its document ``json``, the last ``year``, whether it is
            ``odd``, so that only `Framer` can show it.
        grades: ``subject`` and ``grade`` of the grades that are certain.
        projects: their projects.

    """

    def __init__(self, iris: Iris, framer: Framer, writer: IndexWriter) -> None:
        self._framer = framer
        self._context = framer.context
        self._writer = writer
        self._facets = Facets(writer, "award")
        self._iris = {name: iris.term(name).value for name in _PROPERTIES}
        self._others = [f"<{iris.base}id/{kind}/" for kind in ("project", "organisation")]
        self._size = 0
        self._found: list[pl.DataFrame] = []
        self._projects: list[pl.DataFrame] = []
        self._entered: list[pl.DataFrame] = []
        self._grades: list[pl.DataFrame] = []
        self.shown = pl.DataFrame(schema={"subject": pl.String, "json": pl.String, "year": pl.Int64, "odd": pl.Boolean})
        self.grades = pl.DataFrame(schema={"subject": pl.String, "grade": pl.String})
        self.projects = pl.Series(dtype=pl.String)

    def add(self, register: int, statements: pl.DataFrame) -> None:
        """Add the awards of a block of the register in the place ``register``; there are statements of awards alone."""
        if not len(statements):
            return
        described = describe(self._context, statements)
        rows = statements.with_columns(row=pl.col("subject").rle_id() + self._size)
        values = {
            n: rows.filter(pl.col("predicate") == f"<{iri}>").select("row", "object") for n, iri in self._iris.items()
        }
        project = self._iris["project"]
        place = self._context.position(project)
        before = [p for p in described.members if self._context.position(p) < place]
        after = [p for p in described.members if self._context.position(p) > place]
        names_others = pl.any_horizontal(pl.col("object").str.starts_with(prefix) for prefix in self._others)
        refers = rows.filter(names_others & (pl.col("predicate") != f"<{project}>"))["row"]
        unclear = values["project"].filter(pl.col("row").is_duplicated() | ~pl.col("object").str.starts_with("<"))[
            "row"
        ]
        frame = pl.select(row=pl.int_range(self._size, self._size + len(described.subjects), dtype=pl.UInt32))
        frame = frame.with_columns(
            described.subjects.alias("subject"),
            pl.lit(register).alias("register"),
            local_names(described.subjects).alias("code"),
            pl.concat_str(pl.lit(described.heads), pl.lit(described.written(before))).alias("before"),
            described.written(after).alias("after"),
            nodes(described, statements).alias("json"),
            described.texts(_NAME, " ").fill_null("").alias("label"),
            resource_lines("prizes", described).alias("line"),
            (described.odd | ~described.single(_NAME)).alias("odd"),
        ).with_columns(odd=pl.col("odd") | pl.col("row").is_in(refers.implode()))
        years = values["year"]
        frame = (
            frame.join(
                years.select("row", year=numbers(years["object"])).group_by("row").agg(pl.col("year").max()),
                "row", "left", maintain_order="left",
            )
            .join(
                values["gradeCertain"].group_by("row").agg(certain=pl.col("object").str.starts_with('"true"').all()),
                "row", "left", maintain_order="left",
            )
            .join(
                values["project"].group_by("row").agg(project=pl.col("object").first()),
                "row", "left", maintain_order="left",
            )
            .with_columns(unclear=pl.col("odd") | pl.col("row").is_in(unclear.implode()))
        )  # fmt: skip
        certain = frame.filter(pl.col("certain").fill_null(value=True))
        grades = values["grade"].join(certain.select("row", "subject"), "row").select("subject", grade="object")
        self._grades.append(apart(grades))
        self._found.append(apart(frame))
        self._projects.append(apart(values["project"]))
        self._entered += [
            self._facets.of(values["project"], "project"),
            self._facets.of(values["grade"], "grade"),
            self._facets.of(values["register"], "register"),
            self._facets.of(values["gradeCertain"], "certain", lambda term: [text_of(term)]),
            self._facets.of(values["year"], "year", lambda term: [text_of(term)]),
            self._facets.of(values["actionLine"], "line", lambda term: [code for _, code in carried(term)]),
        ]
        self._size += len(frame)

    def complete(self) -> None:
        """Say that all are added."""
        if self._found:
            self.shown = pl.concat(self._found).select("subject", "json", "year", "odd")
            self.grades = pl.concat(self._grades)
            self.projects = pl.concat(self._projects)["object"].unique()

    def items(self, projects: pl.DataFrame, facets: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the awards as items, each with the name of its project; their facets are entered.

        Args:
            projects: ``subject`` and ``json`` (what is shown of it) of the projects that have awards.
            facets: ``subject`` of a project, ``name`` and ``value`` of what its awards are found by.

        """
        if not self._found:
            return
        found = pl.concat(self._found)
        found = (
            found.with_columns(order=natural_order(found["code"])).sort("register", "order")
            .with_row_index("item", self._writer.next).drop("order", "register")
        )  # fmt: skip
        links = pl.concat(self._projects)
        terms = [(subject, self._facets.term(name, value)) for subject, name, value in facets.iter_rows()]
        table = pl.DataFrame(terms, {"object": pl.String, "term": pl.UInt32}, orient="row")
        self._facets.write([*self._entered, links.join(table, "object").select("row", "term")], found)
        found = found.join(
            projects.select(project="subject", shown="json"), "project", "left", maintain_order="left"
        ).with_columns(compact=compact_column(found["project"], self._context))
        named = pl.coalesce("shown", pl.concat_str(pl.lit('{"id":"'), "compact", pl.lit('"}')))
        member = pl.concat_str(pl.lit(f',"{self._context.name(self._iris["project"])}":'), named).fill_null("")
        written = found.with_columns(
            json=pl.when("unclear").then("json").otherwise(pl.concat_str("before", member, "after", pl.lit("}")))
        )
        unclear = written.with_row_index("place").filter("unclear")
        if len(unclear):
            names = links.join(projects, left_on="object", right_on="subject", how="left")
            written = self._unclear(written, unclear, names)
        yield written.select("code", "label", pl.col("year").fill_null(0), number=pl.lit(0), json="json", line="line")

    def _unclear(self, written: pl.DataFrame, unclear: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
        """Return ``written`` with what cannot be told by columns worked out one by one."""
        labels: dict[int, dict[str, object]] = {}
        for row, term, shown in names.filter(pl.col("row").is_in(unclear["row"].implode())).iter_rows():
            name = self._context.compact_iri(text_of(term))
            labels.setdefault(row, {})[name] = json.loads(shown) if shown else {"id": name}
        changed = []
        for place, row, text in unclear.select("place", "row", "json").iter_rows():
            document = self._framer.with_labels(json.loads(text), labels.get(row, {}))
            line = csv_lines(COLUMNS["prizes"], [row_of(document, COLUMNS["prizes"], self._context)])
            label = str(document.get("name", ""))
            changed.append((place, json_text(document), label, line))
        names_of = {"place": pl.UInt32, "json": pl.String, "label": pl.String, "line": pl.String}
        return written.with_row_index("place").update(pl.DataFrame(changed, names_of, orient="row"), on="place")
