"""What officers read beside numbers: names of measures, statuses and origins, and how much evidence is loaded.

Names are those of the ontology's concepts, in the languages of `wsiskg.model.problems.LANGUAGES`.
"""

from collections.abc import Mapping

from wsiskg.evidence.index import Loaded
from wsiskg.evidence.measures import Measures
from wsiskg.matrix.papers.paper import number_text

__all__ = ["DIRECTNESS_NAMES", "MEASURE_NAMES", "ORIGIN_NAMES", "STATUS_NAMES", "loaded_text", "measures_text"]

Names = Mapping[str, Mapping[str, str]]

MEASURE_NAMES: Names = {
    "projects": {"en": "projects", "fr": "projets", "es": "proyectos"},
    "recognised": {"en": "recognised projects", "fr": "projets distingués", "es": "proyectos premiados"},
    "winners": {"en": "winners", "fr": "lauréats", "es": "ganadores"},
    "champions": {"en": "champions", "fr": "champions", "es": "campeones"},
    "nominees": {"en": "nominees", "fr": "nominés", "es": "nominados"},
    "countries": {"en": "countries", "fr": "pays", "es": "países"},
    "regions": {"en": "regions", "fr": "régions", "es": "regiones"},
    "stakeholder_types": {
        "en": "stakeholder types",
        "fr": "types de parties prenantes",
        "es": "tipos de partes interesadas",
    },
    "organisations": {"en": "organisations", "fr": "organisations", "es": "organizaciones"},
    "first_year": {"en": "first year", "fr": "première année", "es": "primer año"},
    "last_year": {"en": "last year", "fr": "dernière année", "es": "último año"},
    "since_review": {"en": "since the last review", "fr": "depuis le dernier examen", "es": "desde el último examen"},
    "lift": {"en": "lift", "fr": "lift", "es": "lift"},
    "p_value": {"en": "p-value", "fr": "valeur p", "es": "valor p"},
    "q_value": {"en": "q-value", "fr": "valeur q", "es": "valor q"},
}
"""Field of `Measures` -> what it is called."""

STATUS_NAMES: Names = {
    "validated": {"en": "validated", "fr": "validé", "es": "validado"},
    "insufficient-evidence": {
        "en": "insufficient evidence",
        "fr": "éléments insuffisants",
        "es": "pruebas insuficientes",
    },
    "contested": {"en": "contested", "fr": "contesté", "es": "impugnado"},
    "retired": {"en": "retired", "fr": "retiré", "es": "retirado"},
    "not-checked": {"en": "not checked", "fr": "non vérifié", "es": "sin comprobar"},
}

DIRECTNESS_NAMES: Names = {
    "direct": {"en": "direct", "fr": "direct", "es": "directo"},
    "goal-level": {"en": "goal level", "fr": "niveau de l'objectif", "es": "nivel de objetivo"},
}

ORIGIN_NAMES: Names = {
    "declared": {"en": "declared", "fr": "déclaré", "es": "declarado"},
    "assigned": {"en": "assigned", "fr": "attribué", "es": "asignado"},
    "confirmed": {"en": "declared or assigned", "fr": "déclaré ou attribué", "es": "declarado o asignado"},
    "suggested": {"en": "suggested", "fr": "suggéré", "es": "sugerido"},
}

_LOADED = {
    "en": "Evidence loaded: {projects} projects ({registers}), {years}. Action line tags: {wsis}. SDG tags: {sdg}. "
    "Verdicts rest on these alone.",
    "fr": "Éléments chargés : {projects} projets ({registers}), {years}. Étiquettes de grande orientation : {wsis}. "
    "Étiquettes ODD : {sdg}. Les constats ne reposent que sur cela.",
    "es": "Pruebas cargadas: {projects} proyectos ({registers}), {years}. Etiquetas de línea de acción: {wsis}. "
    "Etiquetas ODS: {sdg}. Los dictámenes solo se basan en esto.",
}
_NO_YEARS = {"en": "years unknown", "fr": "années inconnues", "es": "años desconocidos"}
_ORIGINS = ("declared", "assigned", "suggested")
_SAID = ("projects", "countries", "regions", "winners", "champions", "nominees")


def loaded_text(loaded: Loaded, language: str) -> str:
    """Say how much evidence there is at all, from which registers and years, and of which origin."""
    registers = ", ".join(f"{name} {number_text(number, language)}" for name, number in loaded.registers.items())
    tags = {
        framework: ", ".join(
            f"{ORIGIN_NAMES[origin][language]} {number_text(loaded.tags.get(f'{framework} {origin}', 0), language)}"
            for origin in _ORIGINS
        )
        for framework in ("wsis", "sdg")
    }
    years = _NO_YEARS[language] if loaded.first_year is None else f"{loaded.first_year}–{loaded.last_year}"
    return _LOADED[language].format(
        projects=number_text(loaded.projects, language),
        registers=registers or "–",
        years=years,
        wsis=tags["wsis"],
        sdg=tags["sdg"],
    )


def measures_text(measures: Measures, language: str) -> str:
    """Say the numbers that people weigh; prizes only where there are any, lift only where it is defined."""
    parts = [
        _named(name, value, language)
        for name in _SAID
        if (value := getattr(measures, name)) or name in {"projects", "countries"}
    ]
    if measures.lift is not None:
        parts.append(f"{_named('lift', measures.lift, language)} (q {number_text(measures.q_value or 0.0, language)})")
    return ("; " if language != "en" else ", ").join(parts)  # a comma begins the decimals there


def _named(name: str, value: float, language: str) -> str:
    colon = "\u00a0:" if language == "fr" else ":"
    return f"{MEASURE_NAMES[name][language]}{colon} {number_text(value, language)}"
