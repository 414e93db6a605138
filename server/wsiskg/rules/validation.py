"""Structural validation beside other work: it needs nothing of the release that is written meanwhile."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from wsiskg.beside import Beside, Step
from wsiskg.graph.content.dataset import Dataset
from wsiskg.graph.draft import Base
from wsiskg.graph.held import Compared
from wsiskg.graph.release import Release
from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import Problem, Severity

if TYPE_CHECKING:
    from wsiskg.rules.decide import Decided

    _Verdict = tuple[Sequence[Problem], Decided]

__all__ = ["Validation"]


class Validation:
    """The structural shapes on a dataset, in a thread of its own; `begin` it, and `stop` it in any case.

    It does not hold the dataset, which may be large, when it has come to an end.

    Args:
        remedy: what to do about violations.

    """

    def __init__(self, remedy: str = "Correct them and build again.") -> None:
        self._remedy = remedy
        self._graphs: Sequence[str] = ()
        self.problems: tuple[Problem, ...] = ()
        self._found: Beside[_Verdict] | None = None

    def begin(
        self,
        dataset: Dataset,
        base: Base | None = None,
        compared: Mapping[str, Compared | None] = MappingProxyType({}),
    ) -> None:
        """Begin.

        Args:
            dataset: what to validate.
            base: a release that may have been validated already: what did not change since is not judged again.
            compared: the graphs of the dataset compared with it, by IRI.

        """
        self._graphs = [graph.value for graph in dataset.graphs]
        self._found = Beside("validation", lambda step: _validate(dataset, base, compared, step))

    def approve(self) -> None:
        """Wait for the verdict.

        Raises:
            ViolationError: the dataset breaks structural shapes.

        """
        self.problems = tuple(self._verdict[0])
        violations = [p for p in self.problems if p.severity is Severity.VIOLATION]
        if violations:
            raise ViolationError(
                f"{len(violations)} violation(s) of the structural shapes",
                self.problems,
                self._remedy,
            )

    def keep(self, release: Release) -> None:
        """Keep with a release, which was made of all of the dataset, what the next one need not judge again.

        Raises:
            OSError: it cannot be written.

        """
        from wsiskg.rules.check import STRUCTURE
        from wsiskg.rules.earlier import save_suspects

        suspects = self._verdict[1].suspects
        if suspects is not None:
            save_suspects(release, suspects, self._graphs, STRUCTURE)

    def stop(self) -> None:
        """End the work, whether or not its verdict was asked for."""
        if self._found is not None:
            self._found.stop()

    @property
    def _verdict(self) -> "_Verdict":
        if self._found is None:
            raise TypeError("the validation has not begun")
        return self._found.result()


def _validate(dataset: Dataset, base: Base | None, compared: Mapping[str, Compared | None], step: Step) -> "_Verdict":
    from wsiskg.rules.check import STRUCTURE
    from wsiskg.rules.decide import decide
    from wsiskg.rules.earlier import changes_since
    from wsiskg.rules.shacl import load_shapes, problems_of

    changes = changes_since(base, compared, STRUCTURE) if base else None
    decided = decide(dataset.statements(), load_shapes(dataset.iris, *STRUCTURE), step, changes)
    return problems_of(decided.results, dataset.origins), decided
