"""Read SPARQL as tokens before any engine sees it: refuse SERVICE, LOAD and what would overflow a parser.

The engine cannot be told to leave SERVICE out, and its parser knows no tokens: it needs no blank after a keyword
(``SERVICEs:x {...}`` and ``1SERVICE<...>{...}`` are federated queries to it), tries ``<`` as an operator where an IRI
does not fit (``1<'a>'``), and a short string where a long one has a bad escape. So the guard is stricter than the
grammar of https://www.w3.org/TR/sparql11-query/#sparqlGrammar: where a text has two readings, the word is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from wsiskg.model.errors import ForbiddenQueryError, LimitError, QuerySyntaxError

__all__ = [
    "MAX_LENGTH",
    "Form",
    "Reading",
    "Token",
    "check_query",
    "check_update",
    "line_and_column",
    "read_query",
    "tokens",
    "without_loads",
]

MAX_LENGTH = 200_000
MAX_UPDATE_LENGTH = 1_000_000
MAX_NESTING = 100
MAX_OPERATORS = 4_000


class Form(Enum):
    """What a request does; the values of the first four are SPARQL's query forms."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"
    UPDATE = "UPDATE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph rather than a table or a boolean."""
        return self in {Form.CONSTRUCT, Form.DESCRIBE}


class Token(NamedTuple):
    """A piece of the query; ``kind`` is a group name of the lexer."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tokens say: the form, whether it names its own dataset, its deepest nesting, its operators.

    Of a short text nesting and operators may be upper bounds, see `check_query`.
    ``doubtful`` is the first token that an engine might read otherwise, hiding or showing what comes after it;
    ``volatile`` says that asking again may give another answer of the same data (NOW, RAND, UUID, STRUUID).
    """

    form: Form | None
    has_dataset_clause: bool
    nesting: int
    operators: int
    service: Token | None
    load: Token | None
    doubtful: Token | None
    volatile: bool = False


# PN_CHARS without the hyphen, and whatever else Python holds to be a letter or digit.
_CHARS = (
    r"\w\u00b7\u0300-\u036f\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    r"\U00010000-\U000effff"
)
_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:(?:[{_CHARS}:%]|{_ESCAPED})(?:[{_CHARS}:%-]|{_ESCAPED}|\.(?=[{_CHARS}:%.\\-]))*+)?"
_NAME = rf"(?!\d)[{_CHARS}](?:[{_CHARS}-]|\.(?=[{_CHARS}.:-]))*+"
_IRI_CHARS = r"""[^<>"{}|^`\\\x00-\x20]*+"""
# No alternative may go over the same long text again and again: time must grow no faster than length.
_LEXER = re.compile(
    rf"""
    (?P<blank>\s+)
  | (?P<comment>\#[^\n\r]*)
  | (?P<iri><{_IRI_CHARS}(?:\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}){_IRI_CHARS})*+>)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*+'''
             |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+')
  | (?P<variable>[?$]\w[\w\u00b7]*)
  | (?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
  | (?P<bnode>_:[{_CHARS}](?:[{_CHARS}-]|\.(?=[{_CHARS}.-]))*)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<pname>(?:{_NAME})?:{_LOCAL})
  | (?P<word>{_NAME})
  | (?P<mark>\\.|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_QUERY_FORMS = {form.value: form for form in (Form.SELECT, Form.ASK, Form.CONSTRUCT, Form.DESCRIBE)}
_UPDATE_WORDS = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_OPERATOR_WORDS = frozenset({"UNION", "OPTIONAL", "MINUS", "NOT", "EXISTS", "IN"})
_OPERATORS = frozenset("|&+*/!-^")
_NAMES_A_GRAPH = frozenset({"GRAPH", "FROM", "NAMED"})
_BEFORE_A_NAME = frozenset({"PREFIX", "GRAPH", "NAMED", "WITH", "USING", "INTO", "TO", "COPY", "MOVE", "ADD", "SILENT"})
_VOLATILE = ("NOW", "RAND", "UUID")
_TELLING = ("SERVICE", "FROM", *_VOLATILE)
_NAMES = frozenset({"iri", "pname"})
_NOTHING = "INSERT DATA { }"
_ABSOLUTE = re.compile(r"<[a-zA-Z][a-zA-Z0-9+.-]*://")  # as an operator: `<`, a name, and `//`, which nothing allows
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_SURROGATES = range(0xD800, 0xE000)


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query``, without blanks and comments."""
    for match in _LEXER.finditer(query):
        if match.lastgroup not in {"blank", "comment"}:
            yield Token(str(match.lastgroup), match.group(), match.start())


def read_query(query: str) -> Reading:
    """Read ``query`` (or an update) without judging it."""
    form: Form | None = None
    dataset, opened, depth, nesting, operators, hidden = False, False, 0, 0, 0, 0
    service: Token | None = None
    load: Token | None = None
    doubtful: Token | None = None
    previous: Token | None = None
    held: Token | None = None
    volatile = False
    for token in tokens(query):
        if held is not None and token.text == "{":
            service = service or held
        held = None
        if token.kind == "word":
            for word in re.findall(r"\w+", token.text.upper()):
                if form is None and word in _QUERY_FORMS:
                    form = _QUERY_FORMS[word]
                elif form is None and word in _UPDATE_WORDS:
                    form = Form.UPDATE
                dataset = dataset or word.startswith("FROM")
                operators += word in _OPERATOR_WORDS
                if "SERVICE" in word:
                    service = service or token
                if "LOAD" in word:
                    load = load or token
                volatile = volatile or word.endswith(_VOLATILE)
            operators += token.text.count("-")
        elif token.kind == "pname":
            prefix = token.text.partition(":")[0].lower()
            if "service" in prefix and opened and not _names_a_graph(previous):
                held = token
            if prefix.startswith("load") and depth == 0 and not _stands_before_a_name(previous):
                load = load or token  # LOADs:x
        elif token.kind == "iri" and not _ABSOLUTE.match(token.text):
            hidden += token.text.count("(")
            operators += sum(token.text.count(operator) for operator in _OPERATORS)
            if form is not None and ("#" in token.text or "'" in token.text) and _may_be_compared(previous):
                doubtful = doubtful or token
        elif token.kind == "string" and "\\" in token.text and _has_bad_escape(token.text):
            doubtful = doubtful or token
        elif token.kind == "mark":
            opened = opened or token.text == "{"
            depth += (token.text in {"{", "(", "["}) - (token.text in {"}", ")", "]"})
            nesting = max(nesting, depth)
            operators += token.text in _OPERATORS
        previous = token
    return Reading(form, dataset, nesting + hidden, operators, service, load, doubtful, volatile)


def check_query(query: str) -> Reading:
    """Return what ``query`` is, or refuse it.

    Raises:
        LimitError: too long, too deeply nested, or too many operators for the engine's parser.
        ForbiddenQueryError: it holds SERVICE, or may hold it.
        QuerySyntaxError: it has no query form at all, or is an update.

    """
    reading = _read_plain(query) or _read(query, "query", MAX_LENGTH, ("service",))
    if reading.form is Form.UPDATE:
        said = "this is an update, and only queries are answered here"
        raise _misplaced(
            query, said, (t for t in tokens(query) if t.kind == "word" and t.text.upper() in _UPDATE_WORDS)
        )
    if reading.form is None:
        raise _misplaced(query, "there is no SELECT, ASK, CONSTRUCT or DESCRIBE in the query", tokens(query))
    _check_size(reading, "query")
    return reading


def _misplaced(query: str, message: str, found: Iterator[Token]) -> QuerySyntaxError:
    """Return the error of the first token found, or of the beginning."""
    first = next(found, Token("end", "", 0))
    return QuerySyntaxError(message, *line_and_column(query, first.start), first.text[:40])


def check_update(update: str) -> Reading:
    """Return what ``update`` is, or refuse it.

    Raises:
        LimitError: too long, too deeply nested, or too many operators for the engine's parser.
        ForbiddenQueryError: it holds SERVICE or LOAD, or may hold one of them.
        QuerySyntaxError: it is a query.

    """
    reading = _read(update, "update", MAX_UPDATE_LENGTH, ("service", "load"))
    if reading.load is not None:
        line, column = line_and_column(update, reading.load.start)
        raise ForbiddenQueryError(
            f"LOAD at line {line}, column {column}: documents are never fetched here",
            "Download the document and send its statements.",
        )
    if reading.form not in {Form.UPDATE, None}:
        raise QuerySyntaxError("this is a query, and only updates are carried out here", 1, 1)
    _check_size(reading, "update")
    return reading


def without_loads(update: str) -> tuple[str, Token | None]:
    """Return ``update`` with each LOAD turned into an update of nothing, and the first LOAD that is not SILENT.

    A LOAD SILENT that fails is a success (https://www.w3.org/TR/sparql11-update/#load), and here each one fails. What
    cannot be followed stays, so the result is to be checked again.

    Raises:
        QuerySyntaxError: a LOAD names no document.

    """
    found = [*tokens(update), *[Token("end", "", len(update))] * 5]
    pieces, end, depth = [], 0, 0
    loud: Token | None = None
    for place, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}") if token.kind == "mark" else 0
        if depth or token.kind != "word" or token.text.upper() != "LOAD":
            continue
        last = place + 1
        silent = found[last].text.upper() == "SILENT"
        last += silent
        if found[last].kind not in _NAMES:
            line, column = line_and_column(update, token.start)
            raise QuerySyntaxError(f"line {line}, column {column}: LOAD names no document", line, column, token.text)
        if [t.text.upper() for t in found[last + 1 : last + 3]] == ["INTO", "GRAPH"] and found[last + 3].kind in _NAMES:
            last += 3
        loud = loud or (None if silent else token)
        pieces.append(update[end : token.start] + _NOTHING)
        end = found[last].start + len(found[last].text)
    return "".join(pieces) + update[end:], loud


def _read_plain(query: str) -> Reading | None:
    """Read a short query up to its form, if nothing in all its text could be refused; None: read it whole.

    Most queries are such, and reading them whole takes longer than many take to be answered.
    """
    if len(query) > MAX_OPERATORS or "\\" in query or "service" in query.lower():
        return None
    upper = query.upper()
    if any(word in upper for word in _TELLING):
        return None
    brackets = query.count("{") + query.count("(") + query.count("[")
    if brackets > MAX_NESTING:
        return None
    return Reading(_form(query), False, brackets, len(query), None, None, None)


def _form(query: str) -> Form | None:
    for token in tokens(query):
        if token.kind == "word":
            for word in re.findall(r"\w+", token.text.upper()):
                if word in _QUERY_FORMS:
                    return _QUERY_FORMS[word]
                if word in _UPDATE_WORDS:
                    return Form.UPDATE
    return None


def _read(text: str, kind: str, longest: int, words: Sequence[str]) -> Reading:
    """Read ``text``, or refuse it because it is too long, or names another endpoint, or may hold one of ``words``."""
    if len(text) > longest:
        raise LimitError(f"the {kind} has {len(text)} characters; at most {longest} are allowed", "length")
    reading = read_query(text)
    if reading.service is not None:
        line, column = line_and_column(text, reading.service.start)
        raise ForbiddenQueryError(
            f"SERVICE at line {line}, column {column}: this endpoint does not ask other endpoints",
            "Ask the other endpoint yourself and join the results.",
        )
    if reading.doubtful is not None and any(word in text[reading.doubtful.start :].lower() for word in words):
        line, column = line_and_column(text, reading.doubtful.start)
        raise ForbiddenQueryError(
            f"line {line}, column {column} can be read in two ways, one of which may ask other servers",
            "Write a blank after '<' where it compares, IRIs in full, and no unknown escapes in strings.",
        )
    return reading


def _check_size(reading: Reading, kind: str) -> None:
    if reading.nesting > MAX_NESTING:
        raise LimitError(f"brackets are nested {reading.nesting} deep; at most {MAX_NESTING} are allowed", "nesting")
    if reading.operators > MAX_OPERATORS:
        raise LimitError(f"the {kind} has {reading.operators} operators; at most {MAX_OPERATORS} are allowed", "length")


def line_and_column(query: str, position: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a position in ``query``."""
    before = query[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _names_a_graph(previous: Token | None) -> bool:
    """Whether a name after ``previous`` names a graph, so that a group may follow it."""
    return previous is not None and previous.kind == "word" and previous.text.upper() in _NAMES_A_GRAPH


def _stands_before_a_name(previous: Token | None) -> bool:
    """Whether a prefixed name may follow ``previous`` outside all brackets of an update, so that it is no LOAD."""
    return previous is not None and previous.kind == "word" and previous.text.upper() in _BEFORE_A_NAME


def _may_be_compared(previous: Token | None) -> bool:
    """Whether ``<`` after ``previous`` may be less-than, or the second half of ``<<``, rather than begin an IRI."""
    if previous is None:
        return False
    if previous.kind == "word":
        return previous.text.lower().endswith(("true", "false"))
    return previous.kind != "mark" or previous.text in {")", "]", "}", "<"}


def _has_bad_escape(string: str) -> bool:
    """Whether ``string`` has an escape that SPARQL does not know, so that its end is not where it seems."""
    for escape in _ESCAPE.findall(string):
        if len(escape) == 1 and escape not in "tbnrf\"'\\":
            return True
        if len(escape) > 1 and (int(escape[1:], 16) in _SURROGATES or int(escape[1:], 16) > 0x10FFFF):
            return True
    return False
