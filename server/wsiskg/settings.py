"""Settings of an installation: defaults, then ``wsiskg.toml``, then the environment (``WSISKG_...``)."""

import math
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError

__all__ = ["SECRET", "SettingValue", "Settings", "addresses_of", "check_store", "load_settings", "read_settings"]

SECRET = frozenset({"store_password"})
"""Settings whose values are never shown."""

Updates = Literal["off", "checked", "plain"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; each field is read from ``WSISKG_<FIELD>``, or from ``<field>`` in ``wsiskg.toml``.

    Attributes:
        data: directory of releases, written by `wsiskg build` and read by all else.
        base: IRI below which graphs and resources are named when building.
        workers: processes that evaluate queries.
        query_seconds: longest time a query may take; a client may ask for less.
        query_memory: bytes a worker may take beyond the release; 0 for no limit.
        query_waiting: queries that may wait for a worker before others are refused.
        answer_bytes: size of the largest answer.
        body_bytes: size of the largest request body.
        answer_rows: rows of the largest table, 0 for no limit; a larger one is refused, never cut.
        spool_bytes: size above which an answer waits in a temporary file instead of memory.
        client_queries: queries that one client may have running and waiting at a time.
        worker_queries: queries after which a worker is replaced by a fresh one.
        cache_bytes: memory for answers that may be asked again; 0 for none.
        release_memory: bytes that a release may take in memory; a larger one is read from disk, which is slower.
        services: addresses of the endpoints that SERVICE may ask, separated by commas; empty: SERVICE is refused.
        service_seconds: longest time that the SERVICE blocks of a query may take together.
        service_bytes: size of the largest answer to a SERVICE block.
        service_rows: rows of the largest answer to a SERVICE block.
        union_default_graph: whether a query that names no graph sees all of them together; no: a plain dataset.
        updates: off; checked: SPARQL Update and graph store writes make a validated release; plain: they change a
            plain dataset that is no release of the tables.
        update_seconds: longest time an update may take.
        graph_bytes: size of the largest document that a graph store write may send.
        public_url: address of the server as its users see it; empty: the address it listens on.
        proxies: addresses of reverse proxies whose X-Forwarded-For names the client, separated by commas.
        request_log: whether each request is logged as a line of JSON, without personal data.
        store: address of another server that answers queries, sparql+https://HOST/PATH, or sparql+http:// on this
            machine; empty: the embedded store.
        store_engine: what that server is: auto, virtuoso, oxigraph, fuseki or generic.
        store_update: its address for updates; empty: the engine's usual one beside `store`.
        store_user: name of its user that may write; empty: it asks for none.
        store_password: that user's password, never shown.
        store_private: whether its name may stand for an address of a private network.
        store_seconds: longest time that a request which loads or removes statements there may take.
        mappings: directory of the tables that releases are built from, for checks and publishing; empty: the bundled
            ones.
        checks: files of proposals that are checked at a time.
        check_bytes: size of the largest file of proposals.
        check_rows: rows of the largest file of proposals.
        check_seconds: longest time that a check or a publication may take.
        check_memory: bytes that a check or a publication may take.
        request_seconds: time in which a request must arrive; its body may take a second more for each kilobyte.
        drain_seconds: time that running requests have to end when the server is told to stop.

    """

    data: Path = Path("wsiskg-data")
    base: str = "https://w3id.org/wsis-kg/"
    workers: int = 2
    query_seconds: float = 30.0
    query_memory: int = 2_000_000_000
    query_waiting: int = 64
    answer_bytes: int = 256_000_000
    body_bytes: int = 1_000_000
    answer_rows: int = 0
    spool_bytes: int = 1_000_000
    client_queries: int = 32
    worker_queries: int = 10_000
    cache_bytes: int = 64_000_000
    release_memory: int = 2_000_000_000
    services: str = ""
    service_seconds: float = 10.0
    service_bytes: int = 2_000_000
    service_rows: int = 10_000
    union_default_graph: bool = True
    updates: Updates = "off"
    update_seconds: float = 60.0
    graph_bytes: int = 50_000_000
    public_url: str = ""
    proxies: str = "127.0.0.1"
    request_log: bool = False
    store: str = ""
    store_engine: str = "auto"
    store_update: str = ""
    store_user: str = ""
    store_password: str = field(default="", repr=False)
    store_private: bool = False
    store_seconds: float = 300.0
    mappings: str = ""
    checks: int = 2
    check_bytes: int = 20_000_000
    check_rows: int = 20_000
    check_seconds: float = 120.0
    check_memory: int = 2_000_000_000
    request_seconds: float = 20.0
    drain_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A setting's value and where it comes from: ``default``, a file, or a variable."""

    value: object
    origin: str


_MAY_BE_ZERO = frozenset({"check_memory", "query_memory", "release_memory", "answer_rows", "cache_bytes"})
_ENGINES = ("auto", "virtuoso", "oxigraph", "fuseki", "generic")
_WORDS: Mapping[str, bool] = {"yes": True, "no": False}


def _updates(text: str) -> str:
    if text not in {"off", "checked", "plain"}:
        raise ValueError(text)
    return text


_READERS: Mapping[object, Callable[[str], object]] = {
    Path: Path,
    str: str,
    int: int,
    float: float,
    bool: _WORDS.__getitem__,
    Updates: _updates,
}
_KINDS: Mapping[object, str] = {
    Path: "a directory",
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "yes or no",
    Updates: "off, checked or plain",
}


def addresses_of(text: str) -> frozenset[str]:
    """Return the addresses of a list with commas."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, see `read_settings`.

    Raises:
        UsageError: a value is not of its setting's type, or makes no sense; or the file cannot be read.

    """
    return Settings(**{name: found.value for name, found in read_settings(environment).items()})  # type: ignore[arg-type]


def read_settings(environment: Mapping[str, str] = os.environ) -> Mapping[str, SettingValue]:
    """Read every setting with its origin, by field name.

    The file is the one that ``WSISKG_CONFIG`` names, or ``wsiskg.toml`` in the current directory where there is one.

    Raises:
        UsageError: a value is not of its setting's type, or makes no sense; or the file cannot be read.

    """
    file, values = _file(environment)
    found: dict[str, SettingValue] = {}
    for known in fields(Settings):
        variable = f"WSISKG_{known.name.upper()}"
        if variable in environment:
            found[known.name] = SettingValue(
                _read(variable, known.name, known.type, environment[variable]), f"variable {variable}"
            )
        elif known.name in values:
            given = values.pop(known.name)
            text = ("yes" if given else "no") if isinstance(given, bool) else str(given)
            found[known.name] = SettingValue(_read(f"{file}, {known.name}", known.name, known.type, text), str(file))
        else:
            found[known.name] = SettingValue(known.default, "default")
        values.pop(known.name, None)
    if values:
        raise UsageError(f"{file}: there is no setting '{next(iter(values))}'", "See: wsiskg config show")
    return found


def check_store(where: str, text: str) -> None:
    """Refuse what is no address of a store; a login does not go into it, nor into messages.

    Raises:
        UsageError: it is none; ``where`` says where it was given.

    """
    address = text.removeprefix("sparql+")
    parts = urlsplit(address)
    if "@" in parts.netloc:
        raise UsageError(f"{where}: no login in the address", "Use store_user and store_password.")
    if text == address or parts.scheme not in {"http", "https"} or not parts.hostname or not FORMATS["uri"](address):
        raise UsageError(f"{where}: '{text}' is not a store's address", "Such as sparql+https://host/sparql")
    if parts.query or parts.fragment:
        raise UsageError(f"{where}: '{text}' has a query or a fragment", "Name the address for queries only.")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise UsageError(f"{where}: '{text}' is not on this machine", "Over a network: sparql+https://")


def _file(environment: Mapping[str, str]) -> tuple[Path, dict[str, object]]:
    path = Path(environment.get("WSISKG_CONFIG") or "wsiskg.toml")
    if "WSISKG_CONFIG" not in environment and not path.is_file():
        return path, {}
    try:
        return path, tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}", "WSISKG_CONFIG names it.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"'{path}': {error}", "Write it as TOML: name = value") from error


def _read(where: str, name: str, kind: object, text: str) -> object:
    try:
        value = _READERS[kind](text)
    except (ValueError, KeyError) as error:
        raise UsageError(f"{where}: '{text}' is not {_KINDS[kind]}") from error
    least = 0 if name in _MAY_BE_ZERO else sys.float_info.min
    if isinstance(value, int | float) and not isinstance(value, bool) and not least <= value < math.inf:
        raise UsageError(f"{where}: {text} is not a number above 0")
    if name == "base" and (not FORMATS["uri"](text) or not text.startswith("http") or not text.endswith("/")):
        raise UsageError(f"{where}: '{text}' is not a base IRI", "It begins with http and ends with /.")
    if name == "public_url" and text and (not FORMATS["uri"](text) or not text.startswith(("http://", "https://"))):
        raise UsageError(f"{where}: '{text}' is not an address", "It begins with http:// or https://.")
    if name == "store" and text:
        check_store(where, text)
    if name == "store_update" and text and not text.startswith(("http://", "https://")):
        raise UsageError(f"{where}: '{text}' is not an address", "It begins with http:// or https://.")
    if name == "store_engine" and text not in _ENGINES:
        raise UsageError(f"{where}: there is no engine '{text}'", f"Choose from: {', '.join(_ENGINES)}.")
    if name == "services":
        for address in addresses_of(text):
            rest = address.partition("://")[2]
            if not address.startswith(("http://", "https://")) or not FORMATS["uri"](address) or "@" in rest:
                raise UsageError(f"{where}: '{address}' is not an endpoint's address", "Such as https://host/sparql")
    return value
