"""The map of countries, coloured by a number: shapes from Natural Earth, made when the pages' scripts are built."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

__all__ = ["Area", "WorldMap", "draw_world", "steps_of"]

Json = Any

_STEPS = 5


@dataclass(frozen=True, slots=True)
class Area:
    """A country: its ISO 3166-1 alpha-3 code, its outline or (too small for one) its place, number and step."""

    code: str
    path: str
    x: float
    y: float
    number: int
    step: int


@dataclass(frozen=True, slots=True)
class WorldMap:
    """All countries on a sheet, land without a code, and the numbers at which the steps of colour begin."""

    width: float
    height: float
    areas: tuple[Area, ...]
    land: tuple[str, ...]
    steps: tuple[int, ...]


def draw_world(numbers: Mapping[str, int]) -> WorldMap | None:
    """Return the map of numbers by country code; None where the shapes were not built."""
    world = _load_world()
    if world is None:
        return None
    steps = steps_of(max(numbers.values(), default=0))
    areas = [
        Area(code, path, 0.0, 0.0, numbers.get(code, 0), bisect_right(steps, numbers.get(code, 0)))
        for code, path in world["countries"].items()
    ]
    areas += [
        Area(code, "", x, y, numbers[code], bisect_right(steps, numbers[code]))
        for code, (x, y) in world["places"].items()
        if numbers.get(code)
    ]
    return WorldMap(world["width"], world["height"], tuple(areas), tuple(world["land"]), steps)


def steps_of(most: int) -> tuple[int, ...]:
    """Return the numbers at which steps of colour begin, in equal ratios from 1: few countries have most projects."""
    return tuple(sorted({round(most ** (step / _STEPS)) for step in range(_STEPS)})) if most > 0 else (1,)


@lru_cache(maxsize=1)
def _load_world() -> Json | None:
    file = files("wsiskg.web") / "static" / "world.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else None
