"""The templates: their environment, its filters, and what the layout of every page needs."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from wsiskg.graph.iris import Iris
from wsiskg.model.codes import natural_key
from wsiskg.web.languages.addresses import code_of, page_address, resource_address, with_query
from wsiskg.web.languages.translations import LANGUAGES, Language, Text, load_languages, pick
from wsiskg.web.ui.assets import asset_address

__all__ = ["data_block", "page_context", "page_environment"]

Json = Any

_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_BIDI_CONTROLS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LONGEST = 160


class _Absent(StrictUndefined):
    """What a document lacks: false where it is asked for, an error where it is shown."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """Return the environment of all templates: everything from data is escaped, an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader("wsiskg.web"),
        autoescape=True,
        undefined=_Absent,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals |= {"_": _message, "ngettext": _counted, "asset": asset_address, "with_query": with_query}
    environment.filters |= {
        "pick": _pick, "n": _number, "day": _day, "listed": _listed, "href": _href, "plain": _plain, "site": _site,
        "code": code_of, "id_path": resource_address, "web": _web, "in_order": _in_order,
    }  # fmt: skip
    return environment


def page_context(language: str, path: str | None) -> dict[str, Any]:
    """Return what the layout of a page needs; ``path`` is None for a page that has no other languages."""
    found = load_languages()[language]
    return {
        "language": found,
        "lang": language,
        "path": path,
        "alternates": [(code, name, f"/{code}/{path or ''}") for code, name in LANGUAGES.items()],
        "framed": False,
        "linked_data": "",
    }


def data_block(iris: Iris, document: Mapping[str, Json]) -> Markup:
    """Return a JSON-LD document as the content of a script element, which no text in it can end.

    It is data, not a script: browsers run none of it, and the content security policy does not mind it
    (https://html.spec.whatwg.org/#data-block, https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents).
    """
    whole = {"@context": f"{iris.base}context.jsonld", **document}
    return Markup(json.dumps(whole, ensure_ascii=False).translate(_IN_SCRIPT))  # noqa: S704 - nothing is left of markup


def _plain(text: object) -> str:
    """Return a text for a title or an attribute: without controls of direction, and not too long."""
    found = " ".join(str(text).translate(_BIDI_CONTROLS).split())
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1].rstrip() + "…"


def _language(context: Context) -> Language:
    found: Language = context["language"]
    return found


@pass_context
def _message(context: Context, message: str, **values: object) -> Markup:
    return Markup(_language(context).gettext(message)) % values  # noqa: S704 - our translators' text; values are escaped


@pass_context
def _counted(context: Context, one: str, many: str, number: int, **values: object) -> Markup:
    language = _language(context)
    values = {"n": language.number(number), **values}
    return Markup(language.ngettext(one, many, number)) % values  # noqa: S704 - as above


@pass_context
def _pick(context: Context, texts: object) -> Text:
    return pick(texts, _language(context).code)


@pass_context
def _number(context: Context, value: object, digits: int = 0) -> str:
    try:
        return _language(context).number(float(str(value)), digits)
    except ValueError:
        return str(value)


@pass_context
def _day(context: Context, value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("@value", "")
    return _language(context).date(str(value))


@pass_context
def _listed(context: Context, parts: Sequence[str]) -> str:
    return _language(context).listed(parts)


@pass_context
def _href(context: Context, named: object) -> str:
    name = str(named.get("id", "")) if isinstance(named, Mapping) else str(named)
    return page_address(_language(context).code, name)


def _in_order(named: Sequence[Json]) -> list[Json]:
    """Return what is named in the order of its codes: 2 before 10."""
    names = [(str(it.get("id", "")) if isinstance(it, Mapping) else str(it), it) for it in named]
    return [it for _, it in sorted(names, key=lambda pair: (pair[0].partition(":")[0], natural_key(code_of(pair[0]))))]


def _web(address: object) -> str:
    """Return a web address that may be linked, empty for any other."""
    text = str(address)
    return text if text.startswith(("http://", "https://")) else ""


def _site(address: object) -> str:
    """Return the site of a web address, as it is shown."""
    try:
        return _plain((urlsplit(str(address)).hostname or str(address)).removeprefix("www."))
    except ValueError:
        return _plain(address)
