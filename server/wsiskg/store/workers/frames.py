"""Messages between the server and its workers: a JSON header and a body, each with its length in front."""

import json
import socket
import struct
from typing import Any

__all__ = ["HEAD", "pack", "read_header", "receive", "unpack_lengths"]

_PIECE = 1 << 18
HEAD = struct.Struct("!IQ")
"""Lengths of header and body, in bytes."""


def pack(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return one message as bytes."""
    text = json.dumps(header).encode() if header else b""
    return HEAD.pack(len(text), len(body)) + text + body


def unpack_lengths(head: bytes) -> tuple[int, int]:
    """Return the lengths of header and body."""
    first, second = HEAD.unpack(head)
    return int(first), int(second)


def read_header(text: bytes) -> dict[str, Any]:
    """Return a header from its bytes; none stand for an empty one."""
    return dict(json.loads(text)) if text else {}


def receive(channel: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    """Read one message from a blocking socket, None when the other side has gone; nothing may follow it unasked."""
    data = bytearray()
    whole = HEAD.size
    while len(data) < whole:
        part = channel.recv(_PIECE)
        if not part:
            return None
        data += part
        if whole == HEAD.size and len(data) >= whole:
            header_length, body_length = unpack_lengths(bytes(data[: HEAD.size]))
            whole += header_length + body_length
    middle = HEAD.size + header_length
    return read_header(bytes(data[HEAD.size : middle])), bytes(data[middle:])
