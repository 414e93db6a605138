"""The agenda of a review as a paper, in the languages of messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from wsiskg.evidence.measures import PairEvidence
from wsiskg.matrix.outlook import JudgedCandidate
from wsiskg.matrix.papers.outlook import SHORTFALL, reasons, shortfall, why
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, Value
from wsiskg.matrix.papers.wording import STATUS_NAMES, loaded_text
from wsiskg.matrix.report import CheckedLink
from wsiskg.matrix.review import Movement, Review, ReviewedGoal, ReviewedLink
from wsiskg.matrix.workspace import Workspace

__all__ = ["review_paper"]

Texts = Mapping[str, str]

_MOVEMENTS: Mapping[str, Texts] = {
    "newly-supported": {"en": "newly supported", "fr": "nouvellement étayé", "es": "respaldo nuevo"},
    "no-longer-supported": {
        "en": "no longer supported",
        "fr": "n'est plus étayé",
        "es": "ya sin respaldo",
    },
    "supported": {"en": "supported", "fr": "étayé", "es": "con respaldo"},
    "supported-undated": {
        "en": "supported, time unknown",
        "fr": "étayé, date inconnue",
        "es": "con respaldo, fecha desconocida",
    },
    "unsupported": {"en": "not supported", "fr": "non étayé", "es": "sin respaldo"},
}

_COLUMNS: Mapping[str, Texts] = {
    "kind": {"en": "kind", "fr": "nature", "es": "clase"},
    "goal": {"en": "goal", "fr": "objectif", "es": "objetivo"},
    "last_review": {"en": "last review", "fr": "dernier examen", "es": "último examen"},
    "line": {"en": "line", "fr": "orientation", "es": "línea"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "title": {"en": "title", "fr": "intitulé", "es": "título"},
    "proposed_by": {"en": "by", "fr": "par", "es": "por"},
    "status": {"en": "status", "fr": "statut", "es": "estado"},
    "movement": {"en": "support", "fr": "appui", "es": "respaldo"},
    "before": {"en": "then", "fr": "alors", "es": "entonces"},
    "since": {"en": "since", "fr": "depuis", "es": "después"},
    "undated": {"en": "no year", "fr": "sans année", "es": "sin año"},
    "now": {"en": "in all", "fr": "en tout", "es": "en total"},
    "countries": {"en": "countries", "fr": "pays", "es": "países"},
    "goal_level": {"en": "at goal level", "fr": "niveau objectif", "es": "a nivel de objetivo"},
    "source": {"en": "file", "fr": "fichier", "es": "archivo"},
    "shortfall": SHORTFALL,
    "why": {"en": "why", "fr": "pourquoi", "es": "por qué"},
}
_SHOWN: Mapping[str, frozenset[str]] = {
    "link": frozenset({"line", "sdg", "proposed_by", "movement", "before", "since", "undated", "now", "shortfall"}),
    "candidate": frozenset({"line", "sdg", "title", "status", "why"}),
    "proposal": frozenset({"source", "line", "sdg", "proposed_by", "status", "now", "countries", "why"}),
}

_TEXTS: Mapping[str, Texts] = {
    "title": {
        "en": "Review of the links of edition {edition} for {session}",
        "fr": "Examen des liens de l'édition {edition} pour {session}",
        "es": "Examen de los vínculos de la edición {edition} para {session}",
    },
    "goals": {
        "en": "Goals reviewed in depth: {goals}.",
        "fr": "Objectifs examinés en profondeur : {goals}.",
        "es": "Objetivos examinados a fondo: {goals}.",
    },
    "method": {
        "en": "Counted are the projects that carry both ends of a link by declared or assigned tags. 'Then' is up to "
        "the year of the goal's last review, 'since' is after it, up to the latest evidence loaded: a project that "
        "began before and won a prize after counts in both. Projects without any year are in neither, only in all.",
        "fr": "Sont comptés les projets qui portent les deux extrémités d'un lien par des étiquettes déclarées ou "
        "attribuées. « Alors » va jusqu'à l'année du dernier examen de l'objectif, « depuis » vient après, jusqu'aux "
        "derniers éléments chargés : un projet commencé avant et primé après compte dans les deux. Les projets sans "
        "année ne comptent que dans le total.",
        "es": "Se cuentan los proyectos que llevan ambos extremos de un vínculo con etiquetas declaradas o asignadas. "
        "«Entonces» llega hasta el año del último examen del objetivo; «después» es lo posterior, hasta las últimas "
        "pruebas cargadas: un proyecto iniciado antes y premiado después cuenta en ambos. Los proyectos sin "
        "año solo cuentan en el total.",
    },
    "movements": {
        "en": "Newly supported: the policy is met now, and was not then. No longer supported: it was met then, but "
        "what came since does not meet it by itself. Time unknown: it depends on projects without a year.",
        "fr": "Nouvellement étayé : la politique est satisfaite, et ne l'était pas alors. N'est plus étayé : elle "
        "l'était alors, mais ce qui est venu depuis n'y suffit pas seul. Date inconnue : cela dépend de projets sans "
        "année.",
        "es": "Respaldo nuevo: la política se cumple ahora y entonces no. Ya sin respaldo: se cumplía entonces, pero "
        "lo llegado después no basta por sí solo. Fecha desconocida: depende de proyectos sin año.",
    },
    "heading": {"en": "SDG {goal}: {title}", "fr": "ODD {goal} : {title}", "es": "ODS {goal}: {title}"},
    "last": {
        "en": "Last reviewed in depth at {session}.",
        "fr": "Dernier examen en profondeur : {session}.",
        "es": "Último examen a fondo: {session}.",
    },
    "never": {
        "en": "Not reviewed in depth before, so there is no 'then': all evidence is of now.",
        "fr": "Jamais examiné en profondeur auparavant : pas d'« alors », tous les éléments sont d'aujourd'hui.",
        "es": "No se examinó a fondo antes: no hay «entonces», todas las pruebas son de ahora.",
    },
    "memory": {
        "en": "That this session reviews it is from memory, not from a source.",
        "fr": "Que cette session l'examine est dit de mémoire, sans source.",
        "es": "Que esta reunión lo examine se dice de memoria, sin fuente.",
    },
    "moved": {"en": "{movement}: {links}.", "fr": "{movement} : {links}.", "es": "{movement}: {links}."},
    "no-links": {
        "en": "No agency links this goal or a target of it.",
        "fr": "Aucune institution ne relie cet objectif ni l'une de ses cibles.",
        "es": "Ningún organismo vincula este objetivo ni una de sus metas.",
    },
    "candidates": {
        "en": "SDG {goal}: candidates, {shown} of {number}",
        "fr": "ODD {goal} : candidats, {shown} sur {number}",
        "es": "ODS {goal}: candidatos, {shown} de {number}",
    },
    "proposals": {
        "en": "SDG {goal}: open proposals",
        "fr": "ODD {goal} : propositions en attente",
        "es": "ODS {goal}: propuestas pendientes",
    },
    "file": {
        "en": "{name}: {shown} of {number} proposals concern these goals. All of it: wsiskg matrix check {name}",
        "fr": "{name} : {shown} propositions sur {number} portent sur ces objectifs. Tout : wsiskg matrix check {name}",
        "es": "{name}: {shown} de {number} propuestas atañen a estos objetivos. Todo: wsiskg matrix check {name}",
    },
    "policy": {
        "en": "Evidence policy: {policy}. Release {release}.",
        "fr": "Politique de preuve : {policy}. Version publiée {release}.",
        "es": "Política de pruebas: {policy}. Versión publicada {release}.",
    },
}
_LISTED = (Movement.NEWLY_SUPPORTED, Movement.NO_LONGER_SUPPORTED, Movement.SUPPORTED_UNDATED)


def review_paper(found: Review, workspace: Workspace, language: str) -> Paper:
    """Return the agenda: for each goal what moved, its links, its candidates, and the open proposals."""

    def text(key: str, **facts: object) -> str:
        return _TEXTS[key][language].format(**facts)

    labels = {row.text("code"): row.text("label") for row in workspace.tables["hlpf_sessions"]}
    sections: list[Section] = []
    goals: list[Mapping[str, object]] = []
    for goal in found.goals:
        records = {
            "links": [_link(goal, link, workspace, language) for link in goal.links],
            "candidates": [_candidate(goal, c, workspace, language) for c in goal.candidates.best],
            "proposals": [_proposal(goal, name, link, workspace, language) for name, link in goal.proposals],
        }
        said = [text("last", session=labels[goal.last_review]) if goal.last_review else text("never")]
        said += [] if goal.verified else [text("memory")]
        said += [text("moved", **moved) for moved in _moved(goal.links, language)]
        said += [] if goal.links else [text("no-links")]
        title = workspace.reference.title(goal.goal, language)
        sections.append(
            Section(
                text("heading", goal=goal.goal, title=title),
                said,
                _columns(
                    "link", language, {"status"} if any(link.status == "contested" for link in goal.links) else ()
                ),
                records["links"],
            )
        )
        if goal.candidates.number:
            heading = text("candidates", goal=goal.goal, shown=len(goal.candidates.best), number=goal.candidates.number)
            sections.append(Section(heading, (), _columns("candidate", language), records["candidates"]))
        if goal.proposals:
            heading = text("proposals", goal=goal.goal)
            sections.append(Section(heading, (), _columns("proposal", language), records["proposals"]))
        goals.append(
            {
                "goal": goal.goal,
                "title": title,
                "verified": goal.verified,
                "last_review": goal.last_review or None,
                "candidates_in_all": goal.candidates.number,
                **records,
            }
        )
    return Paper(
        title=text("title", edition=found.edition, session=found.session.text("label")),
        lead=[text("goals", goals=", ".join(goal.goal for goal in found.goals)), text("method"), text("movements")],
        sections=sections,
        end=[
            *(text("file", name=name, number=number, shown=shown) for name, number, shown in found.files),
            loaded_text(workspace.index.loaded, language),
            text("policy", policy=found.policy.name, release=workspace.release),
        ],
        about={
            "session": found.session.text("code"),
            "edition": found.edition,
            "policy": {"name": found.policy.name, "sha256": found.policy.digest},
            "release": workspace.release,
            "loaded": asdict(workspace.index.loaded),
            "files": [{"name": n, "proposals": number, "on_agenda": shown} for n, number, shown in found.files],
            "goals": goals,
        },
        language=language,
    )


def _columns(kind: str, language: str, also: Iterable[str] = ()) -> Sequence[Column]:
    names: Mapping[str, Mapping[Value, str]] = {
        "status": {key: texts[language] for key, texts in STATUS_NAMES.items()},
        "movement": {key: texts[language] for key, texts in _MOVEMENTS.items()},
    }
    shown = _SHOWN[kind].union(also)
    return [Column(key, t[language], key in shown, names.get(key, {}), language) for key, t in _COLUMNS.items()]


def _moved(links: Sequence[ReviewedLink], language: str) -> Iterable[Mapping[str, str]]:
    for movement in _LISTED:
        if pairs := [" – ".join(link.link.pair) for link in links if link.movement is movement]:
            name = _MOVEMENTS[movement.value][language]
            yield {"movement": name[:1].upper() + name[1:], "links": ", ".join(pairs)}


def _record(kind: str, goal: ReviewedGoal, pair: tuple[str, str], workspace: Workspace, language: str) -> Record:
    record: dict[str, Value] = dict.fromkeys(_COLUMNS)
    record["kind"], record["goal"], record["last_review"] = kind, goal.goal, goal.last_review
    record["line"], record["sdg"] = pair
    record["title"] = workspace.reference.title(pair[1], language)
    return record


def _link(goal: ReviewedGoal, link: ReviewedLink, workspace: Workspace, language: str) -> Record:
    return {
        **_record("link", goal, link.link.pair, workspace, language),
        "proposed_by": list(link.link.proposed_by),
        "status": link.status,
        "movement": link.movement.value,
        "before": _projects(link.before),
        "since": _projects(link.since),
        "undated": _projects(link.undated),
        **_now(link.now),
        "shortfall": shortfall(link.findings, language),
        "why": why(link.findings, language),
    }


def _candidate(goal: ReviewedGoal, candidate: JudgedCandidate, workspace: Workspace, language: str) -> Record:
    found = candidate.candidate
    return {
        **_record("candidate", goal, (found.line, found.sdg), workspace, language),
        "status": "validated" if candidate.meets_policy else "insufficient-evidence",
        **_now(found.evidence),
        "why": reasons(candidate, language),
    }


def _proposal(goal: ReviewedGoal, name: str, link: CheckedLink, workspace: Workspace, language: str) -> Record:
    row = link.proposal.origin.row
    problems = " ".join(problem.text(language) for problem in link.problems)
    return {
        **_record("proposal", goal, link.proposal.pair, workspace, language),
        "proposed_by": list(link.proposal.proposed_by),
        "status": link.status,
        **_now(link.evidence),
        "source": name if row is None else f"{name}:{row}",
        "why": f"{why(link.findings, language)} {problems}".strip(),
    }


def _projects(evidence: PairEvidence | None) -> int | None:
    return None if evidence is None else evidence.of("direct", "confirmed").projects


def _now(evidence: PairEvidence) -> Mapping[str, Value]:
    direct = evidence.of("direct", "confirmed")
    return {
        "now": direct.projects,
        "countries": direct.countries,
        "goal_level": evidence.of("goal-level", "confirmed").projects,
    }
