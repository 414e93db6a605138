"""Editions as SSSOM mapping sets (https://mapping-commons.github.io/sssom/), so they say what the lists say."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wsiskg.graph.index.reading import documents_of, open_index
from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import DCTERMS, LICENCE
from wsiskg.model.codes import UN_LANGUAGES

__all__ = ["write_sssom"]

Json = Any

_SSSOM = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "author_id",
    "confidence", "comment",
)  # fmt: skip
_RATIONALES = {f"rationale_{language}": language for language in UN_LANGUAGES}
_EXTENSIONS = (*((column, "rationale") for column in _RATIONALES), ("shared", "rationaleKey"), ("sources", "source"))
"""Columns that SSSOM has no slot for, and our terms for them: with these nothing of a link is lost on the way."""


def write_sssom(path: Path, index: Path, iris: Iris, edition: str) -> None:
    """Write the links of an edition as SSSOM/TSV, with its metadata in front.

    Args:
        path: the file.
        index: the index file to read.
        iris: the IRIs of the release.
        edition: code of the edition.

    """
    with open_index(index) as connection:
        labels = {name: json.loads(text) for name, text in connection.execute("SELECT id, json FROM label")}
        (described,) = connection.execute("SELECT json FROM item WHERE kind = 'edition' AND code = ?", (edition,))
        titles = json.loads(described[0]).get("title", {})
        with path.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(_metadata(iris, edition, str(titles.get("en", edition))))
            columns = (*_SSSOM, *(column for column, _ in _EXTENSIONS))
            writer = csv.DictWriter(handle, columns, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
            writer.writeheader()
            links = [
                link
                for link in documents_of(connection, ("link",))
                if str(link["edition"]).rpartition("/")[2] == edition
            ]
            expand = load_context(iris).expand
            keys = Counter(link.get("rationaleKey") for link in links)
            for link in links:
                key = link.get("rationaleKey")
                writer.writerow(_mapping(link, labels, expand, shared=key is not None and keys[key] > 1))


def _metadata(iris: Iris, edition: str, title: str) -> Iterator[str]:
    """Yield the metadata in the form of SSSOM's own block of comments."""
    curies = {
        "kg": iris.resource("", "").value.rstrip("/") + "/",
        "line": iris.resource("action-line", "").value,
        "sdg": SDG,
        "wsis": iris.term("").value,
        "semapv": "https://w3id.org/semapv/vocab/",
    }
    yield "#curie_map:\n"
    for prefix, namespace in sorted(curies.items()):
        yield f"#  {prefix}: {namespace}\n"
    yield f"#mapping_set_id: {iris.resource('edition', edition).value}\n"
    yield f"#mapping_set_version: {json.dumps(edition)}\n"
    yield f"#mapping_set_title: {json.dumps(title, ensure_ascii=False)}\n"
    yield f"#license: {LICENCE.value}\n"
    yield "#extension_definitions:\n"
    for column, term in _EXTENSIONS:
        property_ = DCTERMS(term) if term == "source" else iris.term(term)
        yield f"#  - slot_name: {column}\n#    property: {property_.value}\n"


def _mapping(
    link: Mapping[str, Json], labels: Mapping[str, Mapping[str, Json]], expand: Callable[[str], str], *, shared: bool
) -> dict[str, str]:
    subject, target = str(link["subjectId"]), str(link["objectId"])
    return {
        "subject_id": subject,
        "subject_label": _english(labels.get(subject, {})),
        "predicate_id": str(link["predicateId"]),
        "object_id": target,
        "object_label": _english(labels.get(target, {})),
        "mapping_justification": str(link["mappingJustification"]),
        "author_id": "|".join(link.get("proposedBy", ())),
        "confidence": str(link.get("confidence", "")),
        "comment": str(link.get("note", {}).get("en", "")),
        **{column: str(link.get("rationale", {}).get(language, "")) for column, language in _RATIONALES.items()},
        "shared": "yes" if shared else "",
        "sources": "|".join(map(expand, link.get("source", ()))),
    }


def _english(label: Mapping[str, Json]) -> str:
    return str(label.get("prefLabel", label.get("label", {})).get("en", ""))
