"""Parameters of the REST interface: what each takes, read strictly, written into addresses again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request as HttpRequest

from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Index
from wsiskg.web.api.listings import FORMS
from wsiskg.web.http.problems import ProblemError

__all__ = [
    "FIELDS",
    "FORM",
    "FORM_JSON",
    "MANY",
    "MOST",
    "Parameter",
    "Values",
    "address",
    "known_editions",
    "of_form",
    "read_values",
    "year_range",
    "years",
]

MOST = 500
"""Items on a page, at most."""

MANY = 20
"""Values of one parameter, at most."""

_MOST_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter.

    Attributes:
        pattern: regular expression that its value matches as a whole.
        example: a value.
        text: what it does, for the documentation.
        many: whether it may be given several times.
        whole: largest whole number, where the value is one (from 1); 0 where it is text.
        default: the value when it is left out, for the documentation.

    """

    pattern: str
    example: str
    text: str
    many: bool = False
    whole: int = 0
    default: str = ""


Values = Mapping[str, Sequence[str]]

FORM = Parameter("json|jsonld|csv", "csv", "The form of the answer, in place of Accept.")
FORM_JSON = Parameter("json|jsonld", "json", "The form of the answer, in place of Accept.")
FIELDS = Parameter(
    r"[A-Za-z_]+(,[A-Za-z_]+)*", "id,type", "Names to keep of each member, joined by commas; in CSV, of the columns."
)


def of_form(form: str, text: str, *, many: bool = False, default: str = "") -> Parameter:
    """Return a parameter whose value is of one of `FORMS`."""
    pattern, example = FORMS[form]
    return Parameter(pattern, example, text, many, default=default)


def years() -> dict[str, Parameter]:
    """Return the parameters of a range of years."""
    return {
        "year-from": of_form("year", "From this year on; what has no year is left out."),
        "year-to": of_form("year", "Up to this year; what has no year is left out."),
    }


def read_values(http: HttpRequest, known: Mapping[str, Parameter]) -> dict[str, list[str]]:
    """Return the query parameters by name, each as it was given.

    Raises:
        UsageError: one is unknown, repeated, empty or not of its form.

    """
    try:
        pairs = parse_qsl(http.url.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise UsageError("the query string cannot be read", f"UTF-8, at most {_MOST_PARAMETERS} parameters.") from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in known:
            raise UsageError(f"there is no parameter '{name[:80]}' here", f"It takes: {', '.join(sorted(known))}.")
        parameter = known[name]
        if values.get(name) and not parameter.many:
            raise UsageError(f"the parameter '{name}' is given several times", "Give it once.")
        if not _fits(parameter, value):
            raise UsageError(f"{name}: '{value[:80]}' is not of its form", f"Example: {name}={parameter.example}")
        values.setdefault(name, []).append(value)
        if len(values[name]) > MANY:
            raise UsageError(f"the parameter '{name}' is given more than {MANY} times", "Ask twice, or for all.")
    return values


def _fits(parameter: Parameter, value: str) -> bool:
    if parameter.whole:
        return re.fullmatch(r"[1-9][0-9]{0,9}", value) is not None and int(value) <= parameter.whole
    return re.fullmatch(parameter.pattern, value) is not None


def year_range(values: Values) -> tuple[int, int]:
    """Return the first and the last year asked for, 0 for open."""
    return int(values.get("year-from", ["0"])[0]), int(values.get("year-to", ["0"])[0])


def known_editions(index: Index, asked: Sequence[str]) -> Sequence[str]:
    """Return the editions asked for, the latest when there is none.

    Raises:
        ProblemError: 404, the release has no such edition.

    """
    for edition in asked:
        if edition not in index.editions:
            there = ", ".join(index.editions)
            raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no edition {edition}", f"There are: {there}.")
    return list(asked) or list(index.editions[-1:])


def address(path: str, values: Values, **changes: str) -> str:
    """Return ``path`` with its query parameters, those of ``changes`` in place of the given ones (empty: none)."""
    pairs = [(name, value) for name in sorted(values) if name not in changes for value in values[name]]
    pairs += [(name, value) for name, value in changes.items() if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path
