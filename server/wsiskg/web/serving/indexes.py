"""The index of the release that is being served."""

from wsiskg.store.index.index import Index
from wsiskg.web.serving.engine import Engine

__all__ = ["index_of"]

_kept: dict[str, Index] = {}


def index_of(engine: Engine) -> Index:
    """Return the index of the current release, opened once; that of the release before is let go."""
    release = engine.release
    key = str(release.path)
    if key not in _kept:
        for old in list(_kept):
            _kept.pop(old).close()
        _kept[key] = Index(release)
    return _kept[key]
