"""``wsiskg query``: names, files and texts in; tables, files and errors with a remedy out."""

import csv
import io
import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

Ask = Callable[..., subprocess.CompletedProcess[str]]
LINKS = "SELECT (COUNT(*) AS ?n) WHERE { ?link a wsis:Link ; wsis:edition edition:2015 }"
LINE = "SELECT ?line ?code WHERE { ?line a wsis:ActionLine ; skos:notation ?code } ORDER BY ?code LIMIT 2"
GRAPH = "CONSTRUCT { ?line skos:notation ?code } WHERE { ?line a wsis:ActionLine ; skos:notation ?code }"
FIRST_LINE = "https://w3id.org/wsis-kg/id/action-line/C1"


@pytest.fixture
def ask(inside: Ask, small_data: Path) -> Ask:
    return lambda *args: inside("query", *args, "--data", small_data)


# What can be asked.


def test_a_name_of_the_catalogue_with_its_defaults(ask: Ask) -> None:
    result = ask("editions", "-f", "json")
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)["results"]["bindings"]
    assert [row["edition"]["value"] for row in rows] == ["https://w3id.org/wsis-kg/id/edition/2015"]


def test_a_name_with_parameters(ask: Ask) -> None:
    given = ask("target-supporters", "target=3.8", "-f", "csv")
    default = ask("target-supporters", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(given.stdout)))
    assert [(row["line_code"], row["target_code"], row["agency_code"]) for row in rows] == [("C1", "3.8", "UNDESA")]
    assert given.stdout != default.stdout


def test_a_parameter_changes_the_language(ask: Ask) -> None:
    french = ask("target-supporters", "target=3.8", "language=fr", "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(french.stdout))
    assert row["rationale"].startswith("Les TIC")


def test_a_file(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "count.rq"
    file.write_text(LINKS, "utf-8")
    assert ask(file, "-f", "csv").stdout.split() == ["n", "12"]


def test_a_file_without_the_usual_suffix(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "count.sparql"
    file.write_text(LINKS, "utf-8")
    assert ask(file, "-f", "csv").stdout.split() == ["n", "12"]


def test_a_text_needs_no_declaration_of_our_prefixes(ask: Ask) -> None:
    assert ask(LINKS, "-f", "csv").stdout.split() == ["n", "12"]


def test_a_text_may_declare_prefixes_of_its_own(ask: Ask) -> None:
    text = "PREFIX w: <https://w3id.org/wsis-kg/ontology#> ASK { ?link a w:Link }"
    assert ask(text).stdout == "yes\n"


def test_a_prefix_that_nobody_declared_is_an_error(ask: Ask) -> None:
    result = ask("ASK { ?x a nobody:Thing }")
    assert result.returncode == 2
    assert "nobody" in result.stderr


# In which form it is answered.


def test_a_table_for_people_shortens_iris_and_counts_its_rows(ask: Ask) -> None:
    result = ask(LINE)
    assert "line:C1" in result.stdout
    assert FIRST_LINE not in result.stdout
    assert result.stderr == "2 rows\n"


def test_csv(ask: Ask) -> None:
    rows = list(csv.reader(io.StringIO(ask(LINE, "-f", "csv").stdout)))
    assert rows[:2] == [["line", "code"], [FIRST_LINE, "C1"]]


def test_tsv(ask: Ask) -> None:
    assert ask(LINE, "-f", "tsv").stdout.splitlines()[:2] == ["?line\t?code", f'<{FIRST_LINE}>\t"C1"']


def test_json(ask: Ask) -> None:
    found = json.loads(ask(LINE, "-f", "json").stdout)
    assert found["head"]["vars"] == ["line", "code"]
    assert found["results"]["bindings"][0]["line"] == {"type": "uri", "value": FIRST_LINE}


def test_xml(ask: Ask) -> None:
    root = ET.fromstring(ask(LINE, "-f", "xml").stdout)  # noqa: S314 - our own output
    names = {"s": "http://www.w3.org/2005/sparql-results#"}
    assert next(e.text for e in root.findall(".//s:uri", names)) == FIRST_LINE
    assert len(root.findall(".//s:result", names)) == 2


@pytest.mark.parametrize(
    ("form", "syntax"),
    [
        ("table", ox.RdfFormat.TURTLE),
        ("ttl", ox.RdfFormat.TURTLE),
        ("turtle", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("trig", ox.RdfFormat.TRIG),
        ("nq", ox.RdfFormat.N_QUADS),
    ],
)
def test_a_graph_in_a_syntax_of_its_own(form: str, syntax: ox.RdfFormat, ask: Ask) -> None:
    result = ask(GRAPH, "-f", form)
    assert result.returncode == 0, result.stderr
    subjects = {getattr(quad.subject, "value", "") for quad in ox.parse(result.stdout.encode(), syntax)}
    assert FIRST_LINE in subjects
    assert len(subjects) == 19


@pytest.mark.parametrize("form", ["json", "jsonld"])
def test_a_graph_as_json_ld_in_our_context(form: str, ask: Ask) -> None:
    document = json.loads(ask(GRAPH, "-f", form).stdout)
    assert document["@context"] == "https://w3id.org/wsis-kg/context.jsonld"
    assert len(document["@graph"]) == 19


@pytest.mark.parametrize(
    ("text", "yes"), [("ASK { ?x a wsis:Link }", True), ("ASK { ?x a wsis:Nothing }", False)], ids=["yes", "no"]
)
def test_ask(text: str, yes: bool, ask: Ask) -> None:
    assert ask(text).stdout == ("yes\n" if yes else "no\n")
    assert json.loads(ask(text, "-f", "json").stdout)["boolean"] is yes
    assert ask(text, "-f", "csv").stdout == ("true\n" if yes else "false\n")


def test_describe(ask: Ask) -> None:
    result = ask("DESCRIBE line:C2", "-f", "nt")
    assert (
        "<https://w3id.org/wsis-kg/id/action-line/C2> <http://www.w3.org/2004/02/skos/core#notation>" in result.stdout
    )


def test_a_query_of_the_catalogue_that_gives_a_graph(ask: Ask) -> None:
    result = ask("link-construct", "line=C1", "sdg=3.8", "-f", "nt")
    assert "<https://w3id.org/wsis-kg/id/link/2015/C1-3.8>" in result.stdout


@pytest.mark.parametrize("form", ["csv", "table", "json"])
def test_an_answer_can_be_written_to_a_file(form: str, ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "answer"
    result = ask(LINE, "-f", form, "-o", file)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert "C1" in file.read_text("utf-8")


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_file_that_cannot_be_written_is_misuse(form: str, ask: Ask, tmp_path: Path) -> None:
    result = ask(LINE, "-f", form, "-o", tmp_path / "nowhere" / "answer")
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_catalogue_is_listed_for_people_and_programs(ask: Ask) -> None:
    listed = {q["name"]: q for q in json.loads(ask("-f", "json").stdout)}
    assert listed["target-supporters"]["parameters"] == {"target": "9.c", "edition": "2015", "language": "en"}
    shown = ask().stdout
    assert all(name in shown for name in listed)


def test_the_catalogue_is_listed_without_a_release(wsiskg: Ask, tmp_path: Path) -> None:
    result = wsiskg("query", "--data", tmp_path, "-f", "json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)


# What is refused, and with which advice.


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (["target-suporters"], "no query called 'target-suporters'", "Did you mean target-supporters"),
        (["xyzzy"], "no query called 'xyzzy'", "`wsiskg query` without a name lists them"),
        (["target-supporters", "goal=9"], "no parameter 'goal'", "It takes: edition, language, target."),
        (["target-supporters", "target=99.z"], "'99.z' is no sdg-target", "Example: target=9.c"),
        (["target-supporters", "target=9"], "'9' is no sdg-target", "Example: target=9.c"),
        (["target-supporters", "9.c"], "'9.c' is not a parameter", "Write name=value."),
        (["registers", "target=9.c"], "no parameter 'target'", "It takes: "),
        (["ASK { ?s ?p ?o }", "target=9.c"], "parameters go with the name of a catalogue query", "into the query"),
        (["nowhere.rq"], "'nowhere.rq' cannot be read", ""),
        (["editions", "-f", "ttl"], "a SELECT query cannot be written as 'ttl'", "Choose from: table, json, xml"),
        (["link-construct", "-f", "csv"], "a CONSTRUCT query cannot be written as 'csv'", "Choose from: table, ttl"),
        (["-f", "csv"], "the catalogue cannot be listed as 'csv'", "Choose from: table, json."),
        (["DELETE WHERE { ?s ?p ?o }"], "this is an update", ""),
        (["LOAD <http://localhost/x>"], "only queries are answered here", ""),
        (["SELECT * WHERE { SERVICE <http://localhost/> {} }"], "SERVICE at line 1, column 18", "Ask the other"),
        (["hello world"], "no SELECT, ASK, CONSTRUCT or DESCRIBE", ""),
        (["ASK " + "{" * 2000 + "}" * 2000], "nested 2000 deep", ""),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, list) else "",
)
def test_misuse_is_said_with_advice(arguments: list[str], message: str, advice: str, ask: Ask) -> None:
    result = ask(*arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert advice in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT ?x\nWHERE { ?x a }", "line 2, column 14"),
        ("SELECT ?x\nWHERE { ?x a wsis:Link .\n  ?x ~ ?y }", "line 3"),
        ("SELECT ?x WHERE { ?x a wsis:Link", "line 1"),
    ],
    ids=["second line", "third line", "end"],
)
def test_a_syntax_error_says_where(text: str, place: str, ask: Ask) -> None:
    result = ask(text)
    assert result.returncode == 2
    assert place in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_utf_8_is_misuse(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "latin.rq"
    file.write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    result = ask(file)
    assert result.returncode == 2
    assert "is not UTF-8" in result.stderr


def test_a_limit_on_the_size_of_the_answer(inside: Ask, small_data: Path) -> None:
    everything = ["query", "SELECT * WHERE { ?s ?p ?o }", "-f", "csv", "--data", small_data]
    result = inside(*everything, WSISKG_ANSWER_BYTES="10000")
    assert result.returncode == 2
    assert "larger than 10,000 bytes" in result.stderr


@pytest.mark.parametrize("seconds", [0.4, 1.5])
def test_ctrl_c_ends_a_heavy_query_at_once(
    seconds: float, small_data: Path, command: str, environment: dict[str, str]
) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = subprocess.Popen(
        [command, "query", heavy, "--data", str(small_data)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(seconds)
        assert process.poll() is None, "the query is not heavy"
        process.send_signal(signal.SIGINT)
        before = time.monotonic()
        assert process.wait(timeout=30) in {-signal.SIGINT, 130}
        assert time.monotonic() - before < 3
    finally:
        process.kill()


def test_a_reader_that_goes_away_is_no_error(small_data: Path, command: str, environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [command, "query", "SELECT * WHERE { ?s ?p ?o }", "-f", "csv", "--data", str(small_data)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    os.read(process.stdout.fileno(), 100)
    process.stdout.close()
    talk = process.stderr.read()
    process.wait()
    process.stderr.close()
    assert b"Traceback" not in talk
    assert b"Exception ignored" not in talk
