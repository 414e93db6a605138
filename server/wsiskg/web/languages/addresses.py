"""Addresses of the pages: ``/<language>/<kind>/<code>`` beside every ``/id/<kind>/<code>``."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

__all__ = ["KINDS", "PAGES", "code_of", "page_address", "page_of", "resource_address", "with_query"]

KINDS: Mapping[str, str] = {
    "kg": "", "line": "action-line/", "sdg": "sdg/", "c2020": "connect2020/", "award": "award/", "hlpf": "hlpf/",
}  # fmt: skip
"""Prefix of a compact IRI -> beginning of the path below ``/id/``."""

PAGES: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in (
        "link", "candidate", "action-line", "connect2020", "agency", "project", "award", "hlpf", "country", "region",
        "edition", "organisation", "register", "event",
    )},
    "sdg": ("goal", "target"),
}  # fmt: skip
"""Kinds of resources that have a page of their own -> what the index calls them."""

_WITH_PAGE: Mapping[str, re.Pattern[str]] = {
    "link": re.compile(r"[0-9][^/]*/[^/]+"),  # of an edition, not of other sets of links
    "candidate": re.compile(r"[^/]+/[^/]+"),  # not its counts by directness and origin
    "sdg": re.compile(r"[0-9]{1,2}(?:[.][0-9a-z]{1,2})?"),  # no indicators
}


def resource_address(name: str) -> str:
    """Return the path of the resource with a compact IRI such as ``sdg:9.c``, empty if it is not one of ours."""
    prefix, found, local = name.partition(":")
    return f"/id/{KINDS[prefix]}{quote(local, safe='/._-~%')}" if found and prefix in KINDS else ""


def page_address(language: str, name: str) -> str:
    """Return the path of the page about a compact IRI; of its resource where it has no page; empty for others."""
    path = resource_address(name)
    page = page_of(path)
    return f"/{language}/{page}" if page else path


def page_of(path: str) -> str:
    """Return the page about a resource, without its language: ``sdg/9.c`` for ``/id/sdg/9.c``; empty if it has none."""
    rest = path.removeprefix("/id/")
    kind, _, code = rest.partition("/")
    return rest if kind in PAGES and (kind not in _WITH_PAGE or _WITH_PAGE[kind].fullmatch(code)) else ""


def code_of(name: str) -> str:
    """Return what stands last in a compact IRI: ``9.c`` of ``sdg:9.c``, ``ITU`` of ``kg:agency/ITU``."""
    return name.rpartition("/")[2].rpartition(":")[2]


def with_query(path: str, values: Mapping[str, object], **changes: object) -> str:
    """Return ``path`` with query parameters, ``changes`` in place of the given ones; empty ones are left out."""
    pairs = [(name, value) for name, value in {**values, **changes}.items() if value not in ("", None, 0, ())]
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
