"""Benchmarks refuse what they cannot work with by a message and status 2, before they measure or write anything."""

import runpy
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
WRONG = {
    "check.py none": "not a whole number of at least 1",
    "imports.py 0": "not a whole number of at least 1",
    "shapes.py 1.5": "not a whole number of at least 1",
    "shapes.py --release nowhere": "no release in 'nowhere'",
    "scale.py --projects -5": "--projects",
    "scale.py --peers nowhere": "no oxigraph in 'nowhere'",
    "endpoint.py --projects many": "not a whole number of at least 0",
    "endpoint.py --projects 0 --data nowhere": "no release in 'nowhere'",
    "generate.py folder --projects 0": "not a whole number of at least 1",
    "pages.py ftp://127.0.0.1": "neither http:// nor https://",
    "pages.py http://127.0.0.1:9": "Start one: wsiskg serve",
    "lighthouse.py http://127.0.0.1:9": "Start one: wsiskg serve",
    "run.py unknown": "there is no benchmark unknown",
}


@pytest.mark.parametrize("command", WRONG)
def test_a_benchmark_says_what_is_wrong(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *arguments = command.split()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(BENCHMARKS / name), run_name="__main__")
    assert ended.value.code == 2
    assert WRONG[command] in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
