"""Files of proposals in every form: what they say, and every problem with its place."""

import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.matrix.columns import CHOICES, COLUMNS
from wsiskg.matrix.proposals import Change, Submission
from wsiskg.matrix.reading.messages import MESSAGES
from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.template import write_template
from wsiskg.matrix.workspace import LINKS_ONLY
from wsiskg.model.problems import LANGUAGES, Severity
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.sheets.limits import Limits


def read(text: str | bytes, name: str = "f.csv", limits: Limits | None = None) -> Submission:
    data = text.encode() if isinstance(text, str) else text
    return read_submission(data, name, TABLES, limits or Limits())


def rules(found: Submission, severity: Severity | None = None) -> list[str]:
    return [p.rule for p in found.problems if severity in {None, p.severity}]


TABLES = load_tables(default_mappings(), LINKS_ONLY)
HEAD = "Action line,SDG,Change,Rationale (English),Proposed by,Confidence,Source,Decision,Reason for the decision\n"


def test_a_row_as_people_write_it() -> None:
    found = read(HEAD + "C7 e-agriculture,SDG 9.c,add,Because.,ITU; FAO,0.8,https://example.org/a,uphold,Agreed.\n")
    (link,) = found.proposals
    assert (link.pair, link.change, dict(link.rationale)) == (("C7-EAGR", "9.c"), Change.ADD, {"en": "Because."})
    assert (link.proposed_by, str(link.confidence), link.sources) == (("ITU", "FAO"), "0.8", ("https://example.org/a",))
    assert link.decision is not None
    assert (link.decision.kind, link.decision.reason) == ("upheld", "Agreed.")
    assert rules(found) == ["read-as", "read-as"]
    assert str(link.place("sdg")) == "f.csv:2: SDG"
    assert link.place("sdg").number == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_filled_in_by_a_spreadsheet_library(language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(TABLES, language, "2027", "2027")))
    sheet = book.worksheets[0]
    values = {
        "line": "C2", "sdg": "9.c", "change": CHOICES["change"]["amend"][language], f"rationale_{language}": "A text.",
        "proposed_by": "ITU", "shared": CHOICES["shared"]["yes"][language], "confidence": 0.5,
        "reason": "New figures.", "decision": CHOICES["decision"]["upheld"][language], "decision_reason": "Agreed.",
    }  # fmt: skip
    for place, column in enumerate(COLUMNS, 1):
        assert sheet.cell(1, place).value == column.titles[language]
        sheet.cell(2, place, values.get(column.attribute))
    stream = io.BytesIO()
    book.save(stream)
    found = read(stream.getvalue(), "f.xlsx")
    assert (found.edition, found.hlpf, rules(found)) == ("2027", "2027", [])
    (link,) = found.proposals
    assert (link.pair, link.change, dict(link.rationale)) == (("C2", "9.c"), Change.AMEND, {language: "A text."})
    assert (link.proposed_by, str(link.confidence), link.shared) == (("ITU",), "0.5", True)
    assert (link.reason, link.decision and link.decision.kind) == ("New figures.", "upheld")


def test_an_empty_template_says_that_it_is_empty() -> None:
    assert rules(read(write_template(TABLES, "en", "2027", "2027"), "f.xlsx")) == ["no-proposals"]


def test_headers_are_found_below_a_title_and_over_two_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Proposals of our agency, draft"
    sheet.append([])
    sheet.append(["Action line", "SDG goal or target", "Justification", None, "Proposed by"])
    sheet.append([None, None, "Rationale (English)", "Rationale (French)", None])
    sheet.append(["C2", "9.c", "A text.", "Un texte.", "ITU"])
    stream = io.BytesIO()
    book.save(stream)
    (link,) = read(stream.getvalue(), "f.xlsx").proposals
    assert link.pair == ("C2", "9.c")
    assert link.rationale["fr"] == "Un texte."


def test_merged_hidden_formula_and_error_cells_are_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Action line", "SDG", "Proposed by", "Note", "Colour"])
    sheet.append(["C2", "9.c", "ITU", "=1+1", "blue"])
    sheet.append([None, "9.1", "ITU", None, None])
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[3].hidden = True
    sheet["D3"] = "#REF!"
    sheet["D3"].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)
    found = read(stream.getvalue(), "f.xlsx")
    assert [link.pair for link in found.proposals] == [("C2", "9.c"), ("C2", "9.1")]
    assert sorted(rules(found)) == ["cell-error", "formula", "hidden-row", "merged", "unknown-column"]
    assert {(p.rule, p.origin.row, p.origin.number) for p in found.problems if p.rule == "merged"} == {("merged", 3, 1)}


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("C99,9.c,,x,ITU,,,,", "unknown", "Action line"),
        ("C2,9.10,,x,ITU,,,,", "unknown", "SDG"),
        ("C2,9.c,explode,x,ITU,,,,", "choice", "Change"),
        ("C2,9.c,,<b>x</b>,ITU,,,,", "markup", "Rationale (English)"),
        ("C2,9.c,,a\u202eb,ITU,,,,", "control", "Rationale (English)"),
        ("C2,9.c,,x,Nobody,,,,", "unknown", "Proposed by"),
        ("C2,9.c,,x,ITU,7,,,", "confidence", "Confidence"),
        ("C2,9.c,,x,ITU,,see annex,,", "address", "Source"),
        ("C2,9.c,,x,ITU,,javascript:alert(1),,", "address", "Source"),
        ("C2,9.c,,x,ITU,,,perhaps,", "choice", "Decision"),
        ("C2,9.c,,x,ITU,,,,Because.", "no-decision", "Reason for the decision"),
    ],
)
def test_what_is_wrong_with_a_cell_names_the_cell(row: str, rule: str, column: str) -> None:
    found = read(HEAD + row + "\n")
    (said,) = [p for p in found.problems if p.severity is Severity.VIOLATION]
    assert (said.rule, said.origin.row, said.origin.column) == (rule, 2, column)
    assert all(said.texts[language] for language in LANGUAGES)


def test_columns_missing_unknown_and_twice() -> None:
    found = read("Action line,SDG,Goal,Acton line,Shoe size\nC2,9.c,9,C2,42\n")
    assert rules(found) == ["no-column", "unknown-column", "unknown-column", "repeated-column"]
    assert "Action line" in found.problems[1].text()
    assert found.proposals[0].pair == ("C2", "9.c")


def test_a_file_without_headers_says_which_are_needed() -> None:
    found = read("hello,world\n1,2\n")
    assert rules(found) == ["no-header"]
    assert "Action line" in found.problems[0].text()
    assert "Grande orientation" in found.problems[0].text("fr")


def test_texts_in_latin_1_with_semicolons_and_decimal_commas() -> None:
    text = "Ligne d'action;ODD;Justification;Organisme;Confiance\nC2;9,1;Égalité;UIT;0,8\n"
    found = read(text.encode("latin-1"))
    (link,) = found.proposals
    assert (link.pair, dict(link.rationale), link.proposed_by) == (("C2", "9.1"), {"fr": "Égalité"}, ("ITU",))
    assert rules(found, Severity.VIOLATION) == []
    assert {"encoding", "rationale-language"} <= set(rules(found))


SSSOM = """#curie_map:
#  line: https://w3id.org/wsis-kg/id/action-line/
#mapping_set_id: https://example.org/set
subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tauthor_id\tconfidence\tcomment
line:C2\tInfrastructure\twsis:supports\tsdg:9.c\tsemapv:ManualMappingCuration\tagency:ITU\t0.8\tA remark.
"""


def test_sssom() -> None:
    found = read(SSSOM, "f.sssom.tsv")
    (link,) = found.proposals
    assert rules(found) == []
    assert (link.pair, link.proposed_by, link.note) == (("C2", "9.c"), ("ITU",), "A remark.")
    assert link.origin.row == 5
    assert rules(read(SSSOM.replace("wsis:supports", "skos:broadMatch"), "f.tsv")) == ["predicate"]


TURTLE = """@prefix wsis: <https://w3id.org/wsis-kg/ontology#> .
@prefix line: <https://w3id.org/wsis-kg/id/action-line/> .
@prefix agency: <https://w3id.org/wsis-kg/id/agency/> .
@prefix sssom: <https://w3id.org/sssom/> .
<urn:1> a wsis:Amendment, wsis:Link ; wsis:actionLine line:C2 ; wsis:target <http://metadata.un.org/sdg/9.c> ;
    wsis:rationale "A text."@en, "Un texte."@fr ; wsis:proposedBy agency:ITU ; sssom:confidence 0.8 ;
    wsis:changeReason "New figures." .
"""


def test_turtle() -> None:
    found = read(TURTLE, "f.ttl")
    (link,) = found.proposals
    assert rules(found) == []
    assert (link.pair, link.change, link.proposed_by) == (("C2", "9.c"), Change.AMEND, ("ITU",))
    assert dict(link.rationale) == {"en": "A text.", "fr": "Un texte."}
    assert (str(link.confidence), link.reason) == ("0.8", "New figures.")


def test_a_mistake_in_turtle_has_line_and_column() -> None:
    (said,) = read(TURTLE.replace("wsis:target", "wsis:target,"), "f.ttl").problems
    assert (said.rule, said.origin.row) == ("syntax", 5)
    assert "column" in said.text()


def jsonld(**more: object) -> str:
    link = {"type": "Link", "actionLine": "https://w3id.org/wsis-kg/id/action-line/C2", "target": "sdg:9.c"}
    return json.dumps({"@context": "https://w3id.org/wsis-kg/context.jsonld", "@graph": [link | more]})


def test_jsonld_with_our_context_by_its_iri() -> None:
    found = read(jsonld(rationale={"en": "A text."}), "f.json")
    (link,) = found.proposals
    assert (link.pair, dict(link.rationale), rules(found)) == (("C2", "9.c"), {"en": "A text."}, [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"@context": "https://example.org/context"}', "context"),
        ('{"@context": ["https://w3id.org/wsis-kg/context.jsonld", "http://127.0.0.1:1/"]}', "context"),
        ('{"@context": {"@import": "http://127.0.0.1:1/"}}', "context"),
        ('{"a": {"@context": "file:///etc/passwd"}}', "context"),
        ('{"a": }', "syntax"),
        ("[" * 100_000, "syntax"),
        (f'{{"a": {"9" * 10_000}}}', "syntax"),
        ('{"a": -Infinity}', "syntax"),
        ('{"' + r"\"" * 200_000, "syntax"),
        ('{"@context": {"@vocab": "http://example.org/"}, "a": 1}', "no-links"),
        ('{"@context": "https://w3id.org/wsis-kg/context.jsonld", "@type": 3}', "syntax"),
    ],
)
def test_hostile_jsonld_loads_nothing(text: str, rule: str) -> None:
    assert rules(read(text, "f.json")) == [rule]


def test_a_type_scoped_context_from_elsewhere_is_refused() -> None:
    context = {"Link": {"@id": "https://w3id.org/wsis-kg/ontology#Link", "@context": "http://127.0.0.1:1/"}}
    assert rules(read(json.dumps({"@context": context, "@type": "Link"}), "f.json")) == ["context"]


def test_more_links_than_the_limit_are_refused() -> None:
    body = "\n".join(f"<urn:{n}> wsis:actionLine line:C2 ." for n in range(30))
    text = TURTLE.partition("<urn:1>")[0] + body
    assert rules(read(text, "f.ttl", Limits(rows=10))) == ["many-links"]


def test_every_message_is_said_in_every_language() -> None:
    for texts in MESSAGES.values():
        assert set(texts) == set(LANGUAGES)


@given(st.text(max_size=200))
def test_any_text_below_the_headers_is_read_or_said(text: str) -> None:
    found = read(HEAD + text)
    assert found.proposals or found.problems or not text.strip()


@given(st.text(alphabet='{}[]"@:contextid,graph 1', max_size=80))
def test_anything_like_json_is_read_or_said(text: str) -> None:
    assert read("{" + text, "f.json").problems
