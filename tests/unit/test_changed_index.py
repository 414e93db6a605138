"""An index of registers that is changed says what one says that is written anew."""

from collections.abc import Sequence

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import HealthCheck, event, given, settings
from pyoxigraph import Literal, Triple
from tests.index_content import said
from tests.unit.test_register_index import IRIS, PLACES, package_of, registers, whole

from wsiskg.graph.columns.statements import COLUMNS, frame_of
from wsiskg.graph.held import Compared, Held
from wsiskg.graph.index import changing
from wsiskg.graph.index.changing import Change, change_evidence
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.statistics import count_block
from wsiskg.graph.vocabulary import XSD


def compared(number: int, before: Sequence[Triple], after: Sequence[Triple]) -> Compared:
    then, now = frame_of(before), frame_of(after)
    lost, new = then.join(now, on=COLUMNS, how="anti"), now.join(then, on=COLUMNS, how="anti")
    return Compared(f"https://example.org/{number}", parts_of(after), lost, new, now.clear())


def parts_of(triples: Sequence[Triple]) -> list[Held]:
    """A graph in parts of two subjects."""
    subjects = frame_of(triples).partition_by("subject", maintain_order=True) if triples else []
    blocks = [pl.concat(subjects[start : start + 2]) for start in range(0, len(subjects), 2)]
    ends = [block["subject"][0] for block in blocks[1:]] + [""]
    return [
        Held(block["subject"][0], end, count_block(block), lambda block=block: block)
        for block, end in zip(blocks, ends, strict=True)
    ]


class Sides:
    """Registers before and after."""

    def __init__(self, before: list[list[Triple]], after: list[list[Triple]]) -> None:
        self.before, self.after = before, after

    def changed(self) -> set[Triple]:
        return {t for one, other in zip(self.before, self.after, strict=True) for t in set(one) ^ set(other)}

    def __repr__(self) -> str:
        return f"{sum(map(len, self.before))} statements, changed: {sorted(map(str, self.changed()))[:20]}"


@st.composite
def edited(draw: st.DrawFn) -> Sides:
    """Some subjects are in one of the two alone, and some texts are others."""
    graphs = draw(registers())
    subjects = sorted({t.subject.value for triples in graphs for t in triples if "/register/" not in str(t.subject)})
    absent = st.lists(st.sampled_from(subjects), unique=True, max_size=4) if subjects else st.just([])

    def side() -> list[list[Triple]]:
        gone, place = set(draw(absent)), draw(st.integers(0, 40))
        return [
            [reworded(t) if number == place else t for number, t in enumerate(triples) if t.subject.value not in gone]
            for triples in graphs
        ]

    return Sides(side(), side())


def reworded(triple: Triple) -> Triple:
    value = triple.object
    if not isinstance(value, Literal) or value.datatype.value.startswith(XSD("").value):
        return triple
    return Triple(triple.subject, triple.predicate, Literal(f"{value.value} again", language=value.language))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(edited())
def test_a_changed_index_says_what_a_new_one_says(tmp_path_factory: pytest.TempPathFactory, sides: Sides) -> None:
    folder = tmp_path_factory.mktemp("index")
    for name, side in (("before", sides.before), ("after", sides.after)):
        write_evidence(folder / name, folder / f"{name}.zip", IRIS, [whole(n, t) for n, t in enumerate(side)], PLACES)
    registers = [compared(number, *pair) for number, pair in enumerate(zip(sides.before, sides.after, strict=True))]
    change = Change(folder / "before", folder / "before.zip", registers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, "_SHARE", 9.0)
        done = change_evidence(folder / "changed", folder / "changed.zip", IRIS, change, PLACES)
    event(f"done: {done}")
    if done:
        assert said(folder / "changed") == said(folder / "after")
        assert package_of(folder / "changed.zip") == package_of(folder / "after.zip")
    else:
        assert not (folder / "changed").exists()
