"""Ask the endpoints of the setting ``services``, on behalf of queries with SERVICE. Their answers are hostile."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from wsiskg.model.errors import LimitError, ServiceError
from wsiskg.settings import Settings
from wsiskg.store.federation import Inlined, ServiceBlock, values_of
from wsiskg.store.remote.address import may_connect, numbers_of

if TYPE_CHECKING:
    import httpx

__all__ = ["ServiceClient"]

_AT_ONCE = 4  # blocks, of all queries: each may hold an answer in memory
_RESULTS = "application/sparql-results+json"
_TAKEN = frozenset({_RESULTS, "application/json"})
_PORTS = {"http": 80, "https": 443}


class ServiceClient:
    """Asks endpoints within limits: no redirects, no proxies, no cookies, no addresses that the setting does not name.

    A host's name must stand for public addresses only; loopback and private ones are reached only where the setting
    names the very address, or ``localhost``. The connection goes to the address that was checked.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, blocks: Sequence[ServiceBlock]) -> list[Inlined]:
        """Return the answers of all ``blocks``, in order, within the setting ``service_seconds`` for all together.

        Raises:
            LimitError: time was used up, or an answer is too large.
            ServiceError: an endpoint cannot be reached, or its answer is none.
            QueryError: an answer holds what cannot be taken over.

        """
        seconds = self._settings.service_seconds
        asked = blocks[0]
        try:
            async with asyncio.timeout(seconds), self._places:
                found = []
                for asked in blocks:
                    document = await self._fetch(asked)
                    text = await asyncio.to_thread(values_of, document, asked, self._settings.service_rows)
                    found.append(Inlined(asked.start, asked.end, text))
                return found
        except TimeoutError as error:
            raise LimitError(
                f"<{asked.endpoint}> did not answer its SERVICE block within {seconds:g} seconds", "service",
                "Ask it for less, or ask it yourself and join the results.",
            ) from error  # fmt: skip

    async def _fetch(self, block: ServiceBlock) -> bytes:
        import httpx

        url = httpx.URL(block.endpoint)
        address = await _resolve(url)
        headers = {
            "Host": url.netloc.decode("ascii"), "Accept": _RESULTS, "Accept-Encoding": "identity",
            "User-Agent": "wsiskg", "Connection": "close",
        }  # fmt: skip
        try:
            async with (
                httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=None) as client,  # noqa: S113 - above
                client.stream(
                    "POST", url.copy_with(host=address), data={"query": block.query}, headers=headers,
                    extensions={"sni_hostname": url.host},
                ) as answer,
            ):  # fmt: skip
                return await self._read(answer, block)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ServiceError(f"<{block.endpoint}> cannot be reached, or does not speak HTTP") from error

    async def _read(self, answer: "httpx.Response", block: ServiceBlock) -> bytes:
        if answer.status_code != HTTPStatus.OK:
            raise ServiceError(f"<{block.endpoint}> answered its SERVICE block with status {answer.status_code}")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TAKEN or answer.headers.get("content-encoding", "identity") != "identity":
            raise ServiceError(f"<{block.endpoint}> did not answer with SPARQL results in JSON, uncompressed")
        most, body = self._settings.service_bytes, bytearray()
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > most:
                raise LimitError(
                    f"<{block.endpoint}> has more than {most:,} bytes for its SERVICE block", "bytes",
                    "Ask it for less, with LIMIT or a filter within the block.",
                )  # fmt: skip
        return bytes(body)


async def _resolve(url: "httpx.URL") -> str:
    """Return the address to connect to.

    Raises:
        ServiceError: the host is unknown, or its name stands for an address that is not public.

    """
    try:
        return str(ipaddress.ip_address(url.host))
    except ValueError:
        pass
    port = url.port or _PORTS[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ServiceError(f"the host of <{url}> is unknown") from error
    numbers = numbers_of(found)
    if not may_connect(url.host, numbers):
        raise ServiceError(
            f"the host of <{url}> stands for an address that is not public",
            "The setting `services` must name such an address itself.",
        )
    return numbers[0]
