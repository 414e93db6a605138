"""A publication that dies, or finds no room, at each of its file operations: old or new is served, and never a mixture.

What `kill -9` leaves behind at an operation is what the directories hold just before it. So one publication is run
with a copy of both directories taken before each operation; every copy is then opened, recovered and published to.
A few real kills beside show that the copies tell the truth.
"""

import contextlib
import errno
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from wsiskg.build import build
from wsiskg.graph.iris import Iris
from wsiskg.graph.journal import recover, workspace_lock
from wsiskg.graph.release import current_release, open_store, writer_lock
from wsiskg.matrix.proposals import Submission
from wsiskg.matrix.publishing.order import Order
from wsiskg.matrix.publishing.publish import Published, publish
from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.standing import standing_links
from wsiskg.matrix.workspace import LINKS_ONLY
from wsiskg.model.errors import UsageError
from wsiskg.tables.load import load_tables

ROWS = """Action line,SDG,Change,Rationale (English),Proposed by,Reason for the change,Decision,Reason for the decision
C1,1,amend,Public money reaches people sooner where its way can be followed online.,UNDESA,New figures.,uphold,Agreed.
C2,1.4,retire,,ITU,Covered elsewhere.,,
C5,16.10,add,Networks that can be trusted keep information open to everybody.,ITU,,uphold,Agreed.
"""
MORE = """Action line,SDG,Change,Proposed by,Reason for the change
C5,16.10,retire,ITU,Covered elsewhere.
"""
ORDER = Order("2023", "2023", "Ada Example", "WSIS secretariat", "ITU", date(2026, 11, 26))
LATER = replace(ORDER, edition="2027", hlpf="2027")
OPERATIONS = ("rename", "replace", "mkdir", "unlink", "rmdir", "fsync", "link", "symlink")
Hook = Callable[[str, str], None]


def copy_if_there(source: str, target: str) -> None:
    """Copy a file, if it still is there: the store's threads go on writing aside."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(source, target)


@dataclass(frozen=True)
class Place:
    """A workspace with its releases."""

    tables: Path
    data: Path

    def copy(self, to: Path) -> "Place":
        """Copy both as they are now; a journal names the workspace by its path, so that is changed in it."""
        found = Place(to / "mappings", to / "data")
        shutil.copytree(self.tables, found.tables, symlinks=True)
        shutil.copytree(self.data, found.data, symlinks=True, copy_function=copy_if_there)
        for journal in found.data.glob("*journal.json*"):
            journal.write_text(journal.read_text("utf-8").replace(str(self.tables), str(found.tables)), "utf-8")
        return found

    def submission(self, rows: str = ROWS) -> Submission:
        return read_submission(rows.encode(), "p.csv", load_tables(self.tables, LINKS_ONLY))

    def publish(self, order: Order = ORDER, rows: str = ROWS) -> Published:
        return publish(self.submission(rows), self.tables, self.data, order)

    def editions(self) -> set[str]:
        return {f.name for f in (self.tables / "matrix").iterdir() if f.is_dir() and not f.name.startswith(".")}

    def links(self, edition: str) -> list[tuple[str, str]]:
        return sorted(standing_links(load_tables(self.tables, LINKS_ONLY), edition))

    def served(self) -> dict[str, list[str]]:
        """Return the links that the current release's store holds, by edition."""
        release = current_release(self.data)
        query = """PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
            SELECT ?e ?l { GRAPH ?g { ?l a wsis:Link ; wsis:edition ?e ; wsis:actionLine ?x } } ORDER BY ?e ?l"""
        found: dict[str, list[str]] = {}
        solutions = open_store(release).query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            found.setdefault(solution["e"].value.rpartition("/")[2], []).append(solution["l"].value)
        return found


def paths(*arguments: Any) -> str:
    return " ".join(str(a) for a in arguments if not isinstance(a, int))


def open_path(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


@contextlib.contextmanager
def watched(hook: Hook) -> Iterator[None]:
    """Call ``hook`` with the name and path of every file operation of this process, before it is done."""
    pid, kept = os.getpid(), {name: getattr(os, name) for name in OPERATIONS}
    opened = io.open

    def wrap(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            if os.getpid() == pid:
                hook(name, open_path(*arguments) if name == "fsync" else paths(*arguments))
            return function(*arguments, **options)

        return called

    def opening(file: Any, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if os.getpid() == pid and set(mode) & set("wax+"):
            hook("open", str(file))
        return opened(file, mode, *arguments, **options)

    try:
        for name, function in kept.items():
            setattr(os, name, wrap(name, function))
        io.open = opening  # type: ignore[assignment]  # pathlib's way to open
        yield
    finally:
        io.open = opened
        for name, function in kept.items():
            setattr(os, name, function)


@dataclass
class Camera:
    """Takes a copy of the directories before each operation; of those on files written aside, before some."""

    place: Place
    album: Path
    seen: list[tuple[str, str]] = field(default_factory=list)
    copies: list[tuple[str, Place]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    copying: bool = True

    def __call__(self, name: str, path: str) -> None:
        self.seen.append((name, path))
        bulk = kind_of(name, path)
        self.counts[bulk] += 1
        if self.copying and (not bulk or self.counts[bulk] % SOME[bulk] == 1):
            with unwatched():
                copy = self.place.copy(self.album / str(len(self.seen)))
            self.copies.append((f"{len(self.seen)} {name} {path}", copy))


SOME = {"aside": 40, "staged": 8}


def kind_of(name: str, path: str) -> str:
    """Return ``aside`` for what is written of the release, ``staged`` for the folder's files, else nothing."""
    if ".building-" in path and name not in {"rename", "replace"}:
        return "aside"
    return "staged" if ".publishing" in path and name in {"open", "fsync"} else ""


@contextlib.contextmanager
def unwatched() -> Iterator[None]:
    """Nothing is watched while the camera itself copies."""
    now = {name: getattr(os, name) for name in OPERATIONS}
    opening = io.open
    try:
        for name in OPERATIONS:
            setattr(os, name, ORIGINAL[name])
        io.open = ORIGINAL["open"]
        yield
    finally:
        for name, function in now.items():
            setattr(os, name, function)
        io.open = opening


ORIGINAL: dict[str, Any] = {**{name: getattr(os, name) for name in OPERATIONS}, "open": io.open}


@pytest.fixture
def place(tables: Path, data: Path) -> Place:
    return Place(tables, data)


def operations(place: Place, aside: Path) -> list[tuple[str, str]]:
    """Return the operations of a publication, in order."""
    copy = place.copy(aside)
    camera = Camera(copy, aside, copying=False)
    submission = copy.submission()
    with watched(camera):
        publish(submission, copy.tables, copy.data, ORDER)
    return camera.seen


def moments(seen: list[tuple[str, str]]) -> list[int]:
    """Return the operations to stop at: all but those inside what is written aside, and some of those."""
    chosen = [n for n, operation in enumerate(seen) if not kind_of(*operation)]
    for kind in SOME:
        group = [n for n, operation in enumerate(seen) if kind_of(*operation) == kind]
        chosen += [group[0], group[len(group) // 2], group[-1]]
    return sorted(set(chosen))


def neutral(path: str, root: Path) -> str:
    """Return a path without what differs between two runs."""
    return re.sub(r"\.building-\w+", ".building", path.replace(str(root), ""))


def require_whole(place: Place, old: dict[str, list[str]], new: dict[str, list[str]]) -> bool:
    """Require that old or new is served and that the tables agree with it; return whether it is the new."""
    served = place.served()
    assert served in (old, new)
    is_new = served == new
    assert ("2023" in place.editions()) == is_new
    assert not list(place.tables.rglob(".publishing*"))
    assert not list(place.data.glob("*journal*"))
    assert not list((place.data / "releases").glob(".building*"))
    for edition, links in served.items():
        assert len(place.links(edition)) == len(set(links)) == len(links)
    return is_new


def test_every_moment_of_a_publication_can_be_its_last(place: Place, tmp_path: Path) -> None:
    old = place.served()
    camera = Camera(place, tmp_path / "album")
    submission = place.submission()
    with watched(camera):
        publish(submission, place.tables, place.data, ORDER)
    new = place.served()
    assert len(new["2023"]) == len(old["2015"])
    assert len(camera.copies) > 20
    outcomes = []
    for moment, copy in camera.copies:
        assert copy.served() in (old, new), moment  # what readers see, before anybody tidies up
        with writer_lock(copy.data):
            recover(copy.data)
        outcomes.append(require_whole(copy, old, new))
    assert outcomes == sorted(outcomes), "once committed, it stays"
    assert {*outcomes} == {False, True}
    last = outcomes.index(True)
    for _, copy in (camera.copies[0], camera.copies[last - 1], camera.copies[last], camera.copies[-1]):
        if "2023" not in copy.editions():
            copy.publish()
        assert copy.served() == new
        assert copy.links("2023") == place.links("2023")


def _die(tables: str, data: str, name: str, ending: str, when: str) -> None:
    """Publish and die before or after an operation; run in a process of its own."""
    place, met = Place(Path(tables), Path(data)), False

    def hook(done: str, path: str) -> None:
        nonlocal met
        found = done == name and path.endswith(ending)
        if met or (found and when == "before"):
            os.kill(os.getpid(), signal.SIGKILL)
        met = found

    submission = place.submission()
    with watched(hook):
        publish(submission, place.tables, place.data, ORDER)


@pytest.mark.parametrize(
    ("name", "ending", "when", "committed"),
    [
        ("rename", "matrix/2023", "before", False),
        ("rename", "matrix/2023", "after", True),
        ("replace", "/current", "before", True),
    ],
)
def test_a_killed_publisher_leaves_what_the_copies_show(
    place: Place, name: str, ending: str, when: str, committed: bool
) -> None:
    old = place.served()
    script = "import runpy, sys; m = runpy.run_path(sys.argv[1]); m['_die'](*sys.argv[2:])"
    arguments = [__file__, str(place.tables), str(place.data), name, ending, when]
    run = subprocess.run([sys.executable, "-c", script, *arguments], timeout=120, check=False)
    assert run.returncode == -signal.SIGKILL
    assert place.served() == old  # the pointer has not moved yet
    done = place.publish(LATER, MORE) if committed else place.publish()  # recovers first
    assert done.release is not None
    assert set(place.served()) == {"2015", "2023"} | ({"2027"} if committed else set())


def test_no_room_and_no_right_change_nothing(place: Place, tmp_path: Path) -> None:
    old = place.served()
    seen = operations(place, tmp_path / "counting")
    # What is there already, what is copied then, and what is tidied up may fail without harm.
    harmless = {
        ("mkdir", "data"),
        ("mkdir", "releases"),
        ("open", "releases"),
    }  # a file without a name: there are two ways
    chosen = [n for n in moments(seen) if (seen[n][0], Path(seen[n][1]).name) not in harmless]
    chosen = [n for n in chosen if seen[n][0] not in {"unlink", "rmdir", "link"}]
    commit = next(n for n, (name, path) in enumerate(seen) if name == "rename" and path.endswith("matrix/2023"))
    before = [n for n in chosen if n <= commit]
    kinds = cycle([errno.ENOSPC, errno.EACCES])
    for at, kind in zip(sorted({*before[:: max(1, len(before) // 4)], commit, commit + 1}), kinds, strict=False):
        copy = place.copy(tmp_path / f"full-{at}")
        wanted = seen[at][0], neutral(seen[at][1], tmp_path / "counting")
        met = False

        def hook(name: str, path: str, wanted: tuple[str, str] = wanted, copy: Place = copy, kind: int = kind) -> None:
            nonlocal met
            # By what is done and to what: where temporary names lie in between differs from run to run.
            if not met and (name, neutral(path, copy.tables.parent)) == wanted:
                met = True
                raise OSError(kind, os.strerror(kind), path)

        submission = copy.submission()
        with watched(hook), pytest.raises(UsageError) as caught:
            publish(submission, copy.tables, copy.data, ORDER)
        assert os.strerror(kind) in caught.value.message
        assert copy.served() == old, (at, seen[at])
        with writer_lock(copy.data):
            recover(copy.data)
        assert not require_whole(copy, old, {})
    assert len(copy.publish().diff.changes) == 3


def test_two_publishers_and_a_builder_at_once(place: Place, tmp_path: Path) -> None:
    with workspace_lock(place.tables), pytest.raises(UsageError, match="another publication is writing"):
        place.publish()
    with writer_lock(place.data), pytest.raises(UsageError):
        place.publish()
    with writer_lock(place.data), pytest.raises(UsageError):
        build(place.tables, place.data, Iris())
    assert place.publish().release is not None
    again = tmp_path / "again"
    build(place.tables, again, Iris())
    first, second = current_release(place.data), current_release(again)
    assert first.id == second.id
    assert first.manifest["files"] == second.manifest["files"]


def test_what_cannot_be_published_is_said(place: Place) -> None:
    with pytest.raises(UsageError, match="changes nothing"):
        place.publish(rows="Action line,SDG,Proposed by\nC1,1,UNDESA\n")
    with pytest.raises(UsageError, match="would come before 2015"):
        place.publish(replace(ORDER, edition="2014"))
    with pytest.raises(UsageError, match="there is no HLPF session"):
        place.publish(replace(ORDER, hlpf="1999"))
    with pytest.raises(UsageError, match="there is no agency"):
        place.publish(replace(ORDER, agency="NATO"))
    with pytest.raises(UsageError, match="proposes no such link"):
        place.publish(replace(ORDER, overrides={("C7", "4"): "Because."}))
    with pytest.raises(UsageError, match="--by"):
        place.publish(replace(ORDER, by="a\u202eb"))
    tags = next(place.tables.glob("evidence/*/tags.csv"))
    tags.write_text("".join(tags.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    with pytest.raises(UsageError, match="not those that release"):
        place.publish()
    assert set(place.served()) == {"2015"}
    assert place.editions() == {"2015"}
