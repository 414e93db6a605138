"""Pages of a running server: time until the last byte, made anew and kept, and bytes on the wire with all they load.

Usage: ``python benchmarks/pages.py [ADDRESS]``.
"""

import argparse
import re
import statistics
import time

import httpx

from arguments import ADDRESS, answering

PAGES = ("", "matrix", "matrix?measure=verdict", "matrix?goal=9", "link/2015/C2-9.c", "sdg/9", "projects", "frameworks")
ROUNDS = 20


def timed(client: httpx.Client, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = client.get(path)
    answer.raise_for_status()
    return (time.perf_counter() - began) * 1000, int(answer.headers.get("content-length", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", type=answering, nargs="?", default=ADDRESS, help="of a running server")
    address = parser.parse_args().address
    with httpx.Client(base_url=address, headers={"Accept-Encoding": "gzip"}, timeout=60) as client:
        print("page                     anew p50 ms   kept p50 ms   kB with all it loads")
        for page in PAGES:
            path = f"/en/{page}"
            joint = "&" if "?" in path else "?"
            timed(client, path)
            anew = [timed(client, f"{path}{joint}round={time.time_ns()}")[0] for _ in range(ROUNDS)]  # never kept
            kept = [timed(client, path) for _ in range(ROUNDS)]
            parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get(path).text)
            size = kept[0][1] + sum(timed(client, part)[1] for part in parts)
            medians = statistics.median(anew), statistics.median(t for t, _ in kept)
            print(f"/en/{page:<21} {medians[0]:>11.1f} {medians[1]:>13.2f} {size / 1000:>21.1f}")


if __name__ == "__main__":
    main()
