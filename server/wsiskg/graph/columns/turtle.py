"""Turtle of blocks of statements, byte for byte as Oxigraph writes it (https://www.w3.org/TR/turtle/).

Oxigraph writes statement by statement from Python objects, which costs more than all else that a release needs; columns
cost a fraction of it. Terms with a rare spelling are still given to Oxigraph itself.
"""

from collections.abc import Mapping

import polars as pl
import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg.graph.columns.terms import namespaces_of
from wsiskg.graph.vocabulary import RDF_TYPE, XSD

__all__ = ["turtle_block", "turtle_terms"]

_PLAIN_LOCAL = r"^[A-Za-z0-9_:.~!$&'()*+,;=/?#@%-]*$"
_ESCAPED = r"([~!$&'()*+,;=/?#@%])"
_BARE: Mapping[str, str] = {
    XSD("boolean").value: r"^(?:true|false)$",
    XSD("integer").value: r"^[+-]?[0-9]+$",
    XSD("decimal").value: r"^[+-]?[0-9]*\.[0-9]+$",
    XSD("double").value: r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+$",
}
"""Datatypes whose literals stand without quotes and datatype, if they are spelt so."""


def turtle_block(block: pl.DataFrame, prefixes: Mapping[str, str]) -> bytes:
    """Return a block as Turtle without prefixes, which are given by name."""
    if not len(block):
        return b""
    new = _changes(block["subject"])
    other = new | _changes(block["predicate"])
    verbs = block["predicate"].filter(other)
    verbs = verbs.replace({str(RDF_TYPE): "a", **_predicates(verbs.unique(), prefixes)})
    columns = pl.DataFrame([
        _spread(new, turtle_terms(block["subject"].filter(new), prefixes)).alias("subject"),
        _spread(other, verbs).alias("predicate"),
        turtle_terms(block["object"], prefixes).alias("object"),
        new.alias("new"), other.alias("other"),
    ])  # fmt: skip
    lead = pl.when("new").then(pl.lit(" .\n")).when("other").then(pl.lit(" ;\n\t")).otherwise(pl.lit(" , "))
    texts = columns.select(pl.concat_str(lead, "subject", "predicate", "object")).to_series()
    return bytes(texts.str.join("").cast(pl.Binary).item())[len(" .\n") :] + b" .\n"


def turtle_terms(terms: pl.Series, prefixes: Mapping[str, str]) -> pl.Series:
    """Return terms of N-Triples as Turtle writes them with these prefixes."""
    known = terms.filter(terms.str.ends_with(">")).unique()
    typed = known.str.starts_with('"')
    iris, literals = known.filter(~typed), known.filter(typed)
    return terms.replace(pl.concat([iris, literals]), pl.concat([_iris(iris, prefixes), _literals(literals, prefixes)]))


def _changes(column: pl.Series) -> pl.Series:
    return (column != column.shift()).fill_null(value=True)


def _spread(places: pl.Series, texts: pl.Series) -> pl.Series:
    """Put each text and a space where ``places`` is true, in order, and nothing elsewhere."""
    texts = pl.concat([pl.Series([""]), texts + " "])
    return texts.gather(places.cum_sum() * places)


def _predicates(predicates: pl.Series, prefixes: Mapping[str, str]) -> dict[str, str]:
    pairs = zip(predicates, turtle_terms(predicates, prefixes), strict=True)
    return {predicate: text for predicate, text in pairs if predicate != str(RDF_TYPE)}


def _iris(iris: pl.Series, prefixes: Mapping[str, str]) -> pl.Series:
    """Return distinct IRIs, by prefix where one fits."""
    names = {namespace: f"{prefix}:" for prefix, namespace in prefixes.items()}
    frame = namespaces_of(iris, names).with_columns(iri=iris)
    local, single = pl.col("local"), pl.col("local").str.len_bytes() == 1
    escaped = local.str.replace_all(_ESCAPED, r"\$1").str.replace(r"^([.-])", r"\$1")
    escaped = pl.when(single).then(escaped).otherwise(escaped.str.replace(r"\.$", r"\."))
    prefix = pl.col("namespace").replace_strict(names, return_dtype=pl.String)
    plain = pl.when(local.str.contains(_PLAIN_LOCAL)).then(prefix + escaped)
    texts = frame.select(pl.when(pl.col("namespace").is_null()).then("iri").otherwise(plain)).to_series()
    return _completed(texts, iris, prefixes)


def _literals(literals: pl.Series, prefixes: Mapping[str, str]) -> pl.Series:
    """Return distinct literals that have a datatype."""
    parts = literals.str.extract_groups(r'(?s)^("(.*)")\^\^(<[^<>]*>)$').struct
    quoted, text, datatype = (parts.field(name) for name in ("1", "2", "3"))
    names = datatype.unique()
    frame = pl.DataFrame({"quoted": quoted, "text": text, "datatype": datatype})
    bare = pl.any_horizontal(
        (pl.col("datatype") == f"<{iri}>") & pl.col("text").str.contains(form) for iri, form in _BARE.items()
    )
    name = pl.col("datatype").replace_strict(names, _iris(names, prefixes))
    return frame.select(pl.when(bare).then("text").otherwise(pl.concat_str("quoted", pl.lit("^^"), name))).to_series()


def _completed(texts: pl.Series, iris: pl.Series, prefixes: Mapping[str, str]) -> pl.Series:
    """Ask Oxigraph for the IRIs that have no text yet."""
    rare = texts.is_null()
    if not rare.any():
        return texts
    wanted = iris.filter(rare)
    triples = [Triple(NamedNode(f"urn:{n}"), RDF_TYPE, NamedNode(iri[1:-1])) for n, iri in enumerate(wanted)]
    written = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"").decode()
    found = [line.split(" a ", 1)[1].removesuffix(" .") for line in written.split("\n") if line.startswith("<urn:")]
    return pl.concat([texts.filter(~rare), pl.Series(found, dtype=pl.String)]).gather(_places(rare))


def _places(rare: pl.Series) -> pl.Series:
    """Return where each row stands when the rare ones are moved behind the others."""
    return pl.concat([(~rare).arg_true(), rare.arg_true()]).arg_sort()
