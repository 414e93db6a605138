"""``wsiskg doctor``: is this installation in order."""

import asyncio

import typer

from wsiskg.graph.release import Release, current_release, open_store
from wsiskg.model.errors import WsiskgError
from wsiskg.resources import data_folder
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Request
from wsiskg.store.workers.pool import Limits, WorkerPool

__all__ = ["diagnose"]


def diagnose(settings: Settings) -> bool:
    """Print one line a check; return whether all passed."""
    good = _diagnose_here(settings) if not settings.store or (settings.data / "current").exists() else True
    return _diagnose_store(settings) and good if settings.store else good


def _diagnose_here(settings: Settings) -> bool:
    try:
        for name in ("ontology", "mappings", "shapes", "queries"):
            typer.echo(f"ok   {name}: {data_folder(name)}")
        release = current_release(settings.data)
        typer.echo(f"ok   release {release.id} in {settings.data}, {release.manifest['counts']['quads']:,} statements")
        open_store(release)
        asyncio.run(_ask(release))
    except (WsiskgError, FileNotFoundError) as error:
        typer.echo(f"FAIL {error}")
        if remedy := getattr(error, "remedy", ""):
            typer.echo(f"     {remedy}")
        return False
    return True


def _diagnose_store(settings: Settings) -> bool:
    from wsiskg.store.remote.client import RemoteStore
    from wsiskg.store.remote.selftest import try_out
    from wsiskg.store.remote.transport import QUICK

    good = True
    with RemoteStore(settings, patient=QUICK) as store:
        for finding in try_out(store, settings):
            typer.echo(f"{finding.state:<4} {finding.text}")
            if finding.remedy:
                typer.echo(f"     {finding.remedy}")
            good = good and finding.state != "FAIL"
    return good


async def _ask(release: Release) -> None:
    async with WorkerPool(release, Limits(workers=1)) as pool:
        await pool.ask(Request("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", "text/csv"))
        network = "without network" if pool.offline else "WITH network (the system does not allow to take it away)"
        typer.echo(f"ok   workers: answering {'from memory' if pool.in_memory else 'from disk'}, {network}")
