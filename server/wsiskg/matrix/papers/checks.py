"""A check as a paper: what is wrong by row, then every link with its verdict and numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wsiskg.evidence.measures import PairEvidence
from wsiskg.matrix.papers.outlook import SHORTFALL, shortfall, why
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, Value
from wsiskg.matrix.papers.wording import STATUS_NAMES, loaded_text
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.model.problems import Problem, Severity
from wsiskg.rules.policy import Finding

__all__ = ["CHANGE_NAMES", "SEVERITY_NAMES", "check_document", "check_paper", "check_records", "check_text"]

Texts = Mapping[str, str]

SEVERITY_NAMES: Mapping[str, Texts] = {
    "Violation": {"en": "violation", "fr": "infraction", "es": "infracción"},
    "Warning": {"en": "warning", "fr": "avertissement", "es": "advertencia"},
    "Info": {"en": "notice", "fr": "information", "es": "aviso"},
}
CHANGE_NAMES: Mapping[str, Texts] = {
    "add": {"en": "added", "fr": "ajouté", "es": "añadido"},
    "amend": {"en": "amended", "fr": "modifié", "es": "modificado"},
    "retire": {"en": "retired", "fr": "retiré", "es": "retirado"},
    "keep": {"en": "as before", "fr": "inchangé", "es": "sin cambio"},
}

_COLUMNS: Mapping[str, Texts] = {
    "severity": {"en": "severity", "fr": "gravité", "es": "gravedad"},
    "sheet": {"en": "sheet", "fr": "feuille", "es": "hoja"},
    "row": {"en": "row", "fr": "ligne", "es": "fila"},
    "link": {"en": "link", "fr": "lien", "es": "vínculo"},
    "column": {"en": "column", "fr": "colonne", "es": "columna"},
    "message": {"en": "what to do", "fr": "que faire", "es": "qué hacer"},
    "line": {"en": "line", "fr": "orientation", "es": "línea"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "change": {"en": "change", "fr": "changement", "es": "cambio"},
    "status": {"en": "verdict", "fr": "constat", "es": "dictamen"},
    "projects": {"en": "projects", "fr": "projets", "es": "proyectos"},
    "countries": {"en": "countries", "fr": "pays", "es": "países"},
    "regions": {"en": "regions", "fr": "régions", "es": "regiones"},
    "prizes": {"en": "prizes", "fr": "prix", "es": "premios"},
    "goal_level": {"en": "goal level", "fr": "niveau objectif", "es": "nivel objetivo"},
    "problems": {"en": "problems", "fr": "problèmes", "es": "problemas"},
    "shortfall": SHORTFALL,
    "why": {"en": "what is lacking", "fr": "ce qui manque", "es": "lo que falta"},
    "examples": {"en": "examples", "fr": "exemples", "es": "ejemplos"},
}

_TEXTS: Mapping[str, Texts] = {
    "file": {"en": "Check of {name}", "fr": "Vérification de {name}", "es": "Comprobación de {name}"},
    "edition": {
        "en": "Check of edition {edition}",
        "fr": "Vérification de l'édition {edition}",
        "es": "Comprobación de la edición {edition}",
    },
    "against": {
        "en": "Held against edition {before}, for edition {edition} after HLPF {hlpf}.",
        "fr": "Comparé à l'édition {before}, pour l'édition {edition} après le FPHN {hlpf}.",
        "es": "Comparado con la edición {before}, para la edición {edition} tras el FPAN {hlpf}.",
    },
    "open": {"en": "not named", "fr": "non précisée", "es": "sin indicar"},
    "counts": {
        "en": "{links} links: {statuses}.",
        "fr": "{links} liens : {statuses}.",
        "es": "{links} vínculos: {statuses}.",
    },
    "none": {
        "en": "No link could be read.",
        "fr": "Aucun lien n'a pu être lu.",
        "es": "No se pudo leer ningún vínculo.",
    },
    "found": {
        "en": "{violations} violations, {warnings} warnings, {notices} notices.",
        "fr": "{violations} infractions, {warnings} avertissements, {notices} informations.",
        "es": "{violations} infracciones, {warnings} advertencias, {notices} avisos.",
    },
    "clean": {
        "en": "Nothing stands against publishing it.",
        "fr": "Rien ne s'oppose à sa publication.",
        "es": "Nada se opone a su publicación.",
    },
    "unsupported": {
        "en": "{number} new or amended links lack evidence: to publish them all the same, uphold each with a reason.",
        "fr": "{number} liens nouveaux ou modifiés manquent d'éléments : pour les publier malgré tout, maintenez "
        "chacun avec un motif.",
        "es": "{number} vínculos nuevos o modificados carecen de pruebas: para publicarlos de todos modos, mantenga "
        "cada uno con un motivo.",
    },
    "one unsupported": {
        "en": "1 new or amended link lacks evidence: to publish it all the same, uphold it with a reason.",
        "fr": "1 lien nouveau ou modifié manque d'éléments : pour le publier malgré tout, maintenez-le avec un motif.",
        "es": "1 vínculo nuevo o modificado carece de pruebas: para publicarlo de todos modos, manténgalo con un "
        "motivo.",
    },
    "problems": {"en": "What to correct", "fr": "Ce qu'il faut corriger", "es": "Lo que hay que corregir"},
    "remarks": {"en": "What to look at", "fr": "Ce qu'il faut regarder", "es": "Lo que conviene mirar"},
    "links": {"en": "Links and evidence", "fr": "Liens et éléments", "es": "Vínculos y pruebas"},
    "explained": {
        "en": "Counted are the projects that carry both ends of a link by declared or assigned tags. "
        "Prizes are projects that won, were champions or nominees.",
        "fr": "Sont comptés les projets qui portent les deux extrémités d'un lien par des étiquettes déclarées ou "
        "attribuées. Les prix sont les projets lauréats, champions ou nominés.",
        "es": "Se cuentan los proyectos que llevan ambos extremos de un vínculo con etiquetas declaradas o asignadas. "
        "Los premios son los proyectos ganadores, campeones o nominados.",
    },
    "more": {
        "en": "... and {number} more of this kind; CSV, JSON and XLSX hold them all.",
        "fr": "... et {number} autres de ce type ; CSV, JSON et XLSX les contiennent tous.",
        "es": "... y {number} más de este tipo; CSV, JSON y XLSX los contienen todos.",
    },
    "policy": {
        "en": "Policy: {policy}. Release: {release}.",
        "fr": "Politique : {policy}. Version : {release}.",
        "es": "Política: {policy}. Versión: {release}.",
    },
}

_SHOWN_PER_RULE = 20
_PROBLEM_KEYS = ("severity", "sheet", "row", "link", "column", "message")
_LINK_KEYS = (
    "sheet", "row", "link", "line", "sdg", "change", "status", "projects", "countries", "regions", "prizes",
    "goal_level", "severity", "problems", "shortfall", "why", "examples",
)  # fmt: skip


def check_text(key: str, language: str, **facts: object) -> str:
    """Return a sentence of a check's paper."""
    return _TEXTS[key][language].format(**facts)


def check_paper(report: CheckReport, language: str) -> Paper:
    """Return a check as people read it; ``about`` holds all of it as programs do (`check_document`)."""
    published = not report.digest
    problem_columns = tuple(
        Column(key, _COLUMNS[key][language], key != "sheet" or _has_sheets(report), _names(key, language), language)
        for key in _PROBLEM_KEYS
    )
    hidden = {"sheet", "line", "sdg", "regions", "goal_level", "severity", "problems", "why", "examples"} | (
        {"row", "change"} if published else set()
    )
    link_columns = tuple(
        Column(key, _COLUMNS[key][language], key not in hidden, _names(key, language), language) for key in _LINK_KEYS
    )
    wrong = [problem for problem in report.problems if problem.severity is not Severity.INFO]
    remarks = [problem for problem in report.problems if problem.severity is Severity.INFO]
    pairs = {id(problem): "-".join(link.proposal.pair) for link in report.links for problem in link.problems}
    sections = [
        _problems(_TEXTS[title][language], problem_columns, found, pairs, language)
        for title, found in (("problems", wrong), ("remarks", remarks))
        if found
    ]
    if report.links:
        sections.append(
            Section(
                title=_TEXTS["links"][language],
                before=[_TEXTS["explained"][language]],
                columns=link_columns,
                records=[_link(link, language) for link in report.links],
            )
        )
    return Paper(
        title=check_text("edition" if published else "file", language, name=report.name, edition=report.edition),
        lead=_lead(report, language),
        sections=sections,
        end=[
            loaded_text(report.loaded, language),
            check_text("policy", language, policy=report.policy[0], release=report.release),
        ],
        about=check_document(report, language),
        language=language,
    )


def check_records(report: CheckReport, language: str) -> tuple[Sequence[Column], Sequence[Record]]:
    """Return a check as one table: a row for each link, and one for each problem that is of no link."""
    columns = tuple(Column(key, _COLUMNS[key][language]) for key in _LINK_KEYS)
    told = {id(problem) for link in report.links for problem in link.problems}
    others = [
        dict.fromkeys(_LINK_KEYS)
        | {
            "sheet": problem.origin.sheet,
            "row": problem.origin.row,
            "severity": problem.severity.value,
            "problems": [problem.text(language)],
        }
        for problem in report.problems
        if id(problem) not in told
    ]
    return columns, [*others, *(_link(link, language) for link in report.links)]


def check_document(report: CheckReport, language: str) -> Mapping[str, Any]:
    """Return a check as programs read it: plain values, ready for JSON; messages are in ``language``."""
    return {
        "name": report.name,
        "sha256": report.digest,
        "edition": report.edition,
        "before": report.before,
        "hlpf": report.hlpf,
        "policy": {"name": report.policy[0], "sha256": report.policy[1]},
        "release": report.release,
        "conforms": not report.count(Severity.VIOLATION),
        "counts": {severity.value.lower(): report.count(severity) for severity in Severity},
        "statuses": dict(sorted(Counter(link.status for link in report.links).items())),
        "unsupported": ["-".join(link.proposal.pair) for link in report.unsupported],
        "loaded": asdict(report.loaded),
        "links": [_document(link, report, language) for link in report.links],
        "problems": [_problem(problem, language) for problem in report.problems],
    }


def _document(link: CheckedLink, report: CheckReport, language: str) -> Mapping[str, Any]:
    proposal = link.proposal
    return {
        "sheet": proposal.origin.sheet,
        "row": proposal.origin.row,
        "line": proposal.line,
        "line_title": report.titles.get(proposal.line, ""),
        "sdg": proposal.sdg,
        "sdg_title": report.titles.get(proposal.sdg, ""),
        "proposed_by": list(proposal.proposed_by),
        "change": link.change.value,
        "status": link.status,
        "evidence": [
            {"directness": directness, "origin": origin, **_given(link.evidence, directness, origin)}
            for directness, origin in sorted(link.evidence.sets)
        ],
        "examples": [asdict(example) for example in link.evidence.examples],
        "findings": [_finding(finding, language) for finding in link.findings],
        "decision": None if proposal.decision is None else asdict(proposal.decision),
        "problems": [_problem(problem, language) for problem in link.problems],
    }


def _given(evidence: PairEvidence, directness: str, origin: str) -> Mapping[str, Any]:
    measures = asdict(evidence.of(directness, origin))
    return {name: value for name, value in measures.items() if value is not None}


def _finding(finding: Finding, language: str) -> Mapping[str, str]:
    text = finding.texts.get(language) or finding.texts["en"]
    return {
        "rule": finding.rule,
        "measure": finding.measure,
        "value": finding.value,
        "needed": finding.needed,
        "text": text,
    }


def _problem(problem: Problem, language: str) -> Mapping[str, Any]:
    origin = problem.origin
    return {
        "severity": problem.severity.value,
        "rule": problem.rule,
        "file": origin.file,
        "sheet": origin.sheet,
        "row": origin.row,
        "column": origin.column,
        "column_number": origin.number,
        "value": problem.value,
        "message": problem.text(language),
    }


def _lead(report: CheckReport, language: str) -> Sequence[str]:
    lines = []
    if report.digest:
        unnamed = _TEXTS["open"][language]
        lines.append(
            check_text(
                "against", language,
                before=report.before, edition=report.edition or unnamed, hlpf=report.hlpf or unnamed,
            )
        )  # fmt: skip
    statuses = Counter(link.status for link in report.links)
    named = ", ".join(f"{STATUS_NAMES[status][language]} {number}" for status, number in statuses.most_common())
    lines.append(
        check_text("counts", language, links=len(report.links), statuses=named) if named else _TEXTS["none"][language]
    )
    violations, warnings, notices = (report.count(severity) for severity in Severity)
    lines.append(check_text("found", language, violations=violations, warnings=warnings, notices=notices))
    if report.digest and report.unsupported:
        key = "unsupported" if len(report.unsupported) > 1 else "one unsupported"
        lines.append(check_text(key, language, number=len(report.unsupported)))
    elif report.digest and report.links and not violations:
        lines.append(_TEXTS["clean"][language])
    return lines


def _problems(
    title: str, columns: Sequence[Column], found: Sequence[Problem], pairs: Mapping[int, str], language: str
) -> Section:
    """Return problems as a table: at most 20 of a kind, so that one mistake in every row does not hide the others."""
    seen: Counter[str] = Counter()
    records: list[dict[str, Value]] = []
    for problem in found:
        seen[problem.rule] += 1
        if seen[problem.rule] <= _SHOWN_PER_RULE:
            records.append(
                {
                    "severity": problem.severity.value,
                    "sheet": problem.origin.sheet,
                    "row": problem.origin.row,
                    "link": pairs.get(id(problem), "").strip("-"),
                    "column": problem.origin.column or "",
                    "message": problem.text(language),
                }
            )
    hidden = sum(number - _SHOWN_PER_RULE for number in seen.values() if number > _SHOWN_PER_RULE)
    after = [check_text("more", language, number=hidden)] if hidden else []
    return Section(title, columns=columns, records=records, after=after)


def _link(link: CheckedLink, language: str) -> dict[str, Value]:
    proposal = link.proposal
    direct, goal_level = link.evidence.of("direct", "confirmed"), link.evidence.of("goal-level", "confirmed")
    numbers = {
        "projects": direct.projects,
        "countries": direct.countries,
        "regions": direct.regions,
        "prizes": direct.recognised,
        "goal_level": goal_level.projects,
    }
    worst = min((problem.severity for problem in link.problems), key=list(Severity).index, default=None)
    return {
        "sheet": proposal.origin.sheet,
        "row": proposal.origin.row,
        "link": "-".join(proposal.pair).strip("-"),
        "line": proposal.line,
        "sdg": proposal.sdg,
        "change": link.change.value,
        "status": link.status,
        **(numbers if link.counted else dict.fromkeys(numbers)),
        "severity": worst.value if worst else None,
        "problems": [problem.text(language) for problem in link.problems],
        "shortfall": shortfall(link.findings, language),
        "why": why(link.findings, language),
        "examples": [example.title for example in link.evidence.examples],
    }


def _has_sheets(report: CheckReport) -> bool:
    return len({problem.origin.sheet for problem in report.problems} - {""}) > 1


def _names(key: str, language: str) -> Mapping[Value, str]:
    names = {"severity": SEVERITY_NAMES, "change": CHANGE_NAMES, "status": STATUS_NAMES}.get(key, {})
    return {value: texts[language] for value, texts in names.items()}
