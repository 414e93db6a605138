"""A change in two places, all or nothing: a folder among the tables, and the release that includes it.

A journal below the directory of releases says what is under way. The folder is written beside its place, the release
aside; renaming the folder is the commit, then the release becomes current. An error takes everything back. After a
crash, whoever writes releases next completes what was committed and clears away what was not. Readers see the old
release until the pointer moves.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from wsiskg.disk import sync
from wsiskg.graph.release import Release, open_release, switch
from wsiskg.graph.writing import clear_unfinished
from wsiskg.model.errors import ReleaseError, UsageError

__all__ = ["Change", "commit", "folder_digest", "recover", "workspace_lock"]

_JOURNAL = "journal.json"
_STAGING = ".publishing"  # hidden, so that who reads tables passes over it


@dataclass(frozen=True, slots=True)
class Change:
    """A folder that is to appear among the tables together with a release.

    Attributes:
        workspace: directory of tables, absolute.
        folder: the folder by name below it, such as ``matrix/2023``; it does not exist yet.
        digest: hash of its files (see `folder_digest`).
        release: id of the release that includes it.
        existed: whether that release was there before.

    """

    workspace: str
    folder: str
    digest: str
    release: str
    existed: bool

    @property
    def place(self) -> Path:
        """Where the folder is to stand."""
        return Path(self.workspace, self.folder)

    @property
    def staging(self) -> Path:
        """The directory in which the folder is written first: beside its place, so on the same file system."""
        return self.place.parent / _STAGING


@contextlib.contextmanager
def workspace_lock(workspace: Path) -> Iterator[None]:
    """Hold the right to add to the tables in ``workspace``.

    Raises:
        UsageError: somebody else is publishing there, or the directory cannot be opened.

    """
    try:
        handle = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise UsageError(f"'{workspace}' cannot be opened: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another publication is writing '{workspace}'", "Wait until it has ended.") from error
        yield
    finally:
        os.close(handle)


def folder_digest(files: Mapping[str, bytes]) -> str:
    """Return one SHA-256 for the files of a folder, by name below it."""
    listed = "".join(f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return hashlib.sha256(listed.encode()).hexdigest()


def commit(data: Path, change: Change, files: Mapping[str, bytes], write: Callable[[], Release]) -> Release:
    """Make ``change``, under `wsiskg.graph.release.writer_lock` and `workspace_lock`, after `recover`.

    Args:
        data: directory of releases.
        change: what is to appear.
        files: content of the new folder, by name below it.
        write: writes the release without making it current, and returns it; what it raises is passed on.

    Raises:
        UsageError: a directory cannot be written, or is full; the message says whether anything has changed.

    """
    try:
        try:
            _put(data / _JOURNAL, (json.dumps(asdict(change), indent=1) + "\n").encode())
            _stage(change, files)
            release = write()
            _commit(data, change, release)
        except BaseException:
            if not change.place.exists():
                shutil.rmtree(change.staging, ignore_errors=True)
                _undo(data, change)
            raise
    except OSError as error:
        raise _failure(data, change, error) from error
    _forget(data, change)
    return release


def recover(data: Path) -> None:
    """Complete or clear away what an interrupted publication left, under the writer lock of ``data``.

    Raises:
        UsageError: a directory cannot be written.

    """
    journal = data / _JOURNAL
    _new(journal).unlink(missing_ok=True)
    try:
        change = Change(**json.loads(journal.read_text("utf-8")))
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"'{journal}' is not readable: {error}", "Remove it, and run: wsiskg build") from error
    try:
        if _committed(change):
            # Should the release be damaged by now, the next build makes it again.
            with contextlib.suppress(ReleaseError):
                switch(data, open_release(data / "releases" / change.release))
            _forget(data, change)
            return
        # Another publication may be staging there; it has cleared the place itself then.
        with contextlib.suppress(UsageError), workspace_lock(Path(change.workspace)):
            shutil.rmtree(change.staging, ignore_errors=True)
        _undo(data, change)
    except OSError as error:
        raise UsageError(
            f"an interrupted publication cannot be cleared away: '{error.filename or data}': {error.strerror}",
            "Make the directory writable, and repeat the command.",
        ) from error


def _stage(change: Change, files: Mapping[str, bytes]) -> None:
    """Write the folder beside its place, all of it on the disk."""
    staged = change.staging / change.place.name
    shutil.rmtree(change.staging, ignore_errors=True)  # of a publication to another directory of releases
    staged.mkdir(parents=True)
    for name, content in files.items():
        file = staged / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        sync(file)
    for folder in sorted({(staged / name).parent for name in files} | {change.staging, change.place.parent}):
        sync(folder)


def _commit(data: Path, change: Change, release: Release) -> None:
    staged = change.staging / change.place.name
    staged.rename(change.place)
    try:
        sync(change.place.parent)
        switch(data, release)
    except BaseException:
        if not _is_current(data, change):
            change.place.rename(staged)
            sync(change.place.parent)
        raise


def _failure(data: Path, change: Change, error: OSError) -> UsageError:
    reason = f"{error.strerror or error}" + (f" ('{error.filename}')" if error.filename else "")
    if not change.place.exists():
        return UsageError(
            f"nothing was published: {reason}", "Make room, or see to the rights. What is served was not touched."
        )
    if _is_current(data, change):
        return UsageError(f"published, but the disk may not hold it: {reason}", "Check the disk of the releases.")
    return UsageError(f"the publication is not complete: {reason}", "Make room, then run: wsiskg build")


def _is_current(data: Path, change: Change) -> bool:
    return (data / "current").resolve() == (data / "releases" / change.release).resolve()


def _committed(change: Change) -> bool:
    files = [f for f in change.place.rglob("*") if f.is_file()] if change.place.is_dir() else []
    content = {f.relative_to(change.place).as_posix(): f.read_bytes() for f in files}
    return folder_digest(content) == change.digest


def _undo(data: Path, change: Change) -> None:
    """Take back the release of a change that was not committed, then the journal."""
    clear_unfinished(data)
    if not change.existed and not _is_current(data, change):
        shutil.rmtree(data / "releases" / change.release, ignore_errors=True)
    _new(data / _JOURNAL).unlink(missing_ok=True)
    (data / _JOURNAL).unlink(missing_ok=True)


def _forget(data: Path, change: Change) -> None:
    """Remove what is left of a change that is complete; what cannot be removed now is by the next `recover`."""
    with contextlib.suppress(OSError):
        change.staging.rmdir()
    with contextlib.suppress(OSError):
        (data / _JOURNAL).unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the whole of it, or none."""
    temporary = _new(path)
    with temporary.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    sync(path.parent)


def _new(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")
