"""What is said of a code that was not written as the code, or not recognised, in English, French and Spanish."""

from collections.abc import Iterable, Mapping

from wsiskg.model.messages import Catalogue
from wsiskg.model.problems import LANGUAGES, Origin, Problem, Severity
from wsiskg.tables.recognise.recognised import How, Recognised
from wsiskg.tables.recognise.recogniser import Recogniser

__all__ = ["MESSAGES", "NOUNS", "recognition_problem"]

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "read-as": {
        "en": "'{value}' was read as {code}. To be sure, write the code alone.",
        "fr": "« {value} » a été lu comme {code}. Pour plus de sûreté, écrivez le code seul.",
        "es": "«{value}» se leyó como {code}. Para mayor seguridad, escriba solo el código.",
    },
    "rest": {
        "en": "'{value}' was read as {code}, but '{rest}' was not understood. Check it, and write the code alone.",
        "fr": "« {value} » a été lu comme {code}, mais « {rest} » n'a pas été compris. Vérifiez, et écrivez le code "
        "seul.",
        "es": "«{value}» se leyó como {code}, pero no se entendió «{rest}». Compruébelo y escriba solo el código.",
    },
    "zero": {
        "en": "{value} is stored as a number, which drops a last zero. If you meant {candidates}, format the column as "
        "text and type it again.",
        "fr": "{value} est enregistré comme un nombre, ce qui supprime un zéro final. Si vous vouliez dire "
        "{candidates}, mettez la colonne au format texte et retapez-le.",
        "es": "{value} está guardado como número, lo que suprime un cero final. Si quería decir {candidates}, dé a la "
        "columna formato de texto y escríbalo de nuevo.",
    },
    "unknown": {
        "en": "'{value}' is not recognised as {noun}.{hint}",
        "fr": "« {value} » n'est pas reconnu comme {noun}.{hint}",
        "es": "«{value}» no se reconoce como {noun}.{hint}",
    },
    "several": {
        "en": "'{value}' names more than one: {candidates}. Write one row for each.",
        "fr": "« {value} » en désigne plusieurs : {candidates}. Écrivez une ligne pour chacun.",
        "es": "«{value}» designa más de uno: {candidates}. Escriba una fila para cada uno.",
    },
    "contradictory": {
        "en": "'{value}' contradicts itself: it may mean {candidates}. Keep the code that is meant.",
        "fr": "« {value} » se contredit : il peut s'agir de {candidates}. Gardez le code voulu.",
        "es": "«{value}» se contradice: puede ser {candidates}. Deje el código que corresponda.",
    },
    "sub-line": {
        "en": "'{value}' names C7, but '{rest}' is none of its parts. Write C7 alone if the whole is meant, or the "
        "code of the part.{hint}",
        "fr": "« {value} » désigne C7, mais « {rest} » n'est aucun de ses volets. Écrivez C7 seul s'il s'agit de "
        "l'ensemble, sinon le code du volet.{hint}",
        "es": "«{value}» designa C7, pero «{rest}» no es ninguna de sus partes. Escriba solo C7 si se trata del "
        "conjunto, o el código de la parte.{hint}",
    },
    "date": {
        "en": "A spreadsheet has made a date of the code ({value}). Format the column as text and type the code "
        "again.{hint}",
        "fr": "Un tableur a fait du code une date ({value}). Mettez la colonne au format texte et retapez le "
        "code.{hint}",
        "es": "Una hoja de cálculo ha convertido el código en fecha ({value}). Dé a la columna formato de texto y "
        "escriba el código de nuevo.{hint}",
    },
    "indicator": {
        "en": "'{value}' is an indicator; a link names a goal or a target. Write the target: {candidates}.",
        "fr": "« {value} » est un indicateur ; un lien désigne un objectif ou une cible. Écrivez la cible : "
        "{candidates}.",
        "es": "«{value}» es un indicador; un vínculo designa un objetivo o una meta. Escriba la meta: {candidates}.",
    },
    "comma": {
        "en": "'{value}' may be one target or several goals. Write targets with a point, and one row for each: "
        "{candidates}.",
        "fr": "« {value} » peut être une cible ou plusieurs objectifs. Écrivez les cibles avec un point, et une ligne "
        "pour chacune : {candidates}.",
        "es": "«{value}» puede ser una meta o varios objetivos. Escriba las metas con punto y una fila para cada una: "
        "{candidates}.",
    },
}

NOUNS: Mapping[str, Mapping[str, str]] = {
    "action-line": {"en": "an action line", "fr": "une grande orientation", "es": "línea de acción"},
    "sdg": {"en": "an SDG goal or target", "fr": "un objectif ou une cible ODD", "es": "objetivo o meta ODS"},
    "connect2020": {
        "en": "a goal or target of Connect 2020",
        "fr": "un but ou une cible de Connect 2020",
        "es": "finalidad o meta de Conectar 2020",
    },
    "agency": {"en": "an agency", "fr": "un organisme", "es": "organismo"},
}
"""What is recognised, by `Recognised.kind`."""

_HINT = {"en": " Was it {}?", "fr": " Était-ce {} ?", "es": " ¿Era {}?"}
_OR = {"en": "or", "fr": "ou", "es": "o"}
_ACCEPTED = {"rest": Severity.WARNING, "zero": Severity.WARNING}

_problem = Catalogue(MESSAGES).problem


def recognition_problem(recogniser: Recogniser, found: Recognised, origin: Origin) -> Problem | None:
    """Return what is to be said of a reading, or None for the code itself, as such or as an IRI, and for an acronym.

    A name or a code written otherwise gives an Info, one with a doubt beside it a Warning, none a Violation, with the
    nearest codes in its message.
    """
    if found.code is not None and not found.doubt:
        if found.how in {How.EXACT, How.ACRONYM}:
            return None
        code = _listed(recogniser, found.kind, [found.code])
        return _problem("read-as", origin, found.text, Severity.INFO, code=code)
    candidates = _listed(recogniser, found.kind, found.candidates)
    return _problem(
        found.doubt,
        origin,
        found.text,
        _ACCEPTED.get(found.doubt, Severity.VIOLATION),
        code=_listed(recogniser, found.kind, [found.code] if found.code else []),
        candidates=candidates,
        hint={lang: _HINT[lang].format(candidates[lang]) if found.candidates else "" for lang in LANGUAGES},
        noun=NOUNS[found.kind],
        rest=found.rest,
    )


def _listed(recogniser: Recogniser, kind: str, codes: Iterable[str]) -> Mapping[str, str]:
    """Return codes with their names, by language: ``C4 (Capacity building) or C5 (...)``."""
    return {
        language: _joined([_shown(recogniser, kind, code, language) for code in codes], language)
        for language in LANGUAGES
    }


def _shown(recogniser: Recogniser, kind: str, code: str, language: str) -> str:
    titles = recogniser.titles(kind, code)
    title = titles.get(language) or titles.get("en")
    return f"{code} ({title})" if title else code


def _joined(texts: list[str], language: str) -> str:
    return f" {_OR[language]} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
