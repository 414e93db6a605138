"""Bind a query's parameters where the engine cannot: each variable's place is taken by its term.

Tokens are replaced, never text, and a value is a whole term in N-Triples syntax: nothing in it can be read as SPARQL.
What the query selects of its parameters is taken out and put back into the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wsiskg.model.errors import QueryError
from wsiskg.store.guard import Token, tokens

__all__ = ["Bound", "as_select", "bind_terms"]

_END_OF_LIST = frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


@dataclass(frozen=True, slots=True)
class Bound:
    """A query without its parameters; ``columns`` are those of the answer (empty: as the engine gives them)."""

    text: str
    columns: Sequence[str]
    terms: Mapping[str, str]


@dataclass(slots=True)
class _Scope:
    """A SELECT and its group; ``names`` are the parameters known in it."""

    names: frozenset[str]
    depth: int


def bind_terms(query: str, terms: Mapping[str, str]) -> Bound:
    """Return ``query`` with each variable of ``terms`` replaced by its term.

    A sub-query that does not select a parameter has a variable of its own by that name.

    Raises:
        QueryError: a parameter stands where no term can: in VALUES, or alone in SELECT or GROUP BY.

    """
    if not terms:
        return Bound(query, (), {})
    found = list(tokens(query))
    columns: list[str] = []
    out: list[tuple[Token, str]] = []
    scopes = [_Scope(frozenset(terms), 0)]
    depth, place, selects = 0, 0, 0
    while place < len(found):
        token = found[place]
        word = token.text.upper() if token.kind == "word" else ""
        depth += (token.text == "{") - (token.text == "}") if token.kind == "mark" else 0
        while len(scopes) > 1 and depth < scopes[-1].depth:
            scopes.pop()
        known = scopes[-1].names
        if word == "SELECT":
            stop, listed = _select_list(found, place + 1)
            names = [name for _, name, _ in listed]
            scopes.append(_Scope(known if not listed else known & set(names), depth))
            known = scopes[-1].names
            if not selects:
                columns = names
            selects += 1
            _take_out([(tokens_, name) for tokens_, name, alone in listed if alone], known, "SELECT", out, len(listed))
            inside = [t for tokens_, name, alone in listed if not alone for t in tokens_]
            _replace(inside, known, terms, out)
            place = stop
            continue
        if word == "GROUP" and place + 1 < len(found) and found[place + 1].text.upper() == "BY":
            stop = _group_list_end(found, place + 2)
            keys = [([t], t.text[1:]) for t in _outside(found[place + 2 : stop]) if t.kind == "variable"]
            _take_out(keys, known, "GROUP BY", out, len(_outside(found[place + 2 : stop])))
            _replace([t for t in found[place + 2 : stop] if t not in {k[0][0] for k in keys}], known, terms, out)
            place = stop
            continue
        if word == "ORDER":
            # The columns that were taken out are constant: they order nothing.
            stop = _group_list_end(found, place + 2, also=frozenset({"LIMIT", "OFFSET", "VALUES"}))
            ordered = found[place + 2 : stop]
            alone = [([t], t.text[1:]) for t in _outside(ordered) if t.kind == "variable"]
            if alone and len(alone) == len(_outside(ordered)) and all(name in known for _, name in alone):
                out += [(t, "") for t in found[place:stop]]
                place = stop
                continue
            _take_out(alone, known, "ORDER BY", out, len(ordered) + 1)
            _replace([t for t in ordered if t not in {a[0][0] for a in alone}], known, terms, out)
            place = stop
            continue
        if word == "VALUES":
            stop = next((i for i in range(place, len(found)) if found[i].text == "{"), len(found))
            if any(t.kind == "variable" and t.text[1:] in known for t in found[place:stop]):
                raise QueryError("a parameter stands in VALUES, where this store cannot bind it")
            place = stop
            continue
        if word == "BOUND" and [t.text for t in found[place + 1 : place + 4 : 2]] == ["(", ")"]:
            if found[place + 2].text[1:] in known:
                out += [(token, "true"), *((t, "") for t in found[place + 1 : place + 4])]
            place += 4
            continue
        _replace([token], known, terms, out)
        place += 1
    return Bound(_written(query, out), columns if set(columns) & set(terms) else (), terms)


def as_select(query: str) -> str:
    """Return an ASK query as a SELECT that gives a row where the answer is yes."""
    found = list(tokens(query))
    ask = next(t for t in found if t.kind == "word" and t.text.upper() == "ASK")
    depth, outer = 0, set[str]()
    for token in found:
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
        elif token.kind == "word" and not depth:
            outer.add(token.text.upper())
    limit = "" if outer & {"LIMIT", "OFFSET", "VALUES"} else "\nLIMIT 1"
    chosen = "(1 AS ?wsiskg_yes)" if outer & {"GROUP", "HAVING"} else "*"
    return f"{query[: ask.start]}SELECT {chosen}{query[ask.start + 3 :]}{limit}"


def _select_list(found: Sequence[Token], start: int) -> tuple[int, list[tuple[list[Token], str, bool]]]:
    """Return where the list after SELECT ends, and of each item its tokens, its name, and whether it is a variable."""
    listed: list[tuple[list[Token], str, bool]] = []
    place = start
    while place < len(found):
        token = found[place]
        if token.kind == "variable":
            listed.append(([token], token.text[1:], True))
        elif token.text == "(":
            end = _closing(found, place)
            listed.append((list(found[place : end + 1]), found[end - 1].text[1:], False))
            place = end
        elif token.text == "*" or (token.kind == "word" and token.text.upper() in {"DISTINCT", "REDUCED"}):
            pass
        else:
            break
        place += 1
    return place, listed


def _group_list_end(found: Sequence[Token], start: int, also: frozenset[str] = _END_OF_LIST) -> int:
    depth = 0
    for place in range(start, len(found)):
        token = found[place]
        if token.kind == "mark":
            depth += (token.text in {"(", "{"}) - (token.text in {")", "}"})
        if depth < 0 or (depth == 0 and token.kind == "word" and token.text.upper() in also):
            return place
    return len(found)


def _closing(found: Sequence[Token], opening: int) -> int:
    depth = 0
    for place in range(opening, len(found)):
        depth += (found[place].text == "(") - (found[place].text == ")") if found[place].kind == "mark" else 0
        if depth == 0:
            return place
    return len(found) - 1


def _outside(found: Sequence[Token]) -> list[Token]:
    """Return the tokens that stand in no brackets."""
    depth, out = 0, []
    for token in found:
        if token.kind == "mark" and token.text == "(":
            if depth == 0:
                out.append(token)
            depth += 1
        elif token.kind == "mark" and token.text == ")":
            depth -= 1
        elif depth == 0:
            out.append(token)
    return out


def _take_out(
    items: Sequence[tuple[Sequence[Token], str]],
    known: frozenset[str],
    where: str,
    out: list[tuple[Token, str]],
    number: int,
) -> None:
    gone = [(tokens_, name) for tokens_, name in items if name in known]
    if gone and len(gone) == number:
        raise QueryError(f"only parameters stand in {where}, where this store cannot bind them")
    out += [(token, "") for tokens_, _ in gone for token in tokens_]


def _replace(
    found: Sequence[Token], known: frozenset[str], terms: Mapping[str, str], out: list[tuple[Token, str]]
) -> None:
    out += [(t, terms[t.text[1:]]) for t in found if t.kind == "variable" and t.text[1:] in known]


def _written(query: str, out: Sequence[tuple[Token, str]]) -> str:
    pieces, end = [], 0
    for token, text in sorted(out, key=lambda item: item[0].start):
        pieces += [query[end : token.start], text]
        end = token.start + len(token.text)
    return "".join([*pieces, query[end:]])
