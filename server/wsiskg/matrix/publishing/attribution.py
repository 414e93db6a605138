"""Problems in the tables of a new edition, said of the proposals that the tables were made from."""

from collections.abc import Collection
from dataclasses import replace

from wsiskg.matrix.proposals import Proposal
from wsiskg.matrix.publishing.succession import Succession
from wsiskg.model.problems import Origin, Problem

__all__ = ["as_proposed"]

_ATTRIBUTES = {
    "action_line": "line",
    "target": "sdg",
    "source_url": "sources",
    "decision": "decision",
    "reason": "reason",
}


def as_proposed(problems: Collection[Problem], succession: Succession, edition: str) -> list[Problem]:
    """Return problems, those in rows of the new edition moved to the proposals that the rows came from."""
    files = {"links.csv": "links", "rationales.csv": "rationales", "decisions.csv": "decisions"}

    def moved(found: Problem) -> Problem:
        folder, _, file = found.origin.file.rpartition("/")
        table = files.get(file, "")
        if not folder.endswith(f"matrix/{edition}") or found.origin.row is None:
            return found
        proposal = succession.origins.get((table, found.origin.row - 2))
        return found if proposal is None else replace(found, origin=_cell(proposal, table, found.origin.column or ""))

    return [moved(found) for found in problems]


def _cell(proposal: Proposal, table: str, column: str) -> Origin:
    """Return the cell of a proposal that a column of the new edition was filled from."""
    if table == "rationales" and column.startswith("text_"):
        return proposal.place(f"rationale_{column.removeprefix('text_')}")
    return proposal.place(_ATTRIBUTES.get(column, column))
