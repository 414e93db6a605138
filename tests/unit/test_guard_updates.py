"""The guard of updates: no update that it lets through makes the engine fetch a document or ask another endpoint."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pyoxigraph as ox
import pytest

from wsiskg.model.errors import ForbiddenQueryError, LimitError, QueryError, QuerySyntaxError
from wsiskg.store.guard import Form, check_update, without_loads

PROLOGUE = "PREFIX : <@U@> PREFIX s: <@U@> PREFIX load: <@U@> PREFIX e: <http://e.example/> "
FETCHES = [
    "LOAD <@U@>", "load silent <@U@>", "LOAD<@U@>", "LOADs:x", "LOAD :x", "LOADSILENT<@U@>", "LOAD # <a:b>\n<@U@>",
    "LOAD <@U@> INTO GRAPH <a:g>", "LOAD s:x INTO GRAPH e:g", "LOAD:x", "LOADload:x", "LoAd\t<@U@>",
    "INSERT { ?a ?b ?c } WHERE { SERVICE <@U@> { ?a ?b ?c } }", "DELETE WHERE{?s ?p ?o};LOAD <@U@>",
    "DELETE { ?a ?b ?c } WHERE { { SERVICE SILENT s:x { ?a ?b ?c } } UNION { ?a ?b ?c } }",
    "INSERT{?a ?b ?c}WHERE{SERVICEs:x{?a ?b ?c}}",
]  # fmt: skip
INNOCENT = [
    "INSERT DATA { <a:LOAD> <a:load> 'LOAD <http://a.example/>' }", "DELETE WHERE { ?LOAD ?p \"SERVICE <a:b> {}\" }",
    "PREFIX load: <a:> INSERT DATA { load:x load:y load:z }", "CREATE GRAPH <a:LOAD>", "CLEAR ALL # LOAD <a:b>",
    "PREFIX load: <a:> COPY load:x TO load:y", "PREFIX load: <a:> WITH load:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "PREFIX load: <a:> DELETE { ?s ?p ?o } USING load:g WHERE { ?s ?p ?o }", "INSERT DATA { <a:b> <a:c> 'it''s' }",
    "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o < 3) }", "DROP SILENT GRAPH <a:service>", "",
]  # fmt: skip
PIECES = ["'", '"', "'''", '"""', "#", ">", "<", "\\", "\n", " ", "1", "e:b", "true", "?o", ".", "{", "}", ";", "<a>",
          "CLEAR ALL", "INSERT DATA{", "DELETE WHERE{?s ?p ?o}", "#>\n", "(", ")", "e:", "WITH", "GRAPH"]  # fmt: skip
FRAMES = ["INSERT DATA { <a:a> <a:b> X };", "CLEAR ALL;X", "X;", "X", "INSERT{?s ?p X}WHERE{?s ?p ?o FILTER(1<X)};",
          "#X\n", "DELETE WHERE{?s ?p X};", "BASE <X>", "PREFIX X: <a:>"]  # fmt: skip


@dataclass
class Host:
    """A loopback host that hangs up on everybody and counts them."""

    url: str
    calls: int = 0


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Host(f"http://127.0.0.1:{listener.getsockname()[1]}/")

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                found.calls += 1
                connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield found
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def calls_out(host: Host, update: str) -> bool | None:
    """Whether carrying out ``update`` calls anybody; None when the engine does not parse it."""
    store, before = ox.Store(), host.calls
    store.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal(1)))
    try:
        store.update(update)
    except SyntaxError:
        return None
    except (OSError, RuntimeError, ValueError):
        pass
    for _ in range(3):
        if host.calls > before:
            return True
        time.sleep(0.0002)
    return False


def kept(update: str) -> str | None:
    """Return what the server would carry out of ``update``, None when it refuses it."""
    try:
        text, _ = without_loads(update)
        check_update(text)
    except QueryError:
        return None
    return text


@pytest.mark.parametrize("update", FETCHES)
def test_what_fetches_is_refused(host: Host, update: str) -> None:
    text = (PROLOGUE + update).replace("@U@", host.url)
    with pytest.raises(ForbiddenQueryError):
        check_update(text)
    left = kept(text)
    assert left is None or not calls_out(host, left)


@pytest.mark.parametrize("update", FETCHES)
def test_the_danger_is_real(host: Host, update: str) -> None:
    assert calls_out(host, (PROLOGUE + update).replace("@U@", host.url)) is not False


@pytest.mark.parametrize("update", INNOCENT)
def test_innocent_updates_pass(host: Host, update: str) -> None:
    assert check_update(update).form in {Form.UPDATE, None}
    assert without_loads(update) == (update, None)
    assert not calls_out(host, update)


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK {}", "DESCRIBE <a:b>", "CONSTRUCT {} WHERE {}"])
def test_a_query_is_no_update(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        check_update(query)


@pytest.mark.parametrize("update", ["INSERT DATA {" + "{" * 200, "CLEAR ALL;" + " " * 1_000_000])
def test_updates_are_bounded(update: str) -> None:
    with pytest.raises(LimitError):
        check_update(update)


def test_random_texts_around_a_load_never_call_out(host: Host) -> None:
    """Quotes, escapes, comments and angle brackets in any order; the seed is fixed, so a failure stays one."""
    random = Random(2027)
    passed = 0

    def statement() -> str:
        inside = "".join(random.choice(PIECES) for _ in range(random.randint(0, 5)))
        return random.choice(FRAMES).replace("X", inside)

    for _ in range(6_000):
        before = "".join(statement() for _ in range(random.randint(0, 2)))
        after = "".join(statement() for _ in range(random.randint(0, 2)))
        update = (PROLOGUE + before + random.choice(FETCHES) + after).replace("@U@", host.url)
        left = kept(update)
        if left is not None:
            passed += 1
            assert not calls_out(host, left), update
    assert passed > 20
