"""``wsiskg fmt``: the checkout is in the one form, a file that is not is found and repaired."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LIMITED = """
import resource, sys
from pathlib import Path
from wsiskg.cli.main import main
import wsiskg.graph.turtle_format
lines = Path("/proc/self/status").read_text().splitlines()
used = next(int(line.split()[1]) for line in lines if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, ((used + 20_000) << 10,) * 2)
main()
"""
"""The command, with 20 MB to take."""

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "shapes").glob("*.ttl")])


def test_the_checkout_is_in_the_one_form(wsiskg: Run) -> None:
    result = wsiskg("fmt", "--check")
    assert (result.returncode, result.stdout) == (0, ""), result.stdout


def test_a_changed_copy_is_found_and_repaired(inside: Run, tmp_path: Path) -> None:
    originals = [file.read_bytes() for file in FILES]
    copies = [Path(shutil.copy(file, tmp_path / file.name)) for file in FILES]
    changed = next(copy for copy in copies if copy.name == "wsis.ttl")
    text = changed.read_text("utf-8")
    unused = "@prefix unused: <http://example.org/> ."
    changed.write_text(text.replace(" ;\n    ", ";\n").replace("@prefix", f"{unused}\n@prefix", 1), "utf-8")
    disarranged = changed.read_bytes()

    found = inside("fmt", "--check", *copies)
    assert found.returncode == 1
    assert found.stdout == f"would change: {changed}\n"
    assert "Repair with: wsiskg fmt" in found.stderr
    assert changed.read_bytes() == disarranged

    repaired = inside("fmt", *copies)
    assert (repaired.returncode, repaired.stdout) == (0, f"changed: {changed}\n")
    assert inside("fmt", "--check", *copies).returncode == 0
    assert changed.read_text("utf-8") == text
    assert [file.read_bytes() for file in FILES] == originals


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"@prefix a: <http://a/> .\na:b a:c\n", "wrong.ttl"),
        ("# é\n".encode("latin-1"), "is not UTF-8"),
    ],
    ids=["not Turtle", "not UTF-8"],
)
def test_a_file_that_cannot_be_read_is_misuse_and_stays(
    content: bytes, message: str, inside: Run, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.ttl"
    file.write_bytes(content)
    result = inside("fmt", file)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert file.read_bytes() == content


def test_a_missing_file_is_misuse(inside: Run, tmp_path: Path) -> None:
    result = inside("fmt", tmp_path / "nowhere.ttl")
    assert result.returncode == 2
    assert "cannot be read" in result.stderr


def test_a_lack_of_memory_is_said_in_a_sentence(tmp_path: Path) -> None:
    large = tmp_path / "large.ttl"
    large.write_bytes(b"#" * 60_000_000)
    arguments = [sys.executable, "-c", LIMITED, "fmt", str(large)]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr == "wsiskg: there is not enough memory for that\nGive the command more, and repeat it.\n"
