"""Terms of the vocabularies that the graph reuses, as constants."""

from pyoxigraph import NamedNode

__all__ = [
    "ADMS_STATUS", "DC", "DCAT", "DCTERMS", "FOAF", "LICENCE", "ORG", "OWL", "PROV", "RDF", "RDFS", "RDF_TYPE",
    "SCHEMA", "SEMAPV", "SH", "SKOS", "SPDX", "SSSOM", "VOID", "XSD", "Vocabulary",
]  # fmt: skip


class Vocabulary:
    """A namespace whose terms are made by calling it: ``SKOS("prefLabel")``."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._terms: dict[str, NamedNode] = {}

    def __call__(self, name: str) -> NamedNode:
        """Return the term ``name``."""
        return self._terms.setdefault(name, NamedNode(self.namespace + name))


RDF = Vocabulary("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Vocabulary("http://www.w3.org/2000/01/rdf-schema#")
OWL = Vocabulary("http://www.w3.org/2002/07/owl#")
XSD = Vocabulary("http://www.w3.org/2001/XMLSchema#")
SKOS = Vocabulary("http://www.w3.org/2004/02/skos/core#")
DC = Vocabulary("http://purl.org/dc/elements/1.1/")
DCTERMS = Vocabulary("http://purl.org/dc/terms/")
DCAT = Vocabulary("http://www.w3.org/ns/dcat#")
VOID = Vocabulary("http://rdfs.org/ns/void#")
PROV = Vocabulary("http://www.w3.org/ns/prov#")
ORG = Vocabulary("http://www.w3.org/ns/org#")
FOAF = Vocabulary("http://xmlns.com/foaf/0.1/")
SCHEMA = Vocabulary("http://schema.org/")
SSSOM = Vocabulary("https://w3id.org/sssom/")
SEMAPV = Vocabulary("https://w3id.org/semapv/vocab/")
SH = Vocabulary("http://www.w3.org/ns/shacl#")
SPDX = Vocabulary("http://spdx.org/rdf/terms#")
ADMS_STATUS = NamedNode("http://www.w3.org/ns/adms#status")
RDF_TYPE = RDF("type")
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
"""What the project's data may be used under."""
