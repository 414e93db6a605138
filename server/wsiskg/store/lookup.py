"""Lookups: queries so small that handing them to a worker costs more than answering them.

A lookup is a SELECT or ASK of one triple pattern with a named subject or object, no variable twice, and nothing else: a
walk along one index, as long as its answer. So it ends by itself once its answer may not grow, and nothing needs to be
able to kill it. All other queries are for workers, and so is a lookup whose answer is larger than `LARGEST`.
"""

import re
import threading

import pyoxigraph as ox

from wsiskg.graph.release import Release, load_store, open_store
from wsiskg.model.errors import LimitError, ReleaseError
from wsiskg.store.evaluate import Answer, Request, evaluate
from wsiskg.store.guard import Form

__all__ = ["LARGEST", "Lookups", "lookup_form"]

LARGEST = 32_000
"""Bytes of the largest answer to a lookup; each row has two or more."""

_LONGEST = 2_000
_FIRST = 20  # lookups that workers answer before the release is opened for them
_IN_MEMORY_UP_TO = 60_000_000  # bytes of N-Quads

_B = r"(?:\s|\#[^\n\r]*+)"
_IRI = r"<[A-Za-z][A-Za-z0-9+.-]*+:[^<>\"{}|^`\\\x00-\x20]*+>"
_VARIABLE = r"[?$][A-Za-z]\w*+"
_NAMED = rf"{_IRI}|[A-Za-z][A-Za-z0-9-]*+:[A-Za-z][\w-]*+"
_STRING = r'"[^"\\\n\r]*+"(?:@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)?'
_LOOKUP = re.compile(
    rf"""
    {_B}*+ (?:PREFIX {_B}++ (?:[A-Za-z][A-Za-z0-9-]*+)?: {_B}*+ {_IRI} {_B}*+)*+
    (?P<form>SELECT (?:{_B}++ (?:{_VARIABLE} {_B}*+)++ | {_B}*+ \* {_B}*+) | ASK {_B}*+)
    (?:WHERE {_B}*+)? \{{ {_B}*+
    (?P<subject>{_VARIABLE}|{_NAMED}) {_B}++ (?P<predicate>{_VARIABLE}|{_NAMED}|a) {_B}++
    (?P<object>{_VARIABLE}|{_NAMED}|{_STRING}) {_B}*+ (?:\.{_B}*+)? \}} {_B}*+
    (?:LIMIT {_B}++ \d{{1,6}}+ {_B}*+)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def lookup_form(query: str) -> Form | None:
    """Return the form of ``query`` if it is a lookup, else None."""
    if len(query) > _LONGEST or (found := _LOOKUP.fullmatch(query)) is None or "service" in query.lower():
        return None
    terms = (found["subject"], found["predicate"], found["object"])
    variables = [term[1:] for term in terms if term[0] in "?$"]
    ends = (terms[0][0] not in "?$") + (terms[2][0] not in "?$")
    if not ends or len(set(variables)) < len(variables):
        return None
    return Form.ASK if found["form"][0] in "aA" else Form.SELECT


class Lookups:
    """Answers lookups on one release in the process that asks; opened beside it after the first few."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._store: ox.Store | None = None
        self._asked = 0

    def answer(self, request: Request) -> Answer | None:
        """Answer a lookup; None: let a worker do it.

        Raises:
            QuerySyntaxError: the engine cannot parse the query.

        """
        if self._store is None:
            self._asked += 1
            if self._asked == _FIRST and not self._release.plain:
                threading.Thread(target=self._open, name="lookups", daemon=True).start()
            return None
        if request.max_rows:  # which takes counting them first
            return None
        try:
            return evaluate(self._store, request, most_bytes=LARGEST)
        except LimitError:
            return None

    def _open(self) -> None:
        try:
            small = self._release.nquads_path.stat().st_size <= _IN_MEMORY_UP_TO
            self._store = load_store(self._release) if small else open_store(self._release)
        except (ReleaseError, OSError):
            return  # whoever damaged it is told by the workers' loader
