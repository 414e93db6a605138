"""What people read in the report on data quality, in English, French and Spanish."""

from collections.abc import Mapping

__all__ = ["COLUMNS", "MEASURES", "NAMES", "TEXTS", "TITLES"]

Texts = Mapping[str, Mapping[str, str]]

TITLES: Texts = {
    "quality": {"en": "Data quality", "fr": "Qualité des données", "es": "Calidad de los datos"},
    "shares": {"en": "In short", "fr": "En bref", "es": "En resumen"},
    "completeness": {"en": "Completeness by class", "fr": "Complétude par classe", "es": "Integridad por clase"},
    "sources": {
        "en": "Sources and verification",
        "fr": "Sources et vérification",
        "es": "Fuentes y verificación",
    },
    "freshness": {"en": "How old the data are", "fr": "Ancienneté des données", "es": "Antigüedad de los datos"},
    "unverified": {
        "en": "From memory, to be looked up",
        "fr": "De mémoire, à vérifier",
        "es": "De memoria, por comprobar",
    },
    "discrepancies": {
        "en": "Where the published tables contradict each other",
        "fr": "Là où les tables publiées se contredisent",
        "es": "Donde las tablas publicadas se contradicen",
    },
    "rationales": {
        "en": "Links without a rationale",
        "fr": "Liens sans justification",
        "es": "Vínculos sin justificación",
    },
    "labels": {"en": "Labels by language", "fr": "Libellés par langue", "es": "Etiquetas por lengua"},
}

MEASURES: Texts = {
    "completeness": {
        "en": "information that is filled in",
        "fr": "renseignements fournis",
        "es": "datos consignados",
    },
    "sources": {
        "en": "things that name a source",
        "fr": "éléments qui citent une source",
        "es": "elementos con fuente",
    },
    "verified": {
        "en": "things without an unverified statement",
        "fr": "éléments sans énoncé non vérifié",
        "es": "elementos sin declaraciones sin verificar",
    },
    "rationales": {
        "en": "links with a rationale",
        "fr": "liens justifiés",
        "es": "vínculos con justificación",
    },
    "labels": {
        "en": "labels in the six UN languages",
        "fr": "libellés dans les six langues de l'ONU",
        "es": "etiquetas en las seis lenguas de la ONU",
    },
}

TEXTS: Texts = {
    "lead": {
        "en": "What is missing here is not known, which does not mean that it does not exist.",
        "fr": "Ce qui manque ici n'est pas connu, ce qui ne veut pas dire que cela n'existe pas.",
        "es": "Lo que falta aquí no se conoce, lo que no significa que no exista.",
    },
    "query": {
        "en": "The same numbers: wsiskg query {query}",
        "fr": "Les mêmes nombres : wsiskg query {query}",
        "es": "Los mismos números: wsiskg query {query}",
    },
    "none": {"en": "None.", "fr": "Aucun.", "es": "Ninguno."},
    "warnings": {
        "en": "Every case as a SHACL warning, with its file and row: wsiskg validate --quality",
        "fr": "Chaque cas comme avertissement SHACL, avec son fichier et sa ligne : wsiskg validate --quality",
        "es": "Cada caso como advertencia SHACL, con su archivo y fila: wsiskg validate --quality",
    },
    "release": {
        "en": "Release {release}, edition {edition}.",
        "fr": "Version {release}, édition {edition}.",
        "es": "Versión {release}, edición {edition}.",
    },
}

COLUMNS: Texts = {
    "measure": {"en": "measure", "fr": "mesure", "es": "medida"},
    "met": {"en": "met", "fr": "atteint", "es": "cumplido"},
    "of": {"en": "of", "fr": "sur", "es": "de"},
    "share": {"en": "share (%)", "fr": "part (%)", "es": "parte (%)"},
    "kind": {"en": "kind", "fr": "type", "es": "tipo"},
    "information": {"en": "information", "fr": "renseignement", "es": "dato"},
    "with_value": {"en": "with it", "fr": "renseignés", "es": "con él"},
    "in_all": {"en": "in all", "fr": "en tout", "es": "en total"},
    "with_source": {"en": "with a source", "fr": "avec source", "es": "con fuente"},
    "sources": {"en": "different sources", "fr": "sources différentes", "es": "fuentes distintas"},
    "unverified": {"en": "unverified", "fr": "non vérifiés", "es": "sin verificar"},
    "dated": {"en": "dated", "fr": "datés", "es": "fechados"},
    "earliest": {"en": "earliest", "fr": "la plus ancienne", "es": "la más antigua"},
    "latest": {"en": "latest", "fr": "la plus récente", "es": "la más reciente"},
    "class": {"en": "class", "fr": "classe", "es": "clase"},
    "property": {"en": "property", "fr": "propriété", "es": "propiedad"},
    "line_code": {"en": "line", "fr": "orientation", "es": "línea"},
    "goal_code": {"en": "goal", "fr": "objectif", "es": "objetivo"},
    "sdg_code": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "agency_code": {"en": "agency", "fr": "institution", "es": "organismo"},
    "by_line_table": {"en": "table by line", "fr": "table par orientation", "es": "tabla por línea"},
    "by_goal_table": {"en": "table by goal", "fr": "table par objectif", "es": "tabla por objetivo"},
    "reading": {"en": "how it is read", "fr": "lecture retenue", "es": "cómo se lee"},
    "outcome": {"en": "outcome", "fr": "résultat", "es": "resultado"},
    "note": {"en": "note", "fr": "note", "es": "nota"},
    "language_code": {"en": "language", "fr": "langue", "es": "lengua"},
    "with_label": {"en": "with a label", "fr": "avec libellé", "es": "con etiqueta"},
}

NAMES: Texts = {
    "action line": {"en": "action line", "fr": "grande orientation", "es": "línea de acción"},
    "address": {"en": "web address", "fr": "adresse web", "es": "dirección web"},
    "agency": {"en": "agency", "fr": "institution", "es": "organismo"},
    "assigned tag": {"en": "assigned tag", "fr": "étiquette attribuée", "es": "etiqueta asignada"},
    "award": {"en": "award", "fr": "distinction", "es": "premio"},
    "baseline": {"en": "baseline", "fr": "valeur de référence", "es": "valor de referencia"},
    "Connect 2020 goal": {
        "en": "Connect 2020 goal",
        "fr": "but de Connect 2020",
        "es": "meta general de Conectar 2020",
    },
    "Connect 2020 target": {"en": "Connect 2020 target", "fr": "cible de Connect 2020", "es": "meta de Conectar 2020"},
    "country": {"en": "country", "fr": "pays", "es": "país"},
    "custodian agency": {"en": "custodian agency", "fr": "organisme responsable", "es": "organismo responsable"},
    "date": {"en": "date", "fr": "date", "es": "fecha"},
    "date of reading": {"en": "date of reading", "fr": "date de lecture", "es": "fecha de lectura"},
    "declared tag": {"en": "declared tag", "fr": "étiquette déclarée", "es": "etiqueta declarada"},
    "description": {"en": "description", "fr": "description", "es": "descripción"},
    "discrepancy": {"en": "discrepancy", "fr": "divergence", "es": "discrepancia"},
    "edition": {"en": "edition", "fr": "édition", "es": "edición"},
    "event": {"en": "event", "fr": "événement", "es": "acontecimiento"},
    "facilitation": {"en": "facilitation", "fr": "facilitation", "es": "facilitación"},
    "first year": {"en": "first year", "fr": "première année", "es": "primer año"},
    "goals": {"en": "goals reviewed", "fr": "objectifs examinés", "es": "objetivos examinados"},
    "HLPF session": {"en": "HLPF session", "fr": "session du FPHN", "es": "período de sesiones del FPAN"},
    "licence": {"en": "licence", "fr": "licence", "es": "licencia"},
    "link": {"en": "link", "fr": "lien", "es": "vínculo"},
    "name": {"en": "name", "fr": "nom", "es": "nombre"},
    "organisation": {"en": "organisation", "fr": "organisation", "es": "organización"},
    "place": {"en": "place", "fr": "lieu", "es": "lugar"},
    "project": {"en": "project", "fr": "projet", "es": "proyecto"},
    "region": {"en": "ITU region", "fr": "région de l'UIT", "es": "región de la UIT"},
    "register": {"en": "register", "fr": "registre", "es": "registro"},
    "reported figure": {"en": "reported figure", "fr": "valeur publiée", "es": "valor publicado"},
    "SDG goal": {"en": "SDG goal", "fr": "objectif (ODD)", "es": "objetivo (ODS)"},
    "SDG indicator": {"en": "SDG indicator", "fr": "indicateur (ODD)", "es": "indicador (ODS)"},
    "SDG target": {"en": "SDG target", "fr": "cible (ODD)", "es": "meta (ODS)"},
    "stakeholder type": {
        "en": "stakeholder type",
        "fr": "type de partie prenante",
        "es": "tipo de parte interesada",
    },
    "theme": {"en": "theme", "fr": "thème", "es": "tema"},
    "value": {"en": "value", "fr": "valeur", "es": "valor"},
    "year": {"en": "year", "fr": "année", "es": "año"},
    "record": {"en": "whole record", "fr": "enregistrement entier", "es": "registro entero"},
    "statement": {"en": "statement", "fr": "énoncé", "es": "declaración"},
    "no-link": {"en": "no link", "fr": "aucun lien", "es": "sin vínculo"},
}
"""Kinds of things and pieces of information, as the queries name them."""
