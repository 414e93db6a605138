"""Settings: each is read, and a value that makes no sense is refused by name."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from wsiskg.model.errors import UsageError
from wsiskg.settings import Settings, load_settings


def test_without_variables_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_variables_of_others_do_not_matter() -> None:
    assert load_settings({"WORKERS": "9", "WSISKG_COLOUR": "blue", "wsiskg_workers": "9"}) == Settings()


def test_each_variable_is_read_in_its_own_type() -> None:
    environment = {
        "WSISKG_DATA": "/srv/kg",
        "WSISKG_BASE": "https://example.org/kg/",
        "WSISKG_WORKERS": "7",
        "WSISKG_QUERY_SECONDS": "2.5",
        "WSISKG_QUERY_MEMORY": "1",
        "WSISKG_QUERY_WAITING": "2",
        "WSISKG_ANSWER_BYTES": "3",
        "WSISKG_BODY_BYTES": "4",
    }
    assert load_settings(environment) == Settings(Path("/srv/kg"), "https://example.org/kg/", 7, 2.5, 1, 2, 3, 4)


def test_every_field_has_a_variable_and_is_documented() -> None:
    documented = Settings.__doc__ or ""
    for field in fields(Settings):
        assert f"{field.name}: " in documented


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS", "many"),
        ("WORKERS", "1.5"),
        ("WORKERS", ""),
        ("WORKERS", "0"),
        ("WORKERS", "-1"),
        ("QUERY_SECONDS", "soon"),
        ("QUERY_SECONDS", "0"),
        ("QUERY_SECONDS", "-3"),
        ("QUERY_SECONDS", "nan"),
        ("QUERY_SECONDS", "inf"),
        ("QUERY_MEMORY", "2 GB"),
        ("QUERY_MEMORY", "-1"),
        ("ANSWER_BYTES", "0x10"),
        ("BODY_BYTES", "0"),
        ("BASE", "example.org/"),
        ("BASE", "https://example.org"),
        ("BASE", "urn:example:kg/"),
        ("BASE", "https://exa mple.org/"),
        ("BASE", "https://example.org/<kg>/"),
        ("BASE", ""),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"WSISKG_{name}"):
        load_settings({f"WSISKG_{name}": value})


def test_no_limit_of_memory_can_be_asked_for() -> None:
    assert load_settings({"WSISKG_QUERY_MEMORY": "0"}).query_memory == 0


def test_the_guide_for_operators_lists_every_setting_with_its_default() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*?)`? \|", guide, re.MULTILINE))
    shown = {True: "yes", False: "no"}
    assert listed == {
        f.name: shown[f.default] if isinstance(f.default, bool) else str(f.default) for f in fields(Settings)
    }
