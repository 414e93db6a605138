"""The layout is the architecture: rooms import earlier rooms only, and the command starts without the heavy ones."""

import ast
import subprocess
import sys
from pathlib import Path

import wsiskg

PACKAGE = Path(wsiskg.__file__).parent
ROOMS = ["model", "tables", "graph", "evidence", "rules", "matrix", "store", "web", "cli"]
BESIDE = {"build": 4.5, "settings": 0, "resources": 0, "processes": 0}
"""Modules outside the rooms, and where they stand among them."""


def place(module: str) -> float:
    name = module.split(".")[1] if "." in module else ""
    return ROOMS.index(name) if name in ROOMS else BESIDE.get(name, -1)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wsiskg"):
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("wsiskg")}
    return found


def modules() -> dict[str, Path]:
    return {
        ".".join(("wsiskg", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in PACKAGE.rglob("*.py")
    }


def test_a_room_imports_earlier_rooms_only() -> None:
    wrong = [(m, i) for m, path in modules().items() for i in imports(path) if place(i) > place(m)]
    assert wrong == []


def test_every_module_has_a_place() -> None:
    assert [m for m in modules() if place(m) < 0 and m not in {"wsiskg.__init__"}] == []
    assert not any(path.stem == "utils" for path in PACKAGE.rglob("*.py"))


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, wsiskg.cli\n"
        "print(sorted(set(sys.modules) & {'rdflib', 'pyshacl', 'fastapi', 'polars', 'scipy', 'pyoxigraph'}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_every_module_says_what_is_public() -> None:
    for name, path in modules().items():
        tree = ast.parse(path.read_text("utf-8"))
        assigned = {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
        assert "__all__" in assigned or path.name == "__init__.py", name
