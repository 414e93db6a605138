"""Reading ``datapackage.yaml``: what is understood, and what is refused with the file's name."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError
from wsiskg.resources import default_mappings
from wsiskg.tables.load import check_tables, read_packages
from wsiskg.tables.schema import ForeignKey, read_package

KEYWORDS = {
    "package": {"name", "title", "description", "resources"},
    "resource": {"name", "path", "title", "description", "schema"},
    "schema": {"primaryKey", "foreignKeys", "fields"},
    "field": {"name", "title", "description", "type", "format", "separator", "constraints"},
    "constraints": {"required", "unique", "enum", "pattern", "minimum", "maximum", "maxLength"},
}


def column(**more: Any) -> dict[str, Any]:
    return {"name": "code", "title": "Code", "description": "A code."} | more


def package(fields: list[Any], **schema: Any) -> dict[str, Any]:
    table = {"name": "things", "path": "things.csv", "title": "Things", "description": "Things for tests."}
    return {"resources": [table | {"schema": {"fields": fields} | schema}]}


def written(tmp_path: Path, content: object) -> Path:
    folder = tmp_path / "mappings" / "folder"
    folder.mkdir(parents=True)
    (folder / "datapackage.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder / "datapackage.yaml"


def test_defaults(tmp_path: Path) -> None:
    (table,) = read_package(written(tmp_path, package([column()])), "folder").tables
    (field,) = table.fields
    assert (field.type, field.format, field.separator, field.required, field.unique) == ("string", "", "", False, False)
    assert (field.enum, field.pattern, field.minimum, field.maximum, field.max_length) == ((), "", None, None, None)
    assert (table.primary_key, table.foreign_keys) == ((), ())


def test_keywords(tmp_path: Path) -> None:
    limits = {"required": True, "unique": True, "enum": [1, 2], "pattern": "[0-9]", "minimum": 1, "maximum": 2}
    fields = [column(type="integer", separator=";", constraints=limits | {"maxLength": 5}), column(name="other")]
    keys = [{"fields": "other", "reference": {"resource": "things", "fields": "code"}}]
    file = written(tmp_path, package(fields, primaryKey="code", foreignKeys=keys))
    (table,) = read_package(file, "folder").tables
    field = table.by_name["code"]
    assert (field.required, field.unique, field.enum, field.pattern) == (True, True, ("1", "2"), "[0-9]")
    assert (field.minimum, field.maximum, field.max_length, field.separator) == (1, 2, 5, ";")
    assert table.columns == ("code", "other")
    assert table.primary_key == ("code",)
    assert table.foreign_keys == (ForeignKey("other", "things", "code"),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (package([column(type="text")]), "unknown type text"),
        (package([column(format="email")]), "unknown format email"),
        (package([column()], primaryKey=["id"]), r"unknown columns \['id'\]"),
        (
            package([column()], foreignKeys=[{"fields": ["code", "x"], "reference": {"resource": "a", "fields": "b"}}]),
            "exactly one column",
        ),
        (package([column(constraints={"pattern": "(["})]), "unterminated"),
        (package([{"name": "code"}]), "title"),
        (package(["code"]), "str"),
        ({"resources": ["things"]}, ""),
        ({"name": "empty"}, "resources"),
        ("only text", ""),
        (None, ""),
    ],
)
def test_refused(tmp_path: Path, content: object, words: str) -> None:
    with pytest.raises(UsageError, match=rf"^folder/datapackage\.yaml: .*{words}"):
        read_package(written(tmp_path, content), "folder")


@pytest.mark.parametrize("data", [b"resources: [", b"\xff\xfe", b"a: \x07"])
def test_what_is_not_yaml_is_refused(tmp_path: Path, data: bytes) -> None:
    file = written(tmp_path, {})
    file.write_bytes(data)
    with pytest.raises(UsageError, match=r"^folder/datapackage\.yaml"):
        read_package(file, "folder")


def test_yaml_cannot_run_code(tmp_path: Path) -> None:
    file = written(tmp_path, {})
    file.write_text("resources: !!python/object/apply:os.getcwd []\n", "utf-8")
    with pytest.raises(UsageError):
        read_package(file, "folder")


def test_directory_without_tables(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="holds no tables") as caught:
            check_tables(root)
        assert "--mappings" in caught.value.remedy


def test_each_subfolder_holds_one_table_of_a_grouped_kind(tmp_path: Path) -> None:
    content = package([column()])
    content["resources"][0]["path"] = "{edition}/things.csv"
    folder = written(tmp_path, content).parent
    for group in ("b", "a"):
        (folder / group).mkdir()
    (folder / "a" / "things.csv").write_text("code\nx\n", "utf-8")
    tables, problems = check_tables(tmp_path / "mappings")
    assert [(t.group, t.file, len(t.rows)) for t in tables.tables] == [
        ("a", "mappings/folder/a/things.csv", 1),
        ("b", "mappings/folder/b/things.csv", 0),
    ]
    assert [(p.rule, p.origin.file) for p in problems] == [("missing-file", "mappings/folder/b/things.csv")]


BUNDLED = sorted(default_mappings().glob("*/datapackage.yaml"))


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.parent.name)
def test_bundled_packages_use_no_keyword_that_is_not_read(file: Path) -> None:
    """A misspelt keyword would be ignored silently."""
    content = yaml.safe_load(file.read_text("utf-8"))
    assert content.keys() <= KEYWORDS["package"]
    for resource in content["resources"]:
        assert resource.keys() <= KEYWORDS["resource"]
        assert resource["schema"].keys() <= KEYWORDS["schema"]
        for field in resource["schema"]["fields"]:
            assert field.keys() <= KEYWORDS["field"], field["name"]
            assert field.get("constraints", {}).keys() <= KEYWORDS["constraints"], field["name"]


def test_bundled_keys_and_references_name_what_exists() -> None:
    schemas = {table.name: table for package in read_packages(default_mappings()) for table in package.tables}
    for table in schemas.values():
        assert table.primary_key, table.name
        for key in table.foreign_keys:
            assert key.target in schemas[key.table].columns, (table.name, key)


def test_formats_are_documented() -> None:
    text = (default_mappings().parent / "docs" / "tables.md").read_text("utf-8")
    assert all(f"`{name}`" in text for name in FORMATS)
    assert all(f"`{name}`" in text for names in KEYWORDS.values() for name in names)
