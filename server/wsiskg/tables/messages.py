"""What is said of a wrong cell, in English, French and Spanish: what is wrong, then what to do."""

from collections.abc import Mapping

from wsiskg.model.messages import Catalogue

__all__ = ["MESSAGES", "problem"]

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "encoding": {
        "en": "The file is not UTF-8 (byte {byte}). Save it as 'CSV UTF-8'.",
        "fr": "Le fichier n'est pas en UTF-8 (octet {byte}). Enregistrez-le au format « CSV UTF-8 ».",
        "es": "El archivo no está en UTF-8 (byte {byte}). Guárdelo como «CSV UTF-8».",
    },
    "empty-file": {
        "en": "The file is empty. Its first line must name the columns: {columns}.",
        "fr": "Le fichier est vide. Sa première ligne doit nommer les colonnes : {columns}.",
        "es": "El archivo está vacío. Su primera línea debe nombrar las columnas: {columns}.",
    },
    "missing-file": {
        "en": "The table is missing. Restore the file, or remove it from datapackage.yaml.",
        "fr": "La table manque. Rétablissez le fichier ou retirez-le de datapackage.yaml.",
        "es": "Falta la tabla. Restaure el archivo o quítelo de datapackage.yaml.",
    },
    "header": {
        "en": "The columns are not those documented: missing [{missing}], unknown [{unknown}]. "
        "Write the header as: {columns}.",
        "fr": "Les colonnes ne sont pas celles documentées : manquantes [{missing}], inconnues [{unknown}]. "
        "Écrivez l'en-tête ainsi : {columns}.",
        "es": "Las columnas no son las documentadas: faltan [{missing}], desconocidas [{unknown}]. "
        "Escriba el encabezado así: {columns}.",
    },
    "columns": {
        "en": "The row has {found} cells, the header {expected}. Look for a missing or extra comma, "
        "or an unclosed quote.",
        "fr": "La ligne a {found} cellules, l'en-tête {expected}. Cherchez une virgule en trop ou en moins, "
        "ou un guillemet non fermé.",
        "es": "La fila tiene {found} celdas y el encabezado {expected}. Busque una coma que sobra o falta, "
        "o unas comillas sin cerrar.",
    },
    "required": {
        "en": "The cell is empty, and '{title}' is required. Fill it in.",
        "fr": "La cellule est vide, or « {title} » est obligatoire. Remplissez-la.",
        "es": "La celda está vacía y «{title}» es obligatorio. Complétela.",
    },
    "source": {
        "en": "The row names no source. Give the address where the fact was read, or set status to 'unverified'.",
        "fr": "La ligne ne cite aucune source. Donnez l'adresse où le fait a été lu, ou mettez status à "
        "« unverified ».",
        "es": "La fila no cita ninguna fuente. Indique la dirección donde se leyó el dato, o ponga status en "
        "«unverified».",
    },
    "format": {
        "en": "'{value}' is not written as a {format}. Example: {example}.",
        "fr": "« {value} » n'a pas la forme attendue ({format}). Exemple : {example}.",
        "es": "«{value}» no tiene la forma esperada ({format}). Ejemplo: {example}.",
    },
    "foreign-iri": {
        "en": "'{value}' is not the UN's address of a goal or target. Write the code alone, for example 9.c.",
        "fr": "« {value} » n'est pas l'adresse ONU d'un objectif ou d'une cible. Écrivez seulement le code, "
        "par exemple 9.c.",
        "es": "«{value}» no es la dirección de la ONU de un objetivo o meta. Escriba solo el código, por ejemplo 9.c.",
    },
    "type": {
        "en": "'{value}' is not a {type}. Example: {example}.",
        "fr": "« {value} » n'est pas du type attendu ({type}). Exemple : {example}.",
        "es": "«{value}» no es del tipo esperado ({type}). Ejemplo: {example}.",
    },
    "date": {
        "en": "'{value}' is not a real date. Write YYYY, YYYY-MM or YYYY-MM-DD.",
        "fr": "« {value} » n'est pas une date réelle. Écrivez AAAA, AAAA-MM ou AAAA-MM-JJ.",
        "es": "«{value}» no es una fecha real. Escriba AAAA, AAAA-MM o AAAA-MM-DD.",
    },
    "enum": {
        "en": "'{value}' is not one of: {choices}.",
        "fr": "« {value} » n'est pas l'une des valeurs : {choices}.",
        "es": "«{value}» no es ninguno de: {choices}.",
    },
    "pattern": {
        "en": "'{value}' does not fit the pattern {pattern}.",
        "fr": "« {value} » ne suit pas le motif {pattern}.",
        "es": "«{value}» no sigue el patrón {pattern}.",
    },
    "range": {
        "en": "{value} is outside {minimum} to {maximum}.",
        "fr": "{value} est hors de l'intervalle {minimum} à {maximum}.",
        "es": "{value} está fuera del intervalo {minimum} a {maximum}.",
    },
    "length": {
        "en": "The text has {found} characters; at most {maximum} are allowed. Shorten it.",
        "fr": "Le texte a {found} caractères ; {maximum} au plus sont admis. Raccourcissez-le.",
        "es": "El texto tiene {found} caracteres; se admiten {maximum} como máximo. Acórtelo.",
    },
    "markup": {
        "en": "The text holds markup ({value}). Write plain text.",
        "fr": "Le texte contient du balisage ({value}). Écrivez du texte simple.",
        "es": "El texto contiene marcas ({value}). Escriba texto simple.",
    },
    "control": {
        "en": "The text holds an invisible control character ({value}). Type it again by hand.",
        "fr": "Le texte contient un caractère de contrôle invisible ({value}). Retapez-le à la main.",
        "es": "El texto contiene un carácter de control invisible ({value}). Escríbalo de nuevo a mano.",
    },
    "blanks": {
        "en": "The cell begins or ends with a blank. Remove it.",
        "fr": "La cellule commence ou finit par une espace. Supprimez-la.",
        "es": "La celda empieza o termina con un espacio. Elimínelo.",
    },
    "separator": {
        "en": "Between two '{separator}', or at one end, there is nothing. Remove the '{separator}' that is too many.",
        "fr": "Entre deux « {separator} », ou à un bout, il n'y a rien. Supprimez le « {separator} » en trop.",
        "es": "Entre dos «{separator}», o en un extremo, no hay nada. Elimine el «{separator}» que sobra.",
    },
    "duplicate": {
        "en": "{key} stands already in row {first}. Keep one of the two rows.",
        "fr": "{key} figure déjà à la ligne {first}. Gardez une seule des deux lignes.",
        "es": "{key} ya figura en la fila {first}. Conserve una sola de las dos filas.",
    },
    "unknown-code": {
        "en": "There is no '{value}' in {table}.{hint}",
        "fr": "« {value} » n'existe pas dans {table}.{hint}",
        "es": "No existe «{value}» en {table}.{hint}",
    },
    "wrong-goal": {
        "en": "{code} belongs to {expected}, not to {value}. Correct one of the two.",
        "fr": "{code} relève de {expected}, non de {value}. Corrigez l'un des deux.",
        "es": "{code} pertenece a {expected}, no a {value}. Corrija uno de los dos.",
    },
    "order": {
        "en": "{end} is before {start}. Correct one of the two dates.",
        "fr": "{end} précède {start}. Corrigez l'une des deux dates.",
        "es": "{end} es anterior a {start}. Corrija una de las dos fechas.",
    },
    "contradiction": {
        "en": "The row says outcome '{outcome}', but the links say otherwise for {pair}. "
        "Correct one of the two tables.",
        "fr": "La ligne dit « {outcome} », mais les liens disent autre chose pour {pair}. "
        "Corrigez l'une des deux tables.",
        "es": "La fila dice «{outcome}», pero los vínculos dicen otra cosa para {pair}. Corrija una de las dos tablas.",
    },
    "folder": {
        "en": "The code '{value}' is not the name of the folder, {folder}. Make the two the same.",
        "fr": "Le code « {value} » n'est pas le nom du dossier, {folder}. Donnez le même nom aux deux.",
        "es": "El código «{value}» no es el nombre de la carpeta, {folder}. Ponga el mismo nombre a los dos.",
    },
    "synthetic": {
        "en": "The register is marked synthetic and is not built into a release.",
        "fr": "Le registre est marqué synthétique et n'entre pas dans une version publiée.",
        "es": "El registro está marcado como sintético y no entra en una versión publicada.",
    },
}


problem = Catalogue(MESSAGES).problem
"""Return the problem that a rule of this catalogue was broken."""
