"""Known traps of the engine that a query holds, and how the same may be asked otherwise. Nothing is rewritten silently.

A light reading of the tokens, not a parser: it may miss a trap, and it says nothing of a text that it cannot follow.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wsiskg.model.errors import Hint
from wsiskg.store.guard import Token, line_and_column, tokens

__all__ = ["find_traps"]

_MOST_HINTS = 10
_DEEPEST = 60
_JOINING = frozenset({"triples", "group", "optional", "values", "bind"})
_BLOCK_WORDS = frozenset({"FILTER", "OPTIONAL", "MINUS", "GRAPH", "UNION", "BIND", "VALUES", "SERVICE", "LATERAL"})
_PATH_MARKS = frozenset("/|^!*+?()")
_PLAIN = re.compile(r"[\w \-:/,'’%&=]+", re.UNICODE)


@dataclass(slots=True)
class _Item:
    """A part of a group: what it is, the variables that it binds or uses, and its tokens' places."""

    kind: str
    first: int
    last: int = 0
    variables: set[str] = field(default_factory=set)
    group: "_Group | None" = None
    negated: bool = False


@dataclass(slots=True)
class _Group:
    """A group graph pattern between two braces."""

    first: int
    last: int = 0
    items: list[_Item] = field(default_factory=list)
    projected: set[str] | None = None

    @property
    def variables(self) -> set[str]:
        """Variables that a solution of the group may bind."""
        if self.projected is not None:
            return self.projected
        return {v for item in self.items if item.kind in _JOINING for v in item.variables}


class _LostError(Exception):
    """The text is not what it seemed."""


def find_traps(query: str) -> list[Hint]:
    """Return the known traps in ``query``, in its order; at most ten."""
    reader = _Reader(query)
    try:
        found = list(reader.hints())
    except (_LostError, IndexError):
        return []
    return sorted(found, key=lambda hint: (hint.line, hint.column))[:_MOST_HINTS]


class _Reader:
    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(tokens(query))

    def hints(self) -> Iterator[Hint]:
        """Yield every trap."""
        yield from self._expressions()
        yield from self._unlimited_order()
        start = self._where()
        if start is None:
            return
        whole, _ = self._group(start, 0)
        yield from self._of_group(whole, set())

    # --- what is found in the tokens alone ------------------------------------------------------------------------

    def _expressions(self) -> Iterator[Hint]:
        for place, token in enumerate(self._tokens):
            if self._word(place) == "REGEX" and self._text(place + 1) == "(":
                hint = self._regex(place)
                if hint is not None:
                    yield hint
            elif token.kind == "variable":
                hint = self._path(place)
                if hint is not None:
                    yield hint

    def _regex(self, place: int) -> Hint | None:
        parts = self._arguments(place + 1)
        if len(parts) not in {2, 3} or len(parts[1]) != 1 or parts[1][0].kind != "string":
            return None
        subject = self._source(parts[0])
        pattern = parts[1][0].text.strip("\"'")
        flags = self._source(parts[2]).strip("\"'") if len(parts) == 3 else ""
        if flags not in {"", "i"} or '"' in pattern:
            return None
        ending = ', "i")' if flags else ")"
        if pattern.startswith((".*", "^.*")):
            shorter = re.sub(r"^\^?(\.\*)+", "", pattern)
            text = _without_regex(subject, shorter, flags)
            simpler = text or f'REGEX({subject}, "{shorter}"{ending}'
            return self._hint(
                "leading-wildcard", place,
                "A pattern that begins with .* is tried at every character; without it the same lines match.", simpler,
            )  # fmt: skip
        text = _without_regex(subject, pattern, flags)
        if text is None:
            return None
        return self._hint("regex-for-text", place, "A regular expression where plain text is compared.", text)

    def _path(self, place: int) -> Hint | None:
        """Find ``?a path* ?b``, whose both ends are open."""
        end = place + 1
        marks = 0
        while end < len(self._tokens):
            token = self._tokens[end]
            if token.kind == "mark" and token.text in _PATH_MARKS:
                marks += token.text in "*+"
            elif not (token.kind in {"iri", "pname"} or token.text == "a"):
                break
            end += 1
        if not marks or end >= len(self._tokens) or self._tokens[end].kind != "variable" or end == place + 1:
            return None
        if self._tokens[place + 1].text in {"*", "+", "/", "|", ")", "?"}:  # arithmetic, or a path without a subject
            return None
        first, last = self._text(place), self._text(end)
        path = self._query[self._tokens[place + 1].start : self._tokens[end].start].strip()
        return self._hint(
            "open-path", place,
            f"The path {path} is followed from everything to everything: {first} and {last} are open.",
            f"VALUES {first} {{ <...> }} {first} {path} {last}",
        )  # fmt: skip

    def _unlimited_order(self) -> Iterator[Hint]:
        depth, order, limit = 0, None, False
        for place, token in enumerate(self._tokens):
            if token.kind == "mark":
                depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                if self._word(place) == "ORDER" and self._word(place + 1) == "BY":
                    order = place
                limit = limit or self._word(place) == "LIMIT"
        if order is not None and not limit:
            clause = self._query[self._tokens[order].start :].strip()
            yield self._hint(
                "order-without-limit", order, "All rows are sorted before the first is sent.", f"{clause} LIMIT 100"
            )

    # --- what needs the groups ------------------------------------------------------------------------------------

    def _of_group(self, group: _Group, outer: set[str]) -> Iterator[Hint]:
        yield from self._unconnected(group)
        within = outer | group.variables
        for item in group.items:
            if item.negated and item.group is not None:
                yield self._not_exists(item, item.group, within)
            if item.group is not None:
                yield from self._of_group(item.group, within)

    def _unconnected(self, group: _Group) -> Iterator[Hint]:
        parts: list[tuple[set[str], _Item]] = []
        for item in group.items:
            if item.kind not in _JOINING or not item.variables:
                continue
            joined, first = set(item.variables), item
            apart = []
            for variables, began in parts:
                if variables & joined:
                    joined |= variables
                    first = began if began.first < first.first else first
                else:
                    apart.append((variables, began))
            parts = [*apart, (joined, first)]
        # One row of values, or one expression, multiplies nothing.
        parts = [part for part in parts if part[1].kind in {"triples", "group"}]
        if len(parts) > 1:
            parts.sort(key=lambda part: part[1].first)
            named = [", ".join(sorted(variables)[:3]) for variables, _ in parts]
            one, other = sorted(parts[0][0])[0], sorted(parts[1][0])[0]
            yield self._hint(
                "cartesian-product", parts[1][1].first,
                f"Nothing connects {' with '.join(named)}: every row of one meets every row of the other.",
                f"Join them, as in: {one} <property> {other} . Or ask two queries.",
            )  # fmt: skip

    def _not_exists(self, item: _Item, inner: _Group, outer: set[str]) -> Hint:
        message = "NOT EXISTS is looked up for each row of what stands before it."
        simple = all(part.kind == "triples" for part in inner.items) and inner.variables & outer
        pattern = self._query[self._tokens[inner.first].start : self._tokens[inner.last].start + 1]
        if simple:
            return self._hint("not-exists", item.first, message, f"MINUS {pattern}")
        rewrite = "OPTIONAL { ... BIND(true AS ?found) } FILTER(!BOUND(?found))"
        return self._hint("not-exists", item.first, message, rewrite)

    # --- reading --------------------------------------------------------------------------------------------------

    def _where(self) -> int | None:
        """Return where the query's pattern opens; a template of CONSTRUCT is none."""
        for place, token in enumerate(self._tokens):
            if token.text == "{" and token.kind == "mark":
                if self._word(place - 1) == "CONSTRUCT":
                    return self._next_brace(self._closing(place))
                return place
        return None

    def _next_brace(self, start: int) -> int | None:
        return next((p for p in range(start, len(self._tokens)) if self._text(p) == "{"), None)

    def _group(self, start: int, depth: int) -> tuple[_Group, int]:
        if depth > _DEEPEST:
            raise _LostError
        group, place = _Group(start), start + 1
        if self._word(place) == "SELECT":
            return self._subselect(group, place, depth)
        current: _Item | None = None
        while self._text(place) != "}":
            word, token = self._word(place), self._tokens[place]
            if token.text == "{" and token.kind == "mark":
                current = None
                place = self._nested(group, place, place, "group", depth)
            elif word in _BLOCK_WORDS:
                current = None
                place = self._block(group, place, word, depth)
            elif token.text == "." and token.kind == "mark":
                current, place = None, place + 1
            else:
                if current is None:
                    current = _Item("triples", place)
                    group.items.append(current)
                if token.kind in {"variable", "bnode"}:
                    current.variables.add(_name(token))
                current.last = place
                place += 1
        group.last = place
        return group, place + 1

    def _subselect(self, group: _Group, place: int, depth: int) -> tuple[_Group, int]:
        named: set[str] = set()
        every = False
        opening = place
        while self._text(opening) != "{":
            token = self._tokens[opening]
            every = every or token.text == "*"
            if token.kind == "variable":
                named.add(_name(token))
            opening += 1
        inner, after = self._group(opening, depth + 1)
        while self._text(after) != "}":
            after += 1
        group.items = inner.items
        group.projected = inner.variables if every else named
        group.last = after
        return group, after + 1

    def _block(self, group: _Group, place: int, word: str, depth: int) -> int:
        if word == "UNION":
            return self._union(group, place, depth)
        if word == "FILTER":
            return self._filter(group, place, depth)
        if word in {"OPTIONAL", "MINUS", "LATERAL"}:
            return self._nested(group, place, place + 1, word.lower(), depth)
        if word in {"GRAPH", "SERVICE"}:
            opening = place + 1
            while self._text(opening) != "{":
                opening += 1
            after = self._nested(group, place, opening, "group", depth)
            group.items[-1].variables |= {_name(t) for t in self._tokens[place:opening] if t.kind == "variable"}
            return after
        end = self._closing(place + 1) if word == "BIND" else self._values_end(place)
        group.items.append(_Item(word.lower(), place, end - 1, self._variables(place, end)))
        return end

    def _values_end(self, place: int) -> int:
        opening = place + 1
        while self._text(opening) != "{":
            opening += 1
        return self._closing(opening)

    def _nested(self, group: _Group, first: int, opening: int, kind: str, depth: int) -> int:
        if self._text(opening) != "{":
            raise _LostError
        inner, after = self._group(opening, depth + 1)
        group.items.append(_Item(kind, first, after - 1, set(inner.variables), inner))
        return after

    def _union(self, group: _Group, place: int, depth: int) -> int:
        if not group.items or self._text(place + 1) != "{":
            raise _LostError
        inner, after = self._group(place + 1, depth + 1)
        before = group.items[-1]
        before.variables |= inner.variables
        group.items.append(_Item("branch", place, after - 1, set(inner.variables), inner))
        group.items[-2], group.items[-1] = group.items[-1], before  # so that a third branch finds the first
        return after

    def _filter(self, group: _Group, place: int, depth: int) -> int:
        negated = self._word(place + 1) == "NOT"
        after = place + 1 + negated
        if self._word(after) == "EXISTS":
            inner, end = self._group(after + 1, depth + 1)
            group.items.append(_Item("filter", place, end - 1, set(), inner, negated))
            return end
        while self._text(after) != "(":
            after += 1
        end = self._closing(after)
        group.items.append(_Item("filter", place, end - 1, self._variables(place, end)))
        return end

    def _closing(self, opening: int) -> int:
        """Return the place after the bracket that closes the one at ``opening``."""
        depth = 0
        for place in range(opening, len(self._tokens)):
            if self._tokens[place].kind == "mark":
                depth += self._text(place) in {"(", "{", "["}
                depth -= self._text(place) in {")", "}", "]"}
            if depth == 0:
                return place + 1
        raise _LostError

    def _arguments(self, opening: int) -> list[list[Token]]:
        """Return the arguments between the bracket at ``opening`` and the one that closes it."""
        end = self._closing(opening) - 1
        parts: list[list[Token]] = [[]]
        depth = 0
        for token in self._tokens[opening + 1 : end]:
            if token.kind == "mark":
                depth += (token.text in {"(", "["}) - (token.text in {")", "]"})
            if token.text == "," and depth == 0:
                parts.append([])
            else:
                parts[-1].append(token)
        return parts

    def _source(self, part: Sequence[Token]) -> str:
        return self._query[part[0].start : part[-1].start + len(part[-1].text)] if part else ""

    def _variables(self, start: int, end: int) -> set[str]:
        return {_name(token) for token in self._tokens[start:end] if token.kind == "variable"}

    def _text(self, place: int) -> str:
        return self._tokens[place].text

    def _word(self, place: int) -> str:
        if not 0 <= place < len(self._tokens) or self._tokens[place].kind != "word":
            return ""
        return self._tokens[place].text.upper()

    def _hint(self, trap: str, place: int, message: str, rewrite: str) -> Hint:
        line, column = line_and_column(self._query, self._tokens[place].start)
        return Hint(trap, line, column, message, rewrite)


def _name(token: Token) -> str:
    return "?" + token.text[1:] if token.kind == "variable" else token.text


def _without_regex(subject: str, pattern: str, flags: str) -> str | None:
    """Return the function that compares plain text, where ``pattern`` is that."""
    starts, ends = pattern.startswith("^"), pattern.endswith("$")
    text = pattern[starts : len(pattern) - ends]
    if not _PLAIN.fullmatch(text) or "\\" in text:
        return None
    if flags == "i":
        subject, text = f"LCASE({subject})", text.lower()
    if starts and ends:
        return f'{subject} = "{text}"'
    function = "STRSTARTS" if starts else "STRENDS" if ends else "CONTAINS"
    return f'{function}({subject}, "{text}")'
