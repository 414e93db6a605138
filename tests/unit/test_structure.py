"""The layout is the architecture: rooms import earlier rooms only, and the command starts without the heavy ones."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import wsiskg

PACKAGE = Path(wsiskg.__file__).parent
ROOMS = {
    "wsiskg": [
        "model", "tables", "graph", "evidence", "rules", "matrix", "imports", "store", "analysis", "suggestions",
        "reports", "web", "cli",
    ],
    "wsiskg.graph": [
        "iris", "vocabulary", "ontology", "turtle_format", "jsonld", "framing", "columns", "content", "sources",
        "statistics", "held", "index", "release", "plain", "spans", "parts", "serialise", "comparing", "description",
        "loading", "beginning", "draft", "writing", "journal",
    ],
    "wsiskg.rules": [
        "shacl", "screening", "runs", "decide", "earlier", "policy", "status", "links", "check", "validation", "report",
    ],
    "wsiskg.rules.screening": ["terms", "paths", "nodes", "components", "shapes", "screen", "changes"],
    "wsiskg.matrix": [
        "columns", "template_texts", "reference", "template", "proposals", "standing", "report", "decide", "workspace",
        "facts", "reading", "editions", "export", "records", "check", "check_graph", "outlook", "review", "publishing",
        "papers", "annotation", "renderings",
    ],
    "wsiskg.store": [
        "formats", "guard", "traps", "federation", "syntax", "evaluate", "subjects", "rows", "lookup", "catalogue",
        "editions", "index", "changes", "workers", "amend", "remote",
    ],
    "wsiskg.web": [
        "http", "languages", "access", "serving", "work", "protocol", "api", "reports", "resources", "proposals", "ui",
        "app",
    ],
    "wsiskg.web.ui": ["assets", "templates", "site", "drawings", "matrix", "queries", "browse", "officers", "routes"],
}  # fmt: skip
"""Package -> its rooms, and modules that stand beside them, in the order in which they may import each other."""

BESIDE = {
    "wsiskg.build": 4.5, "wsiskg.client": 4.6, "wsiskg.settings": 0, "wsiskg.resources": 0, "wsiskg.processes": 0,
    "wsiskg.disk": 0, "wsiskg.beside": 0,
}  # fmt: skip
"""Modules outside the rooms, and where they stand among them."""


def place(module: str, house: str = "wsiskg") -> float:
    """Return where a module stands among the rooms of a package, -1 for the package's own face."""
    name = module.removeprefix(f"{house}.").partition(".")[0] if module.startswith(f"{house}.") else ""
    return ROOMS[house].index(name) if name in ROOMS[house] else BESIDE.get(f"{house}.{name}", -1)


def is_module(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wsiskg"):
            below = {alias.name for alias in node.names if is_module(f"{node.module}.{alias.name}")}
            found |= {f"{node.module}.{name}" for name in below} or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("wsiskg")}
    return found


def modules() -> dict[str, Path]:
    return {
        ".".join(("wsiskg", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in PACKAGE.rglob("*.py")
    }


@pytest.mark.parametrize("house", ROOMS)
def test_a_room_imports_earlier_rooms_only(house: str) -> None:
    within = {m: path for m, path in modules().items() if m.startswith(f"{house}.")}
    wrong = [(m, i) for m, path in within.items() for i in imports(path) if place(i, house) > place(m, house)]
    assert wrong == []


@pytest.mark.parametrize("house", ROOMS)
def test_every_module_has_a_place(house: str) -> None:
    within = [m for m in modules() if m.startswith(f"{house}.") and m != f"{house}.__init__"]
    assert [m for m in within if place(m, house) < 0] == []
    assert not any(path.stem == "utils" for path in PACKAGE.rglob("*.py"))


def loaded(*arguments: str) -> set[str]:
    """Libraries that the command has loaded when it ends."""
    code = (
        "import sys\n"
        "from wsiskg.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        "print('loaded', *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(result.stdout.splitlines()[-1].split()) - {"loaded"}


HEAVY = {"rdflib", "pyshacl", "fastapi", "uvicorn", "polars", "numpy", "scipy", "pyoxigraph", "networkx"} | {
    "altair", "vl_convert", "docx", "weasyprint", "sklearn"
}  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--help"], ["--version"], ["build", "--help"], ["evidence", "show", "--help"], ["analyse", "--help"]),
        *(["report", "--help"], ["suggest", "tags", "--help"], ["import", "--help"]),
    ],
)
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    found = loaded(*arguments)
    assert "wsiskg" in found
    assert found & HEAVY == set()


def test_a_question_loads_neither_validation_nor_the_web() -> None:
    found = loaded("query", "--format", "json")
    assert "pyoxigraph" in found
    assert found & (HEAVY - {"pyoxigraph"}) == set()


def test_no_module_needs_itself() -> None:
    known = modules()
    named = {module.removesuffix(".__init__"): module for module in known}
    needs = {module: {named[i] for i in imports(path) if i in named} - {module} for module, path in known.items()}
    assert len(list(TopologicalSorter(needs).static_order())) == len(known)


def test_every_module_says_what_is_public() -> None:
    for name, path in modules().items():
        body = tree(path).body
        assigned = {t.id for n in body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
        assert "__all__" in assigned or path.name == "__init__.py", name
