"""Messages between the server and its workers: a JSON header and a body, each with its length in front."""

import json
import socket
import struct
from typing import Any

__all__ = ["HEAD", "pack", "receive", "unpack_lengths"]

HEAD = struct.Struct("!IQ")
"""Lengths of header and body, in bytes."""


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one message as bytes."""
    text = json.dumps(header).encode()
    return HEAD.pack(len(text), len(body)) + text + body


def unpack_lengths(head: bytes) -> tuple[int, int]:
    """Return the lengths of header and body."""
    first, second = HEAD.unpack(head)
    return int(first), int(second)


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    """Read one message from a blocking socket, None when the other side has gone."""
    head = _exactly(channel, HEAD.size)
    if head is None:
        return None
    header_length, body_length = unpack_lengths(head)
    header, body = _exactly(channel, header_length), _exactly(channel, body_length)
    return None if header is None or body is None else (json.loads(header), body)


def _exactly(channel: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = channel.recv(min(1 << 20, length - len(parts)))
        if not part:
            return None
        parts += part
    return bytes(parts)
