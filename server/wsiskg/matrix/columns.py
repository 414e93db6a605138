"""Columns of a file of proposals: what they are called in each language, and what goes into them.

The template is written from these, and headers are recognised by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["CHOICES", "COLUMNS", "RATIONALE", "Column", "rationale_attribute"]

RATIONALE = "rationale"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``attribute`` names what it fills in a `Proposal`, ``required`` says that no row may leave it empty.

    ``titles`` and ``notes`` are by language; ``synonyms`` are further headers that are recognised, in any language.
    """

    attribute: str
    titles: Mapping[str, str]
    notes: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    required: bool = False


def rationale_attribute(language: str) -> str:
    """Return the name of the column that holds rationales in ``language``."""
    return f"{RATIONALE}_{language}"


_LANGUAGE_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"en": "English", "fr": "anglais", "es": "inglés"},
    "fr": {"en": "French", "fr": "français", "es": "francés"},
    "es": {"en": "Spanish", "fr": "espagnol", "es": "español"},
    "ru": {"en": "Russian", "fr": "russe", "es": "ruso"},
    "ar": {"en": "Arabic", "fr": "arabe", "es": "árabe"},
    "zh": {"en": "Chinese", "fr": "chinois", "es": "chino"},
}

_RATIONALES = tuple(
    Column(
        rationale_attribute(language),
        {
            "en": f"Rationale ({names['en']})",
            "fr": f"Justification ({names['fr']})",
            "es": f"Justificación ({names['es']})",
        },
        {
            "en": f"In {names['en']}: one or two sentences saying by what means the line helps. One is enough.",
            "fr": f"En {names['fr']} : une ou deux phrases disant par quel moyen la grande orientation contribue. "
            "Une seule langue suffit.",
            "es": f"En {names['es']}: una o dos frases que digan por qué medio ayuda la línea. Basta una lengua.",
        },
    )
    for language, names in _LANGUAGE_NAMES.items()
)

COLUMNS: tuple[Column, ...] = (
    Column(
        "line",
        {"en": "Action line", "fr": "Grande orientation", "es": "Línea de acción"},
        {
            "en": "Code of the WSIS action line, such as C2 or C7-EAGR. Choose from the list.",
            "fr": "Code de la grande orientation du SMSI, par exemple C2 ou C7-EAGR. Choisissez dans la liste.",
            "es": "Código de la línea de acción de la CMSI, por ejemplo C2 o C7-EAGR. Elija de la lista.",
        },
        ("WSIS action line", "line", "AL", "action_line", "ligne d'action", "orientation", "línea", "subject_id"),
        required=True,
    ),
    Column(
        "sdg",
        {"en": "SDG goal or target", "fr": "Objectif ou cible ODD", "es": "Objetivo o meta ODS"},
        {
            "en": "Code of the target that is helped, such as 9.c, or of the whole goal, such as 9.",
            "fr": "Code de la cible à laquelle elle contribue (9.c par exemple) ou de l'objectif entier (9).",
            "es": "Código de la meta a la que ayuda, por ejemplo 9.c, o del objetivo entero, por ejemplo 9.",
        },
        ("SDG", "SDG target", "target", "goal", "ODD", "cible", "ODS", "meta", "objetivo", "object_id"),
        required=True,
    ),
    Column(
        "change",
        {"en": "Change", "fr": "Changement", "es": "Cambio"},
        {
            "en": "add, amend or retire. Left empty: a link is amended if the last edition holds it, else added.",
            "fr": "ajouter, modifier ou retirer. Vide : le lien est modifié s'il figure dans la dernière édition, "
            "sinon ajouté.",
            "es": "añadir, modificar o retirar. Vacío: el vínculo se modifica si figura en la última edición; si no, "
            "se añade.",
        },
        ("action", "type of change", "modification", "tipo de cambio"),
    ),
    *_RATIONALES,
    Column(
        "proposed_by",
        {"en": "Proposed by", "fr": "Proposé par", "es": "Propuesto por"},
        {
            "en": "Agency that proposes the link, by acronym; several are separated by semicolons.",
            "fr": "Organisme qui propose le lien, par son sigle ; plusieurs sont séparés par des points-virgules.",
            "es": "Organismo que propone el vínculo, por su sigla; si son varios, sepárelos con punto y coma.",
        },
        (
            "agency",
            "agencies",
            "proposer",
            "facilitator",
            "organisme",
            "institution",
            "organismo",
            "agencia",
            "author_id",
        ),
        required=True,
    ),
    Column(
        "shared",
        {"en": "Shared rationale", "fr": "Justification commune", "es": "Justificación compartida"},
        {
            "en": "yes if the same rationale is meant to serve several links.",
            "fr": "oui si la même justification doit servir pour plusieurs liens.",
            "es": "sí si la misma justificación sirve a propósito para varios vínculos.",
        },
    ),
    Column(
        "confidence",
        {"en": "Confidence", "fr": "Confiance", "es": "Confianza"},
        {
            "en": "How sure the agency is, from 0 to 1. May be left empty.",
            "fr": "Degré de certitude de l'organisme, de 0 à 1. Facultatif.",
            "es": "Grado de certeza del organismo, de 0 a 1. Puede dejarse vacío.",
        },
    ),
    Column(
        "sources",
        {"en": "Source", "fr": "Source", "es": "Fuente"},
        {
            "en": "Web address where the link is stated; several are separated by a bar (|).",
            "fr": "Adresse web où le lien est énoncé ; plusieurs sont séparées par une barre (|).",
            "es": "Dirección web donde consta el vínculo; si son varias, sepárelas con una barra (|).",
        },
        ("source_url", "sources", "URL", "fuentes", "mapping_source"),
    ),
    Column(
        "reason",
        {"en": "Reason for the change", "fr": "Motif du changement", "es": "Motivo del cambio"},
        {
            "en": "Why the link is amended or retired; a retired link must say why.",
            "fr": "Pourquoi le lien est modifié ou retiré ; obligatoire pour un retrait.",
            "es": "Por qué se modifica o se retira el vínculo; obligatorio si se retira.",
        },
        ("reason", "why", "motif", "motivo"),
    ),
    Column(
        "note",
        {"en": "Note", "fr": "Remarque", "es": "Nota"},
        {
            "en": "Anything else the secretariat should know.",
            "fr": "Toute autre information utile au secrétariat.",
            "es": "Cualquier otra cosa que deba saber la secretaría.",
        },
        (
            "notes",
            "comment",
            "comments",
            "commentaire",
            "commentaires",
            "remarques",
            "comentario",
            "comentarios",
            "observaciones",
        ),
    ),
    Column(
        "decision",
        {"en": "Decision", "fr": "Décision", "es": "Decisión"},
        {
            "en": "For the secretariat: uphold a link although the policy asks for more evidence, or contest it.",
            "fr": "Pour le secrétariat : maintenir un lien bien que les preuves demandées manquent, ou le contester.",
            "es": "Para la secretaría: mantener un vínculo aunque falten pruebas según la política, o impugnarlo.",
        },
    ),
    Column(
        "decision_reason",
        {"en": "Reason for the decision", "fr": "Motif de la décision", "es": "Motivo de la decisión"},
        {
            "en": "For the secretariat: why it was decided so; required beside a decision.",
            "fr": "Pour le secrétariat : pourquoi il en a été décidé ainsi ; obligatoire avec une décision.",
            "es": "Para la secretaría: por qué se decidió así; obligatorio si hay decisión.",
        },
    ),
)
"""All columns, in the order of the template."""

CHOICES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "change": {
        "add": {"en": "add", "fr": "ajouter", "es": "añadir"},
        "amend": {"en": "amend", "fr": "modifier", "es": "modificar"},
        "retire": {"en": "retire", "fr": "retirer", "es": "retirar"},
    },
    "shared": {
        "yes": {"en": "yes", "fr": "oui", "es": "sí"},
        "no": {"en": "no", "fr": "non", "es": "no"},
    },
    "decision": {
        "upheld": {"en": "uphold", "fr": "maintenir", "es": "mantener"},
        "contested": {"en": "contest", "fr": "contester", "es": "impugnar"},
    },
}
"""What may be chosen in some columns: attribute -> value -> word by language."""
