"""Orders to publish an edition: what, by whom, on what terms; and whether they fit what is published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wsiskg.matrix.editions import Pair
from wsiskg.matrix.proposals import Submission
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import Origin
from wsiskg.tables.cells import text_problem

__all__ = ["Order", "read_overrides", "read_pair", "require_order", "require_texts"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published, by whom, and on what terms.

    Attributes:
        edition: code of the new edition; it begins with its year and comes after the latest one.
        hlpf: code of the HLPF session that it follows.
        by: name of the person who publishes.
        role: in what role.
        agency: for which agency, by code.
        on: day of publication.
        policy: evidence policy: a shipped one's name, or a file.
        overrides: reason by pair, for links that are upheld although the policy asks for more evidence.

    """

    edition: str
    hlpf: str
    by: str
    role: str
    agency: str
    on: date
    policy: str = "default"
    overrides: Mapping[Pair, str] | None = None


def read_pair(text: str) -> Pair:
    """Return the two ends of a link written as ``C7-EAGR-2.3``.

    Raises:
        UsageError: it is none.

    """
    line, dash, sdg = text.rpartition("-")
    if not dash or not line or not sdg:
        raise UsageError(f"'{text}' is no link", "Write its action line, a hyphen and its SDG code: C7-EAGR-2.3")
    return line, sdg


def read_overrides(texts: Iterable[str], name: str) -> Mapping[Pair, str]:
    """Return reasons by link from texts such as ``C2-9.c=why it is upheld``; ``name`` is the option they came in.

    Raises:
        UsageError: one has no reason, or names no link.

    """
    found = {}
    for text in texts:
        pair, equals, reason = text.partition("=")
        if not equals or not reason.strip():
            raise UsageError(f"{name} '{text}' gives no reason", f"Write it as: {name} 'C2-9.c=why upheld'")
        found[read_pair(pair.strip())] = reason.strip()
    return found


def require_texts(submission: Submission, order: Order) -> None:
    """Require that all that people typed is plain text on one line, and not empty.

    Raises:
        UsageError: something is not.

    """
    texts = {
        "--by": order.by,
        "--role": order.role,
        "--agency": order.agency,
        "--hlpf": order.hlpf,
        "the name of the file": submission.name,
        **{f"--override {line}-{sdg}": reason for (line, sdg), reason in (order.overrides or {}).items()},
        **{f"why {w.origin} is left out": w.reason for w in submission.withheld},
    }
    for name, text in texts.items():
        if not text.strip():
            raise UsageError(f"{name}: nothing is given")
        if (found := text_problem(Origin(name), text)) is not None:
            raise UsageError(f"{name}: {found.text()}")


def require_order(order: Order, workspace: Workspace) -> None:
    """Require that edition, session and agency fit the tables.

    Raises:
        UsageError: one does not.

    """
    code, latest = order.edition, workspace.latest
    if code in workspace.editions:
        raise UsageError(f"edition '{code}' is published, and never changes", f"Name one after {latest}.")
    if not _is_code(code):
        raise UsageError(
            f"'{code}' is no code of an edition",
            "Write its year, with small letters, figures and hyphens behind it if need be: 2027, 2027-summit.",
        )
    if code <= latest:
        raise UsageError(f"edition '{code}' would come before {latest}, which is published", "Name a later one.")
    for name, value, known in (
        ("HLPF session", order.hlpf, workspace.reference.sessions),
        ("agency", order.agency, workspace.reference.agencies),
    ):
        if value not in known:
            raise UsageError(f"there is no {name} '{value}'", f"Known: {', '.join(sorted(known))}.")


def _is_code(code: str) -> bool:
    """Say whether ``code`` has the form that the shapes ask of an edition's."""
    ending = code[4:].replace("-", "")
    return (
        code[:2] == "20"
        and code[:4].isdecimal()
        and code.isascii()
        and (not ending or ending.isalnum())
        and code == code.lower()
        and not code.endswith("-")
    )
