"""The page of the release's files, whole and by graph."""

from pathlib import PurePosixPath

from wsiskg.web.resources.dumps import files_of, graphs_of
from wsiskg.web.ui.site import Site

__all__ = ["downloads_page"]

_SYNTAXES = {
    "text/turtle": "Turtle", "application/trig": "TriG", "application/n-quads": "N-Quads",
    "application/ld+json": "JSON-LD",
}  # fmt: skip


def downloads_page(site: Site, language: str) -> str:
    """Return the page that lists the files, the whole release first."""
    release = site.engine.release
    start = release.iris.graph("").value
    graphs = [
        (iri.removeprefix(start), entry["triples"], [(_SYNTAXES[k], url) for k, url in entry["distributions"].items()])
        for iri, entry in graphs_of(release).items()
    ]
    files = [f for f in files_of(release) if PurePosixPath(f["path"]).parent.name != "graphs"]
    files.sort(key=lambda f: (f["path"].count("/"), f["path"]))
    return site.render("downloads.html", language, "downloads", files=files, graphs=graphs)
