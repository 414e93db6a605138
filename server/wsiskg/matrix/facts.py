"""What the rules look at in each link, as a small graph.

SHACL Core cannot compare one link with another, so what only a comparison shows (a copy, a contradiction, a pair that
stands already) is worked out here and stated on the link, in terms of the ontology; ``shapes/links.shapes.ttl`` says
what of it is allowed. Assessments are treated the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.content.collector import Cells
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DCAT, DCTERMS, PROV, RDF_TYPE, RDFS, SKOS, SSSOM, XSD
from wsiskg.matrix.proposals import Change, Proposal
from wsiskg.matrix.reference import Reference
from wsiskg.matrix.standing import StandingLink, effective_change, normalised
from wsiskg.model.codes import FORMATS, sdg_goal_of
from wsiskg.model.problems import Origin
from wsiskg.tables.crosschecks import nearest_codes

__all__ = ["CHANGE_CLASSES", "UNNAMED", "LinkFacts", "Setting", "link_facts"]

UNNAMED = "next"
"""Stands for the code of an edition that is not named yet."""

CHANGE_CLASSES = {Change.ADD: "Addition", Change.AMEND: "Amendment", Change.RETIRE: "Retirement"}
"""Classes of proposals by what they do."""
_ROW = {"en": "row {n} ({pair})", "fr": "la ligne {n} ({pair})", "es": "la fila {n} ({pair})"}
_IN = {"en": "{pair} in edition {e}", "fr": "{pair} dans l'édition {e}", "es": "{pair} en la edición {e}"}
_LIKE = 60  # least likeness of a code offered instead of an unknown one, up to 100
_WIDE = ("\u3040", "\u9fff")  # kana and Chinese characters


@dataclass(frozen=True, slots=True)
class Setting:
    """What a set of links is for, and what it is held against.

    Attributes:
        name: of the file, for problems that have no cell.
        digest: SHA-256 of the file, by which proposals are named; empty for a published edition.
        edition: code of the edition, empty if none is named.
        hlpf: code of the HLPF session that it follows, empty if none is named.
        before: code of the edition before, empty if there is none.
        standing: links of the edition before.
        editions: codes of the published editions.
        published: whether the links are those of a published edition, not proposals.

    """

    name: str
    digest: str
    edition: str
    hlpf: str
    before: str
    standing: Mapping[tuple[str, str], StandingLink]
    editions: Sequence[str]
    published: bool = False

    @property
    def year(self) -> int | None:
        """Year of the edition, by which its proposers are judged."""
        return int(self.edition[:4]) if self.edition[:4].isdecimal() and self.edition.isascii() else None


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The graph of links, the node of their edition, the cells they came from, and node and change of each in turn."""

    edition: NamedNode
    triples: set[Triple] = field(default_factory=set)
    origins: Cells = field(default_factory=dict)
    nodes: list[NamedNode] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def link_facts(links: Sequence[Proposal], setting: Setting, reference: Reference, iris: Iris) -> LinkFacts:
    """Return what is to be checked of ``links``, each of them held against all others and against ``setting``."""
    facts = LinkFacts(iris.resource("edition", setting.edition or UNNAMED))
    _edition(facts, setting, reference, iris)
    for place, link in enumerate(links, 1):
        change = effective_change(link, setting.standing)
        node = _node(link, place, setting, iris)
        facts.nodes.append(node)
        facts.changes.append(change)
        _Link(facts, node, link, change, setting, reference, iris).state(place)
    _compare_pairs(facts, links, iris)
    _compare_rationales(facts, links, setting, iris)
    return facts


def _node(link: Proposal, place: int, setting: Setting, iris: Iris) -> NamedNode:
    if setting.published:
        return iris.resource("link", setting.edition, "-".join(link.pair))
    return iris.resource("proposal", setting.digest[:16], str(place))


def _edition(facts: LinkFacts, setting: Setting, reference: Reference, iris: Iris) -> None:
    node, whole = facts.edition, Origin(setting.name)
    facts.origins[node.value, ""] = whole
    facts.triples.add(Triple(node, RDF_TYPE, iris.term("Edition")))
    if setting.before:
        facts.triples.add(Triple(node, DCAT("previousVersion"), iris.resource("edition", setting.before)))
    if setting.edition and not setting.published:
        closed = setting.edition <= max(setting.editions, default="")
        facts.triples.add(Triple(node, DCTERMS("identifier"), Literal(setting.edition)))
        facts.triples.add(Triple(node, iris.term("closed"), Literal(closed)))
    if setting.hlpf:
        session = iris.resource("hlpf", setting.hlpf)
        facts.triples.add(Triple(node, iris.term("hlpfSession"), session))
        _exists(facts, session, setting.hlpf, reference.sessions, iris.term("HlpfSession"), iris)
        known = reference.sessions.get(setting.hlpf)
        if known is not None and known.updates_matrix is not None:
            facts.triples.add(Triple(session, iris.term("triggersMatrixUpdate"), Literal(known.updates_matrix)))


def _exists(
    facts: LinkFacts, node: NamedNode, code: str, codes: Mapping[str, object], kind: NamedNode, iris: Iris
) -> None:
    """Say what kind of thing a code stands for, or, where there is no such code, which it may have been meant for."""
    if code in codes:
        facts.triples.add(Triple(node, RDF_TYPE, kind))
    else:
        near = nearest_codes(code, codes, _LIKE)
        facts.triples.update(Triple(node, iris.term("similarCode"), Literal(other)) for other in near)


@dataclass(frozen=True, slots=True)
class _Link:
    """States what is to be checked of one link by itself."""

    facts: LinkFacts
    node: NamedNode
    link: Proposal
    change: Change
    setting: Setting
    reference: Reference
    iris: Iris

    def say(self, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """Add a statement about the link."""
        self.facts.triples.add(Triple(self.node, predicate, value))

    def term(self, name: str, value: NamedNode | Literal) -> None:
        """Add a statement with a term of ours."""
        self.say(self.iris.term(name), value)

    def state(self, place: int) -> None:
        """Add everything that shows without looking at other links; ``place`` is that in the file, from 1."""
        self.facts.origins[self.node.value, ""] = self.link.origin
        for term, attribute in _PLACES.items():
            self.facts.origins[self.node.value, self.iris.term(term).value] = _cell(self.link, attribute)
        self.facts.origins[self.node.value, SSSOM("confidence").value] = _cell(self.link, "confidence")
        self._kind(place)
        self._ends()
        self._proposers()
        self._rationale()
        self._change()
        new = self.change in {Change.ADD, Change.AMEND}
        if new:
            self._review()
        if new or self.setting.published:
            self._triangle()
        if self.link.decision is not None and not self.setting.published:
            self._decision(self.link.decision.kind, self.link.decision.reason)

    def _kind(self, place: int) -> None:
        self.say(RDF_TYPE, self.iris.term("Link"))
        if self.setting.published:
            self.term("linkSet", self.facts.edition)
            _label(self.facts, self.node, _IN, pair="-".join(self.link.pair), e=self.setting.edition)
            return
        row = self.link.origin.row or place
        self.say(RDF_TYPE, self.iris.term("Proposal"))
        self.term("row", Literal(row))
        _label(self.facts, self.node, _ROW, pair="-".join(self.link.pair), n=row)
        if kind := CHANGE_CLASSES.get(self.change):
            self.say(RDF_TYPE, self.iris.term(kind))

    def _ends(self) -> None:
        if line := self.link.line:
            end = self.iris.resource("action-line", line)
            self.term("actionLine", end)
            _exists(self.facts, end, line, self.reference.lines, self.iris.term("ActionLine"), self.iris)
        if sdg := self.link.sdg:
            end = self.iris.sdg(sdg if FORMATS["sdg"](sdg) else quote(sdg, safe=""))
            self.term("target", end)
            _exists(self.facts, end, sdg, self.reference.sdgs, SKOS("Concept"), self.iris)

    def _proposers(self) -> None:
        known = self.reference.agencies
        now = self.reference.facilitators(self.link.line)
        then = self.reference.facilitators(self.link.line, self.setting.year) if self.setting.year else now
        for code in self.link.proposed_by:
            agency = self.iris.resource("agency", code)
            self.term("proposedBy", agency)
            _exists(self.facts, agency, code, known, PROV("Agent"), self.iris)
            told = code in known and self.link.line in self.reference.lines
            asked = self.setting.published or self.change is not Change.KEEP
            if told and asked and code not in now | then:
                self.term("notFacilitatedBy", agency)

    def _rationale(self) -> None:
        texts = self.link.rationale
        if not texts and self.change in {Change.AMEND, Change.KEEP}:
            standing = self.setting.standing.get(self.link.pair)
            texts = standing.rationale if standing else {}  # what is not said anew stays as it is
        for language, text in texts.items():
            if text.strip():
                self.term("rationale", _text(text, language))
        if own := [text for text in self.link.rationale.values() if text.strip()]:
            self.term("rationaleLength", Literal(max(map(_length, own))))
        if self.link.confidence is not None:
            confidence = Literal(format(self.link.confidence, "f"), datatype=XSD("decimal"))
            self.say(SSSOM("confidence"), confidence)

    def _change(self) -> None:
        if self.setting.published:
            return
        standing = self.link.pair in self.setting.standing
        known = self.reference.knows(*self.link.pair)
        before = self.iris.resource("edition", self.setting.before)
        if self.change is Change.ADD and standing:
            self.term("alreadyLinkedIn", before)
        if self.change in {Change.AMEND, Change.RETIRE} and known and not standing:
            self.term("absentFrom", before)
        if self.change is Change.KEEP:
            former = self.iris.resource("link", self.setting.before, "-".join(self.link.pair))
            _label(self.facts, former, _IN, pair="-".join(self.link.pair), e=self.setting.before)
            self.term("repeats", former)
        if self.link.reason.strip():
            self.term("changeReason", Literal(self.link.reason))

    def _review(self) -> None:
        session = self.reference.sessions.get(self.setting.hlpf)
        if session and session.goals and self.link.sdg and sdg_goal_of(self.link.sdg) not in session.goals:
            self.term("goalNotReviewedAt", self.iris.resource("hlpf", session.code))

    def _triangle(self) -> None:
        if not self.reference.knows(*self.link.pair):
            return  # an end that was not understood closes and opens nothing
        tied = self.reference.connect_sdgs.get(self.link.sdg, frozenset())
        for code in tied - self.reference.connect_lines.get(self.link.line, frozenset()):
            self.term("openTriangle", self.iris.resource("connect2020", code))

    def _decision(self, kind: str, reason: str) -> None:
        node = NamedNode(f"{self.node.value}/decision")
        self.facts.origins[node.value, ""] = _cell(self.link, "decision")
        self.facts.origins[node.value, DCTERMS("description").value] = _cell(self.link, "decision_reason")
        statements = {
            Triple(node, RDF_TYPE, self.iris.term("Decision")),
            Triple(node, self.iris.term("decidedLink"), self.node),
            Triple(node, self.iris.term("decision"), self.iris.resource("decision", kind)),
        }
        if reason.strip():
            statements.add(Triple(node, DCTERMS("description"), Literal(reason)))
        self.facts.triples.update(statements)


_PLACES = {
    "actionLine": "line",
    "target": "sdg",
    "proposedBy": "proposed_by",
    "notFacilitatedBy": "proposed_by",
    "rationale": "rationale",
    "rationaleLength": "rationale",
    "copiesRationaleOf": "rationale",
    "alreadyLinkedIn": "change",
    "absentFrom": "change",
    "changeReason": "reason",
    "goalNotReviewedAt": "sdg",
    "openTriangle": "sdg",
}
"""Property -> attribute of a proposal whose cell a problem with it is shown at."""


def _cell(link: Proposal, attribute: str) -> Origin:
    """Return the cell of an attribute; a text in several languages has the place of the first that is there."""
    cells = (
        link.cells[name]
        for name in (attribute, *(f"{attribute}_{lang}" for lang in link.rationale))
        if name in link.cells
    )
    return next(cells, link.origin)


def _label(facts: LinkFacts, node: NamedNode, texts: Mapping[str, str], **names: object) -> None:
    for language, text in texts.items():
        facts.triples.add(Triple(node, RDFS("label"), Literal(text.format(**names), language=language)))


def _text(text: str, language: str) -> Literal:
    try:
        return Literal(text, language=language)
    except ValueError:  # not a language tag (BCP 47): the rules refuse a text without language
        return Literal(text)


def _length(text: str) -> int:
    """Count characters; one that stands for a word or so counts as three."""
    return sum(3 if _WIDE[0] <= character <= _WIDE[1] else 1 for character in text)


def _compare_pairs(facts: LinkFacts, links: Sequence[Proposal], iris: Iris) -> None:
    """Relate a row to the first one about the same pair."""
    first: dict[tuple[str, str], int] = {}
    for i, link in enumerate(links):
        if not all(link.pair):
            continue
        j = first.setdefault(link.pair, i)
        if i == j:
            continue
        same = facts.changes[i] is facts.changes[j] and _content(link) == _content(links[j])
        term = iris.term("duplicateOf" if same else "contradicts")
        facts.triples.add(Triple(facts.nodes[i], term, facts.nodes[j]))


def _content(link: Proposal) -> tuple[object, ...]:
    texts = {language: normalised(text) for language, text in link.rationale.items() if text}
    return texts, frozenset(link.proposed_by), link.confidence, frozenset(link.sources), link.decision


def _compare_rationales(facts: LinkFacts, links: Sequence[Proposal], setting: Setting, iris: Iris) -> None:
    """Relate a link to the first other one with the same rationale, unless one of them says that it is shared."""
    seen: dict[tuple[str, str], tuple[tuple[str, str], NamedNode]] = {}
    changed = {link.pair for link, change in zip(links, facts.changes, strict=True) if change is not Change.KEEP}
    former: dict[NamedNode, tuple[str, str]] = {}
    for pair, standing in () if setting.published else setting.standing.items():
        if pair not in changed and not standing.shared:
            node = iris.resource("link", setting.before, "-".join(pair))
            former[node] = pair
            for key in _keys(standing.rationale):
                seen.setdefault(key, (pair, node))
    for i, link in enumerate(links):
        if link.shared or not (setting.published or facts.changes[i] in {Change.ADD, Change.AMEND}):
            continue
        keys = _keys(link.rationale)
        copied = [seen[key] for key in keys if key in seen and seen[key][0] != link.pair]
        for _, node in copied[:1]:
            facts.triples.add(Triple(facts.nodes[i], iris.term("copiesRationaleOf"), node))
            if node in former:
                _label(facts, node, _IN, pair="-".join(former[node]), e=setting.before)
        for key in keys:
            seen.setdefault(key, (link.pair, facts.nodes[i]))


def _keys(rationale: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(language, words) for language, text in rationale.items() if (words := normalised(text))]
