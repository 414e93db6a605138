"""Work beside other work."""

import threading
import time
from collections.abc import Iterator

import pytest

from wsiskg.beside import Beside, Step, ahead


def test_work_that_nobody_wants_ends_at_its_next_step() -> None:
    def work(step: Step) -> None:
        while True:
            time.sleep(0.001)
            step()

    begun = Beside("endless", work)
    begun.stop()
    assert "endless" not in {thread.name for thread in threading.enumerate()}


def test_what_work_raised_is_raised_where_its_outcome_is_asked_for() -> None:
    with Beside("failing", lambda _: [][0]) as work, pytest.raises(IndexError):
        work.result()


def test_the_next_item_is_made_while_one_is_worked_on() -> None:
    made: list[int] = []
    second = threading.Event()

    def items() -> Iterator[int]:
        for number in range(4):
            made.append(number)
            if number == 1:
                second.set()
            yield number

    taken = ahead(items())
    assert next(taken) == 0
    assert second.wait(5)
    assert made == [0, 1]  # no further
    assert list(taken) == [1, 2, 3]


def test_a_fault_while_items_are_made_comes_after_those_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError

    taken = ahead(items())
    assert next(taken) == 1
    with pytest.raises(ValueError):  # noqa: PT011
        next(taken)
