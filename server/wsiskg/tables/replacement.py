"""Several files of a directory of tables replaced together: all of them, or none.

New files are written aside and synced; then a journal names them, which is the commit; then each is renamed into its
place. Whoever finds the journal after a crash completes the renaming. Nobody reads the tables meanwhile.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from wsiskg.disk import sync
from wsiskg.model.errors import UsageError

__all__ = ["Replacement", "complete", "is_under_way", "replacement"]

_STAGING = ".replacing"
_JOURNAL = ".replacing.json"


class Replacement:
    """Files that are being written aside; ``files`` says what each is called there, by its name."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._asked = 0
        self.files: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """Return where to write the file that is to stand at ``name`` below the directory."""
        self._asked += 1
        self.files[name] = str(self._asked)
        return self._root / _STAGING / self.files[name]

    def drop(self, name: str) -> None:
        """Forget a file, so that what stands at ``name`` stays."""
        del self.files[name]


@contextmanager
def replacement(root: Path) -> Iterator[Replacement]:
    """Collect files, and put them in their places together when the block ends; an error leaves all as it was.

    Raises:
        UsageError: they cannot be written, or the disk is full; nothing has changed then.

    """
    staging, journal = root / _STAGING, root / _JOURNAL
    try:
        complete(root)
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        files = Replacement(root)
        yield files
        if not files.files:
            _clear(root)
            return
        for aside in files.files.values():
            sync(staging / aside)
        sync(staging)
        new = journal.with_suffix(".new")
        new.write_text(json.dumps(files.files), "utf-8")
        sync(new)
        new.replace(journal)
        sync(root)
    except OSError as error:
        _clear(root)
        where = f" ('{error.filename}')" if error.filename else ""
        raise UsageError(
            f"nothing was changed in '{root}': {error.strerror or error}{where}", "Make room, or see to the rights."
        ) from error
    except BaseException:
        _clear(root)
        raise
    complete(root)


def is_under_way(root: Path) -> bool:
    """Say whether files below ``root`` are being replaced, or were when a crash came."""
    return (root / _JOURNAL).exists()


def complete(root: Path) -> bool:
    """Rename what a journal names and is not in its place yet; say whether there was one.

    Raises:
        UsageError: a file cannot be renamed; the journal stays.

    """
    journal, staging = root / _JOURNAL, root / _STAGING
    try:
        files: Mapping[str, str] = json.loads(journal.read_text("utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        raise UsageError(f"'{journal}' is not readable: {error}", "Restore the directory from your copy.") from error
    try:
        for name, aside in files.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if (staging / aside).exists():
                (staging / aside).replace(place)
            sync(place.parent)
        journal.unlink()
        shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"an interrupted change of '{root}' cannot be completed: {error.strerror or error}",
            "Make the directory writable, and repeat the command.",
        ) from error
    return True


def _clear(root: Path) -> None:
    if not (root / _JOURNAL).exists():
        shutil.rmtree(root / _STAGING, ignore_errors=True)
        with contextlib.suppress(OSError):
            (root / _JOURNAL).with_suffix(".new").unlink(missing_ok=True)
