"""``__all__`` is the promise of a module: it names what is there, and nobody takes anything else from a neighbour."""

import ast
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import pytest

import wsiskg

PACKAGE = Path(wsiskg.__file__).parent
MODULES = ["wsiskg", *(found.name for found in pkgutil.walk_packages([str(PACKAGE)], "wsiskg."))]


def source(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text("utf-8"))


def bound(tree: ast.Module) -> set[str]:
    """Names that a module binds at its top level."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return names


def test_all_modules_are_looked_at() -> None:
    files = {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py")}
    named = {name.removeprefix("wsiskg").removeprefix(".").replace(".", "/") for name in MODULES}
    assert named == {"" if f == "__init__" else f.removesuffix("/__init__") for f in files}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_with_content_says_what_is_public(name: str) -> None:
    module = importlib.import_module(name)
    if bound(source(module)):
        assert hasattr(module, "__all__"), f"{name} needs an __all__"


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_is_there_once(name: str) -> None:
    module = importlib.import_module(name)
    public = list(getattr(module, "__all__", []))
    assert len(public) == len(set(public))
    assert set(public) <= bound(source(module))
    assert all(hasattr(module, entry) for entry in public)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_has_no_underscore_before_it(name: str) -> None:
    public = getattr(importlib.import_module(name), "__all__", [])
    assert [entry for entry in public if entry.startswith("_") and entry != "__version__"] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_takes_only_what_others_offer(name: str) -> None:
    taken = [
        (node.module, alias.name)
        for node in ast.walk(source(importlib.import_module(name)))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "wsiskg"
        for alias in node.names
    ]
    for module, entry in taken:
        offered = getattr(importlib.import_module(module), "__all__", [])
        assert entry in offered or f"{module}.{entry}" in MODULES, f"{entry} is not in the __all__ of {module}"
