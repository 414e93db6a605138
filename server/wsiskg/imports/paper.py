"""The report of an import as a paper for officers, in English, French and Spanish."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wsiskg.imports.decisions import Decision
from wsiskg.imports.fields import IGNORE, KEEP, PERSONAL
from wsiskg.imports.report import OUTCOMES, Report
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, Value
from wsiskg.model.problems import Severity

__all__ = ["decisions_paper", "import_paper"]

Texts = Mapping[str, Mapping[str, str]]

_SAID: Texts = {
    "heading": {
        "en": "Import of {kind} into the register {register}",
        "fr": "Import ({kind}) dans le registre {register}",
        "es": "Importación ({kind}) en el registro {register}",
    },
    "dry": {
        "en": "Preview: nothing was written.",
        "fr": "Aperçu : rien n'a été écrit.",
        "es": "Vista previa: no se escribió nada.",
    },
    "counts": {"en": "Rows", "fr": "Lignes", "es": "Filas"},
    "columns": {"en": "Columns", "fr": "Colonnes", "es": "Columnas"},
    "notices": {"en": "To be noted", "fr": "À noter", "es": "Observaciones"},
    "unknown": {
        "en": "Not understood, kept as given",
        "fr": "Non compris, conservé tel quel",
        "es": "No entendido, conservado tal cual",
    },
    "updated": {"en": "Records updated", "fr": "Fiches mises à jour", "es": "Registros actualizados"},
    "read": {"en": "read", "fr": "lues", "es": "leídas"},
    "added": {"en": "added", "fr": "ajoutées", "es": "añadidas"},
    "updated-rows": {"en": "updated", "fr": "mises à jour", "es": "actualizadas"},
    "unchanged": {"en": "unchanged", "fr": "inchangées", "es": "sin cambios"},
    "merged": {"en": "merged", "fr": "fusionnées", "es": "fusionadas"},
    "rejected": {"en": "rejected", "fr": "rejetées", "es": "rechazadas"},
    "header": {"en": "Header", "fr": "En-tête", "es": "Encabezado"},
    "field": {"en": "Read as", "fr": "Lu comme", "es": "Leído como"},
    "filled": {"en": "Values", "fr": "Valeurs", "es": "Valores"},
    "understood": {"en": "Understood", "fr": "Comprises", "es": "Entendidos"},
    "text": {"en": "As given", "fr": "Tel que donné", "es": "Tal como figura"},
    "count": {"en": "Times", "fr": "Fois", "es": "Veces"},
    "where": {"en": "First at", "fr": "D'abord à", "es": "Primero en"},
    "candidates": {"en": "Perhaps", "fr": "Peut-être", "es": "Quizá"},
    "taken": {"en": "Read as", "fr": "Lu comme", "es": "Leído como"},
    "record": {"en": "Record", "fr": "Fiche", "es": "Registro"},
    "title": {"en": "Title", "fr": "Titre", "es": "Título"},
    "fields": {"en": "Changed", "fr": "Modifié", "es": "Modificado"},
    "place": {"en": "Where", "fr": "Où", "es": "Dónde"},
    "said": {"en": "What", "fr": "Quoi", "es": "Qué"},
    "more": {
        "en": "{count} more are listed in imports/not-understood.csv.",
        "fr": "{count} autres figurent dans imports/not-understood.csv.",
        "es": "Otros {count} figuran en imports/not-understood.csv.",
    },
    "projects": {
        "en": "{count} projects are in the register now.",
        "fr": "Le registre compte maintenant {count} projets.",
        "es": "El registro tiene ahora {count} proyectos.",
    },
    "open": {
        "en": "{pairs} pairs of projects and {names} pairs of organisations wait for your decision: "
        "wsiskg import decisions",
        "fr": "{pairs} paires de projets et {names} paires d'organisations attendent votre décision : "
        "wsiskg import decisions",
        "es": "{pairs} pares de proyectos y {names} pares de organizaciones esperan su decisión: "
        "wsiskg import decisions",
    },
    "rejects": {
        "en": "The rejected rows are in {file}, with the reasons. Correct them there, and import that file.",
        "fr": "Les lignes rejetées sont dans {file}, avec les motifs. Corrigez-les là, puis importez ce fichier.",
        "es": "Las filas rechazadas están en {file}, con los motivos. Corríjalas allí e importe ese archivo.",
    },
    "resumed": {
        "en": "{count} rows had been read by an import that was interrupted.",
        "fr": "{count} lignes avaient été lues par un import interrompu.",
        "es": "{count} filas ya las había leído una importación interrumpida.",
    },
    "build": {
        "en": "They are part of the next: wsiskg build",
        "fr": "Elles feront partie du prochain : wsiskg build",
        "es": "Formarán parte del próximo: wsiskg build",
    },
    "decisions": {"en": "Decisions", "fr": "Décisions", "es": "Decisiones"},
    "pairs": {"en": "Projects", "fr": "Projets", "es": "Proyectos"},
    "names": {"en": "Organisations", "fr": "Organisations", "es": "Organizaciones"},
    "first": {"en": "First", "fr": "Premier", "es": "Primero"},
    "second": {"en": "Second", "fr": "Second", "es": "Segundo"},
    "verdict": {"en": "Verdict", "fr": "Verdict", "es": "Veredicto"},
    "why": {"en": "Why", "fr": "Pourquoi", "es": "Por qué"},
    "by": {"en": "By", "fr": "Par", "es": "Por"},
    "decide": {
        "en": "Decide: wsiskg import same|different FIRST SECOND --by NAME",
        "fr": "Pour décider : wsiskg import same|different PREMIER SECOND --by NOM",
        "es": "Para decidir: wsiskg import same|different PRIMERO SEGUNDO --by NOMBRE",
    },
}  # fmt: skip
_FIELDS: Texts = {
    KEEP: {"en": "not known: kept as given", "fr": "inconnu : conservé tel quel", "es": "desconocido: se conserva"},
    PERSONAL: {"en": "about persons: dropped", "fr": "sur des personnes : écarté", "es": "sobre personas: descartado"},
    IGNORE: {"en": "ignored", "fr": "ignoré", "es": "ignorado"},
}
_VERDICTS: Texts = {
    "open": {"en": "open", "fr": "en attente", "es": "pendiente"},
    "same": {"en": "same", "fr": "identiques", "es": "iguales"},
    "different": {"en": "different", "fr": "différents", "es": "distintos"},
}


def _say(name: str, language: str, **facts: object) -> str:
    return _SAID[name][language].format(**facts)


def _column(key: str, language: str, title: str = "", names: Texts | None = None) -> Column:
    shown: dict[Value, str] = {value: texts[language] for value, texts in (names or {}).items()}
    return Column(key, _say(title or key, language), names=shown, language=language)


def import_paper(report: Report, language: str) -> Paper:
    """Return the report of an import in ``language``."""
    sections = [_counts(report, language), *_columns(report, language), *_notices(report, language)]
    sections += [*_unknown(report, language), *_updated(report, language)]
    heading = _say("heading", language, kind=report.kind, register=report.register)
    return Paper(
        heading, [_say("dry", language)] if report.dry else [], sections, about=_about(report), language=language
    )


def _about(report: Report) -> Mapping[str, Any]:
    """Return the report for programs."""
    said = asdict(report)
    said["notices"] = [
        {"place": str(p.origin), "rule": p.rule, "severity": p.severity.value, "message": p.text()}
        for p in report.notices
    ]
    return said


def _counts(report: Report, language: str) -> Section:
    counts = {"read": report.counts.read, **{name: getattr(report.counts, name) for name in OUTCOMES}}
    titles = {**{name: name for name in counts}, "updated": "updated-rows"}
    after = [_say("projects", language, count=report.projects)]
    if report.open_decisions or report.open_names:
        after.append(_say("open", language, pairs=report.open_decisions, names=report.open_names))
    if report.rejects:
        after.append(_say("rejects", language, file=report.rejects))
    if report.resumed:
        after.append(_say("resumed", language, count=report.resumed))
    if not report.dry:
        after.append(_say("build", language))
    columns = [_column(name, language, titles[name]) for name in counts]
    return Section(_say("counts", language), (), columns, [counts], after)


def _columns(report: Report, language: str) -> Iterator[Section]:
    if not report.columns:
        return
    records = [
        {"header": c.header, "field": c.field, "filled": c.filled, "understood": c.understood} for c in report.columns
    ]
    columns = [
        _column("header", language), _column("field", language, names=_FIELDS), _column("filled", language),
        _column("understood", language),
    ]  # fmt: skip
    yield Section(_say("columns", language), columns=columns, records=records)


def _notices(report: Report, language: str) -> Iterator[Section]:
    shown = [p for p in report.notices if p.severity is not Severity.INFO or p.rule not in {"kept", "personal"}]
    if not shown:
        return
    records = [{"place": str(p.origin), "said": p.text(language), "rule": p.rule} for p in shown]
    yield Section(
        _say("notices", language), columns=[_column("place", language), _column("said", language)], records=records
    )


def _unknown(report: Report, language: str) -> Iterator[Section]:
    if not report.not_understood:
        return
    records: list[Record] = [
        {
            "field": n.field, "text": n.text, "count": n.count, "where": f"{n.file}:{n.row}",
            "candidates": n.candidates, "taken": n.taken,
        }
        for n in report.not_understood
    ]  # fmt: skip
    columns = [
        _column("field", language, "field"), _column("text", language), _column("count", language),
        _column("where", language), _column("candidates", language), _column("taken", language),
    ]  # fmt: skip
    more = report.unknown - len(records)
    after = [_say("more", language, count=more)] if more > 0 else []
    yield Section(_say("unknown", language), columns=columns, records=records, after=after)


def _updated(report: Report, language: str) -> Iterator[Section]:
    if report.updated:
        records = [{"record": u.record, "title": u.title, "fields": u.fields} for u in report.updated]
        columns = [_column(name, language) for name in ("record", "title", "fields")]
        yield Section(_say("updated", language), columns=columns, records=records)


def decisions_paper(pairs: Sequence[Decision], names: Sequence[Decision], language: str) -> Paper:
    """Return decisions about records and about names of organisations as a paper."""
    columns = [_column("verdict", language, names=_VERDICTS)]
    columns += [_column(name, language) for name in ("first", "second", "title", "why", "by")]
    sections = [
        Section(_say(title, language), columns=columns, records=[_decision(d) for d in decisions])
        for title, decisions in (("pairs", pairs), ("names", names))
        if decisions
    ]
    about = {"projects": [_record(d) for d in pairs], "organisations": [_record(d) for d in names]}
    return Paper(_say("decisions", language), (), sections, [_say("decide", language)], about=about, language=language)


def _record(decision: Decision) -> Mapping[str, str | int]:
    return asdict(decision) | {"verdict": decision.verdict.value, "suggested": decision.suggested.value}


def _decision(decision: Decision) -> Record:
    texts = dict.fromkeys(filter(None, (decision.first_text, decision.second_text)))
    return {
        "verdict": decision.verdict.value, "first": decision.first, "second": decision.second,
        "title": " / ".join(texts), "why": decision.why, "by": decision.by,
    }  # fmt: skip
