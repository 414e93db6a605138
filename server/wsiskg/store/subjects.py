"""What a release says of one subject, straight from its N-Quads: a lookup without parser, plan and store.

Within each graph the statements stand sorted (see `wsiskg.graph.columns.statements`). Of small graphs it is known where
each subject stands; of large ones the subjects at some places lead to all others. So a read of the file or two gives
what a subject says. That takes no room in a release and little memory, however large it is.
"""

import os
import re
import weakref
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from wsiskg.graph.release import Release

__all__ = ["Subjects"]

_SMALL = 1 << 21  # bytes of a graph of which every subject is known
_STEP = 1 << 10  # bytes between two places, at least
_PLACES = 100_000  # of a release, about, at most: they stay in memory
_LINE = 1 << 10  # bytes in which a line and the next subject are looked for
_LARGEST = 1 << 17  # bytes that are read for one subject


_RUN = re.compile(rb"(<[^>]*> )[^\n]*\n(?:\1[^\n]*\n)*+")  # lines with one subject


@dataclass(frozen=True, slots=True)
class _Graph:
    """Places of one large graph: where lines with ``subjects`` begin, then where it ends; and its last subject."""

    subjects: list[bytes]
    places: list[int]
    last: bytes
    end: int  # length of what every line ends with


class Subjects:
    """The subjects of a built release; holds its N-Quads open."""

    def __init__(self, release: Release) -> None:
        """Look at the places.

        Raises:
            OSError: the file cannot be read.

        """
        self._file = os.open(release.nquads_path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        step = max(_STEP, release.nquads_path.stat().st_size // _PLACES)
        self._known: dict[bytes, list[tuple[int, int, int]]] = {}  # begin and end of its lines, and what each ends with
        self._graphs: list[_Graph] = []
        for iri, entry in sorted(release.manifest["graphs"].items()):
            offset, size = entry["ranges"][release.nquads_path.name]
            end = len(f" <{iri}> .".encode())
            if size > _SMALL:
                self._graphs.append(self._look(offset, offset + size, step, end))
                continue
            for run in _RUN.finditer(os.pread(self._file, size, offset)):
                place = (offset + run.start(), offset + run.end(), end)
                self._known.setdefault(run[1][:-1], []).append(place)

    def of(self, subject: bytes, predicate: bytes = b"") -> list[tuple[bytes, bytes]] | None:
        """Return predicate and object of each statement about ``subject``, once for each graph that makes it.

        All terms are as N-Triples writes them. None: there is too much to read.

        Args:
            subject: an IRI.
            predicate: an IRI that narrows it down; empty for all.

        Raises:
            OSError: the file cannot be read.

        """
        found: list[tuple[bytes, bytes]] = []
        first, begin = len(subject) + 2, b"\n" + subject + b" " + (predicate + b" " if predicate else b"")
        for start, stop, ending in self._places(subject):
            if stop - start > _LARGEST:
                return None
            # The line end before the first line is read with it, where there is one.
            text = os.pread(self._file, stop - start + 1, start - 1) if start else b"\n" + os.pread(self._file, stop, 0)
            at = text.find(begin)
            while at >= 0:
                end = text.index(b"\n", at + 1)
                said, _, to = text[at + first : end - ending].partition(b" ")
                found.append((said, to))
                at = end if text.startswith(begin, end) else -1
        return found

    def _places(self, subject: bytes) -> list[tuple[int, int, int]]:
        """Return where lines with ``subject`` may stand: begin, end, and length of what each line ends with."""
        places = [*self._known.get(subject, ())]
        for graph in self._graphs:
            if graph.subjects[0] <= subject <= graph.last:
                start = graph.places[max(bisect_left(graph.subjects, subject) - 1, 0)]
                places.append((start, graph.places[bisect_right(graph.subjects, subject)], graph.end))
        return places

    def _look(self, start: int, stop: int, step: int, end: int) -> _Graph:
        subjects, places = [self._subject(start)], [start]
        for place in range(start + step, stop, step):
            if (line := self._line(place, stop)) < stop:
                subjects.append(self._subject(line))
                places.append(line)
        rest = os.pread(self._file, stop - places[-1], places[-1])
        return _Graph(subjects, [*places, stop], rest[rest.rfind(b"\n", 0, -1) + 1 :].partition(b" ")[0], end)

    def _line(self, place: int, stop: int) -> int:
        """Return where the first line after ``place`` begins, or ``stop``."""
        while place < stop:
            piece = os.pread(self._file, min(_LINE, stop - place), place)
            if (end := piece.find(b"\n")) >= 0:
                return place + end + 1
            place += len(piece) or stop
        return stop

    def _subject(self, line: int) -> bytes:
        text, more = b"", b"?"
        while b" " not in text and more:
            more = os.pread(self._file, _LINE, line + len(text))
            text += more
        return text.partition(b" ")[0]
