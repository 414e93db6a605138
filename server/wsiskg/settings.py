"""Settings of an installation, from the environment (``WSISKG_...``)."""

import math
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError

__all__ = ["Settings", "load_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; each field is read from ``WSISKG_<FIELD>``.

    Attributes:
        data: directory of releases, written by ``wsiskg build`` and read by all else.
        base: IRI below which graphs and resources are named when building.
        workers: processes that evaluate queries.
        query_seconds: longest time a query may take; a client may ask for less.
        query_memory: bytes a worker may take beyond the release; 0 for no limit.
        query_waiting: queries that may wait for a worker before others are refused.
        answer_bytes: size of the largest answer.
        body_bytes: size of the largest request body.

    """

    data: Path = Path("wsiskg-data")
    base: str = "https://w3id.org/wsis-kg/"
    workers: int = 2
    query_seconds: float = 30.0
    query_memory: int = 2_000_000_000
    query_waiting: int = 64
    answer_bytes: int = 64_000_000
    body_bytes: int = 1_000_000


_READERS: Mapping[str, Callable[[str], object]] = {"Path": Path, "str": str, "int": int, "float": float}


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from environment variables.

    Raises:
        UsageError: a value is not of its setting's type, or makes no sense.

    """
    values: dict[str, object] = {}
    for field in fields(Settings):
        name = f"WSISKG_{field.name.upper()}"
        if name in environment:
            try:
                values[field.name] = _READERS[getattr(field.type, "__name__", str(field.type))](environment[name])
            except ValueError as error:
                raise UsageError(f"{name}: '{environment[name]}' is not of type {field.type}") from error
            number = values[field.name]
            least = 0 if field.name == "query_memory" else sys.float_info.min
            if isinstance(number, int | float) and not least <= number < math.inf:
                raise UsageError(f"{name}: {environment[name]} is not a number above 0")
    settings = Settings(**values)  # type: ignore[arg-type]
    if not FORMATS["uri"](settings.base) or not settings.base.startswith("http") or not settings.base.endswith("/"):
        raise UsageError(f"WSISKG_BASE: '{settings.base}' is not a base IRI", "It begins with http and ends with /.")
    return settings
