"""The parts of a package, their relations and types; whatever is not written anew is copied as it is."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from wsiskg.tables.sheets.ooxml.markup import Markup, local, parse, serialise

__all__ = ["Parts", "Relation"]

_OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that ZIP can tell: no clock shows in what we write


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part: ``kind`` is the last step of its type, ``target`` the part, or an address outside."""

    id: str
    kind: str
    target: str
    external: bool


class Parts:
    """A package that is being changed."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Look into ``archive``, from `open_package`.

        Raises:
            ValueError: two parts have one name.

        """
        self._archive = archive
        self._infos = {info.filename.lower(): info for info in archive.infolist()}
        if len(self._infos) != len(archive.infolist()):
            raise ValueError("two parts of one name")
        self._written: dict[str, bytes] = {}
        self._names = {key: info.filename for key, info in self._infos.items()}
        self._relations: dict[str, Markup] = {}
        self._changed: set[str] = set()
        self._types = parse(self.read(_TYPES))
        self._types_changed = False
        self.main, self.office = self._find_main()

    def __contains__(self, part: str) -> bool:
        """Say whether there is such a part; names differ in more than case."""
        return part.lower() in self._names

    def read(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            KeyError: there is none.

        """
        key = part.lower()
        if key in self._written:
            return self._written[key]
        if key not in self._names:
            raise KeyError(part)
        return self._archive.read(self._infos[key])

    def write(self, part: str, data: bytes, content_type: str = "") -> None:
        """Write a part; a new one needs its ``content_type``."""
        key = part.lower()
        if key not in self._names:
            self._names[key] = part
            self._declare(part, content_type)
        self._written[key] = data

    def drop(self, part: str) -> None:
        """Remove a part, with its relations and the parts that nothing else relates to."""
        self._forget(part)
        self.cut(part)

    def cut(self, part: str) -> None:
        """Remove the relations of a part, and the parts that nothing else relates to."""
        targets = [r.target for r in self.relations(part) if not r.external]
        self._relations[part] = _no_relations()
        self._forget(_listing(part))
        used = {r.target.lower() for owner in self._owners() for r in self.relations(owner)}
        for target in targets:
            if target in self and target.lower() not in used:
                self.drop(target)

    def free_name(self, pattern: str) -> str:
        """Return the first name that no part has, with ``{}`` in ``pattern`` counted from 1."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> list[Relation]:
        """Return what ``part`` (empty for the package) relates to."""
        return [
            Relation(
                element.get("Id", ""),
                element.get("Type", "").rpartition("/")[2],
                _resolved(part, element.get("Target", ""), element.get("TargetMode") == "External"),
                element.get("TargetMode") == "External",
            )
            for element in self._root(part)
            if local(element) == "Relationship"
        ]

    def related(self, part: str, kind: str) -> Relation | None:
        """Return the first relation of a kind whose part is there."""
        return next((r for r in self.relations(part) if r.kind == kind and r.target in self), None)

    def relate(self, part: str, kind: str, target: str, base: str = "") -> str:
        """Relate ``part`` to ``target`` and return the id of the relation."""
        root = self._root(part)
        numbers = [r.id.removeprefix("rId") for r in self.relations(part)]
        identifier = f"rId{max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0) + 1}"
        element = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
        element.set("Id", identifier)
        element.set("Type", f"{base or self.office}/{kind}")
        element.set("Target", f"/{target}")
        self._changed.add(part)
        return identifier

    def unrelate(self, part: str, identifier: str) -> None:
        """Remove a relation."""
        root = self._root(part)
        for element in [e for e in root if e.get("Id") == identifier]:
            root.remove(element)
            self._changed.add(part)

    def save(self) -> bytes:
        """Return the package: its parts in their order, then the new ones."""
        for part in sorted(self._changed):
            if part and part not in self:
                continue
            listing, root = _listing(part), self._root(part)
            if len(root):
                self._names.setdefault(listing.lower(), listing)
                self._written[listing.lower()] = serialise(root)
            else:
                self._forget(listing)
        if self._types_changed:
            self._written[_TYPES.lower()] = serialise(self._types)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, name in self._names.items():
                archive.writestr(self._info(key, name), self.read(name))
        return out.getvalue()

    def _info(self, key: str, name: str) -> zipfile.ZipInfo:
        old = self._infos.get(key)
        info = zipfile.ZipInfo(name, old.date_time if old else _EPOCH)
        info.compress_type = zipfile.ZIP_STORED if old and old.compress_type == 0 else zipfile.ZIP_DEFLATED
        info.external_attr = old.external_attr if old else 0o600 << 16
        return info

    def _find_main(self) -> tuple[str, str]:
        """Return the part of the workbook, and the base of the kinds of relations that it uses."""
        for element in self._root(""):
            kind = element.get("Type", "")
            for base in _OFFICE:
                if kind == f"{base}/officeDocument":
                    return _resolved("", element.get("Target", ""), external=False), base
        return "xl/workbook.xml", _OFFICE[0]

    def _root(self, part: str) -> Markup:
        if part not in self._relations:
            listing = _listing(part)
            self._relations[part] = parse(self.read(listing)) if listing in self else _no_relations()
        return self._relations[part]

    def _owners(self) -> Iterator[str]:
        """Yield the parts that have relations, the package first."""
        yield ""
        for name in list(self._names.values()):
            folder, base = posixpath.split(name)
            if base.endswith(".rels") and posixpath.basename(folder) == "_rels":
                owner = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
                if owner in self:
                    yield owner

    def _forget(self, part: str) -> None:
        key = part.lower()
        if self._names.pop(key, None) is None:
            return
        self._written.pop(key, None)
        for element in [e for e in self._types if e.get("PartName", "").lower() == f"/{key}"]:
            self._types.remove(element)
            self._types_changed = True

    def _declare(self, part: str, content_type: str) -> None:
        """Give a part its type: by the end of its name if that is free, else by its whole name."""
        namespace = str(etree.QName(self._types).namespace)
        ending = part.rpartition(".")[2].lower()
        defaults = {
            e.get("Extension", "").lower(): e.get("ContentType", "") for e in self._types if local(e) == "Default"
        }
        if defaults.get(ending) == content_type:
            return
        if ending != "xml" and ending not in defaults:
            element = etree.Element(f"{{{namespace}}}Default")
            element.set("Extension", ending)
            self._types.insert(0, element)
        else:
            element = etree.SubElement(self._types, f"{{{namespace}}}Override")
            element.set("PartName", f"/{part}")
        element.set("ContentType", content_type)
        self._types_changed = True


def _no_relations() -> Markup:
    return etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})  # type: ignore[dict-item]  # None is the default namespace


def _listing(part: str) -> str:
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def _resolved(part: str, target: str, external: bool) -> str:
    if external:
        return target
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
