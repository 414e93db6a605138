"""The rows of a new edition: the links of the one before with the proposals applied, and what was decided on them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from wsiskg.evidence.frozen import frozen_rows
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.iris import Iris
from wsiskg.matrix.editions import Pair, pair_key
from wsiskg.matrix.proposals import Change, Decision, Proposal
from wsiskg.matrix.report import CheckedLink
from wsiskg.matrix.standing import StandingLink, standing_links
from wsiskg.model.codes import UN_LANGUAGES, natural_key
from wsiskg.rules.policy import Policy
from wsiskg.rules.status import verdicts
from wsiskg.tables.rows import Tables

__all__ = ["Imprint", "Succession", "folder_files", "succeed"]

_TABLES = ("editions", "links", "rationales", "discrepancies", "decisions", "assessments", "activity")
_TITLES = {
    "en": "WSIS-SDG Matrix, {}",
    "fr": "Tableau de correspondance SMSI-ODD, {}",
    "es": "Matriz CMSI-ODS, {}",
}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What an edition says of its own publication.

    Attributes:
        edition: its code.
        before: code of the edition it follows.
        hlpf: code of the HLPF session it follows.
        by: name of the person who publishes.
        role: in what role.
        agency: for which agency, by code.
        on: day, as YYYY-MM-DD.
        input_name: name of the file of proposals.
        input_sha256: SHA-256 of that file.
        release: id of the release whose evidence was used.

    """

    edition: str
    before: str
    hlpf: str
    by: str
    role: str
    agency: str
    on: str
    input_name: str
    input_sha256: str
    release: str


@dataclass(frozen=True, slots=True)
class Succession:
    """A new edition as rows by table, and the proposal that a row came from, by table and place in it (from 0)."""

    rows: Mapping[str, Sequence[Mapping[str, str]]]
    origins: Mapping[tuple[str, int], Proposal] = field(default_factory=dict)


def succeed(
    tables: Tables, checked: Sequence[CheckedLink], imprint: Imprint, index: EvidenceIndex, policy: Policy, iris: Iris
) -> Succession:
    """Work out a new edition.

    Args:
        tables: all that is published, with or without the registers.
        checked: the proposals, each pair once, with what they do to the edition before.
        imprint: what is said of the publication.
        index: today's evidence; it is frozen in the edition.
        policy: what the statuses follow from.
        iris: for the address of the file of proposals.

    """
    source = iris.resource("submission", imprint.input_sha256[:16]).value
    standing = standing_links(tables, imprint.before)
    rationales = _Rationales(tables, imprint.before)
    links = {pair: dict(link.row.cells) for pair, link in standing.items()}
    origin: dict[Pair, Proposal] = {}
    for link in checked:
        pair = link.proposal.pair
        if link.change is Change.RETIRE:
            del links[pair]
        elif link.change is not Change.KEEP:
            origin[pair] = link.proposal
            links[pair] = _link_row(link.proposal, standing.get(pair), rationales, source)
    pairs = sorted(links, key=pair_key)
    decisions = _decision_rows(tables, checked, imprint, source)
    contested = {(r["action_line"], r["target"]): "contested" for r in decisions if r["decision"] == "contested"}
    judged = verdicts(iris, imprint.edition, index, pairs, policy, contested)
    upheld = [f"{r['action_line']}-{r['target']}" for r in decisions if r["decision"] == "upheld"]
    texts = rationales.rows(links)
    origins: dict[tuple[str, int], Proposal] = {}
    users = {links[pair]["rationale"]: proposal for pair, proposal in origin.items()}
    for table, named in (
        ("links", [origin.get(pair) for pair in pairs]),
        ("rationales", [users.get(row["id"]) for row in texts]),
    ):
        origins |= {(table, place): proposal for place, proposal in enumerate(named) if proposal is not None}
    proposals = {link.proposal.pair: link.proposal for link in checked}
    for place, row in enumerate(decisions):
        if (proposal := proposals.get((row["action_line"], row["target"]))) is not None:
            origins["decisions", place] = proposal
    rows = {
        "editions": [_edition_row(tables, checked, imprint, source)],
        "links": [links[pair] for pair in pairs],
        "rationales": texts,
        "discrepancies": [],
        "decisions": decisions,
        "assessments": [
            row for pair in pairs for row in frozen_rows(judged[pair].evidence, judged[pair].status, policy.name)
        ],
        "activity": [_activity_row(imprint, policy, upheld)],
    }
    return Succession(rows, origins)


def folder_files(tables: Tables, before: str, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> Mapping[str, bytes]:
    """Return the files of an edition's folder by name, with the columns that the tables' description asks for."""
    files = {}
    for name in _TABLES:
        schema = tables.groups(name)[before].schema
        out = io.StringIO()
        writer = csv.DictWriter(out, schema.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name])
        files[schema.path.split("/", 1)[1]] = out.getvalue().encode()
    return files


def _link_row(
    proposal: Proposal, standing: StandingLink | None, rationales: "_Rationales", source: str
) -> dict[str, str]:
    """Return an added or amended link; what an amendment does not say stays as it is."""
    old = standing.row if standing else None
    sources = dict.fromkeys([*(standing.sources if standing else ()), *proposal.sources, source])
    confidence = proposal.confidence
    if confidence is None and standing is not None:
        confidence = standing.confidence
    return {
        "action_line": proposal.line,
        "target": proposal.sdg,
        "rationale": rationales.place(proposal, standing, sources),
        "proposed_by": ";".join(proposal.proposed_by) or (old.text("proposed_by") if old else ""),
        "proposer_basis": "stated" if proposal.proposed_by or old is None else old.text("proposer_basis"),
        "status": "sourced",
        "source_url": " | ".join(sources),
        "note": _line(proposal.note) or (old.text("note") if old else ""),
        "confidence": "" if confidence is None else format(confidence.normalize(), "f"),
    }


class _Rationales:
    """The rationales of the new edition: those of the one before, and new ones under new ids."""

    def __init__(self, tables: Tables, before: str) -> None:
        self._rows = {row.text("id"): dict(row.cells) for row in tables.groups("rationales")[before]}
        self._ids = {self._texts(row): key for key, row in reversed(self._rows.items())}
        numbers = [int(found[1]) for key in self._rows if (found := re.fullmatch(r"r([0-9]+)", key))]
        self._next = max(numbers, default=0) + 1

    def place(self, proposal: Proposal, standing: StandingLink | None, sources: Iterable[str]) -> str:
        """Return the id of the rationale that the proposed link has, empty if it has none."""
        former = dict(standing.rationale) if standing else {}
        given = {lang: line for lang, text in proposal.rationale.items() if (line := _line(text))}
        # A translation of a text that was rewritten would say something else, so it goes with it.
        rewritten = any(lang in former and former[lang] != text for lang, text in given.items())
        texts = given if rewritten else former | given
        if standing and texts == former:
            return standing.row.text("rationale")
        key = tuple(texts.get(lang, "") for lang in UN_LANGUAGES)
        if not any(key):
            return ""
        if key not in self._ids:
            self._ids[key] = name = f"r{self._next:03d}"
            self._next += 1
            cells = {f"text_{lang}": text for lang, text in zip(UN_LANGUAGES, key, strict=True)}
            self._rows[name] = {"id": name, **cells, "source_url": " | ".join(sources)}
        return self._ids[key]

    def rows(self, links: Mapping[Pair, Mapping[str, str]]) -> list[dict[str, str]]:
        """Return those that ``links`` refer to, each saying whether it serves several."""
        used = Counter(row["rationale"] for row in links.values() if row["rationale"])
        return [
            {**self._rows[name], "shared": "yes" if used[name] > 1 else "no"} for name in sorted(used, key=natural_key)
        ]

    @staticmethod
    def _texts(row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[f"text_{lang}"] for lang in UN_LANGUAGES)


def _decision_rows(
    tables: Tables, checked: Sequence[CheckedLink], imprint: Imprint, source: str
) -> list[dict[str, str]]:
    """Return the decisions of this edition, and those on links that stay contested since an earlier one."""
    rows = []
    settled: set[Pair] = set()
    for link in checked:
        proposal = link.proposal
        recorded = _recorded(link)
        if link.change in {Change.AMEND, Change.RETIRE} or recorded:
            settled.add(proposal.pair)
        rows += [
            {
                "action_line": proposal.line,
                "target": proposal.sdg,
                "decision": decision.kind,
                "by": imprint.by,
                "role": imprint.role,
                "agency": imprint.agency,
                "proposed_by": ";".join(proposal.proposed_by),
                "decided_on": imprint.on,
                "reason": _line(decision.reason),
                "source_url": source,
            }
            for decision in recorded
        ]
    earlier = tables.groups("decisions").get(imprint.before, ())
    rows += [
        dict(row.cells)
        for row in earlier
        if row.text("decision") == "contested" and (row.text("action_line"), row.text("target")) not in settled
    ]
    return sorted(rows, key=lambda r: (pair_key((r["action_line"], r["target"])), r["decision"]))


def _recorded(link: CheckedLink) -> list[Decision]:
    """Return what is decided by publishing ``link``; there is nothing to uphold where the evidence suffices."""
    found = []
    if link.change is Change.RETIRE or (link.change is Change.AMEND and link.proposal.reason.strip()):
        kind = "retired" if link.change is Change.RETIRE else "amended"
        found.append(Decision(kind, link.proposal.reason))
    decision = link.proposal.decision
    if decision is not None and (decision.kind == "contested" or link.findings) and link.change is not Change.RETIRE:
        found.append(decision)
    return found


def _edition_row(tables: Tables, checked: Sequence[CheckedLink], imprint: Imprint, source: str) -> dict[str, str]:
    before = tables.groups("editions")[imprint.before].rows[0]
    changes = Counter(link.change for link in checked)
    return {
        "code": imprint.edition,
        **{f"title_{lang}": title.format(imprint.edition) for lang, title in _TITLES.items()},
        "issued": imprint.on,
        "hlpf": imprint.hlpf,
        "creator": before.text("creator"),
        "publisher": imprint.agency,
        "licence": before.text("licence"),
        "source_url": source,
        "note": f"Made from edition {imprint.before} and the proposals in {imprint.input_name}: "
        f"{changes[Change.ADD]} added, {changes[Change.AMEND]} amended, {changes[Change.RETIRE]} retired.",
    }


def _activity_row(imprint: Imprint, policy: Policy, upheld: Iterable[str]) -> dict[str, str]:
    return {
        "published_by": imprint.by,
        "role": imprint.role,
        "agency": imprint.agency,
        "hlpf": imprint.hlpf,
        "input_name": imprint.input_name,
        "input_sha256": imprint.input_sha256,
        "policy": policy.name,
        "policy_sha256": policy.digest,
        "release_before": imprint.release,
        "published_on": imprint.on,
        "overrides": ";".join(upheld),
    }


def _line(text: str) -> str:
    """Return a text as one line, as tables hold it."""
    return " ".join(text.split())
