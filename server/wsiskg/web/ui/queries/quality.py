"""The page on data quality, from answers to the catalogue's questions."""

from wsiskg.analysis.quality.findings import PARTS, Quality, quality_requests, read_quality
from wsiskg.web.ui.site import Site

__all__ = ["ask_quality", "quality_page"]


async def ask_quality(site: Site) -> Quality:
    """Return the quality of the release that is served.

    Raises:
        QueryError: the graph cannot be asked, or not in the time that a query may take.

    """
    engine = site.engine
    while True:
        release, editions = engine.release, site.index.editions
        edition = editions[-1] if editions else ""
        requests = quality_requests(release.iris, edition)
        answers = {name: (await engine.ask(request)).body for name, request in requests.items()}
        if engine.release.id == release.id:  # else the answers may be of two releases
            return read_quality(answers, release.id, edition)


def quality_page(site: Site, language: str, quality: Quality, origin: str) -> str:
    """Return the page: the measures in short, each part as a table with its question, the badge at ``origin``."""
    return site.render("quality.html", language, "quality", quality=quality, parts=PARTS, origin=origin)
