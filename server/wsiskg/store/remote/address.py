"""Which hosts are connected to: names of the outside for public addresses only, private ones by number or by leave."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from wsiskg.model.errors import StoreError

__all__ = ["may_connect", "numbers_of", "query_address", "resolve"]


def query_address(store: str) -> str:
    """Return the address for queries that the setting ``store`` names."""
    return store.removeprefix("sparql+")


def may_connect(host: str, addresses: Iterable[str], private: bool = False) -> bool:
    """Return whether a connection to ``host``, a name that stands for ``addresses``, may be made.

    Args:
        host: name of the host; ``localhost`` must stand for loopback.
        addresses: numbers.
        private: whether it may stand for addresses of a private network too.

    """
    found = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    if host == "localhost":
        return bool(found) and all(a.is_loopback for a in found)
    return bool(found) and all(
        (a.is_global or (private and a.is_private and not a.is_loopback and not a.is_link_local)) and not a.is_multicast
        for a in found
    )


def numbers_of(found: Iterable[tuple[object, object, object, object, tuple[object, ...]]]) -> list[str]:
    """Return the numbers among what `socket.getaddrinfo` found."""
    return [str(info[4][0]).partition("%")[0] for info in found]


def resolve(url: str, private: bool) -> str:
    """Return the number to connect to for ``url``; a host that is a number stands for itself.

    Raises:
        StoreError: the host is unknown, or its name stands for an address that it must not.

    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, parts.port or {"http": 80}.get(parts.scheme, 443), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise StoreError(f"the host of the store, '{host}', is unknown", "Check the setting `store`.") from error
    numbers = numbers_of(found)
    if not may_connect(host, numbers, private):
        raise StoreError(
            f"the host of the store, '{host}', stands for an address that is not public",
            "Name the very address, or set store_private = yes where the store is in your own network.",
        )
    return numbers[0]
