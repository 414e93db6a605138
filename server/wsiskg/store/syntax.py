"""Say where a query cannot be parsed, and why.

The engine names the furthest place that its parser looked at, which may be a keyword's length too far, or the end of
the text. So the tokens before it are tried: the wrong one is the first with which no beginning of a query ends.
"""

import re

import pyoxigraph as ox

from wsiskg.model.errors import QuerySyntaxError
from wsiskg.store.guard import Token, line_and_column, tokens

__all__ = ["POSITION", "check_syntax", "syntax_error"]

POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
"""How the engine says of an error where it is, line and column, and what it expected."""

_SENTENCE = re.compile(r"[A-Z]\w+ [A-Za-z*]+ [A-Za-z* ]+")  # what an "expected" that is none says
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_SHOWN = 40
_LOOKS_AHEAD = 20  # characters: longer than any keyword
_MOST_TRIES = 20  # tokens
_MOST_TOKENS = 200  # a query that can be parsed is planned too, which takes long where there are many patterns
_ENDINGS = (
    "", " ?x", " {}", " 1", " ?x ?x", " ?x {}", " (1)", " (?x)", " BY ?x", " <x:>", " <x:> {}", " ASK {}",
    " <x:> ASK {}",
)  # fmt: skip
"""What makes a query of a beginning of one, before its brackets are closed."""


def check_syntax(query: str, address: str = "") -> None:
    """Have the engine parse ``query``, and evaluate nothing.

    Raises:
        QuerySyntaxError: it cannot be parsed.

    """
    try:
        _parse(query, address)
    except SyntaxError as error:
        raise syntax_error(query, str(error)) from error


def syntax_error(query: str, message: str, *, update: bool = False) -> QuerySyntaxError:
    """Return the engine's complaint about a query, or an update, with line, column and token where it names a place."""
    if "Prefix not found" in message and (unknown := _undeclared(query)) is not None:
        name = unknown.text.partition(":")[0]
        return _at(query, unknown, f"the prefix '{name}:' is not declared; declare it with PREFIX {name}: <...>")
    match = POSITION.search(message)
    if not match:
        return QuerySyntaxError(message)
    line, column = int(match[1]), int(match[2])
    start = sum(len(text) + 1 for text in query.split("\n")[: line - 1]) + column - 1
    sentence = _SENTENCE.search(match[3])
    why = sentence[0].strip() if sentence else _shortened(match[3])
    wrong: tuple[Token, list[Token] | None] | None = (
        None if update else _wrong(query, start, _LOOKS_AHEAD if not sentence else start)
    )
    if wrong is None and sentence:
        return QuerySyntaxError(_told(line, column, why, ""), line, column, "")
    if wrong is None:  # what the engine says is all there is
        found = re.compile(r"\S+").search(query, start)
        wrong = Token("", found[0] if found else "", found.start() if found else len(query)), None
    return _at(query, wrong[0], _said(query, *wrong), why)


def _said(query: str, token: Token, opened: list[Token] | None) -> str:
    """Return what is to be said of a wrong token, where these brackets are open (None: they are not known)."""
    bracket = ""
    if opened:
        line, column = line_and_column(query, opened[-1].start)
        bracket = f": '{opened[-1].text}' at line {line}, column {column} is not closed"
    if not token.text:
        return f"the query ends too early{bracket}"
    if token.text in {'"', "'"}:
        return "a string is not closed"
    hidden = next((character for character in token.text if not character.isprintable()), None)
    shown = f"character U+{ord(hidden):04X}" if hidden else f"'{token.text[:_SHOWN]}'"
    if token.text not in _CLOSING.values() or opened is None:
        return f"unexpected {shown}"
    if not opened:
        return f"unexpected {shown}, which closes nothing"
    return f"unexpected {shown}{'' if _CLOSING[opened[-1].text] == token.text else bracket}"


def _parse(query: str, address: str = "") -> None:
    try:
        # A parameter that the query does not select: an error after parsing, before evaluation.
        ox.Store().query(query, base_iri=address or None, substitutions={ox.Variable("wsiskg_nobody"): ox.Literal("")})
    except RuntimeError:
        return


def _at(query: str, token: Token, said: str, why: str = "") -> QuerySyntaxError:
    line, column = line_and_column(query, token.start)
    return QuerySyntaxError(_told(line, column, said, why), line, column, token.text[:_SHOWN])


def _told(line: int, column: int, said: str, why: str) -> str:
    return f"line {line}, column {column}: {said}" + (f" ({why})" if why else "")


def _shortened(expected: str) -> str:
    """Return what the engine expected, without what says nothing."""
    text = expected.replace(", [_]", "").replace("[_]", "").replace("<unreported>", "").partition(", ['")[0]
    if text.strip() in {"expected", "expected one of"}:
        return ""
    return text if len(text) <= 120 else text[:117] + "..."


def _undeclared(query: str) -> Token | None:
    """Return the first prefixed name whose prefix the query does not declare."""
    declared: set[str] = set()
    previous = ""
    for token in tokens(query):
        if token.kind == "pname":
            prefix = token.text.partition(":")[0]
            if previous == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return token
        previous = token.text.upper()
    return None


def _wrong(query: str, looked_at: int, back: int) -> tuple[Token, list[Token] | None] | None:
    """Return the first token with which no beginning of a query ends, and the brackets that are open before it.

    It is looked for in the last ``back`` characters before ``looked_at``, and at the end.
    """
    read = list(tokens(query))
    if len(read) > _MOST_TOKENS:
        return None
    opened: list[Token] = []
    near: list[tuple[Token, list[Token]]] = []
    for token in [*read, Token("", "", len(query))]:
        if looked_at - back <= token.start <= looked_at or not token.text:
            near.append((token, [*opened]))
        if token.kind == "mark" and token.text in _CLOSING:
            opened.append(token)
        elif token.kind == "mark" and token.text in _CLOSING.values() and opened:
            opened.pop()
    for token, brackets in near[: -_MOST_TRIES - 1 : -1]:
        closed = "".join(_CLOSING[bracket.text] for bracket in reversed(brackets))
        # What was begun may be a template, behind which a pattern must stand.
        if any(_parses(f"{query[: token.start]}{ending}{closed}{last}") for ending in _ENDINGS for last in ("", " {}")):
            return token, brackets
    return None


def _parses(query: str) -> bool:
    try:
        _parse(query, "http://wsiskg.example/")
    except SyntaxError:
        return False
    return True
