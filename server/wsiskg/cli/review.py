"""``wsiskg matrix review``: the officer's agenda for one session of the High-level Political Forum."""

import typer

__all__ = ["app"]

app = typer.Typer(help="The matrix of links, edition by edition.", no_args_is_help=True, rich_markup_mode="rich")
