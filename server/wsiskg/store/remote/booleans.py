"""Which columns of an answer are booleans by the query: Virtuoso 7 gives computed ones as the numbers 1 and 0."""

from collections.abc import Iterator, Sequence

from wsiskg.graph.vocabulary import XSD
from wsiskg.store.guard import Token, tokens
from wsiskg.store.remote.names import iris_in

__all__ = ["boolean_columns"]

_BOOLEAN = XSD("boolean").value
_TESTS = frozenset(
    {
        "BOUND", "EXISTS", "ISIRI", "ISURI", "ISLITERAL", "ISBLANK", "ISNUMERIC", "CONTAINS", "STRSTARTS", "STRENDS",
        "REGEX", "SAMETERM", "LANGMATCHES", "NOT",
    }
)  # fmt: skip
_FIRST_OF = frozenset({"COALESCE", "MIN", "MAX", "SAMPLE"})
_COMPARES = frozenset("=<>|&!")


def boolean_columns(query: str) -> frozenset[str]:
    """Return the variables of ``query`` that stand for an expression which gives a boolean."""
    found = list(tokens(query))
    iris = {token.start: iri for token, iri, after in iris_in(found, "") if after not in {"PREFIX", "BASE"}}
    named = list(_expressions(found))
    known: set[str] = set()
    before = -1
    while before != len(known):
        before = len(known)
        known |= {name for name, expression in named if _is_boolean(expression, known, iris)}
    return frozenset(known)


def _expressions(found: Sequence[Token]) -> Iterator[tuple[str, Sequence[Token]]]:
    """Yield each ``( expression AS ?name )``, in SELECT or BIND."""
    opened: list[int] = []
    for place, token in enumerate(found):
        if token.kind != "mark":
            if token.text.upper() == "AS" and opened and place + 1 < len(found):
                yield found[place + 1].text[1:], found[opened[-1] + 1 : place]
        elif token.text == "(":
            opened.append(place)
        elif token.text == ")" and opened:
            opened.pop()


def _is_boolean(expression: Sequence[Token], known: set[str], iris: dict[int, str]) -> bool:
    if not expression:
        return False
    first = expression[0]
    if len(expression) == 1:
        return (first.kind == "variable" and first.text[1:] in known) or first.text.upper() in {"TRUE", "FALSE"}
    if any(t.kind == "mark" and t.text in _COMPARES for t in _at_top(expression)):
        return True
    word = first.text.upper()
    if word in _TESTS or any(t.text.upper() == "IN" for t in _at_top(expression)):
        return True
    arguments = list(_arguments(expression))
    if word in _FIRST_OF:
        return any(_is_boolean(argument, known, iris) for argument in arguments)
    if word == "IF":
        return any(_is_boolean(argument, known, iris) for argument in arguments[1:])
    if first.text == "(":
        return _is_boolean(expression[1:-1], known, iris)
    return iris.get(first.start) == _BOOLEAN


def _at_top(expression: Sequence[Token]) -> Iterator[Token]:
    depth = 0
    for token in expression:
        if token.kind == "mark":
            depth -= token.text == ")"
            if depth == 0 and token.text not in {"(", ")"}:
                yield token
            depth += token.text == "("
        elif depth == 0:
            yield token


def _arguments(expression: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the arguments of a call."""
    depth, start = 0, 2
    for place, token in enumerate(expression):
        if token.kind != "mark":
            continue
        depth += (token.text == "(") - (token.text == ")")
        if (depth == 1 and token.text == ",") or (depth == 0 and token.text == ")"):
            yield [t for t in expression[start:place] if t.text.upper() != "DISTINCT"]
            start = place + 1
