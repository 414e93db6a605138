"""The answers of ``wsiskg evidence`` as papers, in the languages of messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wsiskg.evidence.measures import DIRECTNESS, ORIGINS, Measures, PairEvidence
from wsiskg.matrix.outlook import Flip, JudgedCandidate, Ranking, lack_of, unsupported
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, Value
from wsiskg.matrix.papers.wording import (
    DIRECTNESS_NAMES,
    MEASURE_NAMES,
    ORIGIN_NAMES,
    STATUS_NAMES,
    loaded_text,
    measures_text,
)
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.matrix.workspace import Workspace
from wsiskg.rules.policy import Finding, Policy

__all__ = [
    "SHORTFALL",
    "candidate_record",
    "candidates_paper",
    "columns_of",
    "pair_paper",
    "reasons",
    "shortfall",
    "unsupported_paper",
    "what_if_paper",
    "why",
]

Texts = Mapping[str, str]

SHORTFALL: Texts = {"en": "found / needed", "fr": "trouvé / requis", "es": "hallado / necesario"}
"""Heading of what `shortfall` says."""

_COLUMNS: Mapping[str, Texts] = {
    "rank": {"en": "rank", "fr": "rang", "es": "puesto"},
    "line": {"en": "line", "fr": "orientation", "es": "línea"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "title": {"en": "title", "fr": "intitulé", "es": "título"},
    "proposed_by": {"en": "proposed by", "fr": "proposé par", "es": "propuesto por"},
    "status": {"en": "status", "fr": "statut", "es": "estado"},
    "before": {"en": "status now", "fr": "statut actuel", "es": "estado actual"},
    "after": {"en": "status then", "fr": "statut alors", "es": "estado entonces"},
    "directness": {"en": "directness", "fr": "caractère direct", "es": "carácter directo"},
    "origin": {"en": "origin of tags", "fr": "origine des étiquettes", "es": "origen de las etiquetas"},
    "goal_level": {
        "en": "projects at goal level",
        "fr": "projets au niveau de l'objectif",
        "es": "proyectos a nivel de objetivo",
    },
    "lack": {"en": "lack", "fr": "manque", "es": "carencia"},
    "why": {"en": "why", "fr": "pourquoi", "es": "por qué"},
    "shortfall": SHORTFALL,
    "meets_policy": {"en": "meets policy", "fr": "conforme à la politique", "es": "cumple la política"},
    "linked_at_goal_level": {"en": "goal linked", "fr": "objectif relié", "es": "objetivo vinculado"},
    "examples": {"en": "examples", "fr": "exemples", "es": "ejemplos"},
    **MEASURE_NAMES,
}

_YES_NO: Mapping[str, Mapping[Value, str]] = {
    "en": {True: "yes", False: "no"},
    "fr": {True: "oui", False: "non"},
    "es": {True: "sí", False: "no"},
}
_LACKS: Mapping[str, Texts] = {
    "none": {"en": "no project", "fr": "aucun projet", "es": "ningún proyecto"},
    "suggested-only": {
        "en": "suggested tags only",
        "fr": "étiquettes suggérées seulement",
        "es": "solo etiquetas sugeridas",
    },
    "goal-level-only": {
        "en": "goal level only",
        "fr": "niveau de l'objectif seulement",
        "es": "solo a nivel de objetivo",
    },
    "below-threshold": {"en": "too little", "fr": "trop peu", "es": "demasiado poco"},
}

_TEXTS: Mapping[str, Texts] = {
    "policy": {
        "en": "Evidence policy: {policy}. Release {release}.",
        "fr": "Politique de preuve : {policy}. Version publiée {release}.",
        "es": "Política de pruebas: {policy}. Versión publicada {release}.",
    },
    "linked": {
        "en": "A link of edition {edition}, put forward by {agencies}. Status: {status}.",
        "fr": "Lien de l'édition {edition}, proposé par {agencies}. Statut : {status}.",
        "es": "Vínculo de la edición {edition}, propuesto por {agencies}. Estado: {status}.",
    },
    "unlinked": {
        "en": "No agency links this pair in edition {edition}. Under the policy it would be: {status}.",
        "fr": "Aucune institution ne relie cette paire dans l'édition {edition}. Selon la politique, elle serait : "
        "{status}.",
        "es": "Ningún organismo vincula este par en la edición {edition}. Según la política sería: {status}.",
    },
    "ranked": {
        "en": "Candidate for the next edition, of rank {rank}.",
        "fr": "Candidat pour la prochaine édition, au rang {rank}.",
        "es": "Candidato para la próxima edición, en el puesto {rank}.",
    },
    "no-evidence": {
        "en": "No project carries both ends, nor the line and the goal.",
        "fr": "Aucun projet ne porte les deux extrémités, ni l'orientation et l'objectif.",
        "es": "Ningún proyecto lleva ambos extremos, ni la línea y el objetivo.",
    },
    "apart": {
        "en": "Rows are never added up: 'declared or assigned' counts both together, each project once.",
        "fr": "Les lignes ne s'additionnent jamais : « déclaré ou attribué » compte les deux ensemble, chaque projet "
        "une fois.",
        "es": "Las filas nunca se suman: «declarado o asignado» cuenta ambos a la vez, cada proyecto una vez.",
    },
    "examples": {"en": "Examples:", "fr": "Exemples :", "es": "Ejemplos:"},
    "candidates": {
        "en": "Candidates: evidenced, but linked by nobody in edition {edition}",
        "fr": "Candidats : attestés, mais reliés par personne dans l'édition {edition}",
        "es": "Candidatos: con pruebas, pero sin vínculo en la edición {edition}",
    },
    "no-candidates": {
        "en": "There are none here: every pair with direct evidence is linked, or none has any.",
        "fr": "Il n'y en a pas ici : toute paire attestée directement est reliée, ou aucune n'est attestée.",
        "es": "Aquí no hay ninguno: todo par con pruebas directas está vinculado, o ninguno las tiene.",
    },
    "ranking": {
        "en": "{shown} of {number} shown, ranked by projects, then countries, then lift: direct evidence with declared "
        "or assigned tags.",
        "fr": "{shown} sur {number}, classés par projets, puis pays, puis lift : éléments directs à étiquettes "
        "déclarées ou attribuées.",
        "es": "{shown} de {number}, ordenados por proyectos, luego países, luego lift: pruebas directas de etiquetas "
        "declaradas o asignadas.",
    },
    "goal-linked": {
        "en": "the goal as a whole is linked already",
        "fr": "l'objectif entier est déjà relié",
        "es": "el objetivo entero ya está vinculado",
    },
    "unsupported": {
        "en": "Links of edition {edition} that lack evidence: {number} of {total}",
        "fr": "Liens de l'édition {edition} sans éléments suffisants : {number} sur {total}",
        "es": "Vínculos de la edición {edition} sin pruebas suficientes: {number} de {total}",
    },
    "caution": {
        "en": "Lack of evidence here does not refute a link: it says what the loaded projects do not show.",
        "fr": "Le manque d'éléments ne réfute pas un lien : il dit ce que les projets chargés ne montrent pas.",
        "es": "La falta de pruebas no refuta un vínculo: dice lo que los proyectos cargados no muestran.",
    },
    "what-if": {
        "en": "Verdicts on edition {edition} that change under policy '{policy}': {number} of {total}",
        "fr": "Constats sur l'édition {edition} qui changent avec la politique « {policy} » : {number} sur {total}",
        "es": "Dictámenes sobre la edición {edition} que cambian con la política «{policy}»: {number} de {total}",
    },
    "moves": {
        "en": "{before} -> {after}: {number}",
        "fr": "{before} -> {after} : {number}",
        "es": "{before} -> {after}: {number}",
    },
}

_KEPT = ("projects", "recognised", "winners", "champions", "nominees", "countries", "regions", "stakeholder_types")
_MEASURES = (*_KEPT, "organisations", "first_year", "last_year", "since_review", "lift", "p_value", "q_value")


def columns_of(keys: Iterable[str], language: str, hidden: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return columns by key with their headings; ``hidden`` ones are for programs."""
    names = {
        "status": _names(STATUS_NAMES, language),
        "before": _names(STATUS_NAMES, language),
        "after": _names(STATUS_NAMES, language),
        "directness": _names(DIRECTNESS_NAMES, language),
        "origin": _names(ORIGIN_NAMES, language),
        "lack": _names(_LACKS, language),
        "meets_policy": _YES_NO[language],
        "linked_at_goal_level": _YES_NO[language],
    }
    kept = set(hidden)
    return tuple(Column(key, _COLUMNS[key][language], key not in kept, names.get(key, {}), language) for key in keys)


def why(findings: Iterable[Finding], language: str) -> str:
    """Say what a policy finds lacking, with its numbers."""
    return " ".join(finding.texts.get(language) or finding.texts["en"] for finding in findings)


def shortfall(findings: Iterable[Finding], language: str) -> str:
    """Say the same in short, as numbers found and needed; in full where a constraint is no threshold."""
    return ", ".join(
        f"{finding.names.get(language) or finding.names['en']} {finding.value}/{finding.needed}"
        if finding.component == "MinInclusive" and "en" in finding.names
        else why([finding], language)
        for finding in findings
    )


def reasons(candidate: JudgedCandidate, language: str) -> str:
    """Say why a pair is a candidate, and what a link of it would still lack."""
    found = candidate.candidate
    text = measures_text(found.evidence.of("direct", "confirmed"), language)
    if found.linked_at_goal_level:
        text += f"; {_TEXTS['goal-linked'][language]}"
    return f"{text}. {why(candidate.findings, language)}".strip()


def pair_paper(link: CheckedLink, ranking: Ranking, workspace: Workspace, policy: Policy, language: str) -> Paper:
    """Return what is known of one pair.

    Args:
        link: the pair as checked.
        ranking: all candidates of its line and goal, with their ranks.
        workspace: where it was checked.
        policy: that it was held against.
        language: of the paper.

    """
    line, sdg = link.proposal.pair
    title = workspace.reference.title
    linked = (line, sdg) in workspace.standing
    status = STATUS_NAMES[link.status][language]
    verdict = _text(
        "linked" if linked else "unlinked",
        language,
        edition=workspace.latest,
        agencies=", ".join(link.proposal.proposed_by) or "–",
        status=status,
    )
    rank = next((c.candidate.rank for c in ranking.best if (c.candidate.line, c.candidate.sdg) == (line, sdg)), None)
    before = [verdict, why(link.findings, language), "" if rank is None else _text("ranked", language, rank=rank)]
    records = list(_sets(link.evidence))
    if not records:
        before.append(_text("no-evidence", language))
    examples = [f"  {e.title} ({_example(e.directness, e.origin, language)})" for e in link.evidence.examples]
    return Paper(
        title=f"{line} {title(line, language)} – SDG {sdg} {title(sdg, language)}",
        lead=[text for text in before if text],
        sections=[
            Section(
                columns=columns_of(("directness", "origin", *_MEASURES), language),
                records=records,
                labels=2,
                after=[
                    *([_text("apart", language)] if records else ()),
                    *([_text("examples", language), *examples] if examples else ()),
                ],
            )
        ],
        end=_end(workspace, policy, language),
        about={
            "line": line,
            "sdg": sdg,
            "edition": workspace.latest,
            "linked": linked,
            "proposed_by": list(link.proposal.proposed_by),
            "status": link.status,
            "candidate_rank": rank,
            "findings": [_finding(f, language) for f in link.findings],
            "evidence": records,
            "examples": [asdict(e) for e in link.evidence.examples],
            **_about(workspace, policy),
        },
        language=language,
    )


def candidates_paper(ranking: Ranking, workspace: Workspace, policy: Policy, language: str) -> Paper:
    """Return candidates with their reasons."""
    records = [candidate_record(c, workspace, language) for c in ranking.best]
    keys = ("rank", "line", "sdg", "title", *_MEASURES, "meets_policy", "linked_at_goal_level", "why", "examples")
    hidden = {*_MEASURES, "linked_at_goal_level", "examples"}
    return Paper(
        title=_text("candidates", language, edition=workspace.latest),
        lead=[_text("ranking", language, shown=len(records), number=ranking.number)],
        sections=[
            Section(
                columns=columns_of(keys, language, hidden),
                records=records,
                after=() if records else [_text("no-candidates", language)],
            )
        ],
        end=_end(workspace, policy, language),
        about={
            "edition": workspace.latest,
            "number": ranking.number,
            **_about(workspace, policy),
            "candidates": records,
        },
        language=language,
    )


def unsupported_paper(report: CheckReport, workspace: Workspace, policy: Policy, language: str) -> Paper:
    """Return the links of a checked edition that lack evidence, and why."""
    records = [
        {
            **_link(link, workspace, language),
            "lack": lack_of(link).value,
            "shortfall": shortfall(link.findings, language),
            "why": why(link.findings, language),
        }
        for link in unsupported(report, workspace.tables)
    ]
    keys = (
        "line",
        "sdg",
        "title",
        "proposed_by",
        "status",
        "projects",
        "countries",
        "goal_level",
        "lack",
        "shortfall",
        "why",
    )
    total = len(report.links)
    return Paper(
        title=_text("unsupported", language, edition=report.edition, number=len(records), total=total),
        lead=[_text("caution", language)],
        sections=[
            Section(columns=columns_of(keys, language, {"status", "projects", "countries", "why"}), records=records)
        ],
        end=_end(workspace, policy, language),
        about={"edition": report.edition, "links": total, **_about(workspace, policy), "unsupported": records},
        language=language,
    )


def what_if_paper(
    found: Sequence[Flip], report: CheckReport, workspace: Workspace, policies: tuple[Policy, Policy], language: str
) -> Paper:
    """Return the verdicts that change from the first of two policies to the second.

    Args:
        found: the links whose status differs.
        report: the edition under the first policy.
        workspace: where it was checked.
        policies: the two.
        language: of the paper.

    """
    first, second = policies
    records: list[Record] = [
        {
            **_link(flip.before, workspace, language),
            "before": flip.before.status,
            "after": flip.after.status,
            "shortfall": shortfall(flip.findings, language),
            "why": why(flip.findings, language),
        }
        for flip in found
    ]
    moves: dict[tuple[str, str], int] = {}
    for flip in found:
        move = flip.before.status, flip.after.status
        moves[move] = moves.get(move, 0) + 1
    keys = ("line", "sdg", "title", "proposed_by", "projects", "countries", "before", "after", "shortfall", "why")
    return Paper(
        title=_text(
            "what-if", language, edition=report.edition, policy=second.name, number=len(found), total=len(report.links)
        ),
        lead=[
            _text("moves", language, before=STATUS_NAMES[a][language], after=STATUS_NAMES[b][language], number=number)
            for (a, b), number in sorted(moves.items())
        ],
        sections=[Section(columns=columns_of(keys, language, {"projects", "countries", "why"}), records=records)],
        end=[
            loaded_text(workspace.index.loaded, language),
            _text("policy", language, policy=f"{first.name} -> {second.name}", release=workspace.release),
        ],
        about={
            "edition": report.edition,
            "links": len(report.links),
            **_about(workspace, first),
            "what_if_policy": {"name": second.name, "sha256": second.digest},
            "flips": records,
        },
        language=language,
    )


def _text(key: str, language: str, **facts: object) -> str:
    return _TEXTS[key][language].format(**facts)


def _names(names: Mapping[str, Texts], language: str) -> Mapping[Value, str]:
    return {key: texts[language] for key, texts in names.items()}


def _example(directness: str, origin: str, language: str) -> str:
    return f"{DIRECTNESS_NAMES[directness][language]}, {ORIGIN_NAMES[origin][language]}"


def _sets(evidence: PairEvidence) -> Iterable[Record]:
    for directness in DIRECTNESS:
        for origin in ORIGINS:
            if measures := evidence.sets.get((directness, origin)):
                yield {"directness": directness, "origin": origin, **_numbers(measures)}


def _numbers(measures: Measures) -> dict[str, Value]:
    return {name: getattr(measures, name) for name in _MEASURES}


def _link(link: CheckedLink, workspace: Workspace, language: str) -> dict[str, Value]:
    line, sdg = link.proposal.pair
    direct = link.evidence.of("direct", "confirmed")
    return {
        "line": line,
        "sdg": sdg,
        "title": workspace.reference.title(sdg, language),
        "proposed_by": list(link.proposal.proposed_by),
        "status": link.status,
        "projects": direct.projects,
        "countries": direct.countries,
        "goal_level": link.evidence.of("goal-level", "confirmed").projects,
    }


def candidate_record(candidate: JudgedCandidate, workspace: Workspace, language: str) -> Record:
    """Return a candidate as programs read it."""
    found = candidate.candidate
    return {
        "rank": found.rank,
        "line": found.line,
        "sdg": found.sdg,
        "title": workspace.reference.title(found.sdg, language),
        **_numbers(found.evidence.of("direct", "confirmed")),
        "meets_policy": candidate.meets_policy,
        "linked_at_goal_level": found.linked_at_goal_level,
        "why": reasons(candidate, language),
        "examples": [example.title for example in found.evidence.examples],
    }


def _finding(finding: Finding, language: str) -> Mapping[str, str]:
    return {
        "rule": finding.rule,
        "measure": finding.measure,
        "value": finding.value,
        "needed": finding.needed,
        "text": why([finding], language),
    }


def _end(workspace: Workspace, policy: Policy, language: str) -> Sequence[str]:
    return [
        loaded_text(workspace.index.loaded, language),
        _text("policy", language, policy=policy.name, release=workspace.release),
    ]


def _about(workspace: Workspace, policy: Policy) -> Mapping[str, Any]:
    return {
        "policy": {"name": policy.name, "sha256": policy.digest},
        "release": workspace.release,
        "loaded": asdict(workspace.index.loaded),
    }
