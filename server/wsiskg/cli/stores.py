"""``wsiskg store``: releases in another server, loaded, switched and removed."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli import output
from wsiskg.cli.options import DataOption, JsonOption, StoreOption, settings_with
from wsiskg.model.errors import UsageError

if TYPE_CHECKING:
    from wsiskg.settings import Settings
    from wsiskg.store.remote.client import RemoteStore

__all__ = ["app"]

app = typer.Typer(
    help="Another server as the store: load releases into it, say which one is read, remove old ones.",
    no_args_is_help=True,
)


@app.command("load")
def load(
    release: Annotated[str, typer.Option("--release", help="Which one.", show_default="the current one")] = "",
    no_switch: Annotated[bool, typer.Option("--no-switch", help="Load and count it; let nobody read it yet.")] = False,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Load a release, count its statements graph by graph, and make it the one that is read.

    Until the last step nobody sees anything of it. Stopped half-way, it goes on where it was when started again.
    """
    from wsiskg.graph.release import current_release, open_release
    from wsiskg.store.remote.loading import load_release, switch_release

    settings = settings_with(data, store)
    if release and not release.isalnum():
        raise UsageError(f"'{release}' is not a release's name", "See: wsiskg store status")
    found = open_release(settings.data / "releases" / release) if release else current_release(settings.data)
    base = str(found.manifest["base"])
    with _opened(settings) as remote, output.bars() as step:
        load_release(remote, found, step)
        if not no_switch:
            switch_release(remote, base, found.id)
    state = "loaded; read after: wsiskg store switch " + found.id if no_switch else "is read now"
    typer.echo(f"release {found.id}: {found.manifest['counts']['quads']:,} statements, counted; {state}")


@app.command("status")
def status(store: StoreOption = None, json_output: JsonOption = False) -> None:
    """List the releases that the store holds, and which one is read."""
    from wsiskg.store.remote.loading import held_releases

    settings = settings_with(None, store)
    with _opened(settings) as remote:
        engine, held = remote.engine.name, held_releases(remote, settings.base)
    read = next((h.release for h in held if h.complete and h.available), None)
    if json_output:
        releases = [
            {"release": h.release, "complete": _iso(h.complete), "available": _iso(h.available), "graphs": h.graphs}
            for h in held
        ]
        typer.echo(json.dumps({"engine": engine, "read": read, "releases": releases}, indent=1))
        return
    if not held:
        typer.echo(f"{engine}: no release. Load one: wsiskg store load")
    for h in held:
        state = "is read" if h.release == read else "was read" if h.available else "complete" if h.complete else "begun"
        typer.echo(f"{h.release}  {state:<8}  {_iso(h.available or h.complete) or '-':<20}  {len(h.graphs)} graphs")


@app.command("switch")
def switch(
    release: Annotated[str, typer.Argument(help="A release that the store holds complete.")],
    store: StoreOption = None,
) -> None:
    """Make another release the one that is read, also an earlier one: by one statement, seen by all at once."""
    from wsiskg.store.remote.loading import switch_release

    settings = settings_with(None, store)
    with _opened(settings) as remote:
        switch_release(remote, settings.base, release)
    typer.echo(f"release {release} is read now")


@app.command("prune")
def prune(
    keep: Annotated[int, typer.Option(help="Earlier releases to keep.", min=0)] = 1,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Also those whose loading has not ended; nobody may be loading.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Remove releases that are no longer read."""
    from wsiskg.store.remote.loading import prune_releases

    settings = settings_with(None, store)
    with _opened(settings) as remote:
        removed = prune_releases(remote, settings.base, keep, unfinished=unfinished)
    typer.echo(f"removed: {', '.join(h.release for h in removed) or 'none'}")


def _opened(settings: "Settings") -> "RemoteStore":
    from wsiskg.store.remote.client import RemoteStore

    if not settings.store:
        raise UsageError("no store is set", "Give --store sparql+https://HOST/sparql, or the setting `store`.")
    return RemoteStore(settings)


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
