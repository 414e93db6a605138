"""Parts of a workbook's package: found by their relationships, parsed as they stream by (ECMA-376, part 2)."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.sax import make_parser

__all__ = ["Handler", "Parts", "PartsError", "Relation"]

_CHUNK = 1 << 16
_RELATIONS = 100_000
_DEPTH = 100


class PartsError(Exception):
    """The package is not as the standard says."""


class Handler(ContentHandler):
    """Takes the elements of a part by their names without prefix; ``done`` ends the parsing early."""

    def __init__(self) -> None:
        super().__init__()
        self.done = False
        self.path: list[str] = []
        self._names: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element; ``path`` ends with it."""

    def end(self, tag: str) -> None:
        """Take the end of an element; ``path`` still ends with it."""

    def text(self, content: str) -> None:
        """Take a piece of text."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, D102
        if (tag := self._names.get(name)) is None:
            tag = name.rpartition(":")[2]
            if len(self._names) < 1_000:
                self._names[name] = tag
        self.path.append(tag)
        if len(self.path) > _DEPTH:
            raise PartsError("nested too deeply")
        if not self.done:
            self.start(tag, attrs)  # type: ignore[arg-type]  # a mapping in all but name

    def endElement(self, name: str) -> None:  # noqa: N802, D102
        if not self.done:
            self.end(self.path[-1])
        self.path.pop()

    def characters(self, content: str) -> None:  # noqa: D102
        if not self.done:
            self.text(content)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: ``kind`` is the last word of the relationship's type, ``target`` a part or an address."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an opened package; their names do not depend on case, nor on which way the slashes lean."""

    archive: zipfile.ZipFile
    _names: Mapping[str, zipfile.ZipInfo] = field(init=False)

    def __post_init__(self) -> None:
        names = {_key(info.filename): info for info in self.archive.infolist()}
        object.__setattr__(self, "_names", names)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._names

    def open(self, name: str) -> IO[bytes]:
        """Open a part for reading.

        Raises:
            PartsError: there is none of this name.

        """
        if (info := self._names.get(_key(name))) is None:
            raise PartsError(name)
        return self.archive.open(info)

    def parse(self, name: str, handler: Handler) -> None:
        """Parse a part until ``handler`` is done; declarations of document types are refused.

        Raises:
            PartsError: there is none of this name.
            xml.sax.SAXException: it is not well-formed.
            defusedxml.DefusedXmlException: it declares a document type.

        """
        for _ in self.feed(name, handler):
            pass

    def feed(self, name: str, handler: Handler) -> Iterator[None]:
        """Parse a part as `parse` does, pausing after each piece of it so that ``handler`` can be emptied."""
        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(handler)
        with self.open(name) as stream:
            while not handler.done and (chunk := stream.read(_CHUNK)):
                parser.feed(chunk)
                yield
        if not handler.done:
            parser.close()
            yield

    def relations(self, name: str) -> tuple[Relation, ...]:
        """Return what the part ``name`` refers to, inside the package or outside; ``""`` is the package itself."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing not in self:
            return ()
        handler = _Relations(folder)
        self.parse(listing, handler)
        return tuple(handler.found)

    def target(self, name: str, kind: str) -> str:
        """Return the part that ``name`` refers to as ``kind``, empty if there is none."""
        return next(self.targets(name, kind), "")

    def targets(self, name: str, kind: str) -> Iterator[str]:
        """Yield every part that ``name`` refers to as ``kind``."""
        return (relation.target for relation in self.relations(name) if relation.kind == kind)


class _Relations(Handler):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.found: list[Relation] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "Relationship":
            return
        if len(self.found) >= _RELATIONS:
            raise PartsError("too many relationships")
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self.folder, target.replace("\\", "/"))).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found.append(Relation(attributes.get("Id", ""), kind, target))


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
