"""``wsiskg config``: the settings of this installation."""

import json
from pathlib import Path

import typer

from wsiskg.cli.options import JsonOption

__all__ = ["app"]

app = typer.Typer(help="Settings: from wsiskg.toml, or WSISKG_... variables.", no_args_is_help=True)


@app.command("show")
def show(json_output: JsonOption = False) -> None:
    """Show every setting with its value and where that comes from."""
    from wsiskg.settings import SECRET, SettingValue, read_settings

    found = {
        name: SettingValue("(not shown)", s.origin) if name in SECRET and s.value else s
        for name, s in read_settings().items()
    }
    if json_output:
        values = {
            name: {"value": str(s.value) if isinstance(s.value, Path) else s.value, "origin": s.origin}
            for name, s in found.items()
        }
        typer.echo(json.dumps(values, ensure_ascii=False, indent=1))
        return
    width = max(map(len, found))
    for name, setting in found.items():
        value = {True: "yes", False: "no"}.get(setting.value) if isinstance(setting.value, bool) else setting.value
        typer.echo(f"{name:<{width}}  {value}  ({setting.origin})")
