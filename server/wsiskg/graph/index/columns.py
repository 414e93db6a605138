"""Items of the index as rows of CSV: one table for each list, one column for each path into the document."""

from collections.abc import Mapping
from typing import Any

from wsiskg.graph.jsonld import Context

__all__ = ["COLUMNS", "TYPES", "row_of"]

Json = Any

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "links": {
        "link": "id",
        "edition": "edition",
        "line": "actionLine",
        "sdg": "target",
        "goal": "goal",
        "level": "level",
        "status": "status",
        "agencies": "proposedBy",
        "rationale_en": "rationale.en",
        "rationale_fr": "rationale.fr",
        "rationale_es": "rationale.es",
        "projects": "assessments.0.directConfirmed.projectCount",
        "recognised": "assessments.0.directConfirmed.recognisedCount",
        "countries": "assessments.0.directConfirmed.countryCount",
        "first_year": "assessments.0.directConfirmed.firstEvidenceYear",
        "last_year": "assessments.0.directConfirmed.lastEvidenceYear",
        "projects_goal_level": "assessments.0.goalConfirmed.projectCount",
        "sources": "source",
    },
    "candidates": {
        "candidate": "id",
        "rank": "rank",
        "edition": "edition",
        "line": "actionLine",
        "sdg": "target",
        "goal": "goal",
        "level": "level",
        "meets_policy": "meetsPolicy",
        "projects": "directConfirmed.projectCount",
        "recognised": "directConfirmed.recognisedCount",
        "countries": "directConfirmed.countryCount",
        "lift": "directConfirmed.lift",
        "p_value": "directConfirmed.pValue",
        "q_value": "directConfirmed.qValue",
    },
    "action-lines": {
        "line": "id",
        "title_en": "prefLabel.en",
        "title_fr": "prefLabel.fr",
        "title_es": "prefLabel.es",
        "title_ru": "prefLabel.ru",
        "title_ar": "prefLabel.ar",
        "title_zh": "prefLabel.zh",
        "parent": "broader",
        "supports": "supports",
    },
    "sdgs": {
        "sdg": "notation",
        "iri": "id",
        "title_en": "prefLabel.en",
        "title_fr": "prefLabel.fr",
        "title_es": "prefLabel.es",
        "title_ru": "prefLabel.ru",
        "title_ar": "prefLabel.ar",
        "title_zh": "prefLabel.zh",
        "broader": "broader",
        "supported_by": "supportedBy",
    },
    "connect2020": {
        "code": "id",
        "title_en": "prefLabel.en",
        "title_fr": "prefLabel.fr",
        "title_es": "prefLabel.es",
        "goal": "broader",
        "unit": "unit",
        "target_value": "targetValue",
        "baseline_year": "baselineYear",
        "baseline_value": "baselineValue",
        "deadline": "deadline",
    },
    "agencies": {
        "agency": "id",
        "name_en": "label.en",
        "name_fr": "label.fr",
        "name_es": "label.es",
        "homepage": "homepage",
    },
    "projects": {
        "project": "id",
        "name": "name",
        "organisations": "organisation",
        "countries": "country",
        "first_year": "firstYear",
        "declared_tags": "declaredTag",
        "assigned_tags": "assignedTag",
        "suggested_tags": "suggestedTag",
        "awards": "awards",
        "register": "register",
        "url": "url",
        "sources": "source",
    },
    "prizes": {
        "award": "id",
        "name": "name",
        "year": "year",
        "grade": "grade",
        "grade_certain": "gradeCertain",
        "line": "actionLine",
        "project": "project",
        "sources": "source",
    },
    "hlpf": {
        "session": "id",
        "year": "year",
        "theme_en": "theme.en",
        "starts": "startDate",
        "ends": "endDate",
        "goals": "reviewsGoal",
        "state": "sessionState",
        "updates_matrix": "triggersMatrixUpdate",
    },
    "editions": {
        "edition": "id",
        "title_en": "title.en",
        "title_fr": "title.fr",
        "title_es": "title.es",
        "issued": "issued|issuedYear",
        "sessions": "hlpfSession",
        "previous": "previousVersion",
        "licence": "rights",
    },
    "organisations": {
        "organisation": "id",
        "names": "name",
    },
    "countries": {
        "country": "id",
        "name_en": "label.en",
        "name_fr": "label.fr",
        "name_es": "label.es",
        "name_ru": "label.ru",
        "name_ar": "label.ar",
        "name_zh": "label.zh",
        "iso2": "iso2",
        "region": "region",
    },
    "regions": {
        "region": "id",
        "name_en": "label.en",
        "name_fr": "label.fr",
        "name_es": "label.es",
        "name_ru": "label.ru",
        "name_ar": "label.ar",
        "name_zh": "label.zh",
    },
    "registers": {
        "register": "id",
        "title_en": "title.en",
        "title_fr": "title.fr",
        "title_es": "title.es",
    },
}
"""List -> column -> names that lead to its value in the document; a number is a place in an array."""

TYPES: Mapping[str, str] = {
    "projects": "integer",
    "projects_goal_level": "integer",
    "recognised": "integer",
    "countries": "string",
    "first_year": "year",
    "last_year": "year",
    "rank": "integer",
    "meets_policy": "boolean",
    "lift": "number",
    "p_value": "number",
    "q_value": "number",
    "year": "year",
    "updates_matrix": "boolean",
    "grade_certain": "boolean",
    "target_value": "number",
    "baseline_year": "year",
    "baseline_value": "number",
    "deadline": "year",
}
"""Column -> type of its values (https://specs.frictionlessdata.io/table-schema/); all others are strings."""


def row_of(document: Mapping[str, Json], columns: Mapping[str, str], context: Context) -> dict[str, str]:
    """Return a document as one row of CSV: resources as their codes, several values joined by ``|``.

    An IRI that is not one of ours or the UN's stays whole.
    """
    return {column: _text(_at(document, path), context, whole=column == "iri") for column, path in columns.items()}


def _at(document: Json, path: str) -> Json:
    """Return what is at ``path``; ``a|b`` is at ``b`` where there is nothing at ``a``."""
    return next((found for choice in path.split("|") if (found := _reach(document, choice)) is not None), None)


def _reach(value: Json, path: str) -> Json:
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if name.isdigit() and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: Json, context: Context, *, whole: bool) -> str:
    if isinstance(value, list):
        return "|".join(_text(item, context, whole=whole) for item in value)
    if isinstance(value, dict):
        return _text(value.get("id", value.get("@value", "")), context, whole=whole)
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return context.expand(value) if whole else context.code(value)
