"""The process that loads a store: what becomes of its lines, and of its end."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from wsiskg.graph.loading import STORE, Loading
from wsiskg.graph.spans import Span

LINE = b"<urn:a> <urn:b> <urn:c> <urn:g> .\n"


@pytest.fixture
def loading(tmp_path: Path) -> Iterator[Loading]:
    begun = Loading(tmp_path)
    yield begun
    begun.stop()
    assert begun._process.poll() is not None


def lines(folder: Path, text: bytes) -> Span:
    file = folder / "lines.nq"
    file.write_bytes(text)
    return Span(file, 0, len(text))


def test_lines_are_loaded_in_the_order_in_which_they_come(loading: Loading, tmp_path: Path) -> None:
    whole = lines(tmp_path, LINE + LINE.replace(b"urn:c", b"urn:d"))
    loading.add(Span(whole.file, len(LINE), whole.size - len(LINE)))
    loading.add(Span(whole.file, 0, len(LINE)))
    loading.finish()
    assert len(ox.Store.read_only(str(tmp_path / STORE))) == 2


def test_a_line_that_is_none_is_an_error(loading: Loading, tmp_path: Path) -> None:
    loading.add(lines(tmp_path, LINE + b"<urn:a> <urn:b> .\n"))
    with pytest.raises(OSError, match="line 2"):
        loading.finish()


def test_a_process_that_was_ended_is_an_error(loading: Loading, tmp_path: Path) -> None:
    loading._process.kill()
    loading.add(lines(tmp_path, LINE))
    with pytest.raises(OSError, match="ended with -9"):
        loading.finish()


def test_work_that_nobody_wants_ends_at_once(loading: Loading, tmp_path: Path) -> None:
    much = lines(tmp_path, LINE * 30_000)
    for _ in range(5_000):  # minutes of work
        loading.add(much)
    loading.stop()
    assert loading._process.poll() == -9
