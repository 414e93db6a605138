"""What is said of rows, values and files of an import, in English, French and Spanish."""

from collections.abc import Mapping

from wsiskg.model.messages import Catalogue

__all__ = ["MESSAGES", "import_problem"]

MESSAGES: Mapping[str, Mapping[str, str]] = {
    # Rows that are rejected; the workbook of rejected rows says the same.
    "encoding": {
        "en": "The row is neither UTF-8 nor Windows-1252, so its letters are unknown. Type the damaged words again.",
        "fr": "La ligne n'est ni en UTF-8 ni en Windows-1252 : ses lettres sont inconnues. Retapez les mots abîmés.",
        "es": "La fila no está ni en UTF-8 ni en Windows-1252 y sus letras se desconocen. Escriba de nuevo las "
        "palabras dañadas.",
    },
    "quote": {
        "en": "A quotation mark opens and does not close. Close it, or double those within the text.",
        "fr": "Un guillemet s'ouvre et ne se ferme pas. Fermez-le, ou doublez ceux qui sont dans le texte.",
        "es": "Se abren unas comillas y no se cierran. Ciérrelas, o duplique las que estén dentro del texto.",
    },
    "long": {
        "en": "The line is longer than a megabyte and was not read. Look for line ends that are missing.",
        "fr": "La ligne dépasse un mégaoctet et n'a pas été lue. Cherchez des fins de ligne manquantes.",
        "es": "La línea supera un megabyte y no se leyó. Busque saltos de línea que falten.",
    },
    "columns": {
        "en": "The row has more cells than there are columns, so nobody knows which is which. Quote the cell that "
        "holds the delimiter.",
        "fr": "La ligne a plus de cellules qu'il n'y a de colonnes : on ne sait plus laquelle est laquelle. Mettez "
        "entre guillemets la cellule qui contient le séparateur.",
        "es": "La fila tiene más celdas que columnas hay, y no se sabe cuál es cuál. Entrecomille la celda que "
        "contiene el separador.",
    },
    "wide": {
        "en": "The row holds more than 100,000 characters in columns that are not known. Say in the mapping which of "
        "them to ignore.",
        "fr": "La ligne contient plus de 100 000 caractères dans des colonnes inconnues. Dites dans la "
        "correspondance lesquelles ignorer.",
        "es": "La fila contiene más de 100 000 caracteres en columnas desconocidas. Indique en la correspondencia "
        "cuáles ignorar.",
    },
    "json": {
        "en": "This is not a JSON object. Write one object for each project.",
        "fr": "Ceci n'est pas un objet JSON. Écrivez un objet par projet.",
        "es": "Esto no es un objeto JSON. Escriba un objeto por proyecto.",
    },
    "no-title": {
        "en": "The row has no title. Fill it in.",
        "fr": "La ligne n'a pas de titre. Ajoutez-le.",
        "es": "La fila no tiene título. Añádalo.",
    },
    "no-words": {
        "en": "The title has no letters, or is an error of the spreadsheet. Type the title; a row of totals can go.",
        "fr": "Le titre n'a pas de lettres, ou c'est une erreur du tableur. Tapez le titre ; une ligne de totaux peut "
        "partir.",
        "es": "El título no tiene letras, o es un error de la hoja de cálculo. Escriba el título; una fila de totales "
        "puede quitarse.",
    },
    "no-name": {
        "en": "The row names neither a project nor an organisation. Fill in one of them.",
        "fr": "La ligne ne nomme ni projet ni organisation. Remplissez l'un des deux.",
        "es": "La fila no nombra ni proyecto ni organización. Complete uno de los dos.",
    },
    "conflict": {
        "en": "The number {value} stands already in row {first} with other content ({fields}). Keep one of the two "
        "rows, or give this one its own number.",
        "fr": "Le numéro {value} figure déjà à la ligne {first} avec un autre contenu ({fields}). Gardez l'une des "
        "deux lignes, ou donnez à celle-ci son propre numéro.",
        "es": "El número {value} ya figura en la fila {first} con otro contenido ({fields}). Conserve una de las dos "
        "filas, o dé a esta su propio número.",
    },
    # Files that cannot be imported at all.
    "json-list": {
        "en": "The file holds no list of objects. Export the projects as a list, or one object a line.",
        "fr": "Le fichier ne contient aucune liste d'objets. Exportez les projets en liste, ou un objet par ligne.",
        "es": "El archivo no contiene ninguna lista de objetos. Exporte los proyectos como lista, o un objeto por "
        "línea.",
    },
    "json-broken": {
        "en": "The file is not complete JSON ({said}). Export it again.",
        "fr": "Le fichier n'est pas du JSON complet ({said}). Exportez-le de nouveau.",
        "es": "El archivo no es JSON completo ({said}). Expórtelo de nuevo.",
    },
    "no-headers": {
        "en": "No row names columns that are known, such as title and country. Add a row of headers, or say in "
        "{mapping} how the columns are read.",
        "fr": "Aucune ligne ne nomme des colonnes connues, comme le titre et le pays. Ajoutez une ligne d'en-têtes, "
        "ou dites dans {mapping} comment lire les colonnes.",
        "es": "Ninguna fila nombra columnas conocidas, como el título y el país. Añada una fila de encabezados, o "
        "diga en {mapping} cómo se leen las columnas.",
    },
    # What is shown beside the counts.
    "sheet": {
        "en": "The sheet names no known columns and was not read.",
        "fr": "La feuille ne nomme aucune colonne connue et n'a pas été lue.",
        "es": "La hoja no nombra ninguna columna conocida y no se leyó.",
    },
    "hidden-sheet": {
        "en": "The sheet is hidden and was not read.",
        "fr": "La feuille est masquée et n'a pas été lue.",
        "es": "La hoja está oculta y no se leyó.",
    },
    "no-title-column": {
        "en": "No column is read as the title, which every record needs. Say in {mapping} which one it is.",
        "fr": "Aucune colonne n'est lue comme le titre, dont chaque fiche a besoin. Dites dans {mapping} laquelle "
        "c'est.",
        "es": "Ninguna columna se lee como el título, que todo registro necesita. Diga en {mapping} cuál es.",
    },
    "legacy": {
        "en": "{count} row(s) are not UTF-8 and were read as Windows-1252. Check the accents of one of them.",
        "fr": "{count} ligne(s) ne sont pas en UTF-8 et ont été lues en Windows-1252. Vérifiez les accents de l'une "
        "d'elles.",
        "es": "{count} fila(s) no están en UTF-8 y se leyeron como Windows-1252. Compruebe los acentos de alguna.",
    },
    "personal": {
        "en": "The column is about persons and was dropped ({count} cells).",
        "fr": "La colonne porte sur des personnes et a été écartée ({count} cellules).",
        "es": "La columna trata de personas y se descartó ({count} celdas).",
    },
    "addresses": {
        "en": "{count} e-mail addresses and telephone numbers were removed from texts.",
        "fr": "{count} adresses électroniques et numéros de téléphone ont été retirés des textes.",
        "es": "Se quitaron de los textos {count} direcciones de correo y números de teléfono.",
    },
    "kept": {
        "en": "The column is not known; its {count} values are kept as given. {mapping} can say how it is read.",
        "fr": "La colonne n'est pas connue ; ses {count} valeurs sont gardées telles quelles. {mapping} peut dire "
        "comment la lire.",
        "es": "La columna no se conoce; sus {count} valores se guardan tal cual. {mapping} puede decir cómo se lee.",
    },
    "changed-meaning": {
        "en": "The values are understood up to row {last} and hardly any of the {count} after it{instead}. The column "
        "seems to change its meaning there: look at it before you go on.",
        "fr": "Les valeurs sont comprises jusqu'à la ligne {last}, et presque aucune des {count} suivantes{instead}. "
        "La colonne semble changer de sens à cet endroit : regardez-la avant de continuer.",
        "es": "Los valores se entienden hasta la fila {last} y casi ninguno de los {count} siguientes{instead}. La "
        "columna parece cambiar de sentido allí: mírela antes de seguir.",
    },
    "cut": {
        "en": "{count} cell(s) have more than {limit} characters; the rest of them was not read.",
        "fr": "{count} cellule(s) dépassent {limit} caractères ; le reste n'a pas été lu.",
        "es": "{count} celda(s) tienen más de {limit} caracteres; el resto no se leyó.",
    },
}

import_problem = Catalogue(MESSAGES).problem
"""Return the problem that a rule of this catalogue was broken."""
