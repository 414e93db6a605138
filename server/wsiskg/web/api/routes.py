"""``/api/v1``: lists, single resources, the matrix, differences of editions, search."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.web.api.answers import answer, hydra_collection
from wsiskg.web.api.listings import COLLECTIONS
from wsiskg.web.api.lists import add_evidence, add_list
from wsiskg.web.api.matrix import add_diff, add_matrix
from wsiskg.web.api.openapi import ROOT, api_route, operation
from wsiskg.web.api.parameters import FORM_JSON, read_values
from wsiskg.web.api.search import add_search
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_api"]


def add_api(app: FastAPI, engine: Engine) -> None:
    """Add the REST interface to ``app``."""
    _add_entry(app, engine)
    add_evidence(app, engine)
    add_matrix(app, engine)
    add_diff(app, engine)
    add_search(app, engine)
    for collection in COLLECTIONS.values():
        add_list(app, engine, collection)


def _add_entry(app: FastAPI, engine: Engine) -> None:
    extra = operation("entry", {"format": FORM_JSON}, "Where to begin.", csv=False)

    @api_route(app, ROOT, "The lists of this interface", extra)
    def entry(http: Request) -> Response:
        values = read_values(http, {"format": FORM_JSON})
        members = [
            {"id": f"{ROOT}/{c.name}", "type": ["Collection"], "comment": {"en": c.text}} for c in COLLECTIONS.values()
        ]
        others = {
            "matrix": "Cells of the matrix with projects counted.",
            "search": "Search in six languages, by words and codes.",
            "lookup": "What may be meant by a few letters.",
        }
        members += [{"id": f"{ROOT}/{n}", "type": ["Collection"], "comment": {"en": t}} for n, t in others.items()]
        return answer(http, index_of(engine), values, hydra_collection(ROOT, len(members), members))
