"""What is said of a file of proposals while it is read, in English, French and Spanish."""

from collections.abc import Mapping

from wsiskg.model.messages import Catalogue

__all__ = ["MESSAGES", "reading_problem"]

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "no-header": {
        "en": "No row with the headers of the columns was found. One row must name them, '{line}' and '{sdg}' among "
        "them; the template has it.",
        "fr": "Aucune ligne ne porte les intitulés des colonnes. Une ligne doit les nommer, dont « {line} » et "
        "« {sdg} » ; le modèle la contient.",
        "es": "No se encontró ninguna fila con los títulos de las columnas. Una fila debe nombrarlas, entre ellas "
        "«{line}» y «{sdg}»; la plantilla la contiene.",
    },
    "no-column": {
        "en": "There is no column '{title}'. Add one, and fill it in each row.",
        "fr": "Il n'y a pas de colonne « {title} ». Ajoutez-la et remplissez-la à chaque ligne.",
        "es": "No hay columna «{title}». Añádala y rellénela en cada fila.",
    },
    "no-proposals": {
        "en": "There is no proposal below the headers. Write one row for each link.",
        "fr": "Il n'y a aucune proposition sous les intitulés. Écrivez une ligne par lien.",
        "es": "No hay ninguna propuesta bajo los títulos. Escriba una fila por vínculo.",
    },
    "unknown-column": {
        "en": "The column '{value}' is not one of ours. It is left as it is, and not read.{hint}",
        "fr": "La colonne « {value} » n'est pas l'une des nôtres. Elle reste telle quelle et n'est pas lue.{hint}",
        "es": "La columna «{value}» no es una de las nuestras. Se deja como está y no se lee.{hint}",
    },
    "repeated-column": {
        "en": "The column '{value}' says the same as the column '{title}' before it, and is not read. Remove one.",
        "fr": "La colonne « {value} » dit la même chose que la colonne « {title} » qui la précède, et n'est pas lue. "
        "Supprimez l'une des deux.",
        "es": "La columna «{value}» dice lo mismo que la columna «{title}» anterior, y no se lee. Quite una.",
    },
    "rationale-language": {
        "en": "The column '{value}' does not say its language; its texts were taken as {language}. To be sure, write "
        "'{title}'.",
        "fr": "La colonne « {value} » ne précise pas sa langue ; ses textes ont été pris pour du {language}. Pour plus "
        "de sûreté, écrivez « {title} ».",
        "es": "La columna «{value}» no indica su lengua; sus textos se tomaron por {language}. Para mayor seguridad, "
        "escriba «{title}».",
    },
    "sheet-skipped": {
        "en": "The sheet has no row with our headers, and was not read.",
        "fr": "La feuille n'a pas de ligne portant nos intitulés et n'a pas été lue.",
        "es": "La hoja no tiene ninguna fila con nuestros títulos y no se leyó.",
    },
    "hidden-sheet": {
        "en": "The sheet is hidden; it was read all the same. Show it, or delete it.",
        "fr": "La feuille est masquée ; elle a été lue malgré tout. Affichez-la ou supprimez-la.",
        "es": "La hoja está oculta; se leyó de todos modos. Muéstrela o elimínela.",
    },
    "hidden-row": {
        "en": "The row is hidden; it was read all the same. Show it, or delete it.",
        "fr": "La ligne est masquée ; elle a été lue malgré tout. Affichez-la ou supprimez-la.",
        "es": "La fila está oculta; se leyó de todos modos. Muéstrela o elimínela.",
    },
    "hidden-column": {
        "en": "The column is hidden; it was read all the same. Show it, or delete it.",
        "fr": "La colonne est masquée ; elle a été lue malgré tout. Affichez-la ou supprimez-la.",
        "es": "La columna está oculta; se leyó de todos modos. Muéstrela o elimínela.",
    },
    "gap": {
        "en": "So many empty rows follow this one that what stands below them was not read. Delete the empty rows.",
        "fr": "Tant de lignes vides suivent celle-ci que ce qui se trouve plus bas n'a pas été lu. Supprimez les "
        "lignes vides.",
        "es": "A esta fila le siguen tantas filas vacías que lo que hay debajo no se leyó. Elimine las filas vacías.",
    },
    "encoding": {
        "en": "The file is not in Unicode; it was read as {encoding}. If letters look wrong, save it as 'CSV UTF-8'.",
        "fr": "Le fichier n'est pas en Unicode ; il a été lu comme {encoding}. Si des lettres sont fausses, "
        "enregistrez-le au format « CSV UTF-8 ».",
        "es": "El archivo no está en Unicode; se leyó como {encoding}. Si hay letras mal, guárdelo como «CSV UTF-8».",
    },
    "merged": {
        "en": "The cell is part of a merged block; the block's value '{value}' was taken for each of its rows.",
        "fr": "La cellule fait partie d'un bloc fusionné ; la valeur « {value} » du bloc a été prise pour chacune de "
        "ses lignes.",
        "es": "La celda forma parte de un bloque combinado; el valor «{value}» del bloque se tomó para cada una de sus "
        "filas.",
    },
    "formula": {
        "en": "The formula {value} has no stored result. Write the value itself.",
        "fr": "La formule {value} n'a pas de résultat enregistré. Écrivez la valeur elle-même.",
        "es": "La fórmula {value} no tiene resultado guardado. Escriba el valor mismo.",
    },
    "cell-error": {
        "en": "The spreadsheet shows the error {value} here. Write the value itself.",
        "fr": "Le tableur affiche ici l'erreur {value}. Écrivez la valeur elle-même.",
        "es": "La hoja de cálculo muestra aquí el error {value}. Escriba el valor mismo.",
    },
    "cut": {
        "en": "The text is longer than {limit} characters. Shorten it.",
        "fr": "Le texte dépasse {limit} caractères. Raccourcissez-le.",
        "es": "El texto supera los {limit} caracteres. Acórtelo.",
    },
    "choice": {
        "en": "'{value}' is not one of: {choices}.",
        "fr": "« {value} » n'est pas l'une des valeurs suivantes : {choices}.",
        "es": "«{value}» no es uno de estos valores: {choices}.",
    },
    "confidence": {
        "en": "'{value}' is not a number from 0 to 1.",
        "fr": "« {value} » n'est pas un nombre de 0 à 1.",
        "es": "«{value}» no es un número de 0 a 1.",
    },
    "address": {
        "en": "'{value}' is not a web address. Write it in full, beginning with https://.",
        "fr": "« {value} » n'est pas une adresse web. Écrivez-la en entier, en commençant par https://.",
        "es": "«{value}» no es una dirección web. Escríbala completa, empezando por https://.",
    },
    "no-decision": {
        "en": "There is a reason for a decision, but no decision beside it. Choose one: {choices}.",
        "fr": "Un motif de décision est donné, mais aucune décision. Choisissez : {choices}.",
        "es": "Hay un motivo de decisión, pero ninguna decisión. Elija una: {choices}.",
    },
    "predicate": {
        "en": "'{value}' is not the relation of this matrix, which is wsis:supports. Leave the row out, or correct it.",
        "fr": "« {value} » n'est pas la relation de cette matrice, qui est wsis:supports. Retirez la ligne ou "
        "corrigez-la.",
        "es": "«{value}» no es la relación de esta matriz, que es wsis:supports. Quite la fila o corríjala.",
    },
    "negated": {
        "en": "The row says that the link does not hold. To take a link out of the matrix, write the change 'retire'.",
        "fr": "La ligne dit que le lien n'existe pas. Pour retirer un lien de la matrice, écrivez le changement "
        "« retirer ».",
        "es": "La fila dice que el vínculo no existe. Para retirar un vínculo de la matriz, escriba el cambio "
        "«retirar».",
    },
    "syntax": {
        "en": "The text is not valid {syntax} (line {line}, column {column}): {error}. Correct it there.",
        "fr": "Le texte n'est pas du {syntax} valable (ligne {line}, colonne {column}) : {error}. Corrigez-le à cet "
        "endroit.",
        "es": "El texto no es {syntax} válido (línea {line}, columna {column}): {error}. Corríjalo ahí.",
    },
    "context": {
        "en": "The JSON-LD context '{value}' is not loaded from elsewhere. Use {ours}, or write the context out.",
        "fr": "Le contexte JSON-LD « {value} » n'est pas chargé depuis l'extérieur. Utilisez {ours} ou écrivez le "
        "contexte en entier.",
        "es": "El contexto JSON-LD «{value}» no se carga de fuera. Use {ours} o escriba el contexto completo.",
    },
    "no-links": {
        "en": "The file holds no link (wsis:Link) of an action line. Give each its wsis:actionLine and wsis:target.",
        "fr": "Le fichier ne contient aucun lien (wsis:Link) d'une grande orientation. Donnez à chacun wsis:actionLine "
        "et wsis:target.",
        "es": "El archivo no contiene ningún vínculo (wsis:Link) de una línea de acción. Dé a cada uno wsis:actionLine "
        "y wsis:target.",
    },
    "many-links": {
        "en": "There are more than {limit} links. Send them in several files.",
        "fr": "Il y a plus de {limit} liens. Envoyez-les en plusieurs fichiers.",
        "es": "Hay más de {limit} vínculos. Envíelos en varios archivos.",
    },
    "value-count": {
        "en": "The link {value} has {count} values of {property}; one is read. Keep one.",
        "fr": "Le lien {value} a {count} valeurs de {property} ; une seule est lue. Gardez-en une.",
        "es": "El vínculo {value} tiene {count} valores de {property}; se lee uno. Deje uno.",
    },
}

reading_problem = Catalogue(MESSAGES).problem
"""Return a problem of `MESSAGES`, see `Catalogue.problem`."""
