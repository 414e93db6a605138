"""The catalogue: mapping questions as ``queries/catalogue/*.rq``, with typed parameters bound by the engine.

The header is YAML behind ``#+`` (the grlc convention, https://github.com/CLARIAH/grlc), so that the files stay valid
SPARQL; ``titles`` says the summary in other languages. A parameter's value is a code; its type says which term it
becomes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import yaml
from pyoxigraph import Literal, NamedNode
from rapidfuzz import process

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase
from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError
from wsiskg.resources import data_folder

__all__ = ["PARAMETER_TYPES", "CatalogueQuery", "Parameter", "find_query", "load_catalogue"]

_WHERE = re.compile(r"\bWHERE\s*\{")

Maker = Callable[[Iris, str], NamedNode | Literal]


def _resource(kind: str) -> Maker:
    return lambda iris, code: iris.resource(kind, code)


PARAMETER_TYPES: Mapping[str, tuple[str, Maker]] = {
    "action-line": ("action-line", _resource("action-line")),
    "sdg": ("sdg", lambda iris, code: iris.sdg(code)),
    "sdg-goal": ("sdg-goal", lambda iris, code: iris.sdg(code)),
    "sdg-target": ("sdg-target", lambda iris, code: iris.sdg(code)),
    "connect2020": ("connect2020", _resource("connect2020")),
    "agency": ("slug", _resource("agency")),
    "country": ("country", _resource("country")),
    "region": ("slug", _resource("region")),
    "hlpf": ("slug", _resource("hlpf")),
    "edition": ("slug", _resource("edition")),
    "register": ("slug", _resource("register")),
    "integer": ("integer", lambda _, text: Literal(int(text))),
    "language": ("lang", lambda _, text: Literal(text)),
}
"""Type of a parameter -> the format of its value, and the RDF term it becomes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query; ``type`` is one of `PARAMETER_TYPES`."""

    name: str
    type: str
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """A question of the catalogue: its name is its file's; ``titles`` holds its summary by language."""

    name: str
    summary: str
    titles: Mapping[str, str]
    description: str
    tags: tuple[str, ...]
    params: tuple[Parameter, ...]
    columns: tuple[str, ...]
    text: str

    def bind(self, values: Mapping[str, str], iris: Iris) -> Mapping[str, str]:
        """Return every parameter as a term in N-Triples syntax, defaults filled in.

        Raises:
            UsageError: ``values`` names an unknown parameter, or a value that is not of its type.

        """
        known = {p.name for p in self.params}
        if unknown := sorted(set(values) - known):
            takes = ", ".join(sorted(known)) or "no parameters"
            raise UsageError(f"the query '{self.name}' has no parameter '{unknown[0]}'", f"It takes: {takes}.")
        return {p.name: str(self._term(p, values.get(p.name) or p.default, iris)) for p in self.params}

    def filled(self, values: Mapping[str, str], iris: Iris) -> str:
        """Return the query without its header, its parameters as ``VALUES``: it asks the same anywhere else.

        Raises:
            UsageError: as `bind`.

        """
        bound = "".join(f"\n    VALUES ?{name} {{ {term} }}" for name, term in self.bind(values, iris).items())
        text = "".join(line for line in self.text.splitlines(keepends=True) if not line.startswith("#+"))
        if bound:
            text = _WHERE.sub(lambda where: where[0] + bound, text, count=1)
        return f"# {self.summary}\n{text}"

    def _term(self, parameter: Parameter, value: str, iris: Iris) -> NamedNode | Literal:
        form, make = PARAMETER_TYPES[parameter.type]
        fits = re.fullmatch(r"-?\d{1,15}", value) is not None if form == "integer" else FORMATS[form](value)
        if not fits:
            raise UsageError(
                f"parameter '{parameter.name}' of '{self.name}': '{value}' is no {parameter.type}",
                f"Example: {parameter.name}={parameter.default}",
            )
        return make(iris, value)


def _read(name: str, text: str, edition: str) -> CatalogueQuery:
    header = yaml.safe_load("".join(line[2:] + "\n" for line in text.splitlines() if line.startswith("#+")))
    params = tuple(
        Parameter(
            p["name"], p["type"], edition if edition and p["type"] == "edition" else str(p["default"]),
            p.get("description", ""),
        )
        for p in header.get("params") or ()
    )  # fmt: skip
    return CatalogueQuery(
        name, header["summary"], {"en": header["summary"], **header.get("titles", {})}, header["description"].strip(),
        tuple(header["tags"]), params, tuple(header["columns"]), text,
    )  # fmt: skip


@cache
def load_catalogue(iris: Iris, edition: str = "") -> Mapping[str, CatalogueQuery]:
    """Return the queries of the catalogue by name, sorted.

    Args:
        iris: the IRIs they ask for.
        edition: the latest edition, default of every parameter that is one; empty: as the files have it.

    """
    files = sorted((f for f in (data_folder("queries") / "catalogue").iterdir()), key=lambda f: f.name)
    return {
        f.name.removesuffix(".rq"): _read(f.name.removesuffix(".rq"), rebase(f.read_text("utf-8"), iris), edition)
        for f in files
        if f.name.endswith(".rq")
    }


def find_query(name: str, iris: Iris, edition: str = "") -> CatalogueQuery:
    """Return the query called ``name``; see `load_catalogue`.

    Raises:
        UsageError: there is none; names the nearest ones.

    """
    catalogue = load_catalogue(iris, edition)
    if name not in catalogue:
        near = [match for match, _, _ in process.extract(name, list(catalogue), limit=3, score_cutoff=50)]
        hint = f"Did you mean {', '.join(near)}?" if near else "`wsiskg query` without a name lists them."
        raise UsageError(f"there is no query called '{name}'", hint)
    return catalogue[name]
