"""The command ``wsiskg``. Heavy rooms are imported by the commands that need them, so that ``--help`` is quick."""

from wsiskg.cli.main import main

__all__ = ["main"]
