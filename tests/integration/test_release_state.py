"""Releases that are missing or damaged, and addresses that are taken: every command says so, and what to do."""

import json
import shutil
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
READERS: dict[str, list[str]] = {
    "query": ["query", "editions"],
    "serve": ["serve", "--port", "0"],
    "doctor": ["doctor"],
}


def no_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def cut_manifest(release: Path) -> None:
    text = (release / "manifest.json").read_text("utf-8")
    (release / "manifest.json").write_text(text[: len(text) // 2], "utf-8")


def cut_dump(release: Path) -> None:
    dump = release / "dumps" / "wsis-kg.nq"
    dump.write_bytes(dump.read_bytes()[:-100])


def no_dump(release: Path) -> None:
    (release / "dumps" / "wsis-kg.jsonld").unlink()


def no_store(release: Path) -> None:
    shutil.rmtree(release / "store")


DAMAGES = [no_manifest, cut_manifest, cut_dump, no_dump, no_store]


@pytest.mark.parametrize("reader", READERS)
def test_without_a_release_the_way_to_build_one_is_said(reader: str, inside: Run, tmp_path: Path) -> None:
    result = inside(*READERS[reader], "--data", tmp_path / "nothing")
    assert result.returncode == (1 if reader == "doctor" else 2)
    talk = result.stdout + result.stderr
    assert f"no release in '{tmp_path / 'nothing'}'" in talk
    assert f"Build one: wsiskg build --out {tmp_path / 'nothing'}" in talk
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("reader", READERS)
def test_a_damaged_release_is_refused_with_a_remedy(
    reader: str, damage: Callable[[Path], None], data: Path, inside: Run
) -> None:
    damage((data / "current").resolve())
    result = inside(*READERS[reader], "--data", data)
    assert result.returncode == (1 if reader == "doctor" else 2)
    talk = result.stdout + result.stderr
    assert "is not a complete release" in talk
    assert "Build again: wsiskg build" in talk
    assert "Traceback" not in talk


@pytest.mark.parametrize("reader", ["query", "doctor"])
def test_a_damaged_store_is_refused_with_a_remedy(reader: str, data: Path, inside: Run) -> None:
    for file in (data / "current" / "store").glob("*.sst"):
        file.write_bytes(file.read_bytes()[:50])
    result = inside(*READERS[reader], "--data", data)
    assert result.returncode == (1 if reader == "doctor" else 2)
    talk = result.stdout + result.stderr
    assert "is damaged" in talk
    assert "Build again: wsiskg build" in talk
    assert "Traceback" not in talk


def test_building_again_repairs_a_damaged_store(data: Path, tables: Path, wsiskg: Run) -> None:
    for file in (data / "current" / "store").glob("*.sst"):
        file.unlink()
    assert wsiskg("build", "--mappings", tables, "--out", data).returncode == 0
    assert wsiskg("query", "editions", "--data", data).returncode == 0


def test_a_pointer_to_a_release_that_is_gone(data: Path, inside: Run) -> None:
    shutil.rmtree((data / "current").resolve())
    result = inside("query", "editions", "--data", data)
    assert result.returncode == 2
    assert "Build one: wsiskg build" in result.stderr


# doctor


def test_doctor_finds_a_good_installation_good(small_data: Path, wsiskg: Run) -> None:
    result = wsiskg("doctor", "--data", small_data)
    assert result.returncode == 0, result.stdout
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    for word in ("ontology", "mappings", "shapes", "queries", "release", "workers"):
        assert any(line.startswith(f"ok   {word}") for line in lines)


def test_doctor_reads_the_data_directory_from_the_environment(small_data: Path, wsiskg: Run) -> None:
    assert wsiskg("doctor", WSISKG_DATA=str(small_data)).returncode == 0


# serve


def test_a_port_that_is_taken_is_misuse(small_data: Path, wsiskg: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = wsiskg("serve", "--port", port, "--data", small_data)
    assert result.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in result.stderr
    assert "--port" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_host_that_is_not_ours_is_misuse(small_data: Path, wsiskg: Run) -> None:
    result = wsiskg("serve", "--host", "192.0.2.1", "--port", 0, "--data", small_data)
    assert result.returncode == 2
    assert "cannot listen on 192.0.2.1" in result.stderr


def test_serve_says_its_address_and_ends_at_ctrl_c(small_data: Path, command: str, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [command, "serve", "--port", "0", "--data", str(small_data)],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split(" at ")[1].split(" ")[0]
        with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
            health = json.load(answer)
        release = json.loads((small_data / "current" / "manifest.json").read_text("utf-8"))["release"]
        assert (health["status"], health["release"]) == ("ok", release)
        process.send_signal(2)
        talk = process.stderr.read()
        assert process.wait() in {0, 130, -2}
        assert "Traceback" not in talk
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()
