"""The files to begin an installation from: image, composition, unit. They are built and started by hand (docs)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from wsiskg import __version__
from wsiskg.reports import pdf
from wsiskg.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "server/Dockerfile").read_text("utf-8"))
UNIT = ROOT / "server/wsiskg.service"
RUNTIME = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def settings() -> set[str]:
    return {f"WSISKG_{field.name.upper()}" for field in fields(Settings)} | {"WSISKG_CONFIG"}


def test_image_copies_what_is_there_and_all_that_the_package_holds() -> None:
    copied = {
        source.rstrip("/")
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert [name for name in copied if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], *project["project"]["license-files"], "pyproject.toml",
              project["project"]["readme"], "constraints.txt"}  # fmt: skip
    assert needed <= copied


def test_image_runs_without_rights_or_tools_under_a_parent_that_reaps() -> None:
    (user,) = re.findall(r"^USER (\d+):(\d+)$", RUNTIME, re.MULTILINE)
    assert min(map(int, user)) >= 1000
    assert f"--chown={':'.join(user)} /var/lib/wsiskg" in RUNTIME
    assert not re.search(r"\b(pip|npm|gcc|build-essential|git)\b", RUNTIME)
    assert 'ENTRYPOINT ["tini", "--"]' in RUNTIME
    assert re.search(r"^STOPSIGNAL SIGTERM$", RUNTIME, re.MULTILINE)


def test_image_says_its_version_and_licences() -> None:
    labels = dict(re.findall(r'org\.opencontainers\.image\.([\w.]+)="([^"]*)"', RUNTIME))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert labels["version"] == __version__
    assert labels["licenses"] == project["license"]
    base = re.search(r"^FROM (\S+)$", RUNTIME, re.MULTILINE)
    assert base is not None
    assert labels["base.name"] == f"docker.io/library/{base[1]}"


def test_image_has_the_libraries_that_pdf_asks_for() -> None:
    asked = re.search(r"apt-get install (lib[\w. -]+?)\. [A-Z]", Path(pdf.__file__).read_text("utf-8"))
    assert asked is not None
    assert set(asked[1].split()) <= set(RUNTIME.split())


@pytest.mark.parametrize("name", ["server/Dockerfile", "server/compose.yml", "server/wsiskg.service"])
def test_settings_named_are_settings(name: str) -> None:
    assert set(re.findall(r"\bWSISKG_[A-Z_]+", (ROOT / name).read_text("utf-8"))) <= settings()


def test_composition_takes_rights_away_and_bounds_all_that_is_written() -> None:
    (service,) = yaml.safe_load((ROOT / "server/compose.yml").read_text("utf-8"))["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all("size=" in mount for mount in service["tmpfs"])
    assert int(service["stop_grace_period"].removesuffix("s")) > Settings().drain_seconds
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_unit_waits_for_requests_under_way() -> None:
    text = UNIT.read_text("utf-8")
    assert "KillMode=mixed" in text  # else the workers are told to end with the server
    stop = re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
    assert stop is not None
    assert int(stop[1]) > Settings().drain_seconds


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "wsiskg.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/wsiskg/bin/wsiskg", "/bin/true"), "utf-8")
    found = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
    exposure = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert exposure.returncode == 0, exposure.stdout
