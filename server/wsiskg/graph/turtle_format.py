"""The one form of the Turtle files that people edit, so that a changed statement is a changed line.

Prefixes sorted and limited to those used; subjects in IRI order; ``a`` first, then predicates by prefixed name; one
predicate and one object a line. Blank nodes (lists, and the members of SHACL's ``sh:or``) are written in place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from wsiskg.graph.vocabulary import RDF, RDF_TYPE, XSD
from wsiskg.model.errors import UsageError

__all__ = ["format_turtle"]

_SIMPLE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {XSD("integer").value: re.compile(r"-?\d+"), XSD("boolean").value: re.compile(r"true|false")}


def format_turtle(text: str, name: str) -> str:
    """Return ``text`` in the project's form; its leading comment lines stay.

    Raises:
        UsageError: ``text`` is not Turtle; names the file and the place.

    """
    parser = ox.parse(text, ox.RdfFormat.TURTLE)
    try:
        triples = [Triple(q.subject, q.predicate, q.object) for q in parser]
    except SyntaxError as error:
        raise UsageError(f"{name}: {error}", "Correct the Turtle syntax there.") from error
    return _Writer(triples, dict(parser.prefixes)).document(_header(text))


def _header(text: str) -> str:
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.rstrip() + "\n")
    return "".join(lines)


class _Writer:
    def __init__(self, triples: list[Triple], prefixes: Mapping[str, str]) -> None:
        self._by_namespace = sorted(((ns, p) for p, ns in prefixes.items()), key=lambda pair: -len(pair[0]))
        self._used: set[str] = set()
        self._statements: defaultdict[object, list[tuple[NamedNode, object]]] = defaultdict(list)
        references: Counter[BlankNode] = Counter()
        for triple in triples:
            self._statements[triple.subject].append((triple.predicate, triple.object))
            if isinstance(triple.object, BlankNode):
                references[triple.object] += 1
        if shared := [node for node, times in references.items() if times > 1]:
            raise UsageError(f"{len(shared)} blank node(s) are used twice", "Give them an IRI.")
        self._inline = set(references)
        reached = [node for node in self._statements if node not in self._inline]
        for node in reached:
            reached += [value for _, value in self._statements[node] if value in self._inline]
        if len(reached) < len(self._statements):
            raise UsageError("blank nodes refer to each other in a ring", "Give one of them an IRI.")

    def document(self, header: str) -> str:
        subjects = sorted((s for s in self._statements if s not in self._inline), key=lambda s: getattr(s, "value", ""))
        blocks = [self._block(subject) for subject in subjects]
        prefixes = "".join(
            f"@prefix {prefix}: <{namespace}> .\n"
            for namespace, prefix in sorted(self._by_namespace, key=lambda pair: pair[1])
            if prefix in self._used
        )
        return "\n".join(part for part in (header + ("\n" if header else "") + prefixes, *blocks) if part)

    def _block(self, subject: object) -> str:
        if not isinstance(subject, NamedNode):
            raise UsageError("a blank node stands alone", "Give it an IRI.")
        lines = [f"    {p} {o} ;" for p, o in self._pairs(subject)]
        return "\n".join([self._iri(subject), *lines, "    .", ""])

    def _pairs(self, subject: object) -> list[tuple[str, str]]:
        written = [
            ("a" if predicate == RDF_TYPE else self._iri(predicate), self._term(value), _order(value))
            for predicate, value in self._statements[subject]
        ]
        written.sort(key=lambda item: (item[0] != "a", item[0], item[2]))
        return [(predicate, value) for predicate, value, _ in written]

    def _term(self, value: object) -> str:
        if isinstance(value, NamedNode):
            return self._iri(value)
        if isinstance(value, BlankNode):
            return self._list(value) if self._is_list(value) else self._blank(value)
        if not isinstance(value, Literal):
            raise UsageError("quoted triples are not used in the project's files")
        return self._literal(value)

    def _blank(self, node: BlankNode) -> str:
        return "[ " + " ; ".join(f"{p} {o}" for p, o in self._pairs(node)) + " ]"

    def _is_list(self, node: BlankNode) -> bool:
        """Whether ``node`` and all after it have one member and one rest each, and no more, down to ``rdf:nil``."""
        following: object = node
        while isinstance(following, BlankNode):
            pair = self._statements[following]
            if sorted(p.value for p, _ in pair) != [RDF("first").value, RDF("rest").value]:
                return False
            following = dict(pair)[RDF("rest")]
        return following == RDF("nil")

    def _list(self, node: object) -> str:
        members = []
        while node != RDF("nil"):
            pair: dict[NamedNode, object] = dict(self._statements[node])
            members.append(self._term(pair[RDF("first")]))
            node = pair[RDF("rest")]
        return "( " + " ".join(members) + " )"

    def _literal(self, literal: Literal) -> str:
        kind = literal.datatype.value
        if kind in _BARE and _BARE[kind].fullmatch(literal.value):
            return literal.value
        text = '"' + re.sub(r'[\\"\n\r\t]', lambda m: _ESCAPES[m.group()], literal.value) + '"'
        if literal.language:
            return f"{text}@{literal.language}"
        return text if literal.datatype == XSD("string") else f"{text}^^{self._iri(literal.datatype)}"

    def _iri(self, node: NamedNode) -> str:
        if node == RDF("nil"):
            return "()"
        for namespace, prefix in self._by_namespace:
            local = node.value.removeprefix(namespace)
            if local != node.value and _SIMPLE_LOCAL.fullmatch(local):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return f"<{node.value}>"


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _order(value: object) -> tuple[int, str, str, str]:
    """IRIs first, then blank nodes, then literals by language, value and datatype."""
    if isinstance(value, Literal):
        return (2, value.language or "", value.value, value.datatype.value)
    return (0 if isinstance(value, NamedNode) else 1, "", str(value) if isinstance(value, NamedNode) else "", "")
