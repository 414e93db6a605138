"""What a publisher decides on single proposals of a file before it is published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wsiskg.matrix.proposals import Decision, Submission, Withheld
from wsiskg.model.errors import UsageError

__all__ = ["KINDS", "Choice", "decide"]

KINDS = ("take", "withhold", "uphold", "contest")
"""Take it as proposed; leave it out; take it although evidence lacks; take it and note that it is contested."""

_DECISIONS = {"uphold": "upheld", "contest": "contested"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision: ``kind`` is one of `KINDS`, ``reason`` says why, empty for ``take``."""

    kind: str
    reason: str = ""


def decide(submission: Submission, choices: Mapping[int, Choice]) -> Submission:
    """Return a submission as decided.

    What is left out is named in ``withheld``, and what reading said of its rows goes with it.

    Args:
        submission: the proposals as read.
        choices: by place of the proposal in the file, from 0; the others are taken as proposed.

    Raises:
        UsageError: a place or kind does not exist, or a reason is missing.

    """
    for place, choice in choices.items():
        if not 0 <= place < len(submission.proposals):
            raise UsageError(f"the file has no proposal number {place + 1}")
        if choice.kind not in KINDS:
            raise UsageError(f"there is no decision '{choice.kind}'", f"Known: {', '.join(KINDS)}.")
        if choice.kind != "take" and not choice.reason.strip():
            pair = "-".join(submission.proposals[place].pair)
            raise UsageError(f"the decision on {pair} gives no reason", "Say why.")
    kept, withheld, rows = [], list(submission.withheld), set()
    for place, proposal in enumerate(submission.proposals):
        choice = choices.get(place, Choice("take"))
        if choice.kind == "withhold":
            origin = proposal.origin
            withheld.append(Withheld(origin, proposal.line, proposal.sdg, " ".join(choice.reason.split())))
            rows.add((origin.sheet, origin.row))
        elif choice.kind in _DECISIONS:
            decision = Decision(_DECISIONS[choice.kind], choice.reason.strip())
            kept.append(replace(proposal, decision=decision))
        else:
            kept.append(proposal)
    rows -= {(proposal.origin.sheet, proposal.origin.row) for proposal in kept}
    problems = tuple(
        p for p in submission.problems if p.origin.row is None or (p.origin.sheet, p.origin.row) not in rows
    )
    return replace(submission, proposals=tuple(kept), problems=problems, withheld=tuple(withheld))
