"""Words of the reports, in the languages of messages."""

import re
from collections.abc import Mapping
from functools import cache

__all__ = ["COLUMNS", "TEXTS", "UNITS", "words"]

Texts = Mapping[str, Mapping[str, str]]

TEXTS: Texts = {
    # The frame of every report
    "contents": {"en": "Contents", "fr": "Table des matières", "es": "Índice"},
    "table": {
        "en": "Table {number}. {caption}",
        "fr": "Tableau {number}. {caption}",
        "es": "Cuadro {number}. {caption}",
    },
    "figure": {
        "en": "Figure {number}. {caption}",
        "fr": "Figure {number}. {caption}",
        "es": "Gráfico {number}. {caption}",
    },
    "numbers-title": {
        "en": "Where the numbers come from",
        "fr": "D'où viennent les chiffres",
        "es": "De dónde proceden las cifras",
    },
    "numbers-lead": {
        "en": "Every number was read from release {release} on {date}. The marks in brackets name the question; "
        "each command below asks it again. The whole report again: {command}",
        "fr": "Chaque chiffre a été lu dans la version publiée {release} le {date}. Les numéros entre crochets "
        "renvoient à la question ; chaque commande ci-dessous la repose. Le rapport entier : {command}",
        "es": "Cada cifra se leyó en la versión publicada {release} el {date}. Los números entre corchetes "
        "remiten a la pregunta; cada orden de abajo la repite. El informe completo: {command}",
    },
    "numbers-none": {
        "en": "Written from release {release} on {date}. The whole report again: {command}",
        "fr": "Établi à partir de la version publiée {release} le {date}. Le rapport entier : {command}",
        "es": "Elaborado a partir de la versión publicada {release} el {date}. El informe completo: {command}",
    },
    "page": {"en": "Page", "fr": "Page", "es": "Página"},
    "and": {"en": "and", "fr": "et", "es": "y"},
    "and-more": {"en": "and {number} more", "fr": "et {number} autres", "es": "y {number} más"},
    "yes": {"en": "yes", "fr": "oui", "es": "sí"},
    "no": {"en": "no", "fr": "non", "es": "no"},
    "shown": {
        "en": "{shown} of {number} shown; all of them: {command}",
        "fr": "{shown} sur {number} ; en totalité : {command}",
        "es": "Se muestran {shown} de {number}; todos: {command}",
    },
    # Titles of reports
    "title-hlpf": {
        "en": "ICTs and the goals under review at {name}",
        "fr": "Les TIC et les objectifs examinés – {name}",
        "es": "Las TIC y los objetivos examinados – {name}",
    },
    "title-action-line": {"en": "{code}: {name}", "fr": "{code} : {name}", "es": "{code}: {name}"},
    "title-goal": {"en": "SDG {code}: {name}", "fr": "ODD {code} : {name}", "es": "ODS {code}: {name}"},
    "title-target": {
        "en": "SDG target {code}: {name}",
        "fr": "Cible {code} des ODD : {name}",
        "es": "Meta {code} de los ODS: {name}",
    },
    "title-region": {
        "en": "WSIS and the SDGs: {name}",
        "fr": "Le SMSI et les ODD : {name}",
        "es": "La CMSI y los ODS: {name}",
    },
    "title-country": {
        "en": "WSIS and the SDGs: {name}",
        "fr": "Le SMSI et les ODD : {name}",
        "es": "La CMSI y los ODS: {name}",
    },
    "title-agency": {"en": "{name} ({code})", "fr": "{name} ({code})", "es": "{name} ({code})"},
    "title-connect2020": {
        "en": "Connect 2020: targets and reported figures",
        "fr": "Connect 2020 : cibles et chiffres publiés",
        "es": "Conectar 2020: metas y cifras publicadas",
    },
    "title-edition": {
        "en": "{name}: links and evidence",
        "fr": "{name} : liens et preuves",
        "es": "{name}: vínculos y pruebas",
    },
    "title-evidence-quality": {
        "en": "The evidence: how good it is",
        "fr": "Les preuves : leur qualité",
        "es": "Las pruebas: su calidad",
    },
    "kind-hlpf": {
        "en": "Brief for the High-level Political Forum",
        "fr": "Note pour le Forum politique de haut niveau",
        "es": "Nota para el foro político de alto nivel",
    },
    "kind-action-line": {
        "en": "Road map of a WSIS action line",
        "fr": "Feuille de route d'une grande orientation du SMSI",
        "es": "Hoja de ruta de una línea de acción de la CMSI",
    },
    "kind-goal": {"en": "Report on an SDG", "fr": "Rapport sur un ODD", "es": "Informe sobre un ODS"},
    "kind-target": {
        "en": "Report on an SDG target",
        "fr": "Rapport sur une cible des ODD",
        "es": "Informe sobre una meta de los ODS",
    },
    "kind-region": {"en": "Regional report", "fr": "Rapport régional", "es": "Informe regional"},
    "kind-country": {"en": "Country report", "fr": "Rapport de pays", "es": "Informe de país"},
    "kind-agency": {
        "en": "Report on an agency",
        "fr": "Rapport sur une institution",
        "es": "Informe sobre un organismo",
    },
    "kind-connect2020": {
        "en": "Report on ITU's agenda for 2020",
        "fr": "Rapport sur le programme de l'UIT à l'horizon 2020",
        "es": "Informe sobre la agenda de la UIT para 2020",
    },
    "kind-edition": {
        "en": "Report on an edition of the matrix",
        "fr": "Rapport sur une édition du tableau de correspondance",
        "es": "Informe sobre una edición de la matriz",
    },
    "kind-evidence-quality": {
        "en": "Quality of the evidence",
        "fr": "Qualité des preuves",
        "es": "Calidad de las pruebas",
    },
    # Evidence
    "loaded": {
        "en": "Evidence loaded: {projects} projects ({registers}) with {awards} WSIS Prize awards, years "
        "{years}.{sample} A link without evidence here may well have some elsewhere.",
        "fr": "Preuves chargées : {projects} projets ({registers}) et {awards} prix du SMSI, années "
        "{years}.{sample} Un lien sans preuve ici peut fort bien en avoir ailleurs.",
        "es": "Pruebas cargadas: {projects} proyectos ({registers}) y {awards} galardones de los premios de la "
        "CMSI, años {years}.{sample} Un vínculo sin pruebas aquí bien puede tenerlas en otra parte.",
    },
    "register": {"en": "{title}: {projects}", "fr": "{title} : {projects}", "es": "{title}: {projects}"},
    "loaded-sample": {
        "en": "This is a sample from public announcements, not ITU's stocktaking database.",
        "fr": "C'est un échantillon tiré d'annonces publiques, non la base de données d'inventaire de l'UIT.",
        "es": "Es una muestra de anuncios públicos, no la base de datos de inventario de la UIT.",
    },
    "nothing-loaded": {
        "en": "No projects are loaded: nothing here can be borne out by evidence.",
        "fr": "Aucun projet n'est chargé : rien ici ne peut être étayé par des preuves.",
        "es": "No hay proyectos cargados: nada de lo que sigue puede respaldarse con pruebas.",
    },
    "years-unknown": {"en": "unknown", "fr": "inconnues", "es": "desconocidos"},
    "standing": {
        "en": "{what} in edition {edition}. Links: {links}; validated by the evidence loaded: {validated} "
        "({share} %); lacking evidence: {insufficient}.",
        "fr": "{what} dans l'édition {edition}. Liens : {links} ; validés par les preuves chargées : {validated} "
        "({share} %) ; manquant de preuves : {insufficient}.",
        "es": "{what} en la edición {edition}. Vínculos: {links}; validados por las pruebas cargadas: {validated} "
        "({share} %); sin pruebas suficientes: {insufficient}.",
    },
    "contested": {"en": "Contested: {contested}.", "fr": "Contestés : {contested}.", "es": "Impugnados: {contested}."},
    "no-links": {
        "en": "{what} has no link in edition {edition}.",
        "fr": "{what} n'a aucun lien dans l'édition {edition}.",
        "es": "{what} no tiene ningún vínculo en la edición {edition}.",
    },
    "no-projects": {
        "en": "No project of the evidence loaded carries it.",
        "fr": "Aucun projet des preuves chargées ne s'y rattache.",
        "es": "Ningún proyecto de las pruebas cargadas lo lleva.",
    },
    "dated": {
        "en": "Projects in all: {projects}; without a year: {undated}. A register's habits show here as much as "
        "the world: its years are those of announcements.",
        "fr": "Projets en tout : {projects} ; sans année : {undated}. On y lit les habitudes des registres autant "
        "que la réalité : les années sont celles des annonces.",
        "es": "Proyectos en total: {projects}; sin año: {undated}. Aquí se ven los hábitos de los registros tanto "
        "como la realidad: los años son los de los anuncios.",
    },
    "undated": {
        "en": "Projects without a year, which the chart leaves out: {undated}.",
        "fr": "Projets sans année, absents du graphique : {undated}.",
        "es": "Proyectos sin año, que el gráfico omite: {undated}.",
    },
    "by-first-year": {
        "en": "Projects by first year",
        "fr": "Projets par première année",
        "es": "Proyectos por primer año",
    },
    "by-first-year-alt": {
        "en": "Column chart: number of projects of {what} by the first year known of each.",
        "fr": "Histogramme : nombre de projets ({what}) selon la première année connue de chacun.",
        "es": "Gráfico de columnas: número de proyectos ({what}) según el primer año conocido de cada uno.",
    },
    "several-regions": {
        "en": "A project in several regions counts in each: rows are never added up.",
        "fr": "Un projet présent dans plusieurs régions compte dans chacune : les lignes ne s'additionnent pas.",
        "es": "Un proyecto en varias regiones cuenta en cada una: las filas no se suman.",
    },
    "no-region": {"en": "no region stated", "fr": "région non indiquée", "es": "región no indicada"},
    "by-region": {
        "en": "Projects by ITU region",
        "fr": "Projets par région de l'UIT",
        "es": "Proyectos por región de la UIT",
    },
    "grade-winner": {
        "en": "winner of a WSIS Prize",
        "fr": "lauréat d'un prix du SMSI",
        "es": "ganador de un premio de la CMSI",
    },
    "grade-champion": {
        "en": "champion of the WSIS Prizes",
        "fr": "champion des prix du SMSI",
        "es": "campeón de los premios de la CMSI",
    },
    "grade-nominee": {
        "en": "nominee of the WSIS Prizes",
        "fr": "nominé aux prix du SMSI",
        "es": "nominado a los premios de la CMSI",
    },
    "lacking": {
        "en": "Links that lack evidence by the policy: {lacking}; those for which no project carries both ends, "
        "nor the line and the goal: {nothing}.",
        "fr": "Liens qui manquent de preuves selon la politique : {lacking} ; liens dont aucun projet ne porte "
        "les deux extrémités, ni l'orientation et l'objectif : {nothing}.",
        "es": "Vínculos a los que les faltan pruebas según la política: {lacking}; aquellos en los que ningún "
        "proyecto lleva ambos extremos, ni la línea y el objetivo: {nothing}.",
    },
    "lacking-named": {
        "en": "Links without any project: {links}.",
        "fr": "Liens sans aucun projet : {links}.",
        "es": "Vínculos sin ningún proyecto: {links}.",
    },
    "all-borne-out": {
        "en": "Every link is borne out by the evidence loaded.",
        "fr": "Tous les liens sont étayés par les preuves chargées.",
        "es": "Las pruebas cargadas respaldan todos los vínculos.",
    },
    # Chapters
    "links": {"en": "Links and their evidence", "fr": "Les liens et leurs preuves", "es": "Los vínculos y sus pruebas"},
    "over-time": {"en": "Evidence over time", "fr": "Les preuves dans le temps", "es": "Las pruebas en el tiempo"},
    "by-region-title": {"en": "Examples by region", "fr": "Exemples par région", "es": "Ejemplos por región"},
    "gaps": {"en": "Gaps", "fr": "Lacunes", "es": "Lagunas"},
    "candidates": {
        "en": "Candidates for the next edition",
        "fr": "Candidats pour la prochaine édition",
        "es": "Candidatos para la próxima edición",
    },
    "candidates-lead": {
        "en": "Pairs that projects bear out and that no agency has linked. A rank is a hint where to look, not a "
        "decision.",
        "fr": "Paires étayées par des projets et qu'aucune institution n'a reliées. Le rang indique où regarder ; "
        "il ne décide de rien.",
        "es": "Pares que los proyectos respaldan y que ningún organismo ha vinculado. El puesto indica dónde "
        "mirar; no decide nada.",
    },
    "candidates-caption": {
        "en": "Pairs with evidence and without a link",
        "fr": "Paires avec preuves et sans lien",
        "es": "Pares con pruebas y sin vínculo",
    },
    "no-candidates": {
        "en": "The evidence loaded suggests no further pair.",
        "fr": "Les preuves chargées ne suggèrent aucune autre paire.",
        "es": "Las pruebas cargadas no sugieren ningún otro par.",
    },
    "indicators-title": {
        "en": "Indicators to follow progress by",
        "fr": "Indicateurs pour suivre les progrès",
        "es": "Indicadores para seguir los avances",
    },
    "indicators": {
        "en": "Targets linked: {targets}; indicators of the global framework that measure them: {indicators}.",
        "fr": "Cibles reliées : {targets} ; indicateurs du cadre mondial qui les mesurent : {indicators}.",
        "es": "Metas vinculadas: {targets}; indicadores del marco mundial que las miden: {indicators}.",
    },
    "indicators-caption": {
        "en": "Indicators of the linked targets",
        "fr": "Indicateurs des cibles reliées",
        "es": "Indicadores de las metas vinculadas",
    },
    "no-indicators": {
        "en": "No target is linked, so no indicator follows.",
        "fr": "Aucune cible n'est reliée : aucun indicateur n'en découle.",
        "es": "No hay metas vinculadas, así que no se desprende ningún indicador.",
    },
    "of-line": {"en": "{line}", "fr": "{line}", "es": "{line}"},
    # HLPF
    "cross-cutting": {
        "en": "How ICTs cut across the goals",
        "fr": "Les TIC, facteur transversal des objectifs",
        "es": "Las TIC, factor transversal de los objetivos",
    },
    "matrix": {
        "en": "Edition {edition} of the WSIS-SDG matrix joins {lines} action lines with {goals} goals and "
        "{targets} targets through {links} links, put forward by {agencies} agencies of the United Nations "
        "system: ICTs serve every one of these goals as a means, none of them alone.",
        "fr": "L'édition {edition} du tableau de correspondance SMSI-ODD relie {lines} grandes orientations à "
        "{goals} objectifs et {targets} cibles par {links} liens, proposés par {agencies} institutions du système "
        "des Nations Unies : les TIC servent chacun de ces objectifs comme moyen, aucun à elles seules.",
        "es": "La edición {edition} de la matriz CMSI-ODS une {lines} líneas de acción con {goals} objetivos y "
        "{targets} metas mediante {links} vínculos, propuestos por {agencies} organismos del sistema de las "
        "Naciones Unidas: las TIC sirven a cada uno de estos objetivos como medio, a ninguno por sí solas.",
    },
    "theme": {
        "en": "Theme of {session}: {theme}.",
        "fr": "Thème de {session} (en anglais) : {theme}.",
        "es": "Tema de {session} (en inglés): {theme}.",
    },
    "lines-by-goal": {
        "en": "Action lines linked with each goal",
        "fr": "Grandes orientations reliées à chaque objectif",
        "es": "Líneas de acción vinculadas con cada objetivo",
    },
    "lines-by-goal-alt": {
        "en": "Column chart: number of action lines linked with each of the goals; under review: {goals}.",
        "fr": "Histogramme : nombre de grandes orientations reliées à chaque objectif ; examinés : {goals}.",
        "es": "Gráfico de columnas: número de líneas de acción vinculadas con cada objetivo; examinados: {goals}.",
    },
    "under-review": {"en": "Goals under review", "fr": "Objectifs examinés", "es": "Objetivos examinados"},
    "other-goals": {"en": "Other goals", "fr": "Autres objectifs", "es": "Otros objetivos"},
    "no-goals": {
        "en": "No goals are known to be reviewed in depth at {session}.",
        "fr": "Aucun objectif n'est connu comme devant être examiné en profondeur : {session}.",
        "es": "No consta que se examine a fondo ningún objetivo: {session}.",
    },
    "reviewed": {
        "en": "Reviewed in depth: goals {goals}.",
        "fr": "Examinés en profondeur : objectifs {goals}.",
        "es": "Se examinan a fondo los objetivos {goals}.",
    },
    "reviewed-memory": {
        "en": "Reviewed in depth: goals {goals}. From memory, not from a source: {memory}.",
        "fr": "Examinés en profondeur : objectifs {goals}. De mémoire, sans source : {memory}.",
        "es": "Se examinan a fondo los objetivos {goals}. De memoria, sin fuente: {memory}.",
    },
    "sdg": {"en": "SDG {code}", "fr": "ODD {code}", "es": "ODS {code}"},
    "goal-lines": {
        "en": "Action lines linked with it: {lines}; targets linked: {linked} of {targets}. {last}",
        "fr": "Grandes orientations qui y sont reliées : {lines} ; cibles reliées : {linked} sur {targets}. {last}",
        "es": "Líneas de acción vinculadas con él: {lines}; metas vinculadas: {linked} de {targets}. {last}",
    },
    "last-review": {
        "en": "Last reviewed in depth at {session}.",
        "fr": "Dernier examen en profondeur : {session}.",
        "es": "Último examen a fondo: {session}.",
    },
    "never-reviewed": {
        "en": "It was not reviewed in depth before.",
        "fr": "Il n'a jamais été examiné en profondeur auparavant.",
        "es": "No se había examinado a fondo antes.",
    },
    "links-of-goal": {
        "en": "SDG {goal}: links with most evidence",
        "fr": "ODD {goal} : les liens les mieux étayés",
        "es": "ODS {goal}: los vínculos con más pruebas",
    },
    "examples": {"en": "Examples: {examples}.", "fr": "Exemples : {examples}.", "es": "Ejemplos: {examples}."},
    "unlinked-targets": {
        "en": "Targets that no action line is linked with: {number} ({targets}).",
        "fr": "Cibles auxquelles aucune grande orientation n'est reliée : {number} ({targets}).",
        "es": "Metas con las que ninguna línea de acción está vinculada: {number} ({targets}).",
    },
    "review-agencies": {
        "en": "Agencies by the number of their links to these goals: {agencies}.",
        "fr": "Institutions selon le nombre de leurs liens vers ces objectifs : {agencies}.",
        "es": "Organismos según el número de sus vínculos con estos objetivos: {agencies}.",
    },
    "review-command": {
        "en": "What moved since each goal's last review, link by link: {command}",
        "fr": "Ce qui a changé depuis le dernier examen de chaque objectif, lien par lien : {command}",
        "es": "Lo que cambió desde el último examen de cada objetivo, vínculo por vínculo: {command}",
    },
    "guidance": {
        "en": "Questions for guidance",
        "fr": "Questions sur lesquelles une orientation serait utile",
        "es": "Preguntas sobre las que convendría orientación",
    },
    "ask-cross-cutting": {
        "en": "How should the role of ICTs across all goals be recognised in national strategies, beyond the "
        "goals that name them?",
        "fr": "Comment reconnaître, dans les stratégies nationales, le rôle des TIC pour tous les objectifs, "
        "au-delà de ceux qui les nomment ?",
        "es": "¿Cómo reconocer en las estrategias nacionales el papel de las TIC en todos los objetivos, más allá "
        "de los que las nombran?",
    },
    "ask-candidate": {
        "en": "{projects} projects in {countries} countries join {line} with {sdg}, which no agency has linked: "
        "should the facilitators put this link forward?",
        "fr": "{projects} projets dans {countries} pays associent {line} et {sdg}, qu'aucune institution n'a "
        "reliés : les coordonnateurs devraient-ils proposer ce lien ?",
        "es": "{projects} proyectos en {countries} países unen {line} con {sdg}, que ningún organismo ha "
        "vinculado: ¿deberían los facilitadores proponer este vínculo?",
    },
    "ask-bare": {
        "en": "Links to {sdg} that lack evidence in what is loaded: {lacking}. Who can bring projects that bear "
        "them out?",
        "fr": "Liens vers {sdg} que les preuves chargées n'étayent pas : {lacking}. Qui peut apporter des projets "
        "qui les étayent ?",
        "es": "Vínculos con {sdg} que las pruebas cargadas no respaldan: {lacking}. ¿Quién puede aportar "
        "proyectos que los respalden?",
    },
    "ask-targets": {
        "en": "No action line speaks for {targets} ({sdg}): is that so by nature, or is it a gap to close?",
        "fr": "Aucune grande orientation ne porte sur {targets} ({sdg}) : est-ce dans l'ordre des choses, ou une "
        "lacune à combler ?",
        "es": "Ninguna línea de acción se ocupa de {targets} ({sdg}): ¿es natural, o es una laguna por cerrar?",
    },
    "ask-edition": {
        "en": "Should the edition that follows edition {edition} keep links that no evidence bears out, mark "
        "them, or drop them?",
        "fr": "L'édition qui suivra l'édition {edition} doit-elle garder les liens qu'aucune preuve n'étaye, les "
        "signaler ou les retirer ?",
        "es": "La edición que siga a la edición {edition}, ¿debe conservar los vínculos sin pruebas, señalarlos o "
        "retirarlos?",
    },
    # Action lines
    "line-subject": {
        "en": "Action line {code}",
        "fr": "La grande orientation {code}",
        "es": "La línea de acción {code}",
    },
    "links-of-line": {"en": "Links of the line", "fr": "Liens de l'orientation", "es": "Vínculos de la línea"},
    "shares-lead": {
        "en": "Lines that support the same targets, and could be worked on together:",
        "fr": "Orientations qui contribuent aux mêmes cibles, et qui pourraient être travaillées ensemble :",
        "es": "Líneas que apoyan las mismas metas y podrían trabajarse juntas:",
    },
    "shares": {
        "en": "{line} (targets in common: {targets})",
        "fr": "{line} (cibles communes : {targets})",
        "es": "{line} (metas en común: {targets})",
    },
    "timeline": {
        "en": "By directness and origin of the tags, and before and after reviews of the Forum: {command}",
        "fr": "Selon le caractère direct et l'origine des étiquettes, avant et après les examens du Forum : {command}",
        "es": "Según el carácter directo y el origen de las etiquetas, antes y después de los exámenes del foro: "
        "{command}",
    },
    "facilitators": {"en": "Facilitators", "fr": "Coordonnateurs", "es": "Facilitadores"},
    "facilitators-caption": {
        "en": "Who facilitates, and in which years a source says so",
        "fr": "Qui coordonne, et en quelles années une source le dit",
        "es": "Quién facilita, y en qué años lo dice una fuente",
    },
    "facilitators-after": {
        "en": "Years are those of sources: an agency may have begun before and gone on after.",
        "fr": "Les années sont celles des sources : une institution a pu commencer avant et continuer après.",
        "es": "Los años son los de las fuentes: un organismo pudo empezar antes y seguir después.",
    },
    "no-facilitators": {
        "en": "No facilitator is known.",
        "fr": "Aucun coordonnateur n'est connu.",
        "es": "No se conoce ningún facilitador.",
    },
    "role-facilitator": {"en": "facilitator", "fr": "coordonnateur", "es": "facilitador"},
    "role-co-facilitator": {"en": "co-facilitator", "fr": "co-coordonnateur", "es": "cofacilitador"},
    "role-partner": {"en": "partner", "fr": "partenaire", "es": "asociado"},
    # SDGs
    "links-of-sdg": {
        "en": "Links, those with most evidence first",
        "fr": "Liens, les mieux étayés d'abord",
        "es": "Vínculos, primero los que tienen más pruebas",
    },
    "target-unlinked": {
        "en": "No action line is linked with this target. Lines linked with its goal as a whole: {lines}; with "
        "other targets of the goal: {others}.",
        "fr": "Aucune grande orientation n'est reliée à cette cible. Orientations reliées à son objectif dans son "
        "ensemble : {lines} ; à d'autres cibles de l'objectif : {others}.",
        "es": "Ninguna línea de acción está vinculada con esta meta. Líneas vinculadas con su objetivo en "
        "conjunto: {lines}; con otras metas del objetivo: {others}.",
    },
    "all-targets-linked": {
        "en": "Each of its targets is linked with an action line.",
        "fr": "Chacune de ses cibles est reliée à une grande orientation.",
        "es": "Cada una de sus metas está vinculada con una línea de acción.",
    },
    "connect-title": {"en": "Connect 2020", "fr": "Connect 2020", "es": "Conectar 2020"},
    "connect-lead": {
        "en": "Links with ITU's targets for 2020. They are proposals of this project; ITU published none target "
        "by target.",
        "fr": "Liens avec les cibles de l'UIT pour 2020. Ce sont des propositions de ce projet ; l'UIT n'en a "
        "publié aucun cible par cible.",
        "es": "Vínculos con las metas de la UIT para 2020. Son propuestas de este proyecto; la UIT no publicó "
        "ninguno meta por meta.",
    },
    "connect-caption": {
        "en": "Proposed links with Connect 2020",
        "fr": "Liens proposés avec Connect 2020",
        "es": "Vínculos propuestos con Conectar 2020",
    },
    "no-connect": {
        "en": "No link with a target of Connect 2020 is proposed.",
        "fr": "Aucun lien avec une cible de Connect 2020 n'est proposé.",
        "es": "No se propone ningún vínculo con una meta de Conectar 2020.",
    },
    "sessions-title": {
        "en": "Reviews by the High-level Political Forum",
        "fr": "Examens par le Forum politique de haut niveau",
        "es": "Exámenes del foro político de alto nivel",
    },
    "sessions": {
        "en": "SDG {goal} is reviewed in depth at {sessions}.",
        "fr": "L'ODD {goal} est examiné en profondeur : {sessions}.",
        "es": "El ODS {goal} se examina a fondo: {sessions}.",
    },
    "no-sessions": {
        "en": "No session is known to review SDG {goal} in depth.",
        "fr": "Aucune session n'est connue pour examiner l'ODD {goal} en profondeur.",
        "es": "No consta ningún período de sesiones que examine a fondo el ODS {goal}.",
    },
    # Places
    "region-memory": {
        "en": "Which countries belong to this ITU region is in part from memory, not from a source.",
        "fr": "L'appartenance des pays à cette région de l'UIT est en partie donnée de mémoire, sans source.",
        "es": "Qué países pertenecen a esta región de la UIT se dice en parte de memoria, sin fuente.",
    },
    "countries": {"en": "Countries", "fr": "Pays", "es": "Países"},
    "no-countries": {
        "en": "No country is known to belong to this region: nothing can be counted for it.",
        "fr": "Aucun pays n'est connu dans cette région : rien ne peut y être compté.",
        "es": "No consta ningún país en esta región: no se puede contar nada en ella.",
    },
    "region-countries": {
        "en": "Countries of the region: {countries}; named by at least one project: {covered}. Projects: {projects}.",
        "fr": "Pays de la région : {countries} ; nommés par au moins un projet : {covered}. Projets : {projects}.",
        "es": "Países de la región: {countries}; nombrados por al menos un proyecto: {covered}. Proyectos: {projects}.",
    },
    "countries-caption": {
        "en": "Countries by the number of projects that name them",
        "fr": "Pays selon le nombre de projets qui les nomment",
        "es": "Países según el número de proyectos que los nombran",
    },
    "countries-bare": {
        "en": "Countries that no project names: {number} ({countries}).",
        "fr": "Pays qu'aucun projet ne nomme : {number} ({countries}).",
        "es": "Países que ningún proyecto nombra: {number} ({countries}).",
    },
    "projects-by-line": {"en": "Action lines", "fr": "Grandes orientations", "es": "Líneas de acción"},
    "projects-by-goal": {
        "en": "Sustainable Development Goals",
        "fr": "Objectifs de développement durable",
        "es": "Objetivos de Desarrollo Sostenible",
    },
    "lines-of-region": {
        "en": "Projects of the region by action line (C7 with its sub-lines)",
        "fr": "Projets de la région par grande orientation (C7 avec ses sous-lignes)",
        "es": "Proyectos de la región por línea de acción (C7 con sus sublíneas)",
    },
    "goals-of-region": {
        "en": "Projects of the region by goal",
        "fr": "Projets de la région par objectif",
        "es": "Proyectos de la región por objetivo",
    },
    "lines-of-country": {
        "en": "Projects of the country by action line (C7 with its sub-lines)",
        "fr": "Projets du pays par grande orientation (C7 avec ses sous-lignes)",
        "es": "Proyectos del país por línea de acción (C7 con sus sublíneas)",
    },
    "goals-of-country": {
        "en": "Projects of the country by goal",
        "fr": "Projets du pays par objectif",
        "es": "Proyectos del país por objetivo",
    },
    "tags-alt": {
        "en": "Bar chart: number of projects, from {first} with the most to {last} with the fewest.",
        "fr": "Graphique à barres : nombre de projets, de {first} (le plus) à {last} (le moins).",
        "es": "Gráfico de barras: número de proyectos, de {first} (más) a {last} (menos).",
    },
    "no-tags": {
        "en": "No project carries a declared or assigned tag of this kind.",
        "fr": "Aucun projet ne porte d'étiquette déclarée ou attribuée de ce type.",
        "es": "Ningún proyecto lleva una etiqueta declarada o asignada de este tipo.",
    },
    "region-links-title": {
        "en": "Links that the region bears out",
        "fr": "Liens étayés par la région",
        "es": "Vínculos que la región respalda",
    },
    "region-links": {
        "en": "Links of edition {edition}: {all}; with projects of the region behind them: {links}. The verdict "
        "is that of the link worldwide.",
        "fr": "Liens de l'édition {edition} : {all} ; étayés par des projets de la région : {links}. Le constat "
        "est celui du lien dans le monde entier.",
        "es": "Vínculos de la edición {edition}: {all}; respaldados por proyectos de la región: {links}. El "
        "dictamen es el del vínculo en todo el mundo.",
    },
    "region-links-caption": {
        "en": "Links with projects of the region",
        "fr": "Liens ayant des projets de la région",
        "es": "Vínculos con proyectos de la región",
    },
    "no-region-links": {
        "en": "No link of the edition has a project of the region behind it.",
        "fr": "Aucun lien de l'édition n'est étayé par un projet de la région.",
        "es": "Ningún vínculo de la edición está respaldado por un proyecto de la región.",
    },
    "no-years": {
        "en": "Too few years are known to show a course over time.",
        "fr": "Trop peu d'années sont connues pour montrer une évolution.",
        "es": "Se conocen demasiado pocos años para mostrar una evolución.",
    },
    "prizes": {"en": "WSIS Prizes", "fr": "Prix du SMSI", "es": "Premios de la CMSI"},
    "region-prizes": {
        "en": "Awards: {awards} (winners: {winners}, champions: {champions}, nominees: {nominees}, grade in "
        "doubt: {doubtful}).",
        "fr": "Distinctions : {awards} (lauréats : {winners}, champions : {champions}, nominés : {nominees}, rang "
        "incertain : {doubtful}).",
        "es": "Galardones: {awards} (ganadores: {winners}, campeones: {champions}, nominados: {nominees}, "
        "categoría dudosa: {doubtful}).",
    },
    "prizes-partial": {
        "en": "Of the WSIS Prizes, only the nominees of 2015 are complete; of other years there is what "
        "announcements told.",
        "fr": "Pour les prix du SMSI, seule la liste des nominés de 2015 est complète ; pour les autres années, "
        "on a ce que disaient les annonces.",
        "es": "De los premios de la CMSI solo está completa la lista de nominados de 2015; de los demás años hay "
        "lo que dijeron los anuncios.",
    },
    "no-prizes": {
        "en": "No award is known in the evidence loaded.",
        "fr": "Aucune distinction n'est connue dans les preuves chargées.",
        "es": "No consta ningún galardón en las pruebas cargadas.",
    },
    "examples-title": {"en": "Examples", "fr": "Exemples", "es": "Ejemplos"},
    "examples-lead": {
        "en": "Prizes first, then the latest; countries outside the region are left out.",
        "fr": "Les projets primés d'abord, puis les plus récents ; les pays hors de la région sont omis.",
        "es": "Primero los premiados, luego los más recientes; se omiten los países de fuera de la región.",
    },
    "projects-title": {"en": "Projects", "fr": "Projets", "es": "Proyectos"},
    "projects-caption": {
        "en": "Projects that name the country, the latest first",
        "fr": "Projets qui nomment le pays, les plus récents d'abord",
        "es": "Proyectos que nombran el país, primero los más recientes",
    },
    "country-projects": {
        "en": "Projects that name {country}: {projects}; developed there: {made}; used there: {used}, as far as "
        "the registers say.",
        "fr": "Projets qui nomment ce pays ({country}) : {projects} ; développés sur place : {made} ; utilisés "
        "sur place : {used}, pour autant que les registres le disent.",
        "es": "Proyectos que nombran este país ({country}): {projects}; desarrollados en él: {made}; usados en "
        "él: {used}, hasta donde dicen los registros.",
    },
    "no-country-projects": {
        "en": "No project of the evidence loaded names {country}. That says nothing about the country: no "
        "evidence is complete.",
        "fr": "Aucun projet des preuves chargées ne nomme ce pays ({country}). Cela ne dit rien du pays : aucune "
        "preuve n'est complète.",
        "es": "Ningún proyecto de las pruebas cargadas nombra este país ({country}). Eso no dice nada del país: "
        "ninguna prueba es completa.",
    },
    # Agencies
    "lines-facilitated": {
        "en": "Action lines it facilitates",
        "fr": "Grandes orientations coordonnées",
        "es": "Líneas de acción que facilita",
    },
    "lines-caption": {
        "en": "Lines, and in which years a source says so",
        "fr": "Orientations, et en quelles années une source le dit",
        "es": "Líneas, y en qué años lo dice una fuente",
    },
    "facilitates-none": {
        "en": "{agency} is not known to facilitate any action line.",
        "fr": "{agency} n'est connu comme coordonnateur d'aucune grande orientation.",
        "es": "No consta que {agency} facilite ninguna línea de acción.",
    },
    "agency-links": {
        "en": "Links that {agency} put forward in edition {edition}: {links}, of action lines: {lines}; validated "
        "by the evidence loaded: {validated}; lacking evidence: {insufficient}.",
        "fr": "Liens proposés par {agency} dans l'édition {edition} : {links}, de grandes orientations : {lines} "
        "; validés par les preuves chargées : {validated} ; manquant de preuves : {insufficient}.",
        "es": "Vínculos que {agency} propuso en la edición {edition}: {links}, de líneas de acción: {lines}; "
        "validados por las pruebas cargadas: {validated}; sin pruebas suficientes: {insufficient}.",
    },
    "agency-basis": {
        "en": "Who put a link of the first edition forward is not recorded: it is taken to be the facilitator of "
        "its line at the time.",
        "fr": "L'auteur de chaque lien de la première édition n'est pas consigné : on le tient pour le "
        "coordonnateur de l'orientation à l'époque.",
        "es": "No consta quién propuso cada vínculo de la primera edición: se toma por tal al facilitador de la "
        "línea en ese momento.",
    },
    "agency-no-links": {
        "en": "{agency} put forward no link in edition {edition}.",
        "fr": "{agency} n'a proposé aucun lien dans l'édition {edition}.",
        "es": "{agency} no propuso ningún vínculo en la edición {edition}.",
    },
    "links-of-agency": {
        "en": "Links it put forward, those with most evidence first",
        "fr": "Liens proposés, les mieux étayés d'abord",
        "es": "Vínculos propuestos, primero los que tienen más pruebas",
    },
    "agency-indicators-title": {
        "en": "Indicators it keeps",
        "fr": "Indicateurs dont elle a la charge",
        "es": "Indicadores a su cargo",
    },
    "keeps": {
        "en": "Indicators of targets that {agency} has itself linked, and is custodian of: {indicators}.",
        "fr": "Indicateurs de cibles que {agency} a elle-même reliées, et dont elle est responsable : {indicators}.",
        "es": "Indicadores de metas que {agency} ha vinculado y de los que es custodio: {indicators}.",
    },
    "keeps-caption": {
        "en": "Indicators kept, of targets it linked",
        "fr": "Indicateurs suivis, de cibles reliées",
        "es": "Indicadores a su cargo, de metas vinculadas",
    },
    "keeps-none": {
        "en": "{agency} keeps no indicator of a target that it has linked.",
        "fr": "{agency} n'a la charge d'aucun indicateur d'une cible qu'elle a reliée.",
        "es": "{agency} no tiene a su cargo ningún indicador de una meta que haya vinculado.",
    },
    # Connect 2020
    "connect-subject": {"en": "Connect 2020", "fr": "Connect 2020", "es": "Conectar 2020"},
    "connect-lead-numbers": {
        "en": "ITU's agenda for 2020. Goals: {goals}; targets: {targets}; targets with reported figures: "
        "{measured}; figures loaded: {figures}.",
        "fr": "Programme de l'UIT à l'horizon 2020. Buts : {goals} ; cibles : {targets} ; cibles ayant des "
        "chiffres publiés : {measured} ; chiffres chargés : {figures}.",
        "es": "Agenda de la UIT para 2020. Finalidades: {goals}; metas: {targets}; metas con cifras publicadas: "
        "{measured}; cifras cargadas: {figures}.",
    },
    "connect-sample": {
        "en": "The figures were found in public announcements, not taken from ITU's statistics. ITU revised some "
        "of them: both values are kept. A distance is only given where a figure has the unit and the scope of its "
        "target.",
        "fr": "Les chiffres proviennent d'annonces publiques, non des statistiques de l'UIT. L'UIT en a révisé "
        "certains : les deux valeurs sont conservées. Un écart n'est donné que si le chiffre a l'unité et la "
        "portée de la cible.",
        "es": "Las cifras se hallaron en anuncios públicos, no en las estadísticas de la UIT. La UIT revisó "
        "algunas: se conservan ambos valores. Solo se da una distancia si la cifra tiene la unidad y el ámbito de "
        "la meta.",
    },
    "connect-overview": {"en": "All targets", "fr": "Toutes les cibles", "es": "Todas las metas"},
    "connect-overview-caption": {
        "en": "Targets, baselines and last reported figures",
        "fr": "Cibles, valeurs de référence et derniers chiffres publiés",
        "es": "Metas, valores de referencia y últimas cifras publicadas",
    },
    "connect-after": {
        "en": "Distance: value of the target less the last reported figure, in points; 0 or less means reached "
        "where a target asks for at least so much.",
        "fr": "Écart : valeur de la cible moins le dernier chiffre publié, en points ; 0 ou moins signifie "
        "atteinte lorsque la cible demande au moins cette valeur.",
        "es": "Distancia: valor de la meta menos la última cifra publicada, en puntos; 0 o menos significa "
        "alcanzada cuando la meta pide al menos ese valor.",
    },
    "connect-baseline": {
        "en": "Baseline of {year}: {value} ({unit}).",
        "fr": "Valeur de référence ({year}) : {value} ({unit}).",
        "es": "Valor de referencia de {year}: {value} ({unit}).",
    },
    "connect-last": {
        "en": "Last report, {year}: {value} ({unit}; {kind}).",
        "fr": "Dernier chiffre publié ({year}) : {value} ({unit} ; {kind}).",
        "es": "Última cifra publicada, {year}: {value} ({unit}; {kind}).",
    },
    "connect-distance": {
        "en": "Distance from the aim of {aim} in {year}, in points: {distance}.",
        "fr": "Écart avec la valeur visée de {aim} en {year}, en points : {distance}.",
        "es": "Distancia hasta los {aim} perseguidos en {year}, en puntos: {distance}.",
    },
    "connect-reached": {
        "en": "The aim of {aim} was reached in {year} (distance in points: {distance}).",
        "fr": "La valeur visée de {aim} était atteinte en {year} (écart en points : {distance}).",
        "es": "Los {aim} perseguidos se habían alcanzado en {year} (distancia en puntos: {distance}).",
    },
    "connect-trend": {
        "en": "Change from {first} to {last}, in points: {change}.",
        "fr": "Évolution de {first} à {last}, en points : {change}.",
        "es": "Variación de {first} a {last}, en puntos: {change}.",
    },
    "connect-figures-caption": {
        "en": "Figures reported for target {target}",
        "fr": "Chiffres publiés pour la cible {target}",
        "es": "Cifras publicadas de la meta {target}",
    },
    "connect-chart": {
        "en": "Target {target}: reported figures and aim",
        "fr": "Cible {target} : chiffres publiés et valeur visée",
        "es": "Meta {target}: cifras publicadas y valor perseguido",
    },
    "connect-chart-alt": {
        "en": "Line chart: figures reported for target {target} from {first} to {last}, with the aim as a dashed line.",
        "fr": "Courbe : chiffres publiés pour la cible {target} de {first} à {last}, la valeur visée en tirets.",
        "es": "Gráfico de líneas: cifras publicadas de la meta {target} de {first} a {last}, con el valor "
        "perseguido en trazos.",
    },
    "reported": {"en": "reported", "fr": "publié", "es": "publicado"},
    "observed": {"en": "observed", "fr": "observé", "es": "observado"},
    "estimate": {"en": "estimate", "fr": "estimation", "es": "estimación"},
    "projection": {"en": "projection", "fr": "projection", "es": "proyección"},
    "aim": {"en": "aim", "fr": "valeur visée", "es": "valor perseguido"},
    "connect-bare-title": {"en": "Targets without figures", "fr": "Cibles sans chiffres", "es": "Metas sin cifras"},
    "connect-bare": {
        "en": "No reported figure is loaded for {targets}.",
        "fr": "Aucun chiffre publié n'est chargé pour {targets}.",
        "es": "No hay cargada ninguna cifra publicada de {targets}.",
    },
    "connect-links-title": {
        "en": "SDG targets and action lines",
        "fr": "Cibles des ODD et grandes orientations",
        "es": "Metas de los ODS y líneas de acción",
    },
    "connect-links-lead": {
        "en": "Links are proposals of this project. The last column holds the lines that edition {edition} links "
        "with the same SDG targets.",
        "fr": "Les liens sont des propositions de ce projet. La dernière colonne donne les orientations que "
        "l'édition {edition} relie aux mêmes cibles des ODD.",
        "es": "Los vínculos son propuestas de este proyecto. La última columna contiene las líneas que la edición "
        "{edition} vincula con las mismas metas de los ODS.",
    },
    "connect-links-caption": {
        "en": "What each target is linked with",
        "fr": "À quoi chaque cible est reliée",
        "es": "Con qué está vinculada cada meta",
    },
    # Editions
    "edition-size": {
        "en": "Edition {edition}. Links: {links} (to targets: {target_links}; to goals as a whole: {goal_links}); "
        "action lines: {lines}; goals: {goals}; targets: {targets}; agencies that put them forward: {agencies}.",
        "fr": "Édition {edition}. Liens : {links} (vers des cibles : {target_links} ; vers des objectifs dans "
        "leur ensemble : {goal_links}) ; grandes orientations : {lines} ; objectifs : {goals} ; cibles : "
        "{targets} ; institutions qui les ont proposés : {agencies}.",
        "es": "Edición {edition}. Vínculos: {links} (con metas: {target_links}; con objetivos en conjunto: "
        "{goal_links}); líneas de acción: {lines}; objetivos: {goals}; metas: {targets}; organismos que los "
        "propusieron: {agencies}.",
    },
    "edition-subject": {"en": "The matrix", "fr": "Le tableau de correspondance", "es": "La matriz"},
    "verdicts": {"en": "What the evidence says", "fr": "Ce que disent les preuves", "es": "Lo que dicen las pruebas"},
    "verdicts-caption": {
        "en": "Links of each action line by verdict",
        "fr": "Liens de chaque grande orientation par constat",
        "es": "Vínculos de cada línea de acción por dictamen",
    },
    "verdicts-alt": {
        "en": "Stacked bar chart: links of each action line, divided into {statuses}.",
        "fr": "Graphique à barres empilées : liens de chaque grande orientation, répartis en {statuses}.",
        "es": "Gráfico de barras apiladas: vínculos de cada línea de acción, divididos en {statuses}.",
    },
    "strongest": {
        "en": "Validated links, those with most evidence first",
        "fr": "Liens validés, les mieux étayés d'abord",
        "es": "Vínculos validados, primero los que tienen más pruebas",
    },
    "agencies": {"en": "Agencies", "fr": "Institutions", "es": "Organismos"},
    "agencies-caption": {
        "en": "Agencies by the links they put forward",
        "fr": "Institutions selon les liens proposés",
        "es": "Organismos según los vínculos que propusieron",
    },
    "goals-title": {"en": "Goals", "fr": "Objectifs", "es": "Objetivos"},
    "goals-caption": {
        "en": "Goals, their lines and links, and the share of targets linked",
        "fr": "Objectifs, orientations et liens, et part des cibles reliées",
        "es": "Objetivos, líneas y vínculos, y proporción de metas vinculadas",
    },
    "no-rationale": {
        "en": "Links that give no reasons: {number} ({links}).",
        "fr": "Liens qui ne donnent pas de raison : {number} ({links}).",
        "es": "Vínculos que no dan razones: {number} ({links}).",
    },
    "discrepancies": {
        "en": "Places where the published tables contradict each other: {number}. Each reading is kept as data.",
        "fr": "Endroits où les tableaux publiés se contredisent : {number}. Chaque lecture est conservée comme donnée.",
        "es": "Lugares en que los cuadros publicados se contradicen: {number}. Cada lectura se conserva como dato.",
    },
    # Evidence
    "evidence-subject": {"en": "The evidence", "fr": "Les preuves", "es": "Las pruebas"},
    "coverage": {"en": "Coverage", "fr": "Couverture", "es": "Cobertura"},
    "coverage-links": {
        "en": "Links of edition {edition}: {links}; with at least one project that carries both ends: {direct} "
        "({share} %); with none at all, not even at the level of the goal: {nothing}.",
        "fr": "Liens de l'édition {edition} : {links} ; avec au moins un projet qui porte les deux extrémités : "
        "{direct} ({share} %) ; sans aucun, pas même au niveau de l'objectif : {nothing}.",
        "es": "Vínculos de la edición {edition}: {links}; con al menos un proyecto que lleva ambos extremos: "
        "{direct} ({share} %); sin ninguno, ni siquiera a nivel de objetivo: {nothing}.",
    },
    "origins": {"en": "Origins of the tags", "fr": "Origine des étiquettes", "es": "Origen de las etiquetas"},
    "origins-lead": {
        "en": "Declared by the owner, assigned by a curator with a reason, or suggested by a text method; "
        "suggestions are never evidence.",
        "fr": "Déclarées par le propriétaire, attribuées par un curateur avec une raison, ou suggérées par une "
        "méthode textuelle ; les suggestions ne sont jamais des preuves.",
        "es": "Declaradas por el titular, asignadas por un curador con una razón, o sugeridas por un método "
        "textual; las sugerencias nunca son pruebas.",
    },
    "origins-caption": {"en": "Tags by origin", "fr": "Étiquettes par origine", "es": "Etiquetas por origen"},
    "origin-declared": {"en": "declared", "fr": "déclarée", "es": "declarada"},
    "origin-assigned": {"en": "assigned", "fr": "attribuée", "es": "asignada"},
    "origin-suggested": {"en": "suggested", "fr": "suggérée", "es": "sugerida"},
    "framework-sdg-goal": {"en": "SDG goal", "fr": "objectif (ODD)", "es": "objetivo (ODS)"},
    "framework-sdg-target": {"en": "SDG target", "fr": "cible (ODD)", "es": "meta (ODS)"},
    "framework-action-line": {"en": "action line", "fr": "grande orientation", "es": "línea de acción"},
    "completeness": {
        "en": "Completeness of the records",
        "fr": "Complétude des notices",
        "es": "Integridad de los registros",
    },
    "completeness-caption": {
        "en": "Projects that state each piece of information",
        "fr": "Projets qui indiquent chaque information",
        "es": "Proyectos que indican cada dato",
    },
    "information-source": {"en": "source", "fr": "source", "es": "fuente"},
    "information-first-year": {"en": "first year", "fr": "première année", "es": "primer año"},
    "information-name": {"en": "name", "fr": "nom", "es": "nombre"},
    "information-country": {"en": "country", "fr": "pays", "es": "país"},
    "information-organisation": {"en": "organisation", "fr": "organisation", "es": "organización"},
    "information-declared-tag": {"en": "declared tag", "fr": "étiquette déclarée", "es": "etiqueta declarada"},
    "information-assigned-tag": {"en": "assigned tag", "fr": "étiquette attribuée", "es": "etiqueta asignada"},
    "information-description": {"en": "description", "fr": "description", "es": "descripción"},
    "information-address": {"en": "web address", "fr": "adresse web", "es": "dirección web"},
    "information-stakeholder-type": {
        "en": "type of stakeholder",
        "fr": "type de partie prenante",
        "es": "tipo de parte interesada",
    },
    "freshness": {"en": "Freshness", "fr": "Actualité", "es": "Actualidad"},
    "freshness-caption": {
        "en": "Registers, and as of when they were read",
        "fr": "Registres, et date de leur lecture",
        "es": "Registros, y fecha en que se leyeron",
    },
    "bias-region": {"en": "Bias by region", "fr": "Biais par région", "es": "Sesgo por región"},
    "bias-region-lead": {
        "en": "What is announced in English is found more easily: these differences are those of the evidence "
        "loaded, not of the regions.",
        "fr": "Ce qui est annoncé en anglais se trouve plus facilement : ces écarts sont ceux des preuves "
        "chargées, non des régions.",
        "es": "Lo que se anuncia en inglés se encuentra más fácilmente: estas diferencias son de las pruebas "
        "cargadas, no de las regiones.",
    },
    "regions-caption": {
        "en": "Projects by ITU region and register",
        "fr": "Projets par région de l'UIT et par registre",
        "es": "Proyectos por región de la UIT y por registro",
    },
    "regions-alt": {
        "en": "Bar chart: projects of each ITU region, one bar a register.",
        "fr": "Graphique à barres : projets de chaque région de l'UIT, une barre par registre.",
        "es": "Gráfico de barras: proyectos de cada región de la UIT, una barra por registro.",
    },
    "bias-year": {"en": "Bias by year", "fr": "Biais par année", "es": "Sesgo por año"},
    "bias-year-lead": {
        "en": "Share of all awards loaded that are of {year}: {share} %.",
        "fr": "Part des distinctions chargées qui sont de {year} : {share} %.",
        "es": "Proporción de los galardones cargados que son de {year}: {share} %.",
    },
    "years-caption": {
        "en": "WSIS Prize awards by year and grade",
        "fr": "Prix du SMSI par année et rang",
        "es": "Premios de la CMSI por año y categoría",
    },
    "years-alt": {
        "en": "Stacked column chart: WSIS Prize awards by grade, from {first} to {last}.",
        "fr": "Histogramme empilé : prix du SMSI par rang, de {first} à {last}.",
        "es": "Gráfico de columnas apiladas: premios de la CMSI por categoría, de {first} a {last}.",
    },
    "bias-stakeholder": {
        "en": "Types of stakeholders",
        "fr": "Types de parties prenantes",
        "es": "Tipos de partes interesadas",
    },
    "stakeholder-lead": {
        "en": "Projects that state who runs them: {stated} of {all}. A breakdown can say no more than these.",
        "fr": "Projets qui indiquent qui les mène : {stated} sur {all}. Une répartition ne peut en dire davantage.",
        "es": "Proyectos que indican quién los lleva: {stated} de {all}. Un desglose no puede decir más que estos.",
    },
    "stakeholder-caption": {
        "en": "Projects by type of stakeholder and region",
        "fr": "Projets par type de partie prenante et par région",
        "es": "Proyectos por tipo de parte interesada y región",
    },
    "unstated": {"en": "not stated", "fr": "non indiqué", "es": "no indicado"},
    "sources": {"en": "Sources", "fr": "Sources", "es": "Fuentes"},
    "sources-lead": {
        "en": "Web sites that the records of the graph rest on: {sites}.",
        "fr": "Sites web sur lesquels reposent les notices du graphe : {sites}.",
        "es": "Sitios web en que se apoyan los registros del grafo: {sites}.",
    },
    "sources-caption": {
        "en": "Web sites by the records that rest on them",
        "fr": "Sites web selon les notices qui s'y appuient",
        "es": "Sitios web según los registros que se apoyan en ellos",
    },
    "unverified-title": {"en": "From memory", "fr": "De mémoire", "es": "De memoria"},
    "unverified-lead": {
        "en": "Records and statements from memory, and marked so: {number}.",
        "fr": "Notices et affirmations données de mémoire, et signalées comme telles : {number}.",
        "es": "Registros y afirmaciones de memoria, y así señalados: {number}.",
    },
    "unverified-caption": {
        "en": "What is from memory, by class and property",
        "fr": "Ce qui est dit de mémoire, par classe et propriété",
        "es": "Lo que se dice de memoria, por clase y propiedad",
    },
    "all-verified": {
        "en": "Nothing is from memory: each record names a source.",
        "fr": "Rien n'est dit de mémoire : chaque notice nomme une source.",
        "es": "Nada se dice de memoria: cada registro nombra una fuente.",
    },
    # Words of axes and series
    "first-year": {"en": "first year", "fr": "première année", "es": "primer año"},
    "year": {"en": "year", "fr": "année", "es": "año"},
    "projects": {"en": "projects", "fr": "projets", "es": "proyectos"},
    "lines": {"en": "action lines", "fr": "grandes orientations", "es": "líneas de acción"},
    "line": {"en": "action line", "fr": "grande orientation", "es": "línea de acción"},
    "goal": {"en": "goal", "fr": "objectif", "es": "objetivo"},
    "region": {"en": "region", "fr": "région", "es": "región"},
    "awards": {"en": "awards", "fr": "distinctions", "es": "galardones"},
    "winners": {"en": "winners", "fr": "lauréats", "es": "ganadores"},
    "champions": {"en": "champions", "fr": "champions", "es": "campeones"},
    "nominees": {"en": "nominees", "fr": "nominés", "es": "nominados"},
    "doubtful": {"en": "grade in doubt", "fr": "rang incertain", "es": "categoría dudosa"},
}
"""Key -> language -> text; fields in braces are filled by `wsiskg.reports.content.say`."""

COLUMNS: Texts = {
    "line_title": {"en": "Title", "fr": "Intitulé", "es": "Título"},
    "line": {"en": "Line", "fr": "Orientation", "es": "Línea"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "title": {"en": "Title", "fr": "Intitulé", "es": "Título"},
    "status": {"en": "Verdict", "fr": "Constat", "es": "Dictamen"},
    "projects": {"en": "Projects", "fr": "Projets", "es": "Proyectos"},
    "countries": {"en": "Countries", "fr": "Pays", "es": "Países"},
    "goal_level": {"en": "Goal level", "fr": "Niveau objectif", "es": "Nivel objetivo"},
    "region": {"en": "Region", "fr": "Région", "es": "Región"},
    "examples": {"en": "Examples", "fr": "Exemples", "es": "Ejemplos"},
    "rank": {"en": "Rank", "fr": "Rang", "es": "Puesto"},
    "meets": {"en": "Meets the policy", "fr": "Satisfait la politique", "es": "Cumple la política"},
    "indicator": {"en": "Indicator", "fr": "Indicateur", "es": "Indicador"},
    "tier": {"en": "Tier", "fr": "Niveau", "es": "Nivel"},
    "custodian": {"en": "Custodian", "fr": "Responsable", "es": "Custodio"},
    "agency": {"en": "Agency", "fr": "Institution", "es": "Organismo"},
    "role": {"en": "Role", "fr": "Rôle", "es": "Función"},
    "from_year": {"en": "From", "fr": "Depuis", "es": "Desde"},
    "to_year": {"en": "To", "fr": "Jusqu'en", "es": "Hasta"},
    "connect": {"en": "Connect 2020", "fr": "Connect 2020", "es": "Conectar 2020"},
    "confidence": {"en": "Confidence", "fr": "Confiance", "es": "Confianza"},
    "country": {"en": "Country", "fr": "Pays", "es": "País"},
    "code": {"en": "Code", "fr": "Code", "es": "Código"},
    "project": {"en": "Project", "fr": "Projet", "es": "Proyecto"},
    "made": {"en": "Developed there", "fr": "Développé là", "es": "Desarrollado allí"},
    "used": {"en": "Used there", "fr": "Utilisé là", "es": "Usado allí"},
    "register": {"en": "Register", "fr": "Registre", "es": "Registro"},
    "value": {"en": "Value", "fr": "Valeur", "es": "Valor"},
    "baseline": {"en": "Baseline", "fr": "Référence", "es": "Referencia"},
    "last": {"en": "Last report", "fr": "Dernier chiffre", "es": "Última cifra"},
    "last_year": {"en": "Year", "fr": "Année", "es": "Año"},
    "distance": {"en": "Distance", "fr": "Écart", "es": "Distancia"},
    "year": {"en": "Year", "fr": "Année", "es": "Año"},
    "unit": {"en": "Unit", "fr": "Unité", "es": "Unidad"},
    "scope": {"en": "Scope", "fr": "Portée", "es": "Ámbito"},
    "kind": {"en": "Kind", "fr": "Nature", "es": "Clase"},
    "revised": {"en": "Revised to", "fr": "Révisé à", "es": "Revisado a"},
    "links": {"en": "Links", "fr": "Liens", "es": "Vínculos"},
    "sdgs": {"en": "SDG targets", "fr": "Cibles des ODD", "es": "Metas de los ODS"},
    "lines": {"en": "Lines", "fr": "Orientations", "es": "Líneas"},
    "over": {"en": "Lines by the matrix", "fr": "Orientations selon le tableau", "es": "Líneas según la matriz"},
    "goals": {"en": "Goals", "fr": "Objectifs", "es": "Objetivos"},
    "targets": {"en": "Targets", "fr": "Cibles", "es": "Metas"},
    "goal": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "targets_linked": {"en": "Targets linked", "fr": "Cibles reliées", "es": "Metas vinculadas"},
    "share": {"en": "%", "fr": "%", "es": "%"},
    "framework": {"en": "Framework", "fr": "Cadre", "es": "Marco"},
    "origin": {"en": "Origin", "fr": "Origine", "es": "Origen"},
    "tags": {"en": "Tags", "fr": "Étiquettes", "es": "Etiquetas"},
    "information": {"en": "Information", "fr": "Information", "es": "Dato"},
    "publisher": {"en": "Publisher", "fr": "Éditeur", "es": "Editor"},
    "as_of": {"en": "As of", "fr": "Au", "es": "A fecha de"},
    "type": {"en": "Type", "fr": "Type", "es": "Tipo"},
    "site": {"en": "Web site", "fr": "Site web", "es": "Sitio web"},
    "pages": {"en": "Pages", "fr": "Pages", "es": "Páginas"},
    "records": {"en": "Records", "fr": "Notices", "es": "Registros"},
    "what": {"en": "What", "fr": "Quoi", "es": "Qué"},
    "statements": {"en": "From memory", "fr": "De mémoire", "es": "De memoria"},
}
"""Key of a column -> language -> its heading."""

UNITS: Texts = {
    "percent of households": {"en": "% of households", "fr": "% des ménages", "es": "% de los hogares"},
    "percent of individuals": {"en": "% of individuals", "fr": "% des personnes", "es": "% de las personas"},
    "percent of GNI p.c.": {"en": "% of GNI per head", "fr": "% du RNB par habitant", "es": "% del INB per cápita"},
    "percent of rural population (3G)": {
        "en": "% of the rural population (3G)",
        "fr": "% de la population rurale (3G)",
        "es": "% de la población rural (3G)",
    },
    "percent of rural population": {
        "en": "% of the rural population",
        "fr": "% de la population rurale",
        "es": "% de la población rural",
    },
    "percent gap (women below men)": {
        "en": "% gap, women below men",
        "fr": "% d'écart, femmes sous hommes",
        "es": "% de brecha, mujeres por debajo de hombres",
    },
    "average Global Cybersecurity Index": {
        "en": "mean of the Global Cybersecurity Index",
        "fr": "moyenne de l'indice mondial de cybersécurité",
        "es": "media del Índice Mundial de Ciberseguridad",
    },
}
"""Unit as the data has it -> language -> how it is written; other units stay as they are."""

_HIGH = re.compile(r" ([:;?!%»])|(«) ")


@cache
def words(key: str, language: str) -> str:
    """Return a text; in French with the spaces before high punctuation that do not break."""
    text = TEXTS[key][language]
    return _HIGH.sub(lambda m: f"\u00a0{m[1]}" if m[1] else f"{m[2]}\u00a0", text) if language == "fr" else text
