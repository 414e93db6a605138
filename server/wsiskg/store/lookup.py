"""Lookups: queries so small that handing them to a worker costs more than answering them.

A lookup is a SELECT or ASK of one triple pattern with a named subject or object, no variable twice, and nothing else: a
walk along one index, as long as its answer. So it ends by itself once its answer may not grow, and nothing needs to be
able to kill it. All other queries are for workers, and so is a lookup whose answer is larger than `LARGEST`.

What is asked of a named subject is read from the release's N-Quads (see `wsiskg.store.subjects`), which takes a third
of the engine's time or less, whatever the size of the release. Who is asked by an object, what is not found, and
whatever may be an error, is for the engine here, too.
"""

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from wsiskg.graph.release import Release, load_store, open_store
from wsiskg.graph.vocabulary import RDF_TYPE
from wsiskg.model.errors import LimitError, ReleaseError
from wsiskg.store.evaluate import Answer, Request, evaluate
from wsiskg.store.guard import Form
from wsiskg.store.rows import UnspokenError, write_rows
from wsiskg.store.subjects import Subjects

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
    {_B}*+ (?P<prefixes>(?:PREFIX {_B}++ (?:[A-Za-z][A-Za-z0-9-]*+)?: {_B}*+ {_IRI} {_B}*+)*+)
    (?P<form>SELECT (?:{_B}++ (?P<names>(?:{_VARIABLE} {_B}*+)++) | {_B}*+ \* {_B}*+) | ASK {_B}*+)
    (?:WHERE {_B}*+)? \{{ {_B}*+
    (?P<subject>{_VARIABLE}|{_NAMED}) {_B}++ (?P<predicate>{_VARIABLE}|{_NAMED}|a) {_B}++
    (?P<object>{_VARIABLE}|{_NAMED}|{_STRING}) {_B}*+ (?:\.{_B}*+)? \}} {_B}*+
    (?P<limit>LIMIT {_B}++ \d{{1,6}}+ {_B}*+)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NAMES = re.compile(r"[?$](\w+)", re.ASCII)
_COMMENT = re.compile(r"#[^\n\r]*")
_PREFIX = re.compile(rf"PREFIX{_B}++([A-Za-z0-9-]*):{_B}*+({_IRI}){_B}*+", re.IGNORECASE | re.ASCII)
_TYPE = str(RDF_TYPE)


class _Lookup(NamedTuple):
    """A lookup, as far as it is read here.

    ``form`` is its form, ``terms`` its subject, predicate and object as they are written, ``prefixes`` how it begins.
    ``names`` are the columns of its table, and ``places`` says for each whether it shows predicates (0), objects (1)
    or nothing: where there are none, the engine answers it.
    """

    form: Form
    terms: tuple[str, str, str]
    prefixes: str
    names: tuple[str, ...]
    places: tuple[int | None, ...]


def lookup_form(query: str) -> Form | None:
    """Return the form of ``query`` if it is a lookup, else None."""
    found = _read(query)
    return None if found is None else found.form


@lru_cache(16)  # it is read to see what it is, and then to answer it
def _read(query: str) -> _Lookup | None:
    if len(query) > _LONGEST or (found := _LOOKUP.fullmatch(query)) is None or "service" in query.lower():
        return None
    terms = (found["subject"], found["predicate"], found["object"])
    variables = [term[1:] for term in terms if term[0] in "?$"]
    ends = (terms[0][0] not in "?$") + (terms[2][0] not in "?$")
    if not ends or len(set(variables)) < len(variables):
        return None
    form = Form.ASK if found["form"][0] in "aA" else Form.SELECT
    names: Sequence[str] = ()
    places = {term[1:]: place for place, term in enumerate(terms[1:]) if term[0] in "?$"}
    if form is Form.SELECT and found["limit"] is None and terms[0][0] not in "?$":
        names = _NAMES.findall(_COMMENT.sub("", found["names"])) if found["names"] else sorted(places)
        if len(set(names)) < len(names):
            names = ()
    return _Lookup(form, terms, found["prefixes"], tuple(names), tuple(places.get(name) for name in names))


class Lookups:
    """Answers lookups on one release in the process that asks; opened beside it after the first few."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._store: ox.Store | None = None
        self._subjects: Subjects | None = None
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
            return self._said(request) or evaluate(self._store, request, most_bytes=LARGEST)
        except LimitError:
            return None

    def _said(self, request: Request) -> Answer | None:
        """Answer what a SELECT asks of a named subject; None: it does not, or the engine must have a look."""
        lookup = _read(request.query)
        if lookup is None or not lookup.names or self._subjects is None or not request.union:
            return None
        subject, predicate, to = lookup.terms
        prefixes, media_type = lookup.prefixes, request.media_type
        try:
            named = b"" if predicate[0] in "?$" else _spelt(predicate, prefixes)
            said = self._subjects.of(_spelt(subject, prefixes), named)
            if said and to[0] not in "?$":
                wanted = _spelt(to, prefixes)
                said = [statement for statement in said if statement[1] == wanted]
            if not said:
                return None
            columns = [None if n is None else [statement[n] for statement in said] for n in lookup.places]
            if not any(columns):
                return None
            body = write_rows(lookup.names, columns, media_type)
        except (UnspokenError, OSError):
            return None
        return Answer(body, media_type) if len(body) <= min(LARGEST, request.max_bytes) else None

    def _open(self) -> None:
        try:
            small = self._release.nquads_path.stat().st_size <= _IN_MEMORY_UP_TO
            store = load_store(self._release) if small else open_store(self._release)
            self._subjects = Subjects(self._release)
            self._store = store
        except (ReleaseError, OSError):
            return  # whoever damaged it is told by the workers' loader


def _spelt(term: str, prefixes: str) -> bytes:
    """Return an IRI that is written in full, with a prefix, or as ``a``, as N-Triples has it.

    Raises:
        UnspokenError: it is no IRI, or the engine would read it otherwise.

    """
    iri = term
    if term == "a":
        iri = _TYPE
    elif term[0] != "<":
        prefix, colon, local = term.partition(":")
        known = dict(_PREFIX.findall(prefixes))
        if not colon or prefix not in known:
            raise UnspokenError
        iri = f"{known[prefix][:-1]}{local}>"
    if "/." in iri:  # steps that resolving takes out
        raise UnspokenError
    return iri.encode()
