"""Where the project's data folders are: inside an installed wheel, or at the top of a checkout."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["data_folder", "default_mappings", "is_packaged"]


def data_folder(name: str) -> Traversable:
    """Return the data folder ``ontology``, ``mappings``, ``shapes`` or ``queries``.

    Raises:
        FileNotFoundError: neither the wheel nor a checkout holds it.

    """
    # A checkout wins over `_data`: an editable install leaves an ageing copy of the latter in site-packages.
    checkout = Path(__file__).resolve().parent.parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    packaged = files("wsiskg") / "_data" / name
    if not packaged.is_dir():
        raise FileNotFoundError(f"the data folder '{name}' is not part of this installation of wsiskg")
    return packaged


def default_mappings() -> Path:
    """Return the bundled tables as a real directory."""
    folder = data_folder("mappings")
    if not isinstance(folder, Path):
        raise FileNotFoundError("the bundled tables are inside an archive: install the wheel with pip")
    return folder


def is_packaged(path: Path) -> bool:
    """Say whether ``path`` belongs to the installed package: an update would overwrite what is written there."""
    return path.resolve().is_relative_to((Path(__file__).parent / "_data").resolve())
