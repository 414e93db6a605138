"""What is said of a file that cannot be read as a table, in English, French and Spanish: what it is, what to do."""

from collections.abc import Mapping

from wsiskg.model.errors import UnreadableError
from wsiskg.model.messages import Catalogue
from wsiskg.model.problems import Origin, Severity

__all__ = ["KINDS", "MESSAGES", "unreadable"]

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "empty": {
        "en": "The file is empty. Check what was sent.",
        "fr": "Le fichier est vide. Vérifiez ce qui a été envoyé.",
        "es": "El archivo está vacío. Compruebe lo que se envió.",
    },
    "no-cells": {
        "en": "The file holds no cell with content. Check what was sent.",
        "fr": "Le fichier ne contient aucune cellule remplie. Vérifiez ce qui a été envoyé.",
        "es": "El archivo no contiene ninguna celda con contenido. Compruebe lo que se envió.",
    },
    "large": {
        "en": "The file has {size} bytes; at most {limit} are read. Remove pictures and unused sheets, or send it in "
        "several files.",
        "fr": "Le fichier fait {size} octets ; {limit} au plus sont lus. Supprimez les images et les feuilles "
        "inutiles, ou envoyez-le en plusieurs fichiers.",
        "es": "El archivo tiene {size} bytes; se leen {limit} como máximo. Quite imágenes y hojas sin uso, o envíelo "
        "en varios archivos.",
    },
    "no-table": {
        "en": "This is {kind}, not a table. Send an Excel workbook (.xlsx) or a CSV file.",
        "fr": "Il s'agit {kind}, et non d'un tableau. Envoyez un classeur Excel (.xlsx) ou un fichier CSV.",
        "es": "Se trata de {kind}, no de una tabla. Envíe un libro de Excel (.xlsx) o un archivo CSV.",
    },
    "resave": {
        "en": "This is {kind}, which is not read. Open it in a spreadsheet program and save it as 'Excel workbook "
        "(.xlsx)'.",
        "fr": "Il s'agit {kind}, format qui n'est pas lu. Ouvrez-le dans un tableur et enregistrez-le au format "
        "« Classeur Excel (.xlsx) ».",
        "es": "Se trata de {kind}, formato que no se lee. Ábralo en una hoja de cálculo y guárdelo como «Libro de "
        "Excel (.xlsx)».",
    },
    "password": {
        "en": "The workbook is protected by a password. Remove the password and save it again.",
        "fr": "Le classeur est protégé par un mot de passe. Retirez le mot de passe et enregistrez-le de nouveau.",
        "es": "El libro está protegido con contraseña. Quite la contraseña y guárdelo de nuevo.",
    },
    "macros": {
        "en": "The workbook holds macros and is not opened. Save it as 'Excel workbook (.xlsx)', without macros.",
        "fr": "Le classeur contient des macros et n'est pas ouvert. Enregistrez-le au format « Classeur Excel (.xlsx) »"
        ", sans macros.",
        "es": "El libro contiene macros y no se abre. Guárdelo como «Libro de Excel (.xlsx)», sin macros.",
    },
    "archive": {
        "en": "This is a ZIP archive, not a workbook. Send the workbook that is inside.",
        "fr": "Il s'agit d'une archive ZIP, et non d'un classeur. Envoyez le classeur qu'elle contient.",
        "es": "Se trata de un archivo ZIP, no de un libro. Envíe el libro que contiene.",
    },
    "damaged": {
        "en": "The workbook is damaged and cannot be read. Open it in a spreadsheet program and save it as 'Excel "
        "workbook (.xlsx)', or send it again.",
        "fr": "Le classeur est endommagé et ne peut être lu. Ouvrez-le dans un tableur et enregistrez-le au format "
        "« Classeur Excel (.xlsx) », ou renvoyez-le.",
        "es": "El libro está dañado y no puede leerse. Ábralo en una hoja de cálculo y guárdelo como «Libro de Excel "
        "(.xlsx)», o envíelo otra vez.",
    },
    "unpacks": {
        "en": "The workbook would unpack from {packed} to {unpacked} bytes and is refused. Delete empty rows, unused "
        "sheets and pictures, then save it again.",
        "fr": "Le classeur passerait de {packed} à {unpacked} octets une fois décompressé et est refusé. Supprimez les "
        "lignes vides, les feuilles inutiles et les images, puis enregistrez-le de nouveau.",
        "es": "El libro pasaría de {packed} a {unpacked} bytes al descomprimirse y se rechaza. Elimine filas vacías, "
        "hojas sin uso e imágenes, y guárdelo de nuevo.",
    },
    "parts": {
        "en": "The workbook has more than {limit} parts and is refused. Copy the proposals into a new workbook.",
        "fr": "Le classeur a plus de {limit} parties et est refusé. Copiez les propositions dans un nouveau classeur.",
        "es": "El libro tiene más de {limit} partes y se rechaza. Copie las propuestas en un libro nuevo.",
    },
    "entities": {
        "en": "The workbook declares XML entities in {part}, as no spreadsheet program does, and is not opened. Copy "
        "the proposals into a new workbook.",
        "fr": "Le classeur déclare des entités XML dans {part}, ce qu'aucun tableur ne fait, et n'est pas ouvert. "
        "Copiez les propositions dans un nouveau classeur.",
        "es": "El libro declara entidades XML en {part}, como no hace ninguna hoja de cálculo, y no se abre. Copie las "
        "propuestas en un libro nuevo.",
    },
    "rows": {
        "en": "There are more than {limit} rows with content. Send them in several files.",
        "fr": "Il y a plus de {limit} lignes remplies. Envoyez-les en plusieurs fichiers.",
        "es": "Hay más de {limit} filas con contenido. Envíelas en varios archivos.",
    },
    "wide": {
        "en": "The row has content beyond column {limit}. Keep the proposals in the first columns and remove the rest.",
        "fr": "La ligne est remplie au-delà de la colonne {limit}. Gardez les propositions dans les premières colonnes "
        "et supprimez le reste.",
        "es": "La fila tiene contenido más allá de la columna {limit}. Deje las propuestas en las primeras columnas y "
        "elimine lo demás.",
    },
    "quote": {
        "en": 'The quotation mark (") that opens a cell in this row is not closed, or text follows the closing one. '
        "Correct the row, or send an Excel workbook.",
        "fr": "Le guillemet (\") qui ouvre une cellule de cette ligne n'est pas fermé, ou du texte suit celui qui la "
        "ferme. Corrigez la ligne ou envoyez un classeur Excel.",
        "es": 'Las comillas (") que abren una celda de esta fila no se cierran, o hay texto tras las que la cierran. '
        "Corrija la fila o envíe un libro de Excel.",
    },
    "field": {
        "en": "A cell of this row has more than {limit} characters. Look for a missing line break or an unclosed "
        "quotation mark.",
        "fr": "Une cellule de cette ligne a plus de {limit} caractères. Cherchez un retour à la ligne manquant ou un "
        "guillemet non fermé.",
        "es": "Una celda de esta fila tiene más de {limit} caracteres. Busque un salto de línea que falta o unas "
        "comillas sin cerrar.",
    },
    "encoding": {
        "en": "The characters of the file cannot be read safely (byte {byte}). Save it as 'CSV UTF-8', or send an "
        "Excel workbook.",
        "fr": "Les caractères du fichier ne peuvent être lus avec certitude (octet {byte}). Enregistrez-le au format "
        "« CSV UTF-8 » ou envoyez un classeur Excel.",
        "es": "Los caracteres del archivo no pueden leerse con certeza (byte {byte}). Guárdelo como «CSV UTF-8» o "
        "envíe un libro de Excel.",
    },
}

KINDS: Mapping[str, Mapping[str, str]] = {
    "pdf": {"en": "a PDF document", "fr": "d'un document PDF", "es": "un documento PDF"},
    "picture": {"en": "a picture", "fr": "d'une image", "es": "una imagen"},
    "word": {"en": "a Word document", "fr": "d'un document Word", "es": "un documento de Word"},
    "slides": {"en": "a presentation", "fr": "d'une présentation", "es": "una presentación"},
    "rtf": {"en": "an RTF text", "fr": "d'un texte RTF", "es": "un texto RTF"},
    "page": {"en": "a web page", "fr": "d'une page web", "es": "una página web"},
    "xml": {"en": "an XML file", "fr": "d'un fichier XML", "es": "un archivo XML"},
    "packed": {"en": "a packed archive", "fr": "d'une archive compressée", "es": "un archivo comprimido"},
    "binary": {"en": "a file of unknown kind", "fr": "d'un fichier de type inconnu", "es": "un archivo desconocido"},
    "office": {
        "en": "a document of an old Office program",
        "fr": "d'un document d'une ancienne version d'Office",
        "es": "un documento de una versión antigua de Office",
    },
    "xls": {
        "en": "a workbook of the old format (.xls)",
        "fr": "d'un classeur à l'ancien format (.xls)",
        "es": "un libro del formato antiguo (.xls)",
    },
    "xlsb": {
        "en": "a binary workbook (.xlsb)",
        "fr": "d'un classeur binaire (.xlsb)",
        "es": "un libro binario (.xlsb)",
    },
    "ods": {
        "en": "an OpenDocument file",
        "fr": "d'un fichier OpenDocument",
        "es": "un archivo OpenDocument",
    },
}
"""What a file may be instead of a table; the French and Spanish words fit into the sentences above."""

_problem = Catalogue(MESSAGES).problem


def unreadable(rule: str, name: str, row: int | None = None, sheet: str = "", **facts: object) -> UnreadableError:
    """Return the error that says that the file called ``name`` cannot be read, because of its row ``row`` if given."""
    shown = {key: _grouped(fact) if isinstance(fact, int) else fact for key, fact in facts.items()}
    return UnreadableError(_problem(rule, Origin(name, row, sheet=sheet), "", Severity.VIOLATION, **shown))


def _grouped(number: int) -> Mapping[str, str]:
    """Return a number with its thousands apart, as each language writes it."""
    text = f"{number:,}"
    return {"en": text, "fr": text.replace(",", "\u202f"), "es": text.replace(",", "\u202f")}
