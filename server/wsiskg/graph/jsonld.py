"""JSON-LD that reads like plain JSON: short names, languages as maps, the key order of ``ontology/context.jsonld``.

Writes compacted JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) straight from triples; the tests expand it again with
an independent processor and compare.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.iris import SDGO, Iris
from wsiskg.graph.ontology import rebase
from wsiskg.graph.vocabulary import PROV, RDF_TYPE, RDFS, SKOS, SSSOM, XSD
from wsiskg.resources import data_folder

__all__ = ["CODED", "NATIVE", "Context", "load_context"]

Json = Any  # JSON values of any depth

# What these name is identified, not shown: nesting it would bury the content.
_NEVER_NESTED = frozenset(
    {SSSOM(name).value for name in ("subject_id", "object_id", "predicate_id", "mapping_justification")}
    | {SKOS(name).value for name in ("inScheme", "topConceptOf", "hasTopConcept")}
    | {RDFS("isDefinedBy").value, PROV("wasDerivedFrom").value, PROV("wasGeneratedBy").value}
    | {f"{SDGO}{name}" for name in ("isTargetOf", "isIndicatorOf")}
)
CODED = frozenset({"award", "c2020", "hlpf", "kg", "line", "sdg"})
"""Prefixes of our resources, and of the UN's: what stands behind them is a code."""

_BOOLEAN, _STRING, _TYPE = XSD("boolean").value, XSD("string").value, RDF_TYPE.value
NATIVE = {
    XSD("integer").value: re.compile(r"0|-?[1-9]\d{0,14}"),
    _BOOLEAN: re.compile(r"true|false"),
}
"""Datatypes that are JSON numbers and booleans, where the text is what a processor makes of these again."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the context."""

    name: str
    iri: str
    type: str
    container: str
    position: int

    @property
    def is_set(self) -> bool:
        """Whether the property's value is an array even when it has one element."""
        return "@set" in self.container


class Context:
    """A JSON-LD context, turned round: from IRIs to short names."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.document = document
        entries: Mapping[str, Json] = document["@context"]
        self._prefixes = {
            name: value for name, value in entries.items() if isinstance(value, str) and value[-1:] in "/#:"
        } | {n: v["@id"] for n, v in entries.items() if isinstance(v, dict) and v.get("@prefix")}
        self._aliases = {value: name for name, value in entries.items() if isinstance(value, str)}
        for name, value in entries.items():
            if isinstance(value, dict) and value.get("@id") == "@type":
                self._aliases["@type"] = name
        self._terms: dict[str, Term] = {}
        self._reverse: dict[str, Term] = {}
        self._others: dict[tuple[str, str], Term] = {}
        self._classes: dict[str, str] = {}
        self._sets_of_class: dict[str, frozenset[str]] = {}
        for position, (name, value) in enumerate(entries.items()):
            self._read(name, value, position)
        # Longest namespace first, so that an IRI gets its most telling prefix.
        self._by_namespace = dict(sorted(((ns, p) for p, ns in self._prefixes.items()), key=lambda pair: -len(pair[0])))
        # A local name that begins with two slashes would be read as an IRI with a scheme.
        self._namespace = re.compile(rf"({'|'.join(map(re.escape, self._by_namespace))})(?!//)(?=.)", re.DOTALL)

    def _read(self, name: str, value: Json, position: int) -> None:
        if name.startswith("@") or name in self._prefixes:
            return
        raw: Mapping[str, Json] = value if isinstance(value, dict) else {"@id": value}
        iri: str = raw.get("@id") or raw.get("@reverse") or ""
        if iri.startswith("@") or not iri:
            return
        full = self.expand(iri)
        if name[:1].isupper():
            self._classes[full] = name
            scoped = raw.get("@context", {}).values()  # a property that repeats in this class alone
            self._sets_of_class[name] = frozenset(self.expand(v["@id"]) for v in scoped)
        container = str(raw.get("@container", ""))
        terms = self._reverse if "@reverse" in raw else self._terms
        term = Term(name, full, self.expand(raw.get("@type", "")), container, position)
        if full in terms:  # the property's other name, for values of another datatype
            self._others[full, term.type] = term
        else:
            terms[full] = term

    def expand(self, text: str) -> str:
        """Return the full IRI of ``prefix:local``; anything else as it is."""
        prefix, colon, local = text.partition(":")
        return self._prefixes[prefix] + local if colon and prefix in self._prefixes else text

    def code(self, text: str) -> str:
        """Return the code of one of our resources or the UN's given as compact IRI; any other text as it is.

        That of a link, which needs its edition, is ``2015/C2-9.c``.
        """
        prefix, colon, local = text.partition(":")
        if not colon or prefix not in self._prefixes or " " in text:
            return text
        return unquote(local.partition("/")[2] or local) if prefix in CODED else text

    def compact_iri(self, iri: str) -> str:
        """Return ``prefix:local`` where a prefix fits, else the IRI."""
        found = self._namespace.match(iri)
        return iri if found is None else f"{self._by_namespace[found[1]]}:{iri[found.end() :]}"

    @property
    def namespaces(self) -> Mapping[str, str]:
        """Prefixes by namespace, as `compact_iri` chooses them."""
        return dict(reversed(self._by_namespace.items()))

    def node(
        self,
        subject: str,
        triples: Iterable[Triple],
        embed: Mapping[str, Json] | None = None,
        reverse: Mapping[str, Sequence[Json]] | None = None,
    ) -> dict[str, Json]:
        """Return ``subject`` as a JSON object.

        Args:
            subject: IRI of the resource.
            triples: statements; those of other subjects are passed over.
            embed: objects to nest in place of the bare IRI, by IRI.
            reverse: objects that name ``subject``, by the IRI of the property by which they do; the context has a
                reverse term for each of these.

        """
        types: list[str] = []
        values: dict[str, list[Any]] = {}
        for about, said, value in triples:  # each look at a part of a triple makes an object
            if not isinstance(about, NamedNode) or about.value != subject:
                continue
            predicate = said.value
            if predicate == _TYPE and isinstance(value, NamedNode):
                iri = value.value
                types.append(self._classes.get(iri) or self.compact_iri(iri))
            else:
                values.setdefault(predicate, []).append(value)
        result: dict[str, Json] = {self._aliases.get("@id", "@id"): self.compact_iri(subject)}
        if types:
            result[self._aliases.get("@type", "@type")] = sorted(types)
        sets = frozenset().union(*(self._sets_of_class.get(name, ()) for name in types))
        for predicate in sorted(values, key=self.position):
            nested = {} if predicate in _NEVER_NESTED else embed or {}
            self._property(result, predicate, values[predicate], nested, always=predicate in sets)
        for term, objects in sorted(
            ((self._reverse[p], found) for p, found in (reverse or {}).items() if found),
            key=lambda pair: pair[0].position,
        ):
            result[term.name] = sorted(objects, key=_value_key)
        return result

    @property
    def nestable(self) -> frozenset[str]:
        """Short names of the properties whose values may be shown in place of the bare IRI."""
        terms = (*self._terms.values(), *self._reverse.values())
        return frozenset(t.name for t in terms if t.type == "@id" and t.iri not in _NEVER_NESTED)

    def name(self, predicate: str) -> str:
        """Return the short name of a property, else its compact IRI."""
        term = self._terms.get(predicate)
        return term.name if term else self.compact_iri(predicate)

    def position(self, predicate: str) -> tuple[int, str]:
        """Return the place of a property in the context's order, as a sort key."""
        term = self._terms.get(predicate)
        return (term.position if term else 10**6, predicate)

    def _property(
        self, result: dict[str, Json], predicate: str, objects: list[Any], embed: Mapping[str, Json], *, always: bool
    ) -> None:
        term = self._terms.get(predicate)
        if len(objects) > 1:
            objects = sorted(objects, key=str)
        kinds = {o.datatype.value if isinstance(o, Literal) else "" for o in objects}
        if term and len(kinds) == 1:
            term = self._others.get((predicate, next(iter(kinds))), term)
        if term and "@language" in term.container and all(isinstance(o, Literal) and o.language for o in objects):
            by_language: dict[str, list[str]] = {}
            for literal in objects:
                by_language.setdefault(literal.language, []).append(literal.value)
            result[term.name] = {k: v if term.is_set or len(v) > 1 else v[0] for k, v in sorted(by_language.items())}
            return
        if term and "@language" in term.container:
            # A language map cannot hold other values: name the property by its prefixed name instead.
            name, term = self.compact_iri(predicate), None
        else:
            name = term.name if term else self.compact_iri(predicate)
        rendered = [self._value(o, term, embed) for o in objects]
        if len(rendered) > 1:
            rendered.sort(key=_value_key)
        always = term is not None and (always or term.is_set)
        result[name] = rendered if always or len(rendered) > 1 else rendered[0]

    def _value(self, value: Any, term: Term | None, embed: Mapping[str, Json]) -> Json:
        if isinstance(value, NamedNode):
            if value.value in embed:
                return embed[value.value]
            compact = self.compact_iri(value.value)
            return compact if term and term.type in {"@id", "@vocab"} else {self._aliases.get("@id", "@id"): compact}
        if not isinstance(value, Literal):
            raise TypeError(f"{value} is neither an IRI nor a literal")
        if value.language:
            return {"@language": value.language, "@value": value.value}
        kind = value.datatype.value
        if kind in NATIVE and (term is None or term.type in {kind, ""}) and NATIVE[kind].fullmatch(value.value):
            return value.value == "true" if kind == _BOOLEAN else int(value.value)
        if kind == _STRING and (term is None or not term.type):
            return value.value
        if term and term.type == kind:
            return value.value
        # The keyword, not its alias, which rdflib does not know in a value.
        return {"@type": self.compact_iri(kind), "@value": value.value}


def _value_key(value: Json) -> tuple[int, Json, str]:
    """Sort key: numbers by size, texts by their text, objects by their id."""
    if isinstance(value, bool | int):
        return (0, value, "")
    if isinstance(value, dict):
        return (1, 0, str(value.get("id", json.dumps(value, sort_keys=True, ensure_ascii=False))))
    return (1, 0, str(value))


@cache
def load_context(iris: Iris) -> Context:
    """Return the context of ``ontology/context.jsonld``."""
    text = rebase((data_folder("ontology") / "context.jsonld").read_text("utf-8"), iris)
    return Context(json.loads(text))
