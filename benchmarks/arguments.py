"""What benchmarks are told on the command line, and how they refuse it: a message and status 2, no traceback."""

import argparse
import http.client
import urllib.error
import urllib.request

__all__ = ["ADDRESS", "answering", "natural", "positive"]

ADDRESS = "http://127.0.0.1:8080"
_PATIENCE = 10  # seconds for a server's first answer


def natural(text: str) -> int:
    """Return a whole number from 0, for argparse."""
    return _number(text, least=0)


def positive(text: str) -> int:
    """Return a whole number from 1, for argparse."""
    return _number(text, least=1)


def _number(text: str, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
    return number


def answering(text: str) -> str:
    """Return the address of a server that runs, for argparse."""
    address = text.rstrip("/")
    try:
        if not address.startswith(("http://", "https://")):
            raise ValueError("it starts with neither http:// nor https://")
        urllib.request.urlopen(f"{address}/health", timeout=_PATIENCE).close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        message = f"no server answers at {text!r} ({reason}). Start one: wsiskg serve"
        raise argparse.ArgumentTypeError(message) from None
    return address
