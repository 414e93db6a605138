"""JSON-LD of blocks of statements: what `Context.node` gives for each subject, written for many at once.

How a property is written follows from the classes of its subject, from the kind of its values (IRI, language, datatype)
and from whether it has several. `Context.node` is asked once for each such case; columns do the rest. A subject with a
property that mixes kinds, or whose values columns cannot put in order, is left to `Context.node` itself.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.columns.statements import triples_of
from wsiskg.graph.columns.terms import each, namespaces_of
from wsiskg.graph.jsonld import NATIVE, Context
from wsiskg.graph.vocabulary import RDF_TYPE

__all__ = ["compact_column", "json_column", "jsonld_block"]

_SUBJECT = NamedNode("urn:x-sample:subject")
_SAMPLES = ("urn:x-sample:a", "urn:x-sample:b", "urn:x-sample:c")
_NUMBERS = ("900000000000001", "900000000000002", "900000000000003")
_LATER = ("", "-aaaaa", "-bbbbb")
"""What makes three languages of one, in order."""
_IRI, _STRING, _NATIVE = "iri", "string", "native "
"""Kinds of values; others are ``@`` and a language, or a datatype."""
_END = "\n    }"
_SUFFIXED = r'(?s)^("(.*)")(?:(@[A-Za-z0-9-]+)|\^\^<([^<>"]*)>)$'


@dataclass(frozen=True, slots=True)
class _Form:
    """How a property is written in one case.

    Attributes:
        around: what stands before and behind a value that is the only one, the first, one between, the last; nothing
            where columns cannot write it.
        order: several values are put in order by their ``text``, ``number`` or ``language``; else not by columns.

    """

    around: Sequence[tuple[str, str]] = ()
    order: str = ""


_UNKNOWN = _Form()


def jsonld_block(block: pl.DataFrame, context: Context) -> bytes:
    """Return the subjects of a block as JSON objects, four spaces in, with commas between them."""
    return _Block(block, context).text() if len(block) else b""


class _Block:
    """One block. Each piece of text has a key, the place of its subject and of its property within that, to sort by."""

    def __init__(self, block: pl.DataFrame, context: Context) -> None:
        self._context = context
        new = (block["subject"] != block["subject"].shift()).fill_null(value=True)
        self._subjects = block["subject"].filter(new)
        self._rows = block.with_columns(node=new.cum_sum().cast(pl.UInt64) - 1)
        is_class = (block["predicate"] == str(RDF_TYPE)) & block["object"].str.starts_with("<")
        self._classes, self._set_of = _sets(self._rows.filter(is_class), len(self._subjects))
        said = self._rows.filter(~is_class)
        self._predicates = sorted((p[1:-1] for p in said["predicate"].unique()), key=context.position)
        self._width = len(self._predicates) + 1
        ranks = {f"<{predicate}>": rank for rank, predicate in enumerate(self._predicates, 1)}
        self._kinds = [_IRI, _STRING]
        self._said = said.select(
            "object",
            key=pl.col("node") * self._width
            + pl.col("predicate").replace_strict({"": 0, **ranks}, return_dtype=pl.UInt64),
        )

    def text(self) -> bytes:
        lines, odd = self._lines() if len(self._said) else ([], pl.Series([], dtype=pl.UInt64))
        text = pl.concat([self._heads(odd), *lines]).sort("key")["text"].str.join("").cast(pl.Binary).item()
        return bytes(text)[len(f"{_END},\n") :] + _END.encode()

    def _lines(self) -> tuple[list[pl.DataFrame], pl.Series]:
        """Return the text of every value, and the subjects that are left to `Context.node`."""
        values, forms = self._with_forms(pl.concat(self._values()))
        several = values["key"].is_duplicated()
        alone, together = values.filter(~several), values.filter(several)
        together, doubtful = self._in_order(together, forms)
        unknown = pl.Series([not form.around for form in forms]).gather(alone["form"])
        odd = (pl.concat([doubtful, alone.filter(unknown)["key"]]) // self._width).unique()
        alone = alone.with_columns(role=pl.lit(0, pl.UInt32))
        lines = [self._written(part, forms) for part in (alone, together)]
        if len(odd):
            lines = [part.filter(~(pl.col("key") // self._width).is_in(odd.implode())) for part in lines]
        return lines, odd

    def _values(self) -> list[pl.DataFrame]:
        """Return key, kind and JSON text of every value."""
        said = self._said
        is_iri, is_string = said["object"].str.starts_with("<"), said["object"].str.ends_with('"')
        iris, strings, others = said.filter(is_iri), said.filter(is_string), said.filter(~(is_iri | is_string))
        compact = _quoted(compact_column(iris["object"], self._context))
        return [
            pl.DataFrame([iris["key"], _same(0, len(iris)), compact.alias("value")]),
            pl.DataFrame([strings["key"], _same(1, len(strings)), json_column(strings["object"]).alias("value")]),
            *([self._suffixed(others)] if len(others) else ()),
        ]

    def _suffixed(self, others: pl.DataFrame) -> pl.DataFrame:
        """Return the same of literals with language or datatype."""
        found = others.select("key", pl.col("object").str.extract_groups(_SUFFIXED)).unnest("object")
        found.columns = ["key", "quoted", "text", "language", "datatype"]
        native = pl.any_horizontal(
            (pl.col("datatype") == iri) & pl.col("text").str.contains(f"^(?:{form.pattern})$")
            for iri, form in NATIVE.items()
        ).fill_null(value=False)  # fmt: skip
        kind = pl.when(native).then(pl.lit(_NATIVE) + pl.col("datatype")).otherwise(pl.coalesce("language", "datatype"))
        found = found.select("key", kind=kind, value=pl.when(native).then("text").otherwise("quoted"))
        kinds = found["kind"].unique(maintain_order=True).to_list()
        numbers = pl.int_range(len(kinds), dtype=pl.UInt64, eager=True) + len(self._kinds)
        found = found.with_columns(pl.col("kind").replace_strict(kinds, numbers, return_dtype=pl.UInt64))
        self._kinds += kinds
        return found.with_columns(json_column(found["value"]))

    def _with_forms(self, values: pl.DataFrame) -> tuple[pl.DataFrame, list[_Form]]:
        """Work out how each value is written: one form for each set of classes, property and kind."""
        node, rank = values["key"] // self._width, values["key"] % self._width
        cases = ((self._set_of.gather(node) * self._width + rank) * len(self._kinds) + values["kind"]).alias("case")
        known = cases.unique(maintain_order=True)
        forms = []
        for case in known:
            rest, kind = divmod(case, len(self._kinds))
            classes, place = divmod(rest, self._width)
            forms.append(_form(self._context, self._classes[classes], self._predicates[place - 1], self._kinds[kind]))
        numbers = pl.int_range(len(known), dtype=pl.UInt32, eager=True)
        return values.with_columns(cases.replace_strict(known, numbers, return_dtype=pl.UInt32).alias("form")), forms

    def _in_order(self, values: pl.DataFrame, forms: Sequence[_Form]) -> tuple[pl.DataFrame, pl.Series]:
        """Put the values of each property in order; return also the keys of those that columns cannot."""
        families = pl.Series([kind[:1] if kind.startswith("@") else kind for kind in self._kinds], dtype=pl.String)
        languages = pl.Series([kind if kind.startswith("@") else "" for kind in self._kinds], dtype=pl.String)
        values = values.with_columns(
            pl.Series([form.order for form in forms], dtype=pl.String).gather(values["form"]).alias("order"),
            families.gather(values["kind"]).alias("family"),
        )
        text = pl.col("value").str.slice(1).str.head(-1)
        number = pl.when(pl.col("order") == "number").then("value").cast(pl.Int64, strict=False)
        language = languages.gather(values["kind"])
        values = values.with_columns(
            number.alias("number"),
            pl.when(pl.col("order") == "language").then(language).otherwise(text).alias("text"),
        ).sort("key", "number", "text")
        key, same = pl.col("key"), (pl.col("key") == pl.col("key").shift()).fill_null(value=False)
        doubtful = (
            (pl.col("order") == "")
            | ((pl.col("order") == "text") & pl.col("value").str.contains("\\", literal=True))
            | (same & (pl.col("family") != pl.col("family").shift()))
            | (same & (pl.col("order") == "language") & (pl.col("text") == pl.col("text").shift()))
        )
        role = pl.when(key != key.shift(-1, fill_value=0)).then(3).when(same).then(2).otherwise(1)
        ordered = values.select("key", "kind", "value", "form", role=role.cast(pl.UInt32))
        return ordered, values.filter(doubtful.fill_null(value=True))["key"]

    def _written(self, values: pl.DataFrame, forms: Sequence[_Form]) -> pl.DataFrame:
        around = [pair for form in forms for pair in form.around or [("", "")] * 4]
        before, behind = (pl.Series([pair[n] for pair in around], dtype=pl.String) for n in (0, 1))
        place = values["form"] * 4 + values["role"]
        return values.select("key", text=pl.concat_str(before.gather(place), "value", behind.gather(place)))

    def _heads(self, odd: pl.Series) -> pl.DataFrame:
        """Return the beginning of each object, with its classes; all of it for subjects that columns cannot write."""
        heads = pl.Series([_node(self._context, _types(classes)) for classes in self._classes], dtype=pl.String)
        sample = f'"{self._context.compact_iri(_SUBJECT.value)}"'
        split = heads.gather(self._set_of).str.split_exact(sample, 1).struct
        compact = _quoted(compact_column(self._subjects, self._context))
        text = pl.select(pl.concat_str(split.field("field_0"), compact, split.field("field_1"))).to_series()
        numbers = pl.int_range(len(self._subjects), dtype=pl.UInt64, eager=True)
        if len(odd):
            own = self._whole(odd)
            text = numbers.replace_strict(list(own), list(own.values()), default=text, return_dtype=pl.String)
        return pl.DataFrame([(numbers * self._width).alias("key"), (f"{_END},\n" + text).alias("text")])

    def _whole(self, nodes: pl.Series) -> dict[int, str]:
        rows = self._rows.filter(self._rows["node"].is_in(nodes.implode()))
        found: defaultdict[str, list[Triple]] = defaultdict(list)
        for triple in triples_of(rows):
            found[str(triple.subject)[1:-1]].append(triple)
        places = dict.fromkeys(rows["node"])
        return {
            place: _node(self._context, triples, subject)
            for place, (subject, triples) in zip(places, found.items(), strict=True)
        }


def _sets(rows: pl.DataFrame, subjects: int) -> tuple[list[list[NamedNode]], pl.Series]:
    """Return the sets of classes that subjects have, and the number of each subject's set."""
    found = rows.group_by("node", maintain_order=True).agg(pl.col("object").str.join(" "))
    every = pl.DataFrame({"node": pl.int_range(subjects, dtype=pl.UInt64, eager=True)})
    texts = every.join(found, on="node", how="left", maintain_order="left")["object"].fill_null("")
    known = texts.unique(maintain_order=True)
    numbers = texts.replace_strict(known, pl.int_range(len(known), dtype=pl.UInt64, eager=True))
    return [[NamedNode(iri[1:-1]) for iri in text.split()] for text in known], numbers


def _form(context: Context, classes: Sequence[NamedNode], predicate: str, kind: str) -> _Form:
    """Ask `Context.node` how it writes a property."""
    types = _types(classes)
    head = _node(context, types)
    try:
        values, tokens = _samples(kind)
    except ValueError:  # no language can be made of this one
        return _UNKNOWN
    triples = [Triple(_SUBJECT, NamedNode(predicate), value) for value in values]
    only = _between(_node(context, [*types, triples[0]])[len(head) :], tokens[:1])
    if not only:
        return _UNKNOWN
    alone = ((only[0], only[1]), *(("", ""),) * 3)
    parts = _between(_node(context, [*types, *triples])[len(head) :], tokens) if len(triples) == 3 else ()
    if not parts:
        return _Form(alone)
    first, *between, last = parts
    if kind.startswith("@"):
        pairs = zip(between, _LATER[1:], strict=True)
        between = [text.replace(f'"{kind[1:]}{later}"', f'"{kind[1:]}"') for text, later in pairs]
    if between[0] != between[1]:
        return _Form(alone)
    shown = list(context.node(_SUBJECT.value, [*types, *triples]).values())[-1]
    order = "language" if isinstance(shown, dict) else _order(shown[0], kind)
    return _Form((*alone[:1], (first, ""), (between[0], ""), (between[0], last)), order)


def _order(shown: object, kind: str) -> str:
    if isinstance(shown, int):
        return "number"
    return "text" if isinstance(shown, str) or kind == _IRI else ""


def _samples(kind: str) -> tuple[list[NamedNode | Literal], list[str]]:
    """Return values of a kind, in order, and how JSON writes them."""
    quoted = [f'"{sample}"' for sample in _SAMPLES]
    if kind == _IRI:
        return [NamedNode(sample) for sample in _SAMPLES], quoted
    if kind == _STRING:
        return [Literal(sample) for sample in _SAMPLES], quoted
    if kind.startswith("@"):
        return [Literal(s, language=kind[1:] + later) for s, later in zip(_SAMPLES, _LATER, strict=True)], quoted
    datatype = NamedNode(kind.removeprefix(_NATIVE))
    if not kind.startswith(_NATIVE):
        return [Literal(sample, datatype=datatype) for sample in _SAMPLES], quoted
    texts = [text for text in _NUMBERS if NATIVE[datatype.value].fullmatch(text)] or ["true"]
    return [Literal(text, datatype=datatype) for text in texts], texts


def _between(text: str, tokens: Sequence[str]) -> tuple[str, ...]:
    """Return what stands before, between and behind ``tokens``; nothing if they do not all stand there once."""
    if any(text.count(token) != 1 for token in tokens):
        return ()
    parts = []
    for token in tokens:
        before, _, text = text.partition(token)
        parts.append(before)
    return (*parts, text)


def _types(classes: Iterable[NamedNode]) -> list[Triple]:
    return [Triple(_SUBJECT, RDF_TYPE, iri) for iri in classes]


def _node(context: Context, triples: Iterable[Triple], subject: str = _SUBJECT.value) -> str:
    """Return an object as text, four spaces in, without its end."""
    text = json.dumps(context.node(subject, triples), ensure_ascii=False, indent=1)
    return ("    " + text.replace("\n", "\n    ")).removesuffix(_END)


def compact_column(iris: pl.Series, context: Context) -> pl.Series:
    """Return IRIs of N-Triples as `Context.compact_iri` does."""
    known = iris.unique()
    names = {namespace: f"{prefix}:" for namespace, prefix in context.namespaces.items()}
    parts = namespaces_of(known, names, more="[^>]")
    prefix = parts["namespace"].replace_strict(names, default="", return_dtype=pl.String)
    texts = pl.select(pl.concat_str(prefix, parts["local"])).to_series()
    slashes = parts["namespace"].is_not_null() & parts["local"].str.starts_with("//")
    if slashes.any():
        own = pl.Series([context.compact_iri(iri[1:-1]) for iri in known], dtype=pl.String)
        texts = own.zip_with(slashes, texts)
    return iris.replace_strict(known, texts)


def json_column(quoted: pl.Series) -> pl.Series:
    r"""Return texts in quotes as JSON writes them: as N-Triples does, but for ``\u``."""
    rare = quoted.str.contains(r"\u", literal=True)
    if not rare.any():
        return quoted
    own = each(quoted.filter(rare), lambda text: json.dumps(json.loads(text), ensure_ascii=False))
    return pl.concat([quoted.filter(~rare), own]).gather(pl.concat([(~rare).arg_true(), rare.arg_true()]).arg_sort())


def _quoted(texts: pl.Series) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit('"'), texts, pl.lit('"'))).to_series()


def _same(kind: int, length: int) -> pl.Series:
    return pl.repeat(kind, length, dtype=pl.UInt64, eager=True).alias("kind")
