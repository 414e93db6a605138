"""IRIs of the project's graphs, terms and resources, below one configurable base."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode

__all__ = ["DEFAULT_BASE", "SDG", "SDGO", "Iris", "slug"]

DEFAULT_BASE = "https://w3id.org/wsis-kg/"
SDG = "http://metadata.un.org/sdg/"
SDGO = "http://metadata.un.org/sdg/ontology#"


@dataclass(frozen=True, slots=True)
class Iris:
    """Maker of IRIs; ``base`` ends with a slash."""

    base: str = DEFAULT_BASE

    def term(self, name: str) -> NamedNode:
        """Return a term of the project's ontology: ``Link`` -> ``<base>ontology#Link``."""
        return _term(self.base, name)

    def resource(self, kind: str, *codes: str) -> NamedNode:
        """Return ``<base>id/<kind>/<code>``; several codes are joined by slashes."""
        return _resource(self.base, kind, codes)

    def scheme(self, name: str) -> NamedNode:
        """Return the concept scheme ``<base>id/scheme/<name>``."""
        return self.resource("scheme", name)

    def graph(self, *names: str) -> NamedNode:
        """Return the named graph ``<base>graph/<name>``."""
        return NamedNode(f"{self.base}graph/" + "/".join(names))

    def sdg(self, code: str) -> NamedNode:
        """Return the UN's own IRI of a goal, target or indicator id (https://metadata.un.org/sdg)."""
        return NamedNode(SDG + code)


# Few terms and codes are asked for over and over again; a bound, because names may come from outside.
@lru_cache(1024)
def _term(base: str, name: str) -> NamedNode:
    return NamedNode(f"{base}ontology#{name}")


@lru_cache(4096)
def _resource(base: str, kind: str, codes: tuple[str, ...]) -> NamedNode:
    return NamedNode(f"{base}id/{kind}/" + "/".join(quote(code, safe="._-~") for code in codes))


def slug(text: str) -> str:
    """Return ``text`` as a name for an IRI: lower case, words joined by hyphens, any script kept."""
    return "-".join(re.findall(r"\w+", text.casefold()))[:80]
