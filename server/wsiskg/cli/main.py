"""Commands, and the one place that maps errors to exit codes: 0 good, 1 violations, 2 misuse."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from wsiskg import __version__
from wsiskg.cli import analyse, config, evidence, imports, matrix, output, quality, report, stores, suggest, tokens
from wsiskg.cli.options import DataOption, JsonOption, LanguageOption, MappingsOption, StoreOption, settings_with
from wsiskg.model.errors import UsageError, WsiskgError
from wsiskg.settings import load_settings

__all__ = ["app", "main"]

app = typer.Typer(
    name="wsiskg",
    help="Knowledge graph of the WSIS action lines and the Sustainable Development Goals.\n\n"
    "Start with [b]wsiskg build[/b], then ask: [b]wsiskg query target-supporters target=9.c[/b], "
    "or serve it: [b]wsiskg serve[/b].",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
sources = typer.Typer(
    help="Published sources: overlay the UN's own texts without committing them.", no_args_is_help=True
)
app.add_typer(matrix.app, name="matrix")
app.add_typer(evidence.app, name="evidence")
app.add_typer(imports.app, name="import")
app.add_typer(suggest.app, name="suggest")
app.add_typer(analyse.app, name="analyse")
app.add_typer(sources, name="sources")
app.add_typer(stores.app, name="store")
app.add_typer(config.app, name="config")
app.add_typer(tokens.app, name="token")


def main() -> None:
    """Run the command."""
    try:
        app()
    except WsiskgError as error:
        output.complain(error)
        sys.exit(error.exit_code)
    except MemoryError:
        none_left = UsageError("there is not enough memory for that", "Give the command more, and repeat it.")
        output.complain(none_left)
        sys.exit(none_left.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wsiskg {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    del version


@app.command()
def build(
    mappings: MappingsOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Directory to write releases to.", show_default="wsiskg-data")
    ] = None,
    synthetic: Annotated[
        bool,
        typer.Option("--allow-synthetic", help="Build from invented projects too: to measure, not to publish."),
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Take nothing from the current release, as after damage to its files.")
    ] = False,
    language: LanguageOption = "en",
    json_output: JsonOption = False,
) -> None:
    """Build a release from the tables and make it the current one.

    Tables are checked row by row, then the graph is validated with SHACL; if anything is wrong, every problem is
    listed and the previous release stays in place. What did not change is taken from the current release.
    """
    from wsiskg.build import build as run
    from wsiskg.graph.iris import Iris
    from wsiskg.resources import default_mappings

    output.LANGUAGE = output.check_language(language)
    settings = settings_with(out)
    with output.progress() as step:
        built = run(
            mappings or default_mappings(), settings.data, Iris(settings.base), step, synthetic=synthetic, anew=anew
        )
    output.built(built, settings.data, as_json=json_output)


@app.command()
def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="RDF files (Turtle, JSON-LD, N-Triples, RDF/XML), or directories of tables."),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="text, json or csv.")] = "text",
    with_quality: Annotated[
        bool, typer.Option("--quality", help="Also warn of what is missing, unverified or contradictory.")
    ] = False,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Check tables or RDF files against the rules, without building anything.

    Without FILES the bundled tables are checked (or those of --mappings). Exit status 1 when there are violations.
    """
    from wsiskg.graph.iris import Iris
    from wsiskg.model.problems import Severity
    from wsiskg.resources import default_mappings
    from wsiskg.rules.check import QUALITY, STRUCTURE, check_directory, check_files
    from wsiskg.rules.report import FORMATS, render, worst

    if form not in FORMATS:
        raise UsageError(f"unknown format '{form}'", f"Known: {', '.join(FORMATS)}.")
    output.check_language(language)
    iris, root = Iris(load_settings().base), mappings or default_mappings()
    folders = [f for f in files or () if f.is_dir()]
    documents = [f for f in files or () if not f.is_dir()]
    shapes = QUALITY if with_quality else STRUCTURE
    problems = [p for folder in (folders if files else [root]) for p in check_directory(folder, iris, shapes)]
    problems += check_files(documents, root, iris, shapes) if documents else []
    typer.echo(render(problems, form, language), nl=False)
    if form == "text":
        output.verdict(problems)
    if worst(problems) is Severity.VIOLATION:
        raise typer.Exit(1)


def _complete_query(incomplete: str) -> list[str]:
    from wsiskg.graph.iris import Iris
    from wsiskg.store.catalogue import load_catalogue

    return [name for name in load_catalogue(Iris()) if name.startswith(incomplete)]


@app.command()
def query(
    what: Annotated[
        str | None,
        typer.Argument(
            help="Name of a catalogue query, a .rq file, or SPARQL text. Left out: list the catalogue.",
            autocompletion=_complete_query,
        ),
    ] = None,
    params: Annotated[list[str] | None, typer.Argument(help="Parameters of a catalogue query: name=value.")] = None,
    form: Annotated[
        str, typer.Option("--format", "-f", help="table, csv, tsv, json, xml; ttl, nt, jsonld for graphs.")
    ] = "table",
    output_file: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    data: DataOption = None,
    store: StoreOption = None,
) -> None:
    """Ask the current release a question.

    [b]wsiskg query target-supporters target=9.c[/b]

    [b]wsiskg query my.rq --format csv -o answer.csv[/b]

    [b]wsiskg query 'SELECT (COUNT(*) AS ?n) WHERE { ?l a wsis:Link }'[/b] (our prefixes need no declaration)
    """
    from wsiskg.cli import ask

    settings = settings_with(data, store)
    if what is None:
        ask.list_catalogue(settings, form)
        return
    ask.run(what, params or [], form, output_file, settings)


@app.command()
def serve(
    data: DataOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8080,
) -> None:
    """Serve the current release: pages, SPARQL, linked data and dumps."""
    from wsiskg.cli.serving import serve_release

    serve_release(settings_with(data), host, port)


@app.command(name="fmt")
def fmt(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file would change.")] = False,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Turtle files.", show_default="ontology/ and shapes/ of the checkout")
    ] = None,
) -> None:
    """Write Turtle files in the project's one form, so that a changed statement is a changed line."""
    from wsiskg.graph.turtle_format import format_turtle
    from wsiskg.resources import data_folder

    chosen = files or [
        Path(str(f)) for name in ("ontology", "shapes") for f in data_folder(name).iterdir() if f.name.endswith(".ttl")
    ]
    changed = []
    for path in sorted(chosen):
        text = output.read_text(path)
        formatted = format_turtle(text, str(path))
        if formatted != text:
            changed.append(path)
            if not check:
                path.write_text(formatted, "utf-8")
    for path in changed:
        typer.echo(f"{'would change' if check else 'changed'}: {path}")
    if check and changed:
        typer.echo("Repair with: wsiskg fmt", err=True)
        raise typer.Exit(1)


@sources.command("add")
def sources_add(
    name: Annotated[str, typer.Argument(help="Which source: un-sdg-kos.")],
    location: Annotated[str, typer.Argument(help="A file, or an http(s) address.")],
    data: DataOption = None,
    digest: Annotated[str, typer.Option("--sha256", help="Expected SHA-256 of the file; refused if it differs.")] = "",
) -> None:
    """Overlay a published source on the next builds; its texts stay in the data directory."""
    from wsiskg.graph.sources import add_source

    settings = settings_with(data)
    added = add_source(settings.data, name, location, digest)
    typer.echo(f"{added.name}: {added.triples} statements, sha256 {added.sha256}")
    typer.echo("They are part of the next: wsiskg build", err=True)


@sources.command("list")
def sources_list(data: DataOption = None, json_output: JsonOption = False) -> None:
    """List the sources that can be overlaid, and those that are."""
    from wsiskg.graph.sources import KNOWN_SOURCES, list_sources

    output.sources(KNOWN_SOURCES, list_sources(settings_with(data).data), as_json=json_output)


@app.command()
def doctor(data: DataOption = None, store: StoreOption = None) -> None:
    """Check this installation: data folders, current release, workers; and the other server that is its store."""
    from wsiskg.cli.doctor import diagnose

    if not diagnose(settings_with(data, store)):
        raise typer.Exit(1)


app.command()(report.report)
app.command()(quality.quality)
