"""What takes files of proposals, in the OpenAPI description: checks, publications, and the jobs of both."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI

from wsiskg.matrix.renderings import CHECK_FORMATS
from wsiskg.model.problems import LANGUAGES
from wsiskg.rules.policy import SHIPPED
from wsiskg.web.api.openapi import errors_of
from wsiskg.web.proposals.uploads import FILE_TYPES

__all__ = ["describe_uploads"]

Json = Any

_TEXT: Mapping[str, Json] = {"type": "string"}
_STATE = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["state", "steps", "url"],
            "properties": {
                "state": _TEXT,
                "steps": {"type": "array", "items": _TEXT},
                "url": _TEXT,
                "status": {"type": "integer", "description": "Status of the outcome, once it has ended."},
            },
        }
    }
}
_REPORT: Mapping[str, Json] = {media.partition(";")[0]: {"schema": {}} for media in CHECK_FORMATS.values()}
_OUTCOME: Mapping[str, Json] = {"application/json": {"schema": {"type": "object"}}}
_ERRORS = {
    "400": "A parameter, the form or the file cannot be read.",
    "401": "There is no valid token.",
    "403": "The token has not this role.",
    "404": "There is no such job, or its outcome was dropped.",
    "413": "The file is larger than this server takes.",
    "415": "The body is of a type that holds no proposals, compressed, or in another charset.",
    "422": "The rules are broken; the problems are listed.",
    "503": "Too many files are waiting, or a limit was reached; Retry-After says when to try again.",
}
_SHARED: Mapping[str, Json] = {
    "edition": {**_TEXT, "description": "Code of the edition that the proposals are for."},
    "hlpf": {**_TEXT, "description": "Year of the HLPF session that it follows."},
    "policy": {"enum": [*SHIPPED], "default": "default", "description": "Evidence policy."},
    "lang": {"enum": [*LANGUAGES], "default": "en", "description": "Language of what people read."},
}
_CHECK = {**_SHARED, "format": {"enum": [*CHECK_FORMATS], "description": "Form of the report, in place of Accept."}}
_PUBLISH = {
    **_SHARED,
    "role": {**_TEXT, "description": "Role in which the edition is published."},
    "agency": {**_TEXT, "description": "Agency that publishes it."},
    "override": {**_TEXT, "description": "Pair and reason of a link that is taken against the evidence."},
    "dry_run": {"enum": ["yes", "no"], "default": "no", "description": "yes: say what would happen."},
}


def describe_uploads(app: FastAPI) -> None:
    """Add what takes files of proposals to the application's OpenAPI description."""
    original = app.openapi

    def openapi() -> dict[str, Json]:
        schema = original()
        check, editions = "/api/v1/check", "/api/v1/editions"
        job, stop = _job("check_job", "How far a check is; its report once it has ended", _REPORT), _stop()
        taken = {"200": ("The report.", _REPORT), "202": ("It is a job now; Location says where.", _STATE)}
        made = {"200": ("What would be published.", _OUTCOME), "201": ("The edition is published.", _OUTCOME)}
        published = _job("publication_job", "How far a publication is; its outcome once it has ended", _OUTCOME)
        schema["paths"] |= {
            check: {"post": _upload("check", "Check a file of proposals", _CHECK, taken, ("400", "413", "415", "503"))},
            f"{check}/{{name}}": {"get": job, "delete": stop},
            editions: {
                "post": {
                    **_upload("publish", "Publish an edition (role publisher)", _PUBLISH, made | taken, tuple(_ERRORS)),
                    "security": [{"token": []}],
                }
            },
            f"{editions}/jobs/{{name}}": {"get": published},
        }
        schema.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _upload(
    name: str, summary: str, fields: Mapping[str, Json], good: Mapping[str, tuple[str, Json]], bad: Sequence[str]
) -> dict[str, Json]:
    binary: Json = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": binary, **fields}, "required": ["file"]}
    parameters = [{"name": field, "in": "query", "schema": _plain(schema)} for field, schema in fields.items()]
    parameters.append({"name": "name", "in": "query", "schema": _TEXT, "description": "Name of the file."})
    # Any JSON is taken: what is wrong with it is what the report says.
    bodies: dict[str, Json] = {kind: {"schema": {} if kind.endswith("json") else binary} for kind in FILE_TYPES}
    bodies["multipart/form-data"] = {"schema": form}
    return {
        "summary": summary,
        "operationId": name,
        "parameters": parameters,
        "requestBody": {"required": True, "content": bodies},
        "responses": {status: {"description": text, "content": content} for status, (text, content) in good.items()}
        | errors_of(*bad, said=_ERRORS),
    }


def _plain(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    return {"type": "string", **schema}


def _job(name: str, summary: str, content: Mapping[str, Json]) -> dict[str, Json]:
    state = {"name": "state", "in": "query", "schema": _TEXT, "allowEmptyValue": True,
             "description": "Given: how far it is, even when it has ended."}  # fmt: skip
    return {
        "summary": summary,
        "operationId": name,
        "parameters": [_NAME, state],
        "responses": {
            "200": {"description": "How far it is, or the outcome.", "content": {**content, **_STATE}},
            **errors_of("400", "404", "413", "422", "503", said=_ERRORS),
        },
    }


def _stop() -> dict[str, Json]:
    return {
        "summary": "Stop a check, or forget its report",
        "operationId": "check_stop",
        "parameters": [_NAME],
        "responses": {"204": {"description": "It is gone."}, **errors_of("404", said=_ERRORS)},
    }


_NAME: Mapping[str, Json] = {
    "name": "name", "in": "path", "required": True, "schema": _TEXT, "description": "The job, from Location.",
}  # fmt: skip
