"""Published sources that an installation may overlay: kept in its data directory, never in the project.

The UN's SDG knowledge organization system brings the official texts of goals, targets and indicators in English,
French and Spanish. Each build adds them to ``graph/sdg`` beside our own labels, as ``skos:definition``.
"""

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.iris import SDG
from wsiskg.graph.vocabulary import DCTERMS, SKOS
from wsiskg.model.errors import UsageError

__all__ = ["KNOWN_SOURCES", "KnownSource", "Source", "add_source", "list_sources", "overlay_triples"]

_MAX_BYTES = 50_000_000
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source that can be overlaid: what it is, and where its publisher keeps it."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was added: its file's hash, and the number of statements taken from it."""

    name: str
    location: str
    sha256: str
    triples: int


KNOWN_SOURCES: Mapping[str, KnownSource] = {
    "un-sdg-kos": KnownSource(
        "SDG knowledge organization system of the United Nations (Joshi, Gonzalez Morales, Klarman, Helton 2019)",
        "http://metadata.un.org/sdg",
    )
}


def add_source(data: Path, name: str, location: str, digest: str = "") -> Source:
    """Read a source from a file or an http(s) address and keep it below ``data``.

    Raises:
        UsageError: the name is unknown, the location cannot be read, the hash differs, it is not Turtle, or ``data``
            cannot be written.

    """
    if name not in KNOWN_SOURCES:
        raise UsageError(f"there is no source called '{name}'", f"Known: {', '.join(KNOWN_SOURCES)}.")
    content = _fetch(location)
    found = hashlib.sha256(content).hexdigest()
    if digest and digest.lower() != found:
        raise UsageError(f"'{location}' has SHA-256 {found}, not {digest}", "Take the file from its publisher again.")
    triples = _texts(content, location)
    source = Source(name, location, found, len(triples))
    folder = data / "sources"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put(folder / f"{name}.ttl", content)
        _put(folder / f"{name}.json", (json.dumps(asdict(source), indent=1) + "\n").encode())
    except OSError as error:
        raise UsageError(
            f"'{folder}' cannot be written: {error.strerror}", "Name another directory with --data."
        ) from error
    return source


def list_sources(data: Path) -> tuple[Source, ...]:
    """Return the sources added below ``data``.

    Raises:
        UsageError: the record of one is damaged.

    """
    return tuple(_read(file) for file in sorted((data / "sources").glob("*.json")))


def overlay_triples(data: Path) -> set[Triple]:
    """Return the statements of all sources added below ``data``.

    Raises:
        UsageError: one is missing, damaged, or was changed after it was added.

    """
    found: set[Triple] = set()
    for source in list_sources(data):
        try:
            content = (data / "sources" / f"{source.name}.ttl").read_bytes()
        except OSError as error:
            raise UsageError(f"the source '{source.name}' cannot be read: {error.strerror}", "Add it again.") from error
        if hashlib.sha256(content).hexdigest() != source.sha256:
            raise UsageError(f"the source '{source.name}' was changed after it was added", "Add it again.")
        found |= _texts(content, source.name)
    return found


def _read(file: Path) -> Source:
    try:
        return Source(**json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"the record of the source '{file.stem}' is damaged", "Add it again.") from error


def _texts(content: bytes, location: str) -> set[Triple]:
    """Return the UN's texts as definitions, and where they come from."""
    source = NamedNode(KNOWN_SOURCES["un-sdg-kos"].address)
    found: set[Triple] = set()
    try:
        for quad in ox.parse(content, ox.RdfFormat.TURTLE):
            subject, label = quad.subject, quad.object
            ours = isinstance(subject, NamedNode) and subject.value.startswith(SDG)
            if ours and quad.predicate == SKOS("prefLabel") and isinstance(label, Literal) and label.language:
                text = Literal(" ".join(label.value.split()), language=label.language)
                found.add(Triple(subject, SKOS("definition"), text))
                found.add(Triple(subject, DCTERMS("source"), source))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"'{location}' is not Turtle: {error}") from error
    if not found:
        raise UsageError(f"'{location}' says nothing of the Sustainable Development Goals")
    return found


def _fetch(location: str) -> bytes:
    try:
        if location.startswith(("http://", "https://")):
            with urllib.request.urlopen(location, timeout=_SECONDS) as answer:  # noqa: S310 - scheme checked above
                content: bytes = answer.read(_MAX_BYTES + 1)
        else:
            with Path(location).open("rb") as handle:
                content = handle.read(_MAX_BYTES + 1)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise UsageError(f"'{location}' cannot be read: {error}") from error
    if len(content) > _MAX_BYTES:
        raise UsageError(f"'{location}' is larger than {_MAX_BYTES:,} bytes")
    return content


def _put(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(path.suffix + ".new")
    temporary.write_bytes(content)
    temporary.replace(path)
