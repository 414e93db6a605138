"""Structural validation beside other work: it needs nothing of the release that is written meanwhile."""

from typing import TYPE_CHECKING

from wsiskg.beside import Beside, Step
from wsiskg.graph.content.dataset import Dataset
from wsiskg.graph.release import Release
from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import Problem, Severity

if TYPE_CHECKING:
    from wsiskg.rules.decide import Decided

__all__ = ["Validation"]


class Validation:
    """The structural shapes on a dataset, in a thread that begins at once; `stop` it in any case.

    Args:
        dataset: what to validate.
        remedy: what to do about violations.
        base: a release that may have been validated already: what did not change since is not judged again.

    """

    def __init__(
        self, dataset: Dataset, remedy: str = "Correct them and build again.", base: Release | None = None
    ) -> None:
        self._remedy = remedy
        self._graphs = [graph.value for graph in dataset.graphs]
        self.problems: tuple[Problem, ...] = ()
        self._found = Beside("validation", lambda step: _validate(dataset, base, step))

    def approve(self) -> None:
        """Wait for the verdict.

        Raises:
            ViolationError: the dataset breaks structural shapes.

        """
        self.problems = tuple(self._found.result()[0])
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

        suspects = self._found.result()[1].suspects
        if suspects is not None:
            save_suspects(release, suspects, self._graphs, STRUCTURE)

    def stop(self) -> None:
        """End the work, whether or not its verdict was asked for."""
        self._found.stop()


def _validate(dataset: Dataset, base: Release | None, step: Step) -> "tuple[list[Problem], Decided]":
    from wsiskg.rules.check import STRUCTURE
    from wsiskg.rules.decide import decide
    from wsiskg.rules.earlier import changes_since
    from wsiskg.rules.shacl import load_shapes, problems_of

    graphs = dataset.statements()
    changes = changes_since(base, graphs, STRUCTURE) if base else None
    decided = decide(graphs, load_shapes(dataset.iris, *STRUCTURE), step, changes)
    return problems_of(decided.results, dataset.origins), decided
