"""What curators read of suggestions, in English, French and Spanish: on paper, in the workbook, and of a wrong row."""

from collections.abc import Mapping

from wsiskg.model.messages import Catalogue

__all__ = ["COLUMNS", "DECISIONS", "METHODS", "PROBLEMS", "SHEETS", "TEXTS", "TRUTHS"]

Texts = Mapping[str, Mapping[str, str]]

COLUMNS: Texts = {
    "decision": {"en": "Decision", "fr": "Décision", "es": "Decisión"},
    "code": {"en": "Code", "fr": "Code", "es": "Código"},
    "name": {"en": "Name", "fr": "Nom", "es": "Nombre"},
    "score": {"en": "Score", "fr": "Score", "es": "Puntuación"},
    "words": {"en": "Words", "fr": "Mots", "es": "Palabras"},
    "title": {"en": "Title", "fr": "Titre", "es": "Título"},
    "description": {"en": "Description", "fr": "Description", "es": "Descripción"},
    "reason": {"en": "Reason", "fr": "Motif", "es": "Motivo"},
    "curator": {"en": "Curator", "fr": "Documentaliste", "es": "Documentalista"},
    "method": {"en": "Method", "fr": "Méthode", "es": "Método"},
    "register": {"en": "Register", "fr": "Registre", "es": "Registro"},
    "project": {"en": "Project", "fr": "Projet", "es": "Proyecto"},
    "framework": {"en": "Framework", "fr": "Cadre", "es": "Marco"},
    "truth": {"en": "Held against", "fr": "Comparé à", "es": "Comparado con"},
    "threshold": {"en": "From score", "fr": "À partir de", "es": "Desde"},
    "projects": {"en": "Projects", "fr": "Projets", "es": "Proyectos"},
    "suggested": {"en": "Suggested", "fr": "Suggérées", "es": "Sugeridas"},
    "right": {"en": "Right", "fr": "Justes", "es": "Correctas"},
    "known": {"en": "Known", "fr": "Connues", "es": "Conocidas"},
    "precision": {"en": "Precision", "fr": "Précision", "es": "Precisión"},
    "recall": {"en": "Recall", "fr": "Rappel", "es": "Exhaustividad"},
    "best": {"en": "Best right", "fr": "Première juste", "es": "Primera correcta"},
}
"""Columns of the workbook and of papers; in the workbook each is known by its title in any language."""

DECISIONS: Texts = {
    "accept": {"en": "accept", "fr": "accepter", "es": "aceptar"},
    "reject": {"en": "reject", "fr": "rejeter", "es": "rechazar"},
}

METHODS: Texts = {
    "terms": {"en": "terms", "fr": "termes", "es": "términos"},
    "classifier": {"en": "classifier", "fr": "classifieur", "es": "clasificador"},
    "both": {"en": "both", "fr": "les deux", "es": "ambos"},
}

TRUTHS: Texts = {
    "declared": {"en": "declared tags", "fr": "étiquettes déclarées", "es": "etiquetas declaradas"},
    "assigned": {"en": "assigned tags", "fr": "étiquettes attribuées", "es": "etiquetas asignadas"},
}

SHEETS: Texts = {
    "review": {"en": "Review", "fr": "Examen", "es": "Revisión"},
    "guide": {"en": "How to", "fr": "Mode d'emploi", "es": "Cómo hacerlo"},
}

TEXTS: Texts = {
    "title": {"en": "Suggested tags", "fr": "Étiquettes suggérées", "es": "Etiquetas sugeridas"},
    "lead": {
        "en": "What the words of projects without tags speak for. A suggestion is no evidence until a person "
        "accepts it.",
        "fr": "Ce que les mots des projets sans étiquette laissent supposer. Une suggestion n'est pas une preuve tant "
        "que personne ne l'a acceptée.",
        "es": "Lo que sugieren las palabras de los proyectos sin etiquetas. Una sugerencia no es prueba hasta que "
        "alguien la acepta.",
    },
    "none": {"en": "None.", "fr": "Aucune.", "es": "Ninguna."},
    "shown": {
        "en": "{shown} of {number} shown.",
        "fr": "{shown} sur {number}.",
        "es": "{shown} de {number}.",
    },
    "evaluation": {
        "en": "How far to trust suggestions",
        "fr": "Quelle confiance accorder aux suggestions",
        "es": "Cuánto fiarse de las sugerencias",
    },
    "evaluation-lead": {
        "en": "Declared tags: five-fold cross-validation within each register. Assigned tags: what curators chose for "
        "projects that declare nothing of the framework; the classifier learned from all that is declared.",
        "fr": "Étiquettes déclarées : validation croisée en cinq parties dans chaque registre. Étiquettes attribuées : "
        "choix des documentalistes pour les projets qui ne déclarent rien du cadre ; le classifieur a appris de tout "
        "ce qui est déclaré.",
        "es": "Etiquetas declaradas: validación cruzada en cinco partes dentro de cada registro. Etiquetas asignadas: "
        "lo que eligieron los documentalistas para proyectos que no declaran nada del marco; el clasificador aprendió "
        "de todo lo declarado.",
    },
    "step-1": {
        "en": "Read each row: the words that speak for the tag stand beside the title. The score says how many and how "
        "telling they are, not how likely the tag is right.",
        "fr": "Lisez chaque ligne : les mots qui parlent pour l'étiquette figurent à côté du titre. Le score dit "
        "combien ils sont et ce qu'ils valent, non la probabilité que l'étiquette soit juste.",
        "es": "Lea cada fila: las palabras que hablan a favor de la etiqueta están junto al título. La puntuación dice "
        "cuántas son y cuánto valen, no la probabilidad de que la etiqueta sea correcta.",
    },
    "step-2": {
        "en": "Choose {accept} or {reject} under {decision}; rows left empty stay open.",
        "fr": "Choisissez {accept} ou {reject} sous {decision} ; les lignes laissées vides restent ouvertes.",
        "es": "Elija {accept} o {reject} en {decision}; las filas vacías quedan pendientes.",
    },
    "step-3": {
        "en": "A goal may be replaced by one of its targets under {code}. Correct the {reason}: it is published, and "
        "must name what in the title, organisation or description shows the subject.",
        "fr": "Sous {code}, un objectif peut être remplacé par l'une de ses cibles. Corrigez le {reason} : il est "
        "publié et doit nommer ce qui, dans le titre, l'organisation ou la description, montre le sujet.",
        "es": "En {code}, un objetivo puede sustituirse por una de sus metas. Corrija el {reason}: se publica y debe "
        "nombrar lo que en el título, la organización o la descripción muestra el tema.",
    },
    "step-4": {
        "en": 'Save, then run: wsiskg suggest accept FILE --curator "Your name"',
        "fr": 'Enregistrez, puis lancez : wsiskg suggest accept FICHIER --curator "Votre nom"',
        "es": 'Guarde y ejecute: wsiskg suggest accept ARCHIVO --curator "Su nombre"',
    },
}

PROBLEMS = Catalogue({
    "no-review": {
        "en": "No sheet has the columns Decision, Project, Code and Reason. Take the file that 'wsiskg "
        "suggest tags' wrote.",
        "fr": "Aucune feuille n'a les colonnes Décision, Projet, Code et Motif. Prenez le fichier écrit par "
        "« wsiskg suggest tags ».",
        "es": "Ninguna hoja tiene las columnas Decisión, Proyecto, Código y Motivo. Tome el archivo que escribió "
        "«wsiskg suggest tags».",
    },
    "decision": {
        "en": "'{value}' is no decision. Write accept or reject, or leave the cell empty.",
        "fr": "« {value} » n'est pas une décision. Écrivez accepter ou rejeter, ou laissez la cellule vide.",
        "es": "«{value}» no es una decisión. Escriba aceptar o rechazar, o deje la celda vacía.",
    },
    "project": {
        "en": "There is no project '{value}' in the registers. Leave this column as it was.",
        "fr": "Il n'y a pas de projet « {value} » dans les registres. Laissez cette colonne telle quelle.",
        "es": "No hay ningún proyecto «{value}» en los registros. Deje esta columna como estaba.",
    },
    "code": {
        "en": "'{value}' is no action line, goal or target. Examples: C7-EHEA, 3, 3.8.",
        "fr": "« {value} » n'est ni une grande orientation, ni un objectif, ni une cible. Exemples : C7-EHEA, 3, 3.8.",
        "es": "«{value}» no es ninguna línea de acción, objetivo ni meta. Ejemplos: C7-EHEA, 3, 3.8.",
    },
    "curator": {
        "en": "Nobody answers for this tag. Write a name under Curator, or give --curator.",
        "fr": "Personne ne répond de cette étiquette. Écrivez un nom sous Documentaliste, ou donnez --curator.",
        "es": "Nadie responde de esta etiqueta. Escriba un nombre en Documentalista o indique --curator.",
    },
    "twice": {
        "en": "The row accepts '{value}' for a project that an earlier row accepts it for. Keep one of them.",
        "fr": "La ligne accepte « {value} » pour un projet qui l'a déjà dans une ligne précédente. Gardez-en une.",
        "es": "La fila acepta «{value}» para un proyecto que ya lo tiene en una fila anterior. Conserve una.",
    },
})  # fmt: skip
