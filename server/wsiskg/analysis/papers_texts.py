"""What people read in the papers of ``wsiskg analyse``, in English, French and Spanish."""

from collections.abc import Mapping

from wsiskg.matrix.papers.wording import DIRECTNESS_NAMES, ORIGIN_NAMES

__all__ = ["COLUMNS", "KINDS", "LEADS", "NAMES", "TEXTS", "TITLES"]

Texts = Mapping[str, Mapping[str, str]]

TITLES: Texts = {
    "summary": {"en": "Size of the network", "fr": "Taille du réseau", "es": "Tamaño de la red"},
    "centrality": {"en": "Centralities", "fr": "Centralités", "es": "Centralidades"},
    "bridges": {
        "en": "SDGs that bring action lines together",
        "fr": "ODD qui rapprochent les grandes orientations",
        "es": "ODS que acercan las líneas de acción",
    },
    "isolation": {
        "en": "Action lines, the most isolated first",
        "fr": "Grandes orientations, les plus isolées d'abord",
        "es": "Líneas de acción, las más aisladas primero",
    },
    "similarity": {"en": "Likeness by shared SDGs", "fr": "Ressemblance par ODD communs", "es": "Semejanza por ODS"},
    "communities": {"en": "Communities", "fr": "Communautés", "es": "Comunidades"},
    "robustness": {
        "en": "What falls without one agency's links",
        "fr": "Ce qui disparaît sans les liens d'une institution",
        "es": "Qué desaparece sin los vínculos de un organismo",
    },
    "candidates": {
        "en": "Pairs without a link: evidence and network side by side",
        "fr": "Paires sans lien : preuves et réseau côte à côte",
        "es": "Pares sin vínculo: pruebas y red lado a lado",
    },
    "back-test": {
        "en": "How well each method finds hidden links",
        "fr": "Comment chaque méthode retrouve des liens cachés",
        "es": "Cómo encuentra cada método vínculos ocultos",
    },
    "timeline": {
        "en": "Evidence over the years",
        "fr": "Les preuves au fil des années",
        "es": "Las pruebas a lo largo de los años",
    },
}

LEADS: Texts = {
    "summary": {
        "en": "Nodes are what could be linked; 'linked' counts those that are.",
        "fr": "Les nœuds sont ce qui pourrait être relié ; « reliés » compte ceux qui le sont.",
        "es": "Los nodos son lo que podría vincularse; «vinculados» cuenta los que lo están.",
    },
    "centrality": {
        "en": "Of linked nodes. Being in the middle of these links says nothing about importance in the world.",
        "fr": "Des nœuds reliés. Être au centre de ces liens ne dit rien de l'importance dans le monde réel.",
        "es": "De los nodos vinculados. Estar en el centro de estos vínculos nada dice de la importancia real.",
    },
    "bridges": {
        "en": "Diversity is 0 for one line, and high where lines meet that share little else.",
        "fr": "La diversité vaut 0 pour une seule orientation ; elle est élevée là où se rencontrent des orientations "
        "qui partagent peu d'autres ODD.",
        "es": "La diversidad es 0 con una sola línea, y alta donde coinciden líneas que comparten poco más.",
    },
    "isolation": {
        "en": "Partners are lines that share an SDG; the closest is the one most alike by Jaccard's index.",
        "fr": "Les partenaires sont les orientations qui partagent un ODD ; la plus proche l'est par l'indice de "
        "Jaccard.",
        "es": "Son asociadas las líneas que comparten un ODS; la más cercana lo es por el índice de Jaccard.",
    },
    "similarity": {
        "en": "Jaccard's index compares the SDGs; the cosine compares the projects behind them.",
        "fr": "L'indice de Jaccard compare les ODD ; le cosinus compare les projets qui les étayent.",
        "es": "El índice de Jaccard compara los ODS; el coseno compara los proyectos que los respaldan.",
    },
    "communities": {
        "en": "A community of stability below 0.5 dissolves in other runs: it is no finding.",
        "fr": "Une communauté de stabilité inférieure à 0,5 se dissout dans d'autres essais : ce n'est pas un "
        "résultat.",
        "es": "Una comunidad con estabilidad inferior a 0,5 se disuelve en otras pasadas: no es un resultado.",
    },
    "robustness": {
        "en": "A link is lost where nobody else puts it forward; the first row is the network as it is.",
        "fr": "Un lien est perdu si personne d'autre ne le propose ; la première ligne est le réseau tel quel.",
        "es": "Un vínculo se pierde si nadie más lo propone; la primera fila es la red tal como está.",
    },
    "candidates": {
        "en": "The network only repeats the habits of the edition; evidence does not know them. Neither is a decision.",
        "fr": "Le réseau ne fait que répéter les habitudes de l'édition ; les preuves les ignorent. Ni l'un ni les "
        "autres ne décident.",
        "es": "La red solo repite los hábitos de la edición; las pruebas no los conocen. Ni una ni otras deciden.",
    },
    "back-test": {
        "en": "Means over the splits. A pair that counts as wrong here may still be a good link that nobody made.",
        "fr": "Moyennes sur les tirages. Une paire comptée ici comme fausse peut être un bon lien que personne n'a "
        "fait.",
        "es": "Medias de los sorteos. Un par contado aquí como error puede ser un buen vínculo que nadie hizo.",
    },
    "timeline": {
        "en": "Projects by the years of their start and awards. Rows are never added up: 'declared or assigned' counts "
        "both together.",
        "fr": "Projets selon l'année de leur début et de leurs prix. Les lignes ne s'additionnent jamais : « déclaré "
        "ou attribué » compte les deux ensemble.",
        "es": "Proyectos por año de inicio y de premios. Las filas nunca se suman: «declarado o asignado» cuenta "
        "ambos a la vez.",
    },
}

TEXTS: Texts = {
    "network": {
        "en": "Network {network}, edition {edition}, level {level}, weight {weight}, release {release}.",
        "fr": "Réseau {network}, édition {edition}, niveau {level}, poids {weight}, version publiée {release}.",
        "es": "Red {network}, edición {edition}, nivel {level}, peso {weight}, versión publicada {release}.",
    },
    "left-out": {
        "en": "Edges left out because they have no such evidence: {number}.",
        "fr": "Arêtes laissées de côté, faute de telles preuves : {number}.",
        "es": "Aristas excluidas por no tener tales pruebas: {number}.",
    },
    "whole": {
        "en": "Density {density}; connected parts {components}, the largest of {largest} nodes; triangles {triangles}.",
        "fr": "Densité {density} ; parties connexes {components}, la plus grande de {largest} nœuds ; triangles "
        "{triangles}.",
        "es": "Densidad {density}; partes conexas {components}, la mayor de {largest} nodos; triángulos {triangles}.",
    },
    "runs": {
        "en": "Modularity {modularity} (lowest run {lowest}). {seeds} runs gave {partitions} different partitions; "
        "mean adjusted Rand index {agreement}.",
        "fr": "Modularité {modularity} (essai le plus bas {lowest}). {seeds} essais ont donné {partitions} partitions "
        "différentes ; indice de Rand ajusté moyen {agreement}.",
        "es": "Modularidad {modularity} (pasada más baja {lowest}). {seeds} pasadas dieron {partitions} particiones "
        "distintas; índice de Rand ajustado medio {agreement}.",
    },
    "split": {
        "en": "{hidden} of {links} links hidden, {pairs} pairs ranked, {splits} splits from seed {seed}.",
        "fr": "{hidden} liens cachés sur {links}, {pairs} paires classées, {splits} tirages à partir de la graine "
        "{seed}.",
        "es": "{hidden} de {links} vínculos ocultos, {pairs} pares ordenados, {splits} sorteos desde la semilla "
        "{seed}.",
    },
    "shown": {
        "en": "{shown} of {number} shown.",
        "fr": "{shown} affichés sur {number}.",
        "es": "Se muestran {shown} de {number}.",
    },
    "nothing": {"en": "There is nothing here.", "fr": "Il n'y a rien ici.", "es": "Aquí no hay nada."},
    "by-year": {"en": "By year", "fr": "Par année", "es": "Por año"},
    "in-all": {"en": "In all", "fr": "Au total", "es": "En total"},
    "by-review": {
        "en": "Before and after HLPF reviews",
        "fr": "Avant et après les examens du FPHN",
        "es": "Antes y después de los exámenes del FPAN",
    },
    "release": {"en": "Release {release}.", "fr": "Version publiée {release}.", "es": "Versión publicada {release}."},
}

KINDS: Texts = {
    "action-line": {"en": "action line", "fr": "grande orientation", "es": "línea de acción"},
    "sdg-goal": {"en": "SDG goal", "fr": "objectif (ODD)", "es": "objetivo (ODS)"},
    "sdg-target": {"en": "SDG target", "fr": "cible (ODD)", "es": "meta (ODS)"},
    "connect2020-target": {"en": "Connect 2020 target", "fr": "cible Connect 2020", "es": "meta Conectar 2020"},
    "itu-subject": {"en": "subject of ITU", "fr": "sujet de l'UIT", "es": "tema de la UIT"},
    "agency": {"en": "agency", "fr": "institution", "es": "organismo"},
    "project": {"en": "project", "fr": "projet", "es": "proyecto"},
    "matrix-link": {"en": "link of the matrix", "fr": "lien de la matrice", "es": "vínculo de la matriz"},
    "project-proposal": {
        "en": "proposal of this project",
        "fr": "proposition de ce projet",
        "es": "propuesta de este proyecto",
    },
    "itu-statement": {"en": "statement of ITU", "fr": "déclaration de l'UIT", "es": "declaración de la UIT"},
    "puts-forward": {"en": "puts forward", "fr": "propose", "es": "propone"},
    "declared-tag": {"en": "declared tag", "fr": "étiquette déclarée", "es": "etiqueta declarada"},
    "assigned-tag": {"en": "assigned tag", "fr": "étiquette attribuée", "es": "etiqueta asignada"},
}

NAMES: Mapping[str, Texts] = {
    "directness": {
        **DIRECTNESS_NAMES,
        "line-only": {"en": "line only", "fr": "orientation seule", "es": "solo la línea"},
    },
    "origin": ORIGIN_NAMES,
    "state": {
        "unlinked": {"en": "unlinked", "fr": "non reliée", "es": "sin vínculo"},
        "alone": {"en": "alone", "fr": "seule", "es": "sola"},
        "connected": {"en": "connected", "fr": "connectée", "es": "conectada"},
    },
    "method": {
        "evidence": {"en": "evidence", "fr": "preuves", "es": "pruebas"},
        "adamic-adar": {"en": "Adamic-Adar", "fr": "Adamic-Adar", "es": "Adamic-Adar"},
        "resource-allocation": {
            "en": "resource allocation",
            "fr": "allocation de ressources",
            "es": "asignación de recursos",
        },
        "preferential-attachment": {
            "en": "preferential attachment",
            "fr": "attachement préférentiel",
            "es": "conexión preferencial",
        },
        "chance": {"en": "chance", "fr": "hasard", "es": "azar"},
    },
}

COLUMNS: Texts = {
    "kind": {"en": "kind", "fr": "type", "es": "tipo"},
    "nodes": {"en": "nodes", "fr": "nœuds", "es": "nodos"},
    "linked": {"en": "linked", "fr": "reliés", "es": "vinculados"},
    "relation": {"en": "relation", "fr": "relation", "es": "relación"},
    "edges": {"en": "edges", "fr": "arêtes", "es": "aristas"},
    "links": {"en": "links", "fr": "liens", "es": "vínculos"},
    "code": {"en": "code", "fr": "code", "es": "código"},
    "label": {"en": "name (English)", "fr": "nom (anglais)", "es": "nombre (inglés)"},
    "degree": {"en": "degree", "fr": "degré", "es": "grado"},
    "strength": {"en": "strength", "fr": "force", "es": "fuerza"},
    "betweenness": {"en": "betweenness", "fr": "intermédiarité", "es": "intermediación"},
    "pagerank": {"en": "PageRank", "fr": "PageRank", "es": "PageRank"},
    "eigenvector": {"en": "eigenvector", "fr": "vecteur propre", "es": "vector propio"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "number": {"en": "number", "fr": "nombre", "es": "número"},
    "lines": {"en": "lines", "fr": "orientations", "es": "líneas"},
    "agencies": {"en": "agencies", "fr": "institutions", "es": "organismos"},
    "effective_lines": {"en": "effective lines", "fr": "orientations effectives", "es": "líneas efectivas"},
    "diversity": {"en": "diversity", "fr": "diversité", "es": "diversidad"},
    "line": {"en": "line", "fr": "orientation", "es": "línea"},
    "state": {"en": "state", "fr": "état", "es": "estado"},
    "sdgs": {"en": "SDGs", "fr": "ODD", "es": "ODS"},
    "shared": {"en": "shared SDGs", "fr": "ODD partagés", "es": "ODS compartidos"},
    "partners": {"en": "partners", "fr": "partenaires", "es": "asociadas"},
    "closest": {"en": "closest", "fr": "la plus proche", "es": "la más cercana"},
    "jaccard": {"en": "Jaccard", "fr": "Jaccard", "es": "Jaccard"},
    "first": {"en": "first", "fr": "l'un", "es": "uno"},
    "second": {"en": "second", "fr": "l'autre", "es": "otro"},
    "number_shared": {"en": "shared", "fr": "communs", "es": "comunes"},
    "either": {"en": "of either", "fr": "de l'un ou l'autre", "es": "de uno u otro"},
    "cosine": {"en": "cosine", "fr": "cosinus", "es": "coseno"},
    "shared_sdgs": {"en": "shared SDGs", "fr": "ODD communs", "es": "ODS comunes"},
    "stability": {"en": "stability", "fr": "stabilité", "es": "estabilidad"},
    "members": {"en": "lines and agencies", "fr": "orientations et institutions", "es": "líneas y organismos"},
    "others": {"en": "other nodes", "fr": "autres nœuds", "es": "otros nodos"},
    "agency": {"en": "agency", "fr": "institution", "es": "organismo"},
    "lost": {"en": "links lost", "fr": "liens perdus", "es": "vínculos perdidos"},
    "pairs": {"en": "line–goal pairs lost", "fr": "paires perdues", "es": "pares perdidos"},
    "targets": {"en": "targets lost", "fr": "cibles perdues", "es": "metas perdidas"},
    "goals": {"en": "goals lost", "fr": "objectifs perdus", "es": "objetivos perdidos"},
    "lines_lost": {"en": "lines lost", "fr": "orientations perdues", "es": "líneas perdidas"},
    "components": {"en": "parts left", "fr": "parties restantes", "es": "partes restantes"},
    "largest": {"en": "largest part", "fr": "plus grande partie", "es": "parte mayor"},
    "evidence_rank": {"en": "rank by evidence", "fr": "rang selon les preuves", "es": "puesto según las pruebas"},
    "projects": {"en": "projects", "fr": "projets", "es": "proyectos"},
    "adamic_adar": {"en": "Adamic-Adar", "fr": "Adamic-Adar", "es": "Adamic-Adar"},
    "adamic_adar_rank": {"en": "rank by Adamic-Adar", "fr": "rang Adamic-Adar", "es": "puesto Adamic-Adar"},
    "resource_allocation": {
        "en": "resource allocation",
        "fr": "allocation de ressources",
        "es": "asignación de recursos",
    },
    "resource_allocation_rank": {
        "en": "rank by resource allocation",
        "fr": "rang par allocation",
        "es": "puesto por asignación",
    },
    "at": {"en": "first pairs", "fr": "premières paires", "es": "primeros pares"},
    "method": {"en": "method", "fr": "méthode", "es": "método"},
    "precision": {"en": "precision", "fr": "précision", "es": "precisión"},
    "precision_lowest": {"en": "lowest", "fr": "minimum", "es": "mínimo"},
    "precision_highest": {"en": "highest", "fr": "maximum", "es": "máximo"},
    "recall": {"en": "recall", "fr": "rappel", "es": "exhaustividad"},
    "named": {"en": "hidden links named", "fr": "liens cachés nommés", "es": "vínculos ocultos nombrados"},
    "year": {"en": "year", "fr": "année", "es": "año"},
    "directness": {"en": "directness", "fr": "caractère direct", "es": "carácter directo"},
    "origin": {"en": "origin of tags", "fr": "origine des étiquettes", "es": "origen de las etiquetas"},
    "started": {"en": "started", "fr": "commencés", "es": "iniciados"},
    "dated": {"en": "dated", "fr": "datés", "es": "fechados"},
    "awarded": {"en": "awarded", "fr": "primés", "es": "premiados"},
    "undated": {"en": "undated", "fr": "sans date", "es": "sin fecha"},
    "session": {"en": "session", "fr": "session", "es": "período de sesiones"},
    "goal": {"en": "goal", "fr": "objectif", "es": "objetivo"},
    "until": {"en": "until then", "fr": "jusque-là", "es": "hasta entonces"},
    "since": {"en": "since", "fr": "depuis", "es": "desde entonces"},
}
