"""Files that clients send: as the body of a request, or in a form with fields beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest

from wsiskg.model.errors import UsageError
from wsiskg.web.http.bodies import form_parts, read_body
from wsiskg.web.http.problems import ProblemError

__all__ = ["FILE_TYPES", "Form", "Upload", "plain_name", "read_form", "read_upload"]

FILE_TYPES: Mapping[str, str] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "proposals.xlsx",
    "text/csv": "proposals.csv",
    "text/tab-separated-values": "proposals.tsv",
    "application/ld+json": "proposals.jsonld",
    "application/json": "proposals.jsonld",
    "text/turtle": "proposals.ttl",
}
"""Media type of a file of proposals -> a name for one that has none."""

_FILENAME = re.compile(r"""filename\*=UTF-8''(?P<encoded>[^;]+)|filename="?(?P<plain>[^";]+)""", re.IGNORECASE)
_MOST_FIELDS = 400
_MOST_FILES = 2  # one, and one to say that there are several
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """One file with its name and the fields sent with it; a field may come several times."""

    name: str
    data: bytes
    fields: Mapping[str, tuple[str, ...]]

    def field(self, name: str, default: str = "") -> str:
        """Return a field's value, the last if there are several."""
        return self.fields.get(name, (default,))[-1]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was sent: its fields in order, and its files by field, each with its name; empty ones left out."""

    fields: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str, bytes]]

    def field(self, name: str, default: str = "") -> str:
        """Return a field's value, the last if there are several."""
        return next((value for field, value in reversed(self.fields) if field == name), default)


async def read_form(http: HttpRequest, limit: int, most_fields: int = _MOST_FIELDS) -> Form:
    """Read a form, ``application/x-www-form-urlencoded`` or ``multipart/form-data``.

    Args:
        http: the request.
        limit: bytes that its body may have.
        most_fields: fields that it may have.

    Raises:
        LimitError: the body is larger than ``limit``.
        UsageError: the form cannot be read.

    """
    return await _parse(http, await read_body(http, limit), most_fields)


async def read_upload(http: HttpRequest, limit: int, fields: frozenset[str]) -> Upload:
    """Read the file of a request, whose body is the file itself or a form with the file in ``file``.

    Fields come as parameters of the address or of the form, these first.

    Args:
        http: the request.
        limit: bytes that its body may have.
        fields: names of the fields that are known.

    Raises:
        LimitError: the body is larger than ``limit``.
        ProblemError: 415 for a body of a type that holds no proposals.
        UsageError: no file, several files, an unknown field, a form that cannot be read.

    """
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(http, limit)
    given = [(name, value) for name, value in http.query_params.multi_items() if name != "name"]
    if kind == "multipart/form-data":
        name, data, more = await _form(http, body)
        given += more
    else:
        name, data = _own_name(http, kind), body
        if not data:
            raise UsageError("the request holds no file", "Send it as the body, or in a form as `file`.")
    if unknown := sorted({name for name, _ in given} - fields):
        raise UsageError(f"there is no parameter '{unknown[0]}'", f"Known: {', '.join(sorted(fields))}.")
    values: dict[str, tuple[str, ...]] = {}
    for field, value in given:
        values[field] = (*values.get(field, ()), value)
    return Upload(plain_name(name), data, values)


def _own_name(http: HttpRequest, kind: str) -> str:
    """Return the name of a file that is the body itself."""
    if name := http.query_params.get("name"):
        return name
    if found := _FILENAME.search(http.headers.get("content-disposition", "")):
        return unquote(found["encoded"]) if found["encoded"] else found["plain"]
    if kind not in FILE_TYPES:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"'{kind or 'no Content-Type'}' says not what file this is",
            f"Name it (?name=proposals.xlsx), or send one of: {', '.join(FILE_TYPES)}.",
            headers={"Accept": ", ".join(FILE_TYPES)},
        )
    return FILE_TYPES[kind]


async def _form(http: HttpRequest, body: bytes) -> tuple[str, bytes, list[tuple[str, str]]]:
    form = await _parse(http, body, _MOST_FIELDS)
    for field, _, _ in form.files:
        if field != "file":
            raise UsageError(f"the form has a file '{field}'", "Send the file of proposals as `file`.")
    if len(form.files) != 1:
        raise UsageError(
            "the form holds no file" if not form.files else "the form holds several files", "Send one file as `file`."
        )
    _, name, data = form.files[0]
    return name, data, list(form.fields)


async def _parse(http: HttpRequest, body: bytes, most_fields: int) -> Form:
    parts = await form_parts(http, body, _MOST_FILES, most_fields)
    return Form(
        [(part.field, part.value) for part in parts if part.value is not None],
        [(part.field, part.name, part.data) for part in parts if part.data],
    )


def plain_name(name: str) -> str:
    """Return the last part of a file's name, with nothing in it that could not be shown on one line."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in last).strip()
    return kept[:_LONGEST_NAME] or "proposals"
