"""JSON-LD documents of many resources at once, assembled from the columns of their statements.

How a value is written is asked of `Context.node` once for each property and form of value that occurs, and said again
for all values of that form. Resources that hold anything else are marked as odd: theirs is for `Context.node` to write.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import polars as pl
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.columns.jsonld import compact_column, json_column
from wsiskg.graph.columns.statements import triples_of
from wsiskg.graph.columns.terms import each, put, unescaped
from wsiskg.graph.jsonld import CODED, Context
from wsiskg.graph.vocabulary import RDF_TYPE, XSD

__all__ = ["Resources", "codes", "describe", "json_text", "nodes", "statements_of"]

_CODE = rf"(?s)^(?:{'|'.join(sorted(CODED))}):(?:[^/ ]*/([^ ]+)|([^ ]*))$"
_NATIVE = r"^(?:0|-?[1-9][0-9]{0,14}|true|false)$"
_IRI, _BY_LANGUAGE, _PLAIN, _OTHER = range(4)
"""How several values of one property stand together: IRIs, one text for each language, texts, anything else."""


def json_text(value: Any) -> str:
    """Return a value of JSON as the index writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Form:
    """How one value is written that has one property and one form."""

    name: str
    group: int
    listed: bool
    native: bool
    before: str
    after: str

    @property
    def around(self) -> tuple[str, str]:
        """What stands around the values of a property that has one value."""
        return ("{", "}") if self.group == _BY_LANGUAGE else ("[", "]") if self.listed else ("", "")


@dataclass(frozen=True, slots=True)
class Resources:
    """Described resources, one row each; no order but that of the statements.

    Attributes:
        context: by which they are written.
        subjects: their IRIs, as N-Triples writes them.
        heads: the beginning of each document: its id and types.
        odd: whether `Context.node` must write it.
        members: by IRI of the property, in the order of the context: its member of the document with a comma before
            it, null where there is none.
        values: by IRI of the property: ``row``, ``value`` (the compact IRI, or the text as N-Triples escapes it) and
            ``group``, in the order of the document.

    """

    context: Context
    subjects: pl.Series
    heads: pl.Series
    odd: pl.Series
    members: Mapping[str, pl.Series]
    values: Mapping[str, pl.DataFrame]

    def written(self, properties: Collection[str] | None = None) -> pl.Series:
        """Return the members of ``properties`` (all if None), one behind another."""
        members = [m for p, m in self.members.items() if properties is None or p in properties]
        if not members:
            return pl.repeat("", len(self.subjects), dtype=pl.String, eager=True)
        return pl.select(pl.concat_str(members, ignore_nulls=True)).to_series()

    def texts(self, property_: str, separator: str, *, coded: bool = False) -> pl.Series:
        """Return the values of a property as they are meant, joined; null where there are none.

        Args:
            property_: its IRI.
            separator: what stands between several values.
            coded: values that are compact IRIs of ours become codes, as `Context.code` makes them.

        """
        found = self.values.get(property_)
        if found is None:
            return pl.repeat(None, len(self.subjects), dtype=pl.String, eager=True)
        texts = found["value"]
        is_iri = found["group"] == _IRI
        if not is_iri.all():
            texts = texts.zip_with(is_iri, unescaped(texts))
        if coded:
            texts = codes(texts)
        frame = pl.DataFrame({"row": found["row"], "text": texts})
        if found["row"].is_duplicated().any():
            frame = frame.group_by("row", maintain_order=True).agg(pl.col("text").str.join(separator))
        return self._placed(frame, "text")

    def single(self, property_: str) -> pl.Series:
        """Return whether each has at most one value of a property, and no other than a plain text."""
        found = self.values.get(property_)
        every = pl.repeat(True, len(self.subjects), dtype=pl.Boolean, eager=True)
        if found is None or (not found["row"].is_duplicated().any() and (found["group"] == _PLAIN).all()):
            return every
        known = found.group_by("row").agg(single=(pl.len() == 1) & (pl.col("group").first() == _PLAIN))
        return self._placed(known, "single").fill_null(value=True)

    def _placed(self, frame: pl.DataFrame, column: str) -> pl.Series:
        return _placed(frame, column, len(self.subjects))


def describe(context: Context, statements: pl.DataFrame, shown: Mapping[str, pl.DataFrame] | None = None) -> Resources:
    """Describe the subjects of ``statements``, which are in the order of subjects.

    Args:
        context: names things.
        statements: ``subject``, ``predicate`` and ``object`` as N-Triples writes them.
        shown: by IRI of the property, what is shown in place of the bare IRI: ``object``, ``json``.

    """
    rows = statements.with_columns(row=pl.col("subject").rle_id(), form=_FORM)
    subjects = rows.filter(pl.col("row") != pl.col("row").shift(1, fill_value=pl.lit(2**32 - 1, pl.UInt32)))["subject"]
    is_type = (pl.col("predicate") == str(RDF_TYPE)) & (pl.col("form") == "<")
    typed = rows.filter(is_type).group_by("row").agg(types=pl.col("object").sort().str.join(" "))
    types = _placed(typed, "types", len(subjects)).fill_null("")
    heads = pl.select(
        pl.concat_str(
            pl.lit('{"id":"'), compact_column(subjects, context), pl.lit('"'),
            each(types, lambda text: _types(context, text)),
        )
    ).to_series()  # fmt: skip
    rows = rows.filter(~is_type)
    several = types.n_unique() > 1
    rows = rows.with_columns(types=types.gather(rows["row"]) if several else pl.lit(types[0] if len(types) else ""))
    found: dict[str, list[pl.DataFrame]] = {}
    for (predicate, form, of), part in rows.partition_by(
        "predicate", "form", "types", as_dict=True, include_key=False
    ).items():
        found.setdefault(predicate, []).append(_values(context, of, predicate, form, part, (shown or {})))
    members: dict[str, pl.Series] = {}
    values: dict[str, pl.DataFrame] = {}
    odd = pl.repeat(False, len(subjects), dtype=pl.Boolean, eager=True)
    for predicate in sorted(found, key=lambda p: context.position(p[1:-1])):
        iri, parts = predicate[1:-1], found[predicate]
        frame = pl.concat(parts) if len(parts) > 1 else parts[0]
        if frame["row"].is_duplicated().any():
            frame = frame.sort("row", "order")
            joined = _joined(frame)
        else:
            joined = frame.select("row", "odd", member=_member("open", "element", "close"))
        members[iri] = _placed(joined, "member", len(subjects))
        values[iri] = frame.select("row", "value", "group")
        odd |= _placed(joined, "odd", len(subjects)).fill_null(value=False)
    return Resources(context, subjects, heads, odd, members, values)


def nodes(described: Resources, statements: pl.DataFrame) -> pl.Series:
    """Return the documents of ``described`` with nothing nested, those that are odd by `Context.node`."""
    texts = pl.select(pl.concat_str(described.heads, described.written(), pl.lit("}"))).to_series()
    odd = described.odd.arg_true()
    if not len(odd):
        return texts
    found = statements_of(described.subjects.gather(odd), statements)
    written = [json_text(described.context.node(subject[1:-1], triples)) for subject, triples in found.items()]
    return put(texts, odd, pl.Series(written, dtype=pl.String))


def statements_of(subjects: pl.Series, statements: pl.DataFrame) -> dict[str, list[Triple]]:
    """Return the statements of ``subjects`` one by one, in their order."""
    found: dict[str, list[Triple]] = {subject: [] for subject in subjects}
    for triple in triples_of(statements.filter(pl.col("subject").is_in(subjects.implode()))):
        found[str(triple.subject)].append(triple)
    return found


_FORM = (
    pl.when(pl.col("object").str.starts_with("<")).then(pl.lit("<"))
    .otherwise(pl.col("object").str.extract(r'"([@^][^"]*)$').fill_null(""))
)  # fmt: skip
"""Of a term: ``<`` for an IRI; of a literal what stands behind its last quotation mark."""


def _member(first: str, middle: str, last: str) -> pl.Expr:
    return pl.concat_str(pl.lit(',"'), "name", pl.lit('":'), first, middle, last)


def _values(
    context: Context, types: str, predicate: str, form: str, part: pl.DataFrame, shown: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Return each value of one property and form as it is written, and what stands around it alone."""
    how = _form(context, types, predicate[1:-1], form)
    if how is None:
        return part.select(
            "row", order="object", value="object", element="object", name=pl.lit(""), group=pl.lit(_OTHER),
            open=pl.lit(""), close=pl.lit(""), odd=pl.lit(value=True),
        )  # fmt: skip
    odd = pl.lit(value=False)
    if form == "<":
        value = compact_column(part["object"], context)
        token = '"' + value + '"'
        if (known := shown.get(predicate[1:-1])) is not None:
            instead = part.select("object").join(known, "object", "left", maintain_order="left")["json"]
            token = instead.zip_with(instead.is_not_null(), token)
    else:
        quoted = part["object"].str.strip_suffix(form) if form else part["object"]
        value = quoted.str.slice(1).str.head(-1)
        token = value if how.native else json_column(quoted)
        if how.native:
            odd = pl.lit(~value.str.contains(_NATIVE))
    opening, closing = how.around
    order = pl.lit(form) if how.group == _BY_LANGUAGE else pl.lit(value)
    return part.select(
        "row", order=order, value=value,
        element=pl.concat_str(pl.lit(how.before), pl.lit(token), pl.lit(how.after)),
        name=pl.lit(how.name), group=pl.lit(how.group), open=pl.lit(opening), close=pl.lit(closing), odd=odd,
    )  # fmt: skip


def _joined(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the member of each row of a property of which some have several values."""
    several = pl.len() > 1
    escaped = pl.col("value").str.contains("\\", literal=True).any()
    mixed = (pl.col("group").n_unique() > 1) | (pl.col("name").n_unique() > 1)
    unclear = (
        mixed | (pl.col("group").first() == _OTHER) | ((pl.col("group").first() == _PLAIN) & escaped)
        | ((pl.col("group").first() == _BY_LANGUAGE) & (pl.col("order").n_unique() < pl.len()))
    )  # fmt: skip
    array = several & (pl.col("group").first() != _BY_LANGUAGE)
    return (
        frame.group_by("row", maintain_order=True)
        .agg(
            pl.col("name").first(), pl.col("element").str.join(","),
            open=pl.when(array).then(pl.lit("[")).otherwise(pl.col("open").first()),
            close=pl.when(array).then(pl.lit("]")).otherwise(pl.col("close").first()),
            odd=pl.col("odd").any() | (several & unclear),
        )
        .select("row", "odd", member=_member("open", "element", "close"))
    )  # fmt: skip


def _types(context: Context, types: str) -> str:
    node = context.node(_SUBJECT.value, _typed(types))
    return "".join(f',"{name}":{json_text(value)}' for name, value in list(node.items())[1:])


@cache
def _form(context: Context, types: str, predicate: str, form: str) -> _Form | None:
    """Ask how values of a property are written, by way of examples; None if not in a way that is known here."""
    examples = ["false", "true"] if form == f"^^{XSD('boolean')}" else ["1", "2"]
    nodes = [_example(form, text) for text in examples]
    tokens = [f'"{node.value}"' for node in nodes]
    name, value = _asked(context, types, predicate, nodes[:1])
    _, both = _asked(context, types, predicate, nodes)
    listed = isinstance(value, list)
    text = json_text(value[0] if listed else value)
    native = tokens[0] not in text
    if native:
        tokens = examples
    by_language = form.startswith("@") and isinstance(value, dict) and "@language" not in value
    if by_language:
        text = text[1:-1]
    before, token, after = text.partition(tokens[0])
    if by_language:
        group = _BY_LANGUAGE
        expected = f"{{{before}[{','.join(tokens)}]{after}}}"
    else:
        group = _IRI if form == "<" else _PLAIN if not (native or form or before) else _OTHER
        expected = f"[{','.join(f'{before}{t}{after}' for t in tokens)}]"
    if not token or expected != json_text(both):
        return None
    return _Form(name, group, listed, native, before, after)


_SUBJECT = NamedNode("urn:example:subject")


def _typed(types: str) -> list[Triple]:
    return [Triple(_SUBJECT, RDF_TYPE, NamedNode(t[1:-1])) for t in types.split()]


def _example(form: str, text: str) -> NamedNode | Literal:
    if form == "<":
        return NamedNode(f"urn:example:{text}")
    if form.startswith("@"):
        return Literal(text, language=form[1:])
    return Literal(text, datatype=NamedNode(form[3:-1])) if form else Literal(text)


def _asked(context: Context, types: str, predicate: str, objects: Sequence[NamedNode | Literal]) -> tuple[str, Any]:
    triples = [Triple(_SUBJECT, NamedNode(predicate), value) for value in objects]
    node = context.node(_SUBJECT.value, [*_typed(types), *triples])
    return list(node.items())[-1]


def codes(texts: pl.Series) -> pl.Series:
    """Return what `Context.code` makes of compact IRIs and other texts."""
    frame = texts.alias("text").to_frame().with_columns(code=pl.col("text").str.replace(_CODE, "${1}${2}"))
    encoded = frame.select(pl.col("code").str.contains("%", literal=True) & (pl.col("code") != pl.col("text")))
    hard = encoded.to_series().fill_null(value=False)
    if not hard.any():
        return frame["code"]
    return put(frame["code"], hard.arg_true(), pl.Series([unquote(code) for code in frame["code"].filter(hard)]))


def _placed(frame: pl.DataFrame, column: str, size: int) -> pl.Series:
    """Return a column by place in ``row``, null where no row has the place."""
    if len(frame) == size and frame["row"].is_sorted():
        return frame[column]
    places = pl.select(row=pl.int_range(size, dtype=pl.UInt32))
    return places.join(frame.select("row", column), "row", "left", maintain_order="left")[column]
