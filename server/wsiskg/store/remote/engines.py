"""What engines do in their own way: the quirks table of remote stores.

Addresses of update and graph store are relative to the one for queries, which the setting ``store`` names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wsiskg.model.errors import UsageError

__all__ = ["ENGINES", "Engine", "engine_named", "engine_of"]


@dataclass(frozen=True, slots=True)
class Engine:
    """How one kind of engine is spoken to, and what of it is to be put right.

    Attributes:
        name: as in the setting ``store_engine``.
        server: pattern of its ``Server`` header; empty: not recognised by it.
        update: address for updates.
        graphs: address of its graph store; empty: it has none, statements are sent as updates.
        digest: whether the login is sent as HTTP Digest (RFC 7616) rather than Basic (RFC 7617).
        queries_with_login: whether queries are sent with the login.
        graph_key: parameter of the graph store that names the graph.
        numbers_for_booleans: whether booleans come back as 1 and 0.
        ask_as_select: whether ASK is sent as SELECT.
        batch: statements a request.
        before_update: what each update begins with.
        schemes: of IRIs that call its own functions, refused in queries.
        quirks: what is otherwise than the standards say, and what is done about it.

    """

    name: str
    server: str
    update: str
    graphs: str
    digest: bool
    queries_with_login: bool
    graph_key: str
    numbers_for_booleans: bool
    ask_as_select: bool
    batch: int
    before_update: str
    schemes: tuple[str, ...]
    quirks: tuple[str, ...]


ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            "virtuoso", r"^Virtuoso", "sparql-auth", "sparql-graph-crud-auth", digest=True, queries_with_login=False,
            graph_key="graph-uri", numbers_for_booleans=True, ask_as_select=True, batch=10_000,
            before_update="DEFINE sql:log-enable 3 ", schemes=("bif", "sql"),
            quirks=(
                "A query sent as application/sparql-query is never answered: queries go as forms.",
                "ASK comes back as a table, and may say yes of a graph that is not there: asked as SELECT.",
                "COUNT(*) counts one where GRAPH names what is not in the dataset, and GRAPH ?g ranges over all where "
                "FROM is alone: such names stand for an empty graph, and FROM goes as parameters of the request.",
                "Booleans come back as 1 and 0, computed ones as numbers: given as true and false, where the query "
                "says that a column holds them.",
                "Decimals lose their spelling (0.50 becomes 0.5), and those of many digits become doubles: values are "
                "equal, texts are not.",
                "Texts that begin alike for some thirty characters are sorted in any order: the rows are the same.",
                "A path with ? may give a row twice: the catalogue says UNION instead.",
                "Rows without a value to be grouped by fall into several groups: the catalogue groups by values only.",
                "An answer that is cut short says so in X-SPARQL-MaxRows or X-SQL-State only: refused.",
                "Writes go to addresses of their own, with HTTP Digest; queries go without a login, as the account "
                "SPARQL, which may only read.",
                "One update of many statements fills the transaction log: row by row instead (sql:log-enable 3).",
                "An update of more than some 10,000 lines is refused: statements go to the graph store.",
                "IRIs of bif: and sql: call functions of the database: refused in queries.",
            ),
        ),
        Engine(
            "oxigraph", r"^Oxigraph", "update", "store", digest=False, queries_with_login=True,
            graph_key="graph", numbers_for_booleans=False, ask_as_select=False, batch=50_000, before_update="",
            schemes=(),
            quirks=("It knows no users: whoever reaches its port may write, so only a proxy may reach it.",),
        ),
        Engine(
            "fuseki", r"Fuseki", "update", "data", digest=False, queries_with_login=True,
            graph_key="graph", numbers_for_booleans=False, ask_as_select=False, batch=50_000, before_update="",
            schemes=("java",),
            quirks=(
                "An answer that took too long begins with status 200 and breaks off: read to its end, or refused.",
                "IRIs of java: load classes: refused in queries.",
            ),
        ),
        Engine(
            "generic", "", "", "", digest=False, queries_with_login=True,
            graph_key="graph", numbers_for_booleans=False, ask_as_select=False, batch=2_000, before_update="",
            schemes=(),
            quirks=("Only what SPARQL 1.1 says is used: statements go as INSERT DATA to the address for updates.",),
        ),
    )
}  # fmt: skip
"""Engine by name."""


def engine_named(name: str) -> Engine:
    """Return the engine called ``name``.

    Raises:
        UsageError: there is none.

    """
    if name not in ENGINES:
        raise UsageError(f"there is no engine '{name}'", f"Choose from: auto, {', '.join(ENGINES)}.")
    return ENGINES[name]


def engine_of(server: str) -> Engine:
    """Return the engine that the ``Server`` header names, ``generic`` where it names none that is known."""
    found = (e for e in ENGINES.values() if e.server and re.search(e.server, server, re.IGNORECASE))
    return next(found, ENGINES["generic"])
