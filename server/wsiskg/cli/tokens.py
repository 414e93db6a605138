"""``wsiskg token``: who may write to a running server."""

import json
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from wsiskg.cli.options import DataOption, JsonOption, settings_with

__all__ = ["app"]

app = typer.Typer(
    help="Bearer tokens: who may propose, publish, update, or stop queries. Only hashes of them are kept.",
    no_args_is_help=True,
)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose it is: a person or a program.")],
    role: Annotated[
        list[str], typer.Option("--role", help="proposer, publisher, editor or operator; may be given again.")
    ],
    days: Annotated[int, typer.Option(help="Days until it expires.")] = 365,
    data: DataOption = None,
) -> None:
    """Make a token and print it, this once. A running server takes it at once."""
    from wsiskg.web.access.tokens import ROLES, TokenFile

    secret = TokenFile(settings_with(data).data).create(name, role, days, _today())
    typer.echo(secret)
    for granted in dict.fromkeys(role):
        typer.echo(f"{granted}: {ROLES[granted]}", err=True)
    typer.echo("Keep it now: it cannot be shown again.", err=True)


@app.command("list")
def list_tokens(data: DataOption = None, json_output: JsonOption = False) -> None:
    """List the tokens: name, roles, days of creation, expiry and last use."""
    from wsiskg.web.access.tokens import TokenFile

    tokens = TokenFile(settings_with(data).data).list()
    if json_output:
        fields = ("name", "roles", "created", "expires", "used")
        typer.echo(json.dumps([{f: getattr(t, f) for f in fields} for t in tokens], ensure_ascii=False, indent=1))
        return
    if not tokens:
        typer.echo("No tokens. Make one: wsiskg token create NAME --role editor", err=True)
    for token in tokens:
        state = "expired" if token.expired(_today()) else f"until {token.expires}"
        used = f"last used {token.used}" if token.used else "never used"
        typer.echo(f"{token.name}: {', '.join(token.roles)}; {state}; {used}")


@app.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Name of the token.")], data: DataOption = None) -> None:
    """Remove a token. A running server refuses it from its next request on."""
    from wsiskg.web.access.tokens import TokenFile

    TokenFile(settings_with(data).data).revoke(name)
    typer.echo(f"revoked: {name}", err=True)


def _today() -> date:
    return datetime.now(UTC).date()
