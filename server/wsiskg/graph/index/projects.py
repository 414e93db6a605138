"""Items of projects, and how many there are by action line and SDG."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from pyoxigraph import NamedNode

from wsiskg.graph.columns.terms import apart, each, local_name
from wsiskg.graph.framing import LABELS, Framer
from wsiskg.graph.index.awards import Awards
from wsiskg.graph.index.columns import COLUMNS, row_of
from wsiskg.graph.index.documents import Resources, describe, json_text, nodes, statements_of
from wsiskg.graph.index.facets import Facets, carried, numbers
from wsiskg.graph.index.organisations import Organisations
from wsiskg.graph.index.packages import csv_lines, resource_lines
from wsiskg.graph.index.text import search_text
from wsiskg.graph.index.text_columns import code_keys, search_texts
from wsiskg.graph.index.writer import IndexWriter
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import SCHEMA

__all__ = ["Projects"]

_ORIGINS = ("declared", "assigned", "suggested")
"""Origins of tags, strongest first."""
_SUGGESTED = _ORIGINS.index("suggested")
_NAME, _DESCRIPTION, _AWARD = (SCHEMA(name).value for name in ("name", "description", "award"))
_CELL = ("origin", "region", "line", "sdg", "year")
_COUNTED = {
    "origin": pl.UInt8, "region": pl.String, "line": pl.UInt32, "sdg": pl.UInt32, "year": pl.Int64,
    "projects": pl.UInt32, "recognised": pl.UInt32,
}  # fmt: skip
_PROPERTIES = ("firstYear", "country", "register", "stakeholderType", "organisation", *(f"{o}Tag" for o in _ORIGINS))
_FACETS = {
    "country": "country", "register": "register", "stakeholderType": "stakeholder", "organisation": "organisation",
}  # fmt: skip
"""Property -> name of the facet that has the codes of its values."""

Values = Mapping[str, pl.DataFrame]
"""``row`` (the place of the subject) and ``object`` of the statements of a property, by its name."""


class Projects:
    """The projects of all registers, block by block.

    Attributes:
        shown: ``subject`` and ``json`` (what is shown of it) of the projects that have awards, in pieces.
        places: ``subject``, ``name`` and ``value`` of what their awards are found by, in pieces.

    """

    def __init__(self, iris: Iris, framer: Framer, writer: IndexWriter, regions: pl.DataFrame, awards: Awards) -> None:
        """``regions`` has the ``region`` of each ``country``."""
        self._framer = framer
        self._context = framer.context
        self._facets = Facets(writer, "project")
        self._regions = regions
        self._awards = awards
        self._properties = {name: iris.term(name).value for name in _PROPERTIES} | {"award": _AWARD}
        self._tagged = iris.term("tagged").value
        self._assignments = list(self._context.node("", [], reverse={self._tagged: [""]}))[-1]
        self._organisation = f"<{iris.base}id/organisation/"
        self._carried: dict[tuple[str, str], int] = {}
        self._cells: list[pl.DataFrame] = []
        self.shown: list[pl.DataFrame] = []
        self.places: list[pl.DataFrame] = []

    def items(
        self, statements: pl.DataFrame, items: pl.DataFrame, organisations: Organisations, tags: pl.DataFrame
    ) -> pl.DataFrame:
        """Return the projects of a block as items, with the ``item`` of each; enter their facets and count them.

        Args:
            statements: all that is said of them, in the order of subjects.
            items: ``code`` and ``item`` of each, in the same order.
            organisations: those of their register.
            tags: ``project``, ``json`` (documents, one behind another) and ``odd`` of the tags curators assigned.

        """
        values = self._values(statements)
        years = self._years_and_awards(values, len(items))
        self._enter(values, items.with_row_index("row"), years)
        organisations.count(values["organisation"]["object"])
        embedded = {
            _AWARD: self._awards.shown.select(object="subject", json="json"),
            self._properties["organisation"]: organisations.shown.select(object="subject", json="json"),
        }
        described = describe(self._context, statements, embedded)
        own = pl.DataFrame({"project": described.subjects}).join(tags, "project", "left", maintain_order="left")
        titles = described.texts(_NAME, " ").fill_null("")
        result = pl.DataFrame(
            {
                "item": items["item"],
                "code": items["code"],
                "label": titles,
                "year": years["year"],
                "number": years["awards"],
                "json": self._documents(described, own["json"]),
                "alias": code_keys(items["code"]),
                "words": search_texts(titles),
                "other": self._other(items["code"], described, organisations),
                "body": search_texts(described.texts(_DESCRIPTION, " ").fill_null("")),
                "line": resource_lines("projects", described),
            }
        )
        odd = described.odd | ~described.single(_NAME) | own["odd"].fill_null(value=False)
        odd |= self._refers(statements, values, len(items))
        if odd.any():
            result = self._one_by_one(result, odd, described, statements, organisations, own["json"])
        self._keep(described, statements, values)
        return result

    def cells(self) -> pl.DataFrame:
        """Return projects and those with awards, counted by origin, region (all if empty), action line, SDG, year."""
        codes = pl.Series([code for _, code in self._carried], dtype=pl.String)
        found = pl.concat(self._cells or [pl.DataFrame(schema=_COUNTED)])
        found = found.group_by(_CELL).agg(pl.col("projects", "recognised").sum())
        return found.with_columns(
            pl.Series(_ORIGINS).gather(found["origin"]).alias("origin"),
            codes.gather(found["line"]).alias("line"),
            codes.gather(found["sdg"]).alias("sdg"),
        )

    def _values(self, statements: pl.DataFrame) -> Values:
        names = {f"<{iri}>": name for name, iri in self._properties.items()}
        rows = statements.select("predicate", "object", row=pl.col("subject").rle_id())
        parts = rows.filter(pl.col("predicate").is_in(list(names))).partition_by("predicate", as_dict=True)
        return {name: parts.get((iri,), rows.clear()).select("row", "object") for iri, name in names.items()}

    def _years_and_awards(self, values: Values, size: int) -> pl.DataFrame:
        """Return the last ``year`` of each, 0 if there is none, and the number of its ``awards``."""
        first = values["firstYear"]
        prized = values["award"].join(self._awards.shown, left_on="object", right_on="subject")
        years = pl.concat([first.select("row", year=numbers(first["object"])), prized.select("row", "year")])
        last = years.group_by("row").agg(pl.col("year").max())
        counts = values["award"].group_by("row").agg(awards=pl.len())
        places = pl.select(row=pl.int_range(size, dtype=pl.UInt32))
        return (
            places.join(last, "row", "left", maintain_order="left").join(counts, "row", "left", maintain_order="left")
            .fill_null(0)
        )  # fmt: skip

    def _enter(self, values: Values, items: pl.DataFrame, years: pl.DataFrame) -> None:
        """Enter what projects are found by, and count them by the pairs that they carry."""
        of, term = self._facets.of, self._facets.term
        ranks = self._ranks(values)
        names = list(self._carried)
        tags = []
        for number, rank in ranks.select("carried", "rank").unique().iter_rows():
            name, code = names[number]
            tags.append((number, rank, term(f"{name}:{_ORIGINS[rank]}", code)))
            if rank != _SUGGESTED:
                tags.append((number, rank, term(name, code)))
        table = pl.DataFrame(tags, {"carried": pl.UInt32, "rank": pl.UInt8, "term": pl.UInt32}, orient="row")
        grades = values["award"].join(self._awards.grades, left_on="object", right_on="subject")
        regions = values["country"].join(self._regions, left_on="object", right_on="country").select("row", "region")
        recognised = values["award"].select("row").unique()
        self._facets.write(
            [
                ranks.join(table, ["carried", "rank"]).select("row", "term"),
                *(of(values[name], facet) for name, facet in _FACETS.items()),
                of(regions.rename({"region": "object"}), "region", lambda region: [region]),
                of(grades.select("row", object="grade"), "grade"),
                recognised.with_columns(term=pl.lit(term("recognised", "true"), pl.UInt32)),
            ],
            items,
        )
        self._count(ranks, regions.unique(), years)

    def _ranks(self, values: Values) -> pl.DataFrame:
        """Return the ``rank`` of the strongest origin of all that each ``row`` counts for (``carried``)."""
        tags = pl.concat(
            values[f"{origin}Tag"].with_columns(rank=pl.lit(rank, pl.UInt8)) for rank, origin in enumerate(_ORIGINS)
        )
        known = [
            (term, self._carried.setdefault(found, len(self._carried)))
            for term in tags["object"].unique()
            for found in carried(term)
        ]
        table = pl.DataFrame(known, {"object": pl.String, "carried": pl.UInt32}, orient="row")
        return tags.join(table, "object").group_by("row", "carried").agg(pl.col("rank").min())

    def _count(self, ranks: pl.DataFrame, regions: pl.DataFrame, years: pl.DataFrame) -> None:
        """Count projects in the cells of every pair that they carry."""
        frameworks = pl.Series([framework for framework, _ in self._carried], dtype=pl.String)
        framework = frameworks.gather(ranks["carried"])
        lines = ranks.filter(framework == "line").select("row", line="carried", weaker="rank")
        sdgs = ranks.filter(framework == "sdg").select("row", sdg="carried", rank="rank")
        about = years.select("row", "year", recognised=pl.col("awards") > 0)
        everywhere = about.select("row", region=pl.lit(""))
        found = (
            lines.join(sdgs, "row")
            # A pair is as strong as the weaker of its tags.
            .with_columns(origin=pl.max_horizontal("weaker", "rank"))
            .join(pl.concat([everywhere, regions]), "row").join(about, "row")
            .group_by(_CELL).agg(projects=pl.len(), recognised=pl.col("recognised").sum())
        )  # fmt: skip
        self._cells.append(found.select(pl.col(name).cast(dtype) for name, dtype in _COUNTED.items()))

    def _refers(self, statements: pl.DataFrame, values: Values, size: int) -> pl.Series:
        """Return which name organisations where columns do not show them, or have awards that are odd."""
        elsewhere = pl.col("object").str.starts_with(self._organisation) & (
            pl.col("predicate") != f"<{self._properties['organisation']}>"
        )
        rows = statements.select(pl.col("subject").rle_id().alias("row"), odd=elsewhere).filter("odd")["row"]
        odd = self._awards.shown.filter("odd").select("subject")
        awards = values["award"].join(odd, left_on="object", right_on="subject", how="semi")["row"]
        return pl.int_range(size, dtype=pl.UInt32, eager=True).is_in(pl.concat([rows, awards]).implode())

    def _documents(self, described: Resources, tags: pl.Series) -> pl.Series:
        assigned = pl.concat_str(pl.lit(f',"{self._assignments}":['), pl.lit(tags), pl.lit("]")).fill_null("")
        return pl.select(pl.concat_str(described.heads, described.written(), assigned, pl.lit("}"))).to_series()

    def _other(self, codes: pl.Series, described: Resources, organisations: Organisations) -> pl.Series:
        """Return the words of codes and of the names of organisations."""
        words = search_texts(codes)
        named = described.values.get(self._properties["organisation"])
        if named is None:
            return words
        names = (
            named.join(organisations.shown, left_on="value", right_on="compact", maintain_order="left")
            .filter(pl.col("words") != "").group_by("row", maintain_order=True).agg(pl.col("words").str.join(" "))
        )  # fmt: skip
        frame = pl.DataFrame({"code": words}).with_row_index("row").join(names, "row", "left", maintain_order="left")
        both = pl.concat_str("code", "words", separator=" ", ignore_nulls=True)
        return frame.select(both.str.strip_chars(" ")).to_series()

    def _one_by_one(
        self, result: pl.DataFrame, odd: pl.Series, described: Resources, statements: pl.DataFrame,
        organisations: Organisations, tags: pl.Series,
    ) -> pl.DataFrame:  # fmt: skip
        """Return ``result`` with what columns cannot tell worked out for one project after another."""
        places = odd.arg_true()
        found = statements_of(described.subjects.gather(places), statements)
        objects = pl.Series([str(t.object) for triples in found.values() for t in triples], dtype=pl.String)
        shown = self._awards.shown.filter(pl.col("subject").is_in(objects.implode()))
        awards = {s[1:-1]: json.loads(text) for s, text in shown.select("subject", "json").iter_rows()}
        documents = []
        for (subject, triples), assigned in zip(found.items(), tags.gather(places), strict=True):
            named = [t.object.value for t in triples if t.predicate.value == _AWARD and isinstance(t.object, NamedNode)]
            embed = {award: awards[award] for award in named if award in awards}
            reverse = {self._tagged: json.loads(f"[{assigned or ''}]")}
            documents.append(self._context.node(subject[1:-1], triples, embed, reverse))
        names = pl.Series(list({n for d in documents for n in self._framer.references(d)}), dtype=pl.String)
        known = organisations.shown.filter(pl.col("compact").is_in(names.implode())).select("compact", "json")
        labels = {name: json.loads(text) for name, text in known.iter_rows()}
        rows = pl.DataFrame([self._row(self._framer.with_labels(document, labels)) for document in documents])
        rows = rows.with_columns(places.alias("place"))
        others = pl.concat_str(pl.lit(result["code"].gather(places)), "other", separator=" ")
        rows = rows.with_columns(search_texts(rows.select(others).to_series()).alias("other"))
        return result.with_row_index("place").update(rows, on="place").drop("place")

    def _row(self, document: Mapping[str, Any]) -> dict[str, str]:
        named = [o.get("name") for o in document.get("organisation", ()) if isinstance(o, dict)]
        texts = document.get("description", {})
        title = str(document.get("name", ""))
        return {
            "json": json_text(document),
            "label": title,
            "words": search_text(title),
            "other": " ".join(name for names in named for name in _flat(names)),
            "body": search_text(" ".join(text for several in texts.values() for text in _flat(several))),
            "line": csv_lines(COLUMNS["projects"], [row_of(document, COLUMNS["projects"], self._context)]),
        }

    def _keep(self, described: Resources, statements: pl.DataFrame, values: Values) -> None:
        """Keep what awards show of their projects."""
        wanted = described.subjects.is_in(self._awards.projects.implode())
        if not wanted.any():
            return
        subjects = described.subjects.filter(wanted)
        is_label = pl.col("predicate").is_in([f"<{iri}>" for iri in LABELS])
        labels = statements.filter(is_label & pl.col("subject").is_in(subjects.implode()))
        named = describe(self._context, labels)
        self.shown.append(apart(pl.DataFrame({"subject": named.subjects, "json": nodes(named, labels)})))
        rows = values["country"].filter(wanted.gather(values["country"]["row"]))
        countries = rows.select("object", subject=described.subjects.gather(rows["row"]))
        regions = countries.join(self._regions, left_on="object", right_on="country")
        codes = each(countries["object"], local_name)
        self.places += [
            apart(countries.select("subject", name=pl.lit("country"), value=codes)),
            apart(regions.select("subject", name=pl.lit("region"), value="region").unique()),
        ]


def _flat(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []
