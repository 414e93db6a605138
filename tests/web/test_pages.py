"""Pages for people: escaped, usable without scripts, and from this server only."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conftest import Server

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
PAGES = [
    "/en/",
    "/en/query",
    "/en/query?query=SELECT%20(%22%3Cscript%3E%22%20AS%20%3Fx)%20%7B%7D",
    "/en/query?query=%3C/textarea%3E%3Cscript%3E",
    "/en/queries",
    "/en/queries/target-supporters",
    "/en/queries/target-supporters?target=%22%3E%3Cscript%3E",
    "/queries/nothing-like-it",
    "/id/action-line/C2.html",
    "/id/sdg/9.c.html",
    "/id/link/2015/C2-9.c.html",
    "/id/scheme/wsis",
    "/id/nothing",
    "/nothing",
    "/nothing/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/sparql?query=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/sparql?query=SELECT%20*%20WHER%20%7B%3Cscript%3E&format=%3Cscript%3E",
]
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """What a browser would load, run and link to; and whether every element that opens closes."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.open: list[str] = []
        self.language = ""
        self.text = ""
        self.scripts = ""
        self.data_block = False
        self.feed(answer.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= values.keys()
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script" and values.get("type") == "application/ld+json":
            self.data_block = True  # nothing runs it
        of_kind = tag == "link" and values.get("rel") == "stylesheet"
        if tag in {"script", "img", "iframe", "embed", "source", "object"} or of_kind:
            self.loaded += [values[name] for name in ("src", "href", "data") if name in values]
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "label":
            self.labelled.add(values.get("for", ""))
        if tag in {"input", "textarea", "select"} and values.get("type") != "hidden":
            self.fields.add(values.get("id", ""))
        if "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.data_block = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open[-1:] == ["script"] and not self.data_block:
            self.scripts += data


@pytest.fixture(params=PAGES, ids=lambda path: path[:50])
def answer(request: pytest.FixtureRequest, server: Server) -> httpx.Response:
    found = server.get(str(request.param), HTML)
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    return found


def test_every_page_has_the_headers_that_protect_its_reader(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert "set-cookie" not in answer.headers


def test_no_page_holds_a_script_or_loads_from_another_host(answer: httpx.Response) -> None:
    page = Page(answer)
    assert page.tags.isdisjoint({"iframe", "object", "embed", "base"})
    assert page.scripts == ""
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    for address in page.loaded:
        assert urlsplit(address).netloc == ""
        assert address.startswith("/")
    for address in page.links:
        assert urlsplit(address).scheme in {"", "http", "https"}


def test_every_page_is_well_formed_and_usable(answer: httpx.Response) -> None:
    page = Page(answer)
    assert page.open == []
    assert page.language == "en"
    assert {"title", "h1", "main", "nav"} <= page.tags
    assert len(page.ids) == len(set(page.ids))
    assert page.fields <= page.labelled


def test_styles_are_served(server: Server) -> None:
    addresses = {a for path in PAGES for a in Page(server.get(path, HTML)).loaded}
    assert addresses
    for address in addresses:
        found = server.get(address)
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(("text/css", "text/javascript"))
        assert "url(http" not in found.text
        assert "@import" not in found.text


def test_links_inside_the_site_lead_somewhere(server: Server) -> None:
    seen: set[str] = set()
    for path in ("/en/", "/en/query", "/en/queries", "/id/link/2015/C2-9.c.html", "/en/link/2015/C2-9.c"):
        seen |= {a for a in Page(server.get(path, HTML)).links if a.startswith("/")}
    seen -= {a for a in seen if a.startswith("/en/queries/")}  # each is asked in test_catalogue
    assert len(seen) > 100
    for address in sorted(seen)[::5]:
        assert server.client.head(address, headers={"Accept": HTML}, follow_redirects=True).status_code == 200, address


def test_what_was_asked_is_shown_escaped(server: Server) -> None:
    found = server.get("/queries/target-supporters", HTML, target='"><b>x')
    assert found.status_code == 400
    assert "<b>" not in found.text
    assert "&lt;b&gt;" in found.text


def test_literals_are_escaped(server: Server) -> None:
    """The bundled data has ampersands; markup in data is tried with a release of its own, in test_hot_switch."""
    rows = server.rows(
        'SELECT ?s ?text { ?s <http://schema.org/name> ?text FILTER(CONTAINS(?text, " & ")) } ORDER BY ?s LIMIT 1'
    )
    path = rows[0]["s"].removeprefix("https://w3id.org/wsis-kg") + ".html"
    found = server.get(path, HTML)
    assert rows[0]["text"].replace("&", "&amp;") in found.text
    assert " & " not in found.text


def test_pages_say_which_release_they_show(server: Server) -> None:
    identifier = server.get("/health").json()["release"]
    for path in ("/en/", "/en/queries", "/id/sdg/9.c.html"):
        assert identifier in server.get(path, HTML).text
