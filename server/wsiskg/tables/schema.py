"""Table Schema of the tables, read from each folder's ``datapackage.yaml``.

Follows Frictionless Data Package (https://specs.frictionlessdata.io/table-schema/), the keywords listed in
``docs/tables.md``. Three additions: ``format`` may name one of our code formats, ``separator`` says that a cell
holds several values, and ``everywhere`` that a reference may lead into another subfolder.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError

__all__ = ["Field", "ForeignKey", "Package", "TableSchema", "read_package"]

# libyaml reads the same six times faster; PyYAML's wheels have it.
_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TYPES = frozenset({"string", "integer", "number", "boolean", "year", "date"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``separator`` is empty for single values; ``enum`` empty when anything goes."""

    name: str
    title: str
    description: str
    type: str = "string"
    format: str = ""
    separator: str = ""
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Values of ``field`` must stand in column ``target`` of table ``table``.

    ``everywhere`` says that the other table may be that of any subfolder, where there are several.
    """

    field: str
    table: str
    target: str
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One kind of table; ``path`` may begin with ``{group}/`` where each subfolder holds one (editions, registers)."""

    name: str
    path: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    by_name: Mapping[str, Field] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the file."""
        return tuple(f.name for f in self.fields)


@dataclass(frozen=True, slots=True)
class Package:
    """The tables that one ``datapackage.yaml`` describes."""

    folder: str
    tables: tuple[TableSchema, ...]


def read_package(file: Traversable, folder: str) -> Package:
    """Read a ``datapackage.yaml``; ``folder`` is its place below the tables' root.

    Raises:
        UsageError: it is not YAML, or uses a keyword wrongly.

    """
    where = f"{folder}/datapackage.yaml"
    try:
        content = yaml.load(file.read_text("utf-8"), Loader=_SafeLoader)  # noqa: S506
        return Package(folder, tuple(_table(resource) for resource in content["resources"]))
    except (yaml.YAMLError, re.error, AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{where}: not a readable data package ({error})") from error


def _table(resource: Mapping[str, Any]) -> TableSchema:
    schema = resource["schema"]
    fields = tuple(_field(f) for f in schema["fields"])
    names = {f.name for f in fields}
    key = _several(schema.get("primaryKey", ()))
    keys = tuple(
        ForeignKey(
            _one(k["fields"]),
            k["reference"]["resource"],
            _one(k["reference"]["fields"]),
            k["reference"].get("everywhere", False),
        )
        for k in schema.get("foreignKeys", ())
    )
    if missing := ({*key} | {k.field for k in keys}) - names:
        raise ValueError(f"table {resource['name']}: keys name unknown columns {sorted(missing)}")
    return TableSchema(
        resource["name"], resource["path"], resource["title"], resource["description"], fields, key, keys
    )


def _field(raw: Mapping[str, Any]) -> Field:
    limits = raw.get("constraints", {})
    kind, form = raw.get("type", "string"), raw.get("format", "")
    if kind not in _TYPES:
        raise ValueError(f"column {raw['name']}: unknown type {kind}")
    if form and form not in FORMATS:
        raise ValueError(f"column {raw['name']}: unknown format {form}")
    re.compile(limits.get("pattern", ""))
    return Field(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        type=kind,
        format=form,
        separator=raw.get("separator", ""),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        enum=tuple(str(v) for v in limits.get("enum", ())),
        pattern=limits.get("pattern", ""),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        max_length=limits.get("maxLength"),
    )


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _one(value: str | Sequence[str]) -> str:
    names = _several(value)
    if len(names) != 1:
        raise ValueError("a foreign key has exactly one column here")
    return names[0]
