"""Read SPARQL as tokens before any engine sees it: refuse SERVICE, LOAD and what would overflow a parser.

The engine cannot be told to leave SERVICE out, and its parser needs no blank between a keyword and what follows
(``SERVICE:a {...}`` and ``1SERVICE<...>{...}`` are federated queries to it), so the guard reads the same way: it is
stricter than the grammar of https://www.w3.org/TR/sparql11-query/#sparqlGrammar where the two could disagree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from wsiskg.model.errors import ForbiddenQueryError, LimitError, QuerySyntaxError

__all__ = ["Form", "Reading", "Token", "check_query", "line_and_column", "read_query", "tokens"]

MAX_LENGTH = 200_000
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


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; ``kind`` is a group name of the lexer."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tokens say: the form, whether it names its own dataset, its deepest nesting, its operators."""

    form: Form | None
    has_dataset_clause: bool
    nesting: int
    operators: int
    service: Token | None
    load: Token | None


_LOCAL = r"(?:[\w\u00b7:%-]|\\[_~.\-!$&'()*+,;=/?#@%]|\.(?=[\w\u00b7:%.\\-]))*"
_LEXER = re.compile(
    rf"""
    (?P<blank>\s+)
  | (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>"{{}}|^`\\\x00-\x20]*)*>)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
             |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w[\w\u00b7]*)
  | (?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
  | (?P<bnode>_:\w(?:[\w\u00b7-]|\.(?=[\w\u00b7.-]))*)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<pname>(?:[^\W\d_](?:[\w\u00b7-]|\.(?=[\w\u00b7.:-]))*)?:{_LOCAL})
  | (?P<word>[^\W\d]\w*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_QUERY_FORMS = {form.value: form for form in (Form.SELECT, Form.ASK, Form.CONSTRUCT, Form.DESCRIBE)}
_UPDATE_WORDS = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_NAMES_A_GRAPH = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_SERVICE_PREFIX = re.compile(r"(?:.*\W)?(?:true|false)?service(?:silent)?", re.IGNORECASE)


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query``, without blanks and comments."""
    for match in _LEXER.finditer(query):
        if match.lastgroup not in {"blank", "comment"}:
            yield Token(str(match.lastgroup), match.group(), match.start())


def read_query(query: str) -> Reading:
    """Read ``query`` (or an update) without judging it."""
    form: Form | None = None
    dataset, depth, nesting, operators = False, 0, 0, 0
    service: Token | None = None
    load: Token | None = None
    previous: Token | None = None
    held: tuple[Token, Token | None] | None = None
    for token in tokens(query):
        if held is not None and token.text == "{" and not _is_graph_name(held[1]):
            service = service or held[0]
        held = None
        if token.kind == "word":
            word = token.text.upper()
            if form is None and word in _QUERY_FORMS:
                form = _QUERY_FORMS[word]
            elif form is None and word in _UPDATE_WORDS:
                form = Form.UPDATE
            dataset = dataset or word == "FROM"
            operators += word in {"UNION", "OPTIONAL", "MINUS", "NOT", "EXISTS", "IN"}
            if "SERVICE" in word:
                service = service or token
            if word.startswith("LOAD") and form is Form.UPDATE:
                load = load or token
        elif token.kind == "pname":
            if _SERVICE_PREFIX.fullmatch(token.text.partition(":")[0]):
                held = (token, previous)
        elif token.text in "{([":
            depth += 1
            nesting = max(nesting, depth)
        elif token.text in "})]":
            depth -= 1
        elif token.kind == "mark":
            operators += token.text in "|&+*/!-^"
        previous = token
    return Reading(form, dataset, nesting, operators, service, load)


def check_query(query: str) -> Reading:
    """Return what ``query`` is, or refuse it.

    Raises:
        LimitError: too long, too deeply nested, or too many operators for the engine's parser.
        ForbiddenQueryError: it holds SERVICE, or is an update.
        QuerySyntaxError: it has no query form at all.

    """
    if len(query) > MAX_LENGTH:
        raise LimitError(f"the query has {len(query)} characters; at most {MAX_LENGTH} are allowed", "length")
    reading = read_query(query)
    if reading.service is not None:
        line, column = line_and_column(query, reading.service.start)
        raise ForbiddenQueryError(
            f"SERVICE at line {line}, column {column}: this endpoint does not ask other endpoints",
            "Ask the other endpoint yourself and join the results.",
        )
    if reading.load is not None:
        raise ForbiddenQueryError("LOAD is never done here", "Download the document and import it.")
    if reading.form is Form.UPDATE:
        raise ForbiddenQueryError("this is an update, and only queries are answered here")
    if reading.form is None:
        raise QuerySyntaxError("there is no SELECT, ASK, CONSTRUCT or DESCRIBE in the query", 1, 1)
    if reading.nesting > MAX_NESTING:
        raise LimitError(f"brackets are nested {reading.nesting} deep; at most {MAX_NESTING} are allowed", "nesting")
    if reading.operators > MAX_OPERATORS:
        raise LimitError(f"the query has {reading.operators} operators; at most {MAX_OPERATORS} are allowed", "length")
    return reading


def line_and_column(query: str, position: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a position in ``query``."""
    before = query[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _is_graph_name(previous: Token | None) -> bool:
    """Whether a name after ``previous`` names a graph or a described thing, so that a group may follow it."""
    return previous is not None and (previous.text.upper() in _NAMES_A_GRAPH or previous.kind in {"iri"})
