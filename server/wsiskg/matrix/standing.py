"""The links that stand in an edition, and what a proposal does to them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from wsiskg.matrix.proposals import Change, Proposal
from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.tables.rows import Row, Tables

__all__ = ["StandingLink", "effective_change", "normalised", "says_the_same", "standing_links"]


@dataclass(frozen=True, slots=True)
class StandingLink:
    """A link of an edition, with the rationale that it refers to.

    Attributes:
        row: where it stands in ``links.csv``.
        rationale: text by language.
        shared: whether the rationale serves several links on purpose.
        proposed_by: codes of agencies.
        confidence: from 0 to 1, None if not stated.
        sources: addresses.

    """

    row: Row
    rationale: Mapping[str, str]
    shared: bool
    proposed_by: tuple[str, ...]
    confidence: Decimal | None
    sources: tuple[str, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """The two ends: (action line, goal or target)."""
        return self.row.text("action_line"), self.row.text("target")


def standing_links(tables: Tables, edition: str) -> Mapping[tuple[str, str], StandingLink]:
    """Return the links of an edition by (action line, target), in the order of its table; none if ``edition`` is empty.

    Raises:
        KeyError: there is no such edition.

    """
    if not edition:
        return {}
    rationales = {row.text("id"): row for row in tables.groups("rationales")[edition]}
    found = {}
    for row in tables.groups("links")[edition]:
        rationale = rationales.get(row.text("rationale"))
        texts = {} if rationale is None else {lang: rationale.text(f"text_{lang}") for lang in UN_LANGUAGES}
        link = StandingLink(
            row=row,
            rationale={lang: text for lang, text in texts.items() if text},
            shared=rationale is not None and bool(rationale.flag("shared")),
            proposed_by=row.values("proposed_by"),
            confidence=row.number_of("confidence"),
            sources=row.values("source_url"),
        )
        found[link.pair] = link
    return found


def effective_change(proposal: Proposal, standing: Mapping[tuple[str, str], StandingLink]) -> Change:
    """Return what a proposal does to the edition before, whose links are ``standing``.

    What it says it does counts, except that saying again what stands there already changes nothing.
    """
    link = standing.get(proposal.pair)
    if proposal.change is Change.RETIRE:
        return Change.RETIRE
    if link is not None and says_the_same(proposal, link):
        return Change.KEEP
    if proposal.change in {Change.ADD, Change.AMEND}:
        return proposal.change
    return Change.ADD if link is None else Change.AMEND


def says_the_same(proposal: Proposal, link: StandingLink) -> bool:
    """Say whether all that a proposal states stands in ``link`` already; what it leaves out, it does not state."""
    return (
        all(normalised(link.rationale.get(lang, "")) == normalised(text) for lang, text in proposal.rationale.items())
        and (not proposal.proposed_by or set(proposal.proposed_by) == set(link.proposed_by))
        and (proposal.confidence is None or proposal.confidence == link.confidence)
        and set(proposal.sources) <= set(link.sources)
    )


def normalised(text: str) -> str:
    """Return the words of a text without case, punctuation and spacing, by which copies are recognised."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
