"""Options that several commands share, and the settings they change."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from wsiskg.settings import Settings, load_settings

__all__ = [
    "DataOption",
    "JsonOption",
    "LanguageOption",
    "MappingsOption",
    "OutputOption",
    "PolicyOption",
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


def settings_with(data: Path | None) -> Settings:
    """Return the settings, with another directory of releases if ``data`` names one."""
    settings = load_settings()
    return settings if data is None else replace(settings, data=data)
