"""A report as PDF: its HTML, set by WeasyPrint. Nothing is fetched."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Mapping

from wsiskg.model.errors import InstallationError
from wsiskg.reports.content import Report
from wsiskg.reports.html import as_html

__all__ = ["as_pdf", "missing_fonts"]

_SCRIPTS: Mapping[str, tuple[str, str, str]] = {
    "[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]": ("ar", "Arabic", "fonts-noto-core"),
    "[\u3400-\u9fff\uf900-\ufaff]": ("zh", "Chinese", "fonts-noto-cjk"),
    "[\u0400-\u04ff]": ("ru", "Cyrillic", "fonts-noto-core"),
}
"""Letters -> language of fontconfig that needs them, what they are called, Debian's package of a font that has them."""


def as_pdf(report: Report) -> bytes:
    """Return the report as PDF, tagged for screen readers.

    Raises:
        InstallationError: Pango is missing, or a font for letters of the report.

    """
    page = as_html(report)
    if missing := missing_fonts(page):
        name, package = missing
        raise InstallationError(
            f"no font of this machine has {name} letters, which the report holds",
            f"Install one, on Debian: apt-get install {package}. Other formats need none.",
        )
    try:
        import weasyprint
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise InstallationError(
            "PDF needs the library Pango, which is not installed",
            "On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Other formats need none.",
        ) from error
    document = weasyprint.HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    # No time of day and no chance in it: the same report gives the same bytes.
    found = document.write_pdf(pdf_identifier=report.release.encode(), pdf_tags=True)
    return bytes(found)


def missing_fonts(text: str) -> tuple[str, str] | None:
    """Return letters of a text that no font of this machine has, with Debian's package of one; None if all have one.

    Where fontconfig's ``fc-list`` is missing nothing is known, and nothing is said to be missing.
    """
    lister = shutil.which("fc-list")
    if lister is None:
        return None
    for letters, (language, name, package) in _SCRIPTS.items():
        if re.search(letters, text):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                found = subprocess.run(
                    [lister, f":lang={language}", "family"], capture_output=True, check=True, timeout=30
                )
                if not found.stdout.strip():
                    return name, package
    return None
