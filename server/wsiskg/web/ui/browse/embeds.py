"""Views for other sites' pages: frames, the page with their snippets, and oEmbed (https://oembed.com/)."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.languages.translations import LANGUAGES, load_languages
from wsiskg.web.ui.browse.explorer import read_question
from wsiskg.web.ui.matrix.page import known_values
from wsiskg.web.ui.matrix.view import read_view
from wsiskg.web.ui.site import Site

__all__ = ["embed_page", "frame_of", "oembed"]

_HEIGHT, _WIDTH = 640, 960


def embed_page(site: Site, language: str, origin: str, values: Mapping[str, str]) -> str:
    """Return the page with snippets to copy; the matrix and the projects in the state that ``values`` ask for.

    Raises:
        UsageError: a parameter is not of its form.

    """
    index = site.index
    latest = index.editions[-1] if index.editions else ""
    view = read_view(values, known_values(index)).parameters(latest)
    asked = read_question({name: value for name, value in values.items() if name not in {"origin", "goal"}})
    message = load_languages()[language].gettext
    views = (
        ("matrix", message("Matrix"), with_query("/embed/matrix", {"lang": language, **view})),
        ("link", message("Link"), with_query(f"/embed/link/{latest}/C2-9.c", {"lang": language})),
        ("line", message("Action line"), with_query("/embed/line/C2", {"lang": language})),
        ("projects", message("Projects"), with_query("/embed/projects", {"lang": language, **asked.parameters()})),
    )
    return site.render("embed.html", language, "embed", views=views, origin=origin)


def frame_of(path: str) -> str:
    """Return the address of the frame for the path of a page, with its query; empty if it has none."""
    parts = urlsplit(path)
    found = re.fullmatch(r"/([a-z]{2})/(matrix|projects|link/[^/]+/[^/]+|action-line/[^/]+)", parts.path)
    if found is None or found.group(1) not in LANGUAGES:
        return ""
    view = found.group(2).replace("action-line/", "line/")
    return f"/embed/{view}?lang={found.group(1)}" + (f"&{parts.query}" if parts.query else "")


def oembed(origin: str, address: str) -> str:
    """Return the oEmbed document of a page of ours, as JSON.

    Raises:
        ProblemError: 404, the page has no frame.

    """
    try:
        parts = urlsplit(address)
        frame = frame_of(parts.path + (f"?{parts.query}" if parts.query else ""))
        foreign = bool(parts.netloc) and f"{parts.scheme}://{parts.netloc}" != origin
    except ValueError:  # not an address
        frame, foreign = "", True
    if not frame or foreign:
        raise ProblemError(
            HTTPStatus.NOT_FOUND, "there is no frame for this address", "Name a page of the matrix, a link, a line."
        )
    source = (origin + frame).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    size = f'width="{_WIDTH}" height="{_HEIGHT}"'
    html = f'<iframe src="{source}" title="WSIS knowledge graph" {size} loading="lazy"></iframe>'
    document = {
        "version": "1.0", "type": "rich", "provider_name": "WSIS knowledge graph", "provider_url": origin,
        "html": html, "width": _WIDTH, "height": _HEIGHT, "cache_age": 3600,
    }  # fmt: skip
    return json.dumps(document) + "\n"
