"""Answers kept in memory for those who ask again, bounded by their bytes: the least recently asked go first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from wsiskg.web.http.encoding import compress

__all__ = ["AnswerCache", "StoredAnswer"]

_LARGEST_SHARE = 8  # one answer may fill this part of the cache
_OVERHEAD = 1_000  # bytes that an entry takes beside its body


@dataclass(slots=True, weakref_slot=True, eq=False)
class StoredAnswer:
    """An answer: ``body``, or the first ``spooled`` bytes of ``file``.

    ``encoded`` is the body in the encodings asked for so far, ``ready`` whole responses by request, ``key`` what it is
    kept under.
    """

    body: bytes
    media_type: str
    file: BinaryIO | None = None
    spooled: int = 0
    unknown_functions: tuple[str, ...] = ()
    replaced: int = 0
    encoded: dict[str, bytes] = field(default_factory=dict)
    ready: dict[Hashable, tuple[Any, Any]] = field(default_factory=dict)
    key: Hashable = None

    @property
    def size(self) -> int:
        """Number of bytes of the answer."""
        return self.spooled or len(self.body)

    @property
    def memory(self) -> int:
        """Number of bytes it holds in memory."""
        return _OVERHEAD + len(self.body) + sum(map(len, self.encoded.values()))

    def in_encoding(self, encoding: str) -> bytes:
        """Return the body in ``encoding`` (empty: as it is); worked out once."""
        if not encoding:
            return self.body
        if encoding not in self.encoded:
            self.encoded[encoding] = compress(self.body, encoding)
        return self.encoded[encoding]


class AnswerCache:
    """Answers by what was asked of which release."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[Hashable, tuple[StoredAnswer, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        """Return the number of answers kept."""
        return len(self._answers)

    def get(self, key: Hashable) -> StoredAnswer | None:
        """Return the answer kept under ``key``, which makes it the last to go."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[0]

    def touch(self, answer: StoredAnswer) -> bool:
        """Return whether ``answer`` is kept, which makes it the last to go."""
        return self.get(answer.key) is answer

    def put(self, key: Hashable, answer: StoredAnswer) -> None:
        """Keep ``answer``, or weigh it again after it has grown; one that is too large is not kept."""
        self._drop(key)
        size = answer.memory
        if answer.spooled or size * _LARGEST_SHARE > self._most:
            return
        answer.key = key
        self._answers[key] = (answer, size)
        self.bytes += size
        while self.bytes > self._most:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        """Forget everything: another release is served."""
        self._answers.clear()
        self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        found = self._answers.pop(key, None)
        if found is not None:
            self.bytes -= found[1]
