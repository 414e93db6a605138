"""``graph/ontology``: the project's terms, and the one list of prefixes."""

import re
from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox
from pyoxigraph import Triple

from wsiskg.graph.iris import DEFAULT_BASE, Iris
from wsiskg.resources import data_folder

__all__ = ["ontology_triples", "prefixes", "rebase", "turtle_files"]


def rebase(text: str, iris: Iris) -> str:
    """Return a shipped text (Turtle, SPARQL, JSON) with the default base replaced by the configured one."""
    return text if iris.base == DEFAULT_BASE else text.replace(DEFAULT_BASE, iris.base)


def turtle_files(folder: str) -> Mapping[str, str]:
    """Return the Turtle files of a data folder by name."""
    files = sorted((f for f in data_folder(folder).iterdir() if f.name.endswith(".ttl")), key=lambda f: f.name)
    return {f.name: f.read_text("utf-8") for f in files}


def ontology_triples(iris: Iris) -> set[Triple]:
    """Return every triple of ``ontology/*.ttl``."""
    return {
        Triple(quad.subject, quad.predicate, quad.object)
        for text in turtle_files("ontology").values()
        for quad in ox.parse(rebase(text, iris), ox.RdfFormat.TURTLE)
    }


@cache
def prefixes(iris: Iris) -> Mapping[str, str]:
    """Return prefix -> namespace from ``ontology/prefixes.ttl``, sorted by prefix."""
    text = rebase((data_folder("ontology") / "prefixes.ttl").read_text("utf-8"), iris)
    found: dict[str, dict[str, str]] = {}
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        match = re.fullmatch(r"http://www\.w3\.org/ns/shacl#(prefix|namespace)", quad.predicate.value)
        if match and isinstance(quad.object, ox.Literal):
            found.setdefault(str(quad.subject), {})[match[1]] = quad.object.value
    pairs = [(d["prefix"], d["namespace"]) for d in found.values() if len(d) == 2]
    return dict(sorted(pairs))
