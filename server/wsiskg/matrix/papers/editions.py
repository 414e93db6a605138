"""Editions as papers: the list, one edition, two compared, one link through all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wsiskg.matrix.editions import Edition, EditionDiff, FieldChange, LinkChange, Recorded, Stage
from wsiskg.matrix.papers.checks import CHANGE_NAMES
from wsiskg.matrix.papers.outlook import why
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, Value
from wsiskg.matrix.papers.wording import STATUS_NAMES
from wsiskg.matrix.records import diff_record, edition_record, link_record, stage_record
from wsiskg.matrix.standing import StandingLink
from wsiskg.rules.status import Verdict

__all__ = ["diff_paper", "edition_paper", "editions_paper", "timeline_paper"]

Texts = Mapping[str, str]

_COLUMNS: Mapping[str, Texts] = {
    "edition": {"en": "edition", "fr": "édition", "es": "edición"},
    "title": {"en": "title", "fr": "titre", "es": "título"},
    "issued": {"en": "issued", "fr": "publiée", "es": "publicada"},
    "hlpf": {"en": "HLPF", "fr": "FPHN", "es": "FPAN"},
    "links": {"en": "links", "fr": "liens", "es": "vínculos"},
    "goal_links": {"en": "to goals", "fr": "vers objectifs", "es": "a objetivos"},
    "by": {"en": "published by", "fr": "publiée par", "es": "publicada por"},
    "upheld": {"en": "upheld", "fr": "maintenus", "es": "mantenidos"},
    "link": {"en": "link", "fr": "lien", "es": "vínculo"},
    "line": {"en": "line", "fr": "orientation", "es": "línea"},
    "sdg": {"en": "SDG", "fr": "ODD", "es": "ODS"},
    "proposed_by": {"en": "proposed by", "fr": "proposé par", "es": "propuesto por"},
    "rationale": {"en": "rationale", "fr": "justification", "es": "justificación"},
    "change": {"en": "change", "fr": "changement", "es": "cambio"},
    "what": {"en": "what changed", "fr": "ce qui a changé", "es": "lo que cambió"},
    "details": {"en": "in detail", "fr": "en détail", "es": "en detalle"},
    "reason": {"en": "reason", "fr": "motif", "es": "motivo"},
    "then": {"en": "evidence then", "fr": "éléments alors", "es": "pruebas entonces"},
    "now": {"en": "evidence now", "fr": "éléments aujourd'hui", "es": "pruebas hoy"},
}
_KINDS: Mapping[str, Texts] = {
    "added": CHANGE_NAMES["add"],
    "amended": CHANGE_NAMES["amend"],
    "removed": CHANGE_NAMES["retire"],
    "retired": CHANGE_NAMES["retire"],
    "kept": CHANGE_NAMES["keep"],
    "absent": {"en": "absent", "fr": "absent", "es": "ausente"},
}
_TEXTS: Mapping[str, Texts] = {
    "editions": {"en": "Editions of the matrix", "fr": "Éditions de la matrice", "es": "Ediciones de la matriz"},
    "edition": {"en": "Edition {edition}", "fr": "Édition {edition}", "es": "Edición {edition}"},
    "published": {
        "en": "Published on {on} by {by} ({role}, {agency}) from {file}, under the policy {policy}, on the evidence of "
        "release {release}.",
        "fr": "Publiée le {on} par {by} ({role}, {agency}) à partir de {file}, selon la politique {policy}, sur les "
        "éléments de la version {release}.",
        "es": "Publicada el {on} por {by} ({role}, {agency}) a partir de {file}, según la política {policy}, con las "
        "pruebas de la versión {release}.",
    },
    "taken": {
        "en": "Taken over from its source; this tool did not publish it, so its evidence is counted at each build.",
        "fr": "Reprise de sa source ; cet outil ne l'a pas publiée, et ses éléments sont comptés à chaque "
        "construction.",
        "es": "Tomada de su fuente; esta herramienta no la publicó, y sus pruebas se cuentan en cada construcción.",
    },
    "diff": {
        "en": "Edition {second} against edition {first}",
        "fr": "Édition {second} comparée à l'édition {first}",
        "es": "Edición {second} comparada con la edición {first}",
    },
    "counts": {
        "en": "{added} added, {removed} removed, {amended} amended, {unchanged} unchanged.",
        "fr": "{added} ajoutés, {removed} retirés, {amended} modifiés, {unchanged} inchangés.",
        "es": "{added} añadidos, {removed} retirados, {amended} modificados, {unchanged} sin cambio.",
    },
    "timeline": {
        "en": "{line} and SDG {sdg} through the editions",
        "fr": "{line} et l'ODD {sdg} au fil des éditions",
        "es": "{line} y el ODS {sdg} a lo largo de las ediciones",
    },
    "evidence": {
        "en": "{status}, {projects} projects in {countries} countries",
        "fr": "{status}, {projects} projets dans {countries} pays",
        "es": "{status}, {projects} proyectos en {countries} países",
    },
}


def editions_paper(editions: Sequence[Edition], language: str) -> Paper:
    """Return the list of editions."""
    keys = ("edition", "title", "issued", "hlpf", "links", "goal_links", "by", "upheld")
    records = [_edition(edition, language) for edition in editions]
    return Paper(
        title=_TEXTS["editions"][language],
        lead=[],
        sections=[Section(columns=_columns(keys, language), records=records)],
        about={"editions": [edition_record(edition) for edition in editions]},
        language=language,
    )


def edition_paper(edition: Edition, links: Sequence[StandingLink], language: str) -> Paper:
    """Return one edition with its links."""
    publication = edition.publication
    lead = [edition.titles.get(language) or edition.titles.get("en", edition.code)]
    if publication is None:
        lead.append(_TEXTS["taken"][language])
    else:
        lead.append(
            _TEXTS["published"][language].format(
                on=publication.on, by=publication.by, role=publication.role, agency=publication.agency,
                file=publication.input_name, policy=publication.policy, release=publication.release_before,
            )
        )  # fmt: skip
    records = [
        {
            "line": link.pair[0],
            "sdg": link.pair[1],
            "proposed_by": list(link.proposed_by),
            "rationale": link.rationale.get(language) or link.rationale.get("en", ""),
        }
        for link in links
    ]
    return Paper(
        title=_TEXTS["edition"][language].format(edition=edition.code),
        lead=lead,
        sections=[Section(columns=_columns(("line", "sdg", "proposed_by", "rationale"), language), records=records)],
        about={**edition_record(edition), "content": [link_record(link) for link in links]},
        language=language,
    )


def diff_paper(diff: EditionDiff, language: str) -> Paper:
    """Return what one edition says differently from another: changes with reasons, and the evidence then and now."""
    records = [_change(change, language) for change in diff.changes]
    return Paper(
        title=_TEXTS["diff"][language].format(first=diff.first, second=diff.second),
        lead=[
            _TEXTS["counts"][language].format(
                added=len(diff.added), removed=len(diff.removed), amended=len(diff.amended), unchanged=diff.unchanged
            )
        ],
        sections=[
            Section(
                columns=_columns(("link", "change", "what", "details", "reason", "then", "now"), language),
                records=records,
            )
        ],
        about=diff_record(diff),
        language=language,
    )


def timeline_paper(line: str, sdg: str, stages: Sequence[Stage], language: str) -> Paper:
    """Return what became of one link in each edition."""
    records = [
        {
            "edition": stage.edition,
            "issued": stage.issued,
            "change": stage.change,
            "what": _names(stage.fields),
            "details": _details(stage.fields),
            "reason": _reasons(stage.decisions),
            "then": "" if stage.then is None else _evidence(stage.then.status, stage.then.evidence, language),
        }
        for stage in stages
    ]
    return Paper(
        title=_TEXTS["timeline"][language].format(line=line, sdg=sdg),
        lead=[],
        sections=[
            Section(
                columns=_columns(("edition", "issued", "change", "what", "details", "reason", "then"), language),
                records=records,
            )
        ],
        about={"line": line, "sdg": sdg, "stages": [stage_record(stage) for stage in stages]},
        language=language,
    )


def _columns(keys: Iterable[str], language: str) -> tuple[Column, ...]:
    names: Mapping[Value, str] = {kind: texts[language] for kind, texts in _KINDS.items()}
    return tuple(
        Column(key, _COLUMNS[key][language], key != "details", names if key == "change" else {}, language)
        for key in keys
    )


def _edition(edition: Edition, language: str) -> Record:
    publication = edition.publication
    return {
        "edition": edition.code,
        "title": edition.titles.get(language) or edition.titles.get("en", ""),
        "issued": edition.issued,
        "hlpf": edition.hlpf,
        "links": edition.links,
        "goal_links": edition.goal_links,
        "by": f"{publication.by}, {publication.agency}" if publication else edition.publisher,
        "upheld": list(publication.overrides) if publication else [],
    }


def _change(change: LinkChange, language: str) -> Record:
    frozen = change.then or change.later
    return {
        "link": f"{change.line}-{change.sdg}",
        "change": change.kind,
        "what": _names(change.fields),
        "details": _details(change.fields),
        "reason": _reasons(change.decisions),
        "then": "" if frozen is None else _evidence(frozen.status, frozen.evidence, language),
        "now": "" if change.now is None else _verdict(change.now, language),
    }


def _names(fields: Sequence[FieldChange]) -> str:
    return ", ".join(field.name.replace("_", " ") for field in fields)


def _details(fields: Sequence[FieldChange]) -> str:
    return "; ".join(f"{field.name}: {field.before or '–'} → {field.after or '–'}" for field in fields)


def _reasons(decisions: Sequence[Recorded]) -> str:
    return "; ".join(f"{decision.decision}: {decision.reason}" for decision in decisions if decision.reason)


def _evidence(status: str, evidence: Any, language: str) -> str:
    direct = evidence.of("direct", "confirmed")
    return _TEXTS["evidence"][language].format(
        status=STATUS_NAMES[status][language], projects=direct.projects, countries=direct.countries
    )


def _verdict(verdict: Verdict, language: str) -> str:
    said = _evidence(verdict.status, verdict.evidence, language)
    return f"{said}. {why(verdict.findings, language)}".removesuffix(". ")
