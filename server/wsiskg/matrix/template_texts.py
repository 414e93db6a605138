"""What the template says around its columns, in English, French and Spanish."""

from collections.abc import Mapping

__all__ = ["EXAMPLE_ROWS", "SHEETS", "TEXTS"]

SHEETS: Mapping[str, Mapping[str, str]] = {
    "proposals": {"en": "Proposals", "fr": "Propositions", "es": "Propuestas"},
    "guide": {"en": "How to", "fr": "Mode d'emploi", "es": "Instrucciones"},
    "examples": {"en": "Examples", "fr": "Exemples", "es": "Ejemplos"},
    "lines": {"en": "Action lines", "fr": "Grandes orientations", "es": "Líneas de acción"},
    "sdgs": {"en": "SDGs", "fr": "ODD", "es": "ODS"},
    "agencies": {"en": "Agencies", "fr": "Organismes", "es": "Organismos"},
    "choices": {"en": "Choices", "fr": "Choix", "es": "Opciones"},
}
"""Titles of the sheets by what they hold."""

TEXTS: Mapping[str, Mapping[str, str]] = {
    "title": {
        "en": "Proposals for the WSIS-SDG Matrix",
        "fr": "Propositions pour la Matrice SMSI-ODD",
        "es": "Propuestas para la Matriz CMSI-ODS",
    },
    "edition": {"en": "Edition", "fr": "Édition", "es": "Edición"},
    "hlpf": {"en": "After the session", "fr": "Après la session", "es": "Tras la sesión"},
    "goals": {
        "en": "Goals reviewed in depth",
        "fr": "Objectifs examinés en profondeur",
        "es": "Objetivos examinados en detalle",
    },
    "step-row": {
        "en": "Write one link per row on the sheet “{proposals}”: one action line and one SDG goal or target.",
        "fr": "Écrivez un lien par ligne sur la feuille « {proposals} » : une grande orientation et un objectif ou "
        "une cible ODD.",
        "es": "Escriba un vínculo por fila en la hoja «{proposals}»: una línea de acción y un objetivo o una meta ODS.",
    },
    "step-codes": {
        "en": "Choose codes and agencies from the list that opens in each cell. The sheets “{lines}”, “{sdgs}” and "
        "“{agencies}” say what they stand for. Several agencies are typed one after the other, with semicolons.",
        "fr": "Choisissez les codes et les organismes dans la liste qui s'ouvre dans chaque cellule. Les feuilles "
        "« {lines} », « {sdgs} » et « {agencies} » en donnent le sens. S'il y a plusieurs organismes, saisissez-les "
        "à la suite, séparés par des points-virgules.",
        "es": "Elija los códigos y organismos de la lista que se abre en cada celda. Las hojas «{lines}», «{sdgs}» y "
        "«{agencies}» explican qué significan. Si hay varios organismos, escríbalos uno tras otro, separados por "
        "punto y coma.",
    },
    "step-required": {
        "en": "Columns with a dark header must be filled in; the others may stay empty. Rest the pointer on a header "
        "to read what goes below it.",
        "fr": "Les colonnes à en-tête foncé sont obligatoires ; les autres peuvent rester vides. Placez le pointeur "
        "sur un en-tête pour lire ce qu'on y attend.",
        "es": "Las columnas de encabezado oscuro son obligatorias; las demás pueden quedar vacías. Sitúe el puntero "
        "sobre un encabezado para leer qué va debajo.",
    },
    "step-rationale": {
        "en": "Give a rationale in at least one language. If the same text is meant to serve several links, say "
        "“{yes}” under “{shared}” in each of them.",
        "fr": "Justifiez chaque lien dans au moins une langue. Si le même texte doit servir à plusieurs liens, "
        "indiquez « {yes} » sous « {shared} » pour chacun d'eux.",
        "es": "Justifique cada vínculo en al menos una lengua. Si el mismo texto debe servir para varios vínculos, "
        "indique «{yes}» en «{shared}» para cada uno.",
    },
    "step-change": {
        "en": "To amend or retire a link of the last edition, say so under “{change}”. A link that is retired needs a "
        "reason.",
        "fr": "Pour modifier ou retirer un lien de la dernière édition, indiquez-le sous « {change} ». Tout retrait "
        "doit être motivé.",
        "es": "Para modificar o retirar un vínculo de la última edición, indíquelo en «{change}». Toda retirada debe "
        "motivarse.",
    },
    "step-keep": {
        "en": "Columns may be moved, removed or added, but headers keep their wording: they are how columns are "
        "recognised. Formatting is yours.",
        "fr": "Vous pouvez déplacer, supprimer ou ajouter des colonnes, mais gardez le libellé des en-têtes : c'est "
        "à lui que les colonnes sont reconnues. La mise en forme est libre.",
        "es": "Puede mover, quitar o añadir columnas, pero conserve el texto de los encabezados: por él se reconocen "
        "las columnas. El formato es libre.",
    },
    "step-check": {
        "en": "Check the file before it is sent: wsiskg matrix check FILE. With --format xlsx you get your workbook "
        "back with a comment on each problem and the evidence beside each link.",
        "fr": "Vérifiez le fichier avant de l'envoyer : wsiskg matrix check FICHIER. Avec --format xlsx, votre "
        "classeur vous revient avec un commentaire sur chaque problème et les preuves à côté de chaque lien.",
        "es": "Compruebe el archivo antes de enviarlo: wsiskg matrix check ARCHIVO. Con --format xlsx recibe su libro "
        "con un comentario en cada problema y las pruebas junto a cada vínculo.",
    },
    "examples": {
        "en": "EXAMPLES. Nothing on this sheet is read. The links are those of the {edition} edition, to show how rows "
        "are filled in; no change to them is proposed.",
        "fr": "EXEMPLES. Rien n'est lu sur cette feuille. Les liens sont ceux de l'édition {edition}, pour montrer "
        "comment remplir les lignes ; aucun changement n'est proposé.",
        "es": "EJEMPLOS. Nada de esta hoja se lee. Los vínculos son los de la edición {edition}, para mostrar cómo "
        "rellenar las filas; no se propone ningún cambio.",
    },
    "shows": {"en": "What the row shows", "fr": "Ce que montre la ligne", "es": "Qué muestra la fila"},
    "code": {"en": "Code", "fr": "Code", "es": "Código"},
    "acronym": {"en": "Acronym", "fr": "Sigle", "es": "Sigla"},
    "name": {"en": "Name", "fr": "Nom", "es": "Nombre"},
    "off-list": {
        "en": "This is not in the list. Keep it only if you are sure.",
        "fr": "Cette valeur n'est pas dans la liste. Ne la gardez que si vous en êtes sûr.",
        "es": "Este valor no está en la lista. Consérvelo solo si está seguro.",
    },
    "several": {
        "en": "Not one of the list. Several agencies are separated by semicolons.",
        "fr": "Hors liste. Séparez plusieurs organismes par des points-virgules.",
        "es": "No está en la lista. Separe varios organismos con punto y coma.",
    },
    "confidence": {
        "en": "Write a number from 0 to 1.",
        "fr": "Écrivez un nombre de 0 à 1.",
        "es": "Escriba un número de 0 a 1.",
    },
}
"""Texts by key and language."""

_AMENDED = {
    "en": "(say here what has changed since the last edition)",
    "fr": "(dites ici ce qui a changé depuis la dernière édition)",
    "es": "(diga aquí qué ha cambiado desde la última edición)",
}
_RETIRED = {
    "en": "(say here why the link no longer holds)",
    "fr": "(dites ici pourquoi le lien ne tient plus)",
    "es": "(diga aquí por qué el vínculo ya no es válido)",
}
_SHARED = {
    "en": "Two links that share one rationale on purpose",
    "fr": "Deux liens partageant une même justification, à dessein",
    "es": "Dos vínculos que comparten una justificación a propósito",
}

EXAMPLE_ROWS: tuple[tuple[str, str, str, bool, Mapping[str, str], Mapping[str, str]], ...] = (
    (
        "C7-EAGR", "2.3", "add", False, {},
        {"en": "A link to a target", "fr": "Un lien vers une cible", "es": "Un vínculo con una meta"},
    ),
    (
        "C7-EAGR", "4", "add", False, {},
        {"en": "A link to a whole goal", "fr": "Un lien vers un objectif entier",
         "es": "Un vínculo con un objetivo entero"},
    ),
    ("C2", "9.1", "add", True, {}, _SHARED),
    ("C2", "9.a", "add", True, {}, _SHARED),
    (
        "C5", "16.2", "amend", False, _AMENDED,
        {"en": "A link whose rationale is reworded", "fr": "Un lien dont la justification est reformulée",
         "es": "Un vínculo cuya justificación se redacta de nuevo"},
    ),
    (
        "C5", "11.3", "retire", False, _RETIRED,
        {"en": "A link that is retired", "fr": "Un lien qui est retiré", "es": "Un vínculo que se retira"},
    ),
)  # fmt: skip
"""Rows of examples: line, SDG, change, shared, reason, what the row shows. Their rationales are the edition's."""
