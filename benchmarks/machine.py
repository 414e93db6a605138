"""What every result must name: the machine, and the versions of what was measured."""

import os
import platform
from importlib.metadata import version

__all__ = ["described"]


def described(*packages: str) -> str:
    """Return the machine, how busy it is, and the versions of Python and of packages, as one line."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{machine}; {versions}; load {os.getloadavg()[0]:.1f}"
