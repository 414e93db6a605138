"""Bodies of requests: read within limits, and taken apart where they are forms."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.types import Message

from wsiskg.model.errors import LimitError, UsageError
from wsiskg.web.http.problems import ProblemError

__all__ = ["Part", "content_type", "form_parts", "read_body"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form: a field with its ``value``, or a file with its ``name``, ``media_type`` and ``data``."""

    field: str
    value: str | None
    name: str = ""
    media_type: str = ""
    data: bytes = b""


async def read_body(http: HttpRequest, limit: int) -> bytes:
    """Read the request's body.

    Raises:
        LimitError: it is larger than ``limit`` bytes.
        ProblemError: 415, it is compressed.

    """
    encoding = http.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the request body is in the encoding '{encoding}'",
            "Send it uncompressed.", headers={"Accept-Encoding": "identity"},
        )  # fmt: skip
    too_large = LimitError(f"the request body is larger than {limit:,} bytes", "body")
    if int(http.headers.get("content-length", "0")) > limit:  # a number: the connection has checked it
        raise too_large
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > limit:
            raise too_large
    return bytes(body)


def content_type(http: HttpRequest) -> str:
    """Return the media type of the request's body, without parameters.

    Raises:
        ProblemError: 415, it is in another charset than UTF-8.

    """
    kind, *parameters = (part.strip().lower() for part in http.headers.get("content-type", "").split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8", "us-ascii"}:
            raise ProblemError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the charset {value.strip()} is not taken", "Send UTF-8."
            )
    return kind


async def form_parts(http: HttpRequest, body: bytes, most_files: int, most_fields: int) -> list[Part]:
    """Return the parts of a form whose body was read, ``application/x-www-form-urlencoded`` or ``multipart/form-data``.

    Raises:
        UsageError: the form cannot be read, or has more files or fields than these.

    """

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    read = HttpRequest(http.scope, receive).form(
        max_files=most_files, max_fields=most_fields, max_part_size=max(len(body), 1)
    )
    found = []
    try:
        async with read as form:
            for field, part in form.multi_items():
                if isinstance(part, UploadFile):
                    kind = (part.content_type or "").partition(";")[0].strip().lower()
                    found.append(Part(field, None, part.filename or "", kind, await part.read()))
                else:
                    found.append(Part(field, part))
    except HTTPException as error:
        raise UsageError(f"the form cannot be read: {error.detail}") from error
    return found
