"""Options that several commands share, and the settings they change."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wsiskg.settings import Settings, check_store, load_settings

__all__ = [
    "DataOption",
    "JsonOption",
    "LanguageOption",
    "MappingsOption",
    "OutputOption",
    "PolicyOption",
    "StoreOption",
    "settings_with",
]

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Directory of releases, as written by [b]build[/b].", show_default="wsiskg-data"),
]
MappingsOption = Annotated[
    Path | None,
    typer.Option(
        "--mappings", help="Directory of tables.", show_default="the bundled tables", envvar="WSISKG_MAPPINGS"
    ),
]
LanguageOption = Annotated[
    str, typer.Option("--lang", help="Language of messages: en, fr or es.", envvar="WSISKG_LANG")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")]
PolicyOption = Annotated[
    str, typer.Option("--policy", help="Evidence policy: [b]default[/b], [b]strict[/b], or a Turtle file of shapes.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", help="Another server to ask, such as sparql+https://HOST/sparql.", show_default="the setting store"
    ),
]


def settings_with(data: Path | None, store: str | None = None) -> Settings:
    """Return the settings, with another directory of releases, and another store, where these are given.

    Raises:
        UsageError: ``store`` is no address of a store.

    """
    settings = load_settings()
    if store:
        check_store("--store", store)
    return replace(settings, **{k: v for k, v in (("data", data), ("store", store)) if v is not None})  # type: ignore[arg-type]
