"""Values of exports as people write them: read when they are certain, else kept as given, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.imports.decisions import Decision, Verdict
from wsiskg.imports.fields import FIELDS, IGNORE, KEEP, PERSONAL, Kind, fields_of, find_header
from wsiskg.imports.layout import CODED, Layout, layout_text, read_layout, recognise_header
from wsiskg.imports.matching import Member, clusters, compare
from wsiskg.imports.messages import MESSAGES
from wsiskg.imports.organisations import name_key
from wsiskg.imports.record import Record, record_digest, record_of, row_of
from wsiskg.imports.values.addresses import read_addresses
from wsiskg.imports.values.bodies import read_grade, read_stakeholder_type
from wsiskg.imports.values.countries import CountryReader
from wsiskg.imports.values.dates import read_date
from wsiskg.imports.values.tags import TagReader, settled_comma
from wsiskg.imports.values.texts import is_personal, plain_text, without_addresses
from wsiskg.model.codes import FORMATS
from wsiskg.model.problems import LANGUAGES, Origin
from wsiskg.resources import default_mappings
from wsiskg.tables.cells import text_problem
from wsiskg.tables.load import Reading, load_tables
from wsiskg.tables.recognise.recogniser import Recogniser

TABLES = load_tables(default_mappings(), Reading(without=frozenset({"evidence", "matrix"})))
COUNTRIES = CountryReader(TABLES)
TAGS = TagReader(Recogniser(TABLES), TABLES)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Kenya", "KEN"), (" kenya ", "KEN"), ("KEN", "KEN"), ("KE", "KEN"), ("🇰🇪", "KEN"), ("Kenya (KEN)", "KEN"),
        ("Côte d’Ivoire", "CIV"), ("Cote d'Ivoire", "CIV"), ("Ivory Coast", "CIV"), ("Deutschland", "DEU"),
        ("Korea (Rep. of)", "KOR"), ("Korea, Republic of", "KOR"), ("Iran (Islamic Republic of)", "IRN"),
        ("Rép. dém. du Congo", "COD"), ("Congo (Democratic Republic of the)", "COD"), ("Congo, Dem. Rep.", "COD"),
        ("Lao P.D.R.", "LAO"), ("The Gambia", "GMB"), ("U.S.A.", "USA"), ("Macedonia", "MKD"), ("Swaziland", "SWZ"),
        ("中国", "CHN"), ("الصين", "CHN"), ("Россия", "RUS"), ("República Dominicana", "DOM"), ("EGYPT", "EGY"),
        ("Bosnia and Herzegovina, Serbia", "BIH SRB"), ("Tanzania, United Republic of; Kenya", "TZA KEN"),
        ("Trinidad & Tobago", "TTO"), ("Saint Kitts & Nevis", "KNA"), ("Kenya and Uganda", "KEN UGA"),
        ("Kenya\nUganda", "KEN UGA"), ("Guinea-Bissau", "GNB"), ("Guinea", "GIN"), ("Niger", "NER"),
    ],
)  # fmt: skip
def test_a_country_is_told(text: str, codes: str) -> None:
    found = COUNTRIES.read(text)
    assert (found.values, found.unknown) == (tuple(codes.split()), ())


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Congo", ("COD", "COG")), ("Korea", ("KOR", "PRK")), ("Nigera", ("NER", "NGA")), ("Slovekia", ("SVK", "SVN")),
        ("Global", ()), ("us", None),
    ],
)  # fmt: skip
def test_a_country_in_doubt_is_not_guessed(text: str, candidates: tuple[str, ...] | None) -> None:
    found = COUNTRIES.read(text)
    assert found.values == ()
    assert [u.text for u in found.unknown] == [text]
    assert candidates is None or found.unknown[0].candidates == candidates


def test_a_spelling_with_one_wrong_letter_is_read_and_shown() -> None:
    found = COUNTRIES.read("Philipines, Kenya")
    assert found.values == ("PHL", "KEN")
    assert [(u.text, u.taken) for u in found.unknown] == [("Philipines", "PHL")]


def test_every_country_of_the_tables_is_told_in_every_language() -> None:
    wrong = []
    for row in TABLES["countries"]:
        for column in row.cells:
            name = row.text(column) if column.startswith("name_") else ""
            if name and COUNTRIES.read(name).values not in {(row.text("code"),), ()}:
                wrong.append((row.text("code"), name, COUNTRIES.read(name)))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2015", "2015"), ("03/2015", "2015-03"), ("13/05/2015", "2015-05-13"), ("05/13/2015", "2015-05-13"),
        ("12.05.2015", "2015"), ("05/05/2015", "2015-05-05"), ("May 2015", "2015-05"), ("mai 2015", "2015-05"),
        ("12 de mayo de 2015", "2015-05-12"), ("12-May-15", "2015-05-12"), ("May-15", "2015-05"),
        ("1er juillet 2016", "2016-07-01"), ("July 4, 2012", "2012-07-04"), ("15 января 2016 г.", "2016-01-15"),
        ("2015年5月", "2015-05"), ("مايو 2016", "2016-05"), ("٢٠١٦", "2016"), ("42139", "2015-05-15"),
        ("2015-05-12T00:00:00", "2015-05-12"), ("2010-2014", "2010"), ("since 2010", "2010"), ("2016.0", "2016"),
        ("12/05/15", ""), ("soon", ""), ("1899", ""), ("31/02/2015", ""), ("99999", ""), ("", ""),
    ],
)  # fmt: skip
def test_of_a_date_what_is_certain(text: str, date: str) -> None:
    assert read_date(text) == date


@given(st.text())
def test_a_date_is_one_or_none(text: str) -> None:
    assert read_date(text) == "" or FORMATS["isodate"](read_date(text))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.example.org", "http://www.example.org"), ("htp://example.org", "http://example.org"),
        ("http//example.org", "http://example.org"), ("https:/example.org/x", "https://example.org/x"),
        ("Example.ORG/Path?x=1", "http://example.org/Path?x=1"), ("http://пример.рф/стр", "http://пример.рф/стр"),
        ("http://example.org/100%", "http://example.org/100%25"), ("<https://example.org>.", "https://example.org"),
    ],
)  # fmt: skip
def test_an_address_that_can_be_followed(text: str, address: str) -> None:
    assert read_addresses(text).values == (address,)


@pytest.mark.parametrize("text", ["see our page", "javascript:alert(1)", "http://", "ftp://example.org", "C:\\x.doc"])
def test_what_is_no_address_is_kept(text: str) -> None:
    found = read_addresses(text)
    assert (found.values, [u.text for u in found.unknown]) == ((), [text])


@given(st.text())
def test_every_address_read_is_one(text: str) -> None:
    assert all(FORMATS["uri"](address) for address in read_addresses(text).values)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SDG 9: Industry...", "9"), ("9.c", "9.c"), ("Goal 4, Goal 5", "4 5"), ("ODD 3 et 9", "3 9"),
        ("1;2;3", "1 2 3"),
        ("Goal 9: Industry, innovation and infrastructure", "9"), ("3, 9", "3 9"), ("3,4,9", "3 4 9"),
        ("Goal 3: Good health and well-being; Goal 4: Quality education", "3 4"), ("SDG3 SDG4", "3 4"),
        ("9.c, 4.a", "9.c 4.a"), ("ЦУР 3, ЦУР 4", "3 4"), ("目标3、目标4", "3 4"), ("الهدف 4 والهدف 5", "4 5"),
        ("ODS 4 y 5", "4 5"), ("1. No poverty\n2. Zero hunger", "1 2"), ("No poverty, Zero hunger", "1 2"),
        ("Goal 9 target 9.c", "9.c"), ("Sustainable Development Goal 9", "9"), ("SDGs: 4, 5 and 8", "4 5 8"),
        ("Goal 16: Peace, Justice and Strong Institutions, Goal 17: Partnerships for the Goals", "16 17"),
    ],
)  # fmt: skip
def test_sdgs_as_people_list_them(text: str, codes: str) -> None:
    found = TAGS.sdgs(text)
    assert (found.values, found.unknown) == (tuple(codes.split()), ())


@pytest.mark.parametrize("text", ["3,9", "SDG 1 2 3", "Goals 1-5", "all goals", "Goal 99", "9.z", "many", "2015"])
def test_sdgs_in_doubt_are_not_guessed(text: str) -> None:
    assert (TAGS.sdgs(text).values, [u.text for u in TAGS.sdgs(text).unknown]) == ((), [text])


def test_numbers_and_dates_that_a_spreadsheet_made_of_codes() -> None:
    assert TAGS.sdgs("16.1", "number").values == ("16.1",)
    assert [u.candidates for u in TAGS.sdgs("16.1", "number").unknown] == [("16.10",)]
    assert (TAGS.sdgs("2026-03-09", "date").values, len(TAGS.sdgs("2026-03-09", "date").unknown)) == ((), 1)


def test_commas_are_settled_by_the_column() -> None:
    assert settled_comma(["3,9", "4"]) == "doubt"
    assert settled_comma(["3,9", "1,4,5"]) == settled_comma(["3,9", "SDG 9.c"]) == "list"
    assert TAGS.sdgs("3,9", comma="list").values == ("3", "9")
    assert TAGS.sdgs("3,9", comma="decimal").values == ("3.9",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("C7. E-learning", "C7-ELEA"), ("AL C7", "C7"), ("C1, C2", "C1 C2"),
        ("C7: E-health, E-learning", "C7-EHEA C7-ELEA"),
        ("AL C2 - Information and communication infrastructure", "C2"), ("C3 and C4", "C3 C4"), ("C1|C2", "C1 C2"),
        ("C8. Cultural diversity and identity, linguistic diversity and local content", "C8"), ("C1 C2", "C1 C2"),
        ("AL C7 E–HEA • AL C11", "C7-EHEA C11"), ("Access to information and knowledge", "C3"), ("С2", "C2"),
    ],
)  # fmt: skip
def test_action_lines_as_people_list_them(text: str, codes: str) -> None:
    found = TAGS.action_lines(text)
    assert (found.values, found.unknown) == (tuple(codes.split()), ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Category 9 — E-learning", "C7-ELEA"), ("Category 2", "C2"), ("Catégorie 9", "C7-ELEA"),
        ("C7 E-HEALTH", "C7-EHEA"),
        ("AL C7. ICT Applications: E-health", "C7-EHEA"), ("Cat. 10: E-agriculture", ""), ("9", ""), ("C9, C10", ""),
    ],
)  # fmt: skip
def test_a_prize_category(text: str, code: str) -> None:
    assert TAGS.category(text).values == ((code,) if code else ())
    assert bool(TAGS.category(text).unknown) is not bool(code)


@given(st.text(max_size=60))
def test_tags_and_countries_are_read_or_kept(text: str) -> None:
    """Whatever the text, codes exist, and letters that gave none are among what was not understood."""
    for read, form in ((TAGS.sdgs, "sdg"), (TAGS.action_lines, "action-line"), (COUNTRIES.read, "country")):
        found = read(text)
        assert all(FORMATS[form](code) for code in found.values)
        assert found.values or found.unknown or not any(c.isalnum() for c in text)


def test_closed_lists_in_six_languages() -> None:
    for words, kind in ((("NGO", "ONG", "Société civile", "民间社会", "нпо"), "civil-society"),
                        (("Government", "Gouvernement", "Gobierno", "政府", "حكومة"), "government")):  # fmt: skip
        assert {read_stakeholder_type(word) for word in words} == {kind}
    assert {read_grade(w) for w in ("Winner", "prize-winner", "Lauréat", "ganador", "获奖")} == {"winner"}
    assert read_grade("Distinguished") == read_stakeholder_type("Consortium") == ""


@given(st.text())
def test_plain_text_may_stand_in_a_table(text: str) -> None:
    plain = plain_text(text)
    assert text_problem(Origin(""), plain) is None
    assert plain == plain.strip()


def test_markup_is_removed_and_text_is_not() -> None:
    assert plain_text("<p>R&amp;D &lt;b&gt;now&lt;/b&gt;</p>\n a < b") == "R&D now a < b"


def test_addresses_of_persons_are_removed_and_figures_are_not() -> None:
    assert without_addresses("Write to jane.doe@example.org or +33 1 23 45 67 89.") == ("Write to or .", 2)
    for text in ("1 200 000 people since 2003-2007", "C++ and 9.c + 4.a", "@home", "1,000,000.00 USD"):
        assert without_addresses(text) == (text, 0)
    assert is_personal("a@example.org; b@example.org")
    assert not is_personal("Ask a@example.org")


@pytest.mark.parametrize("kind", Kind)
def test_no_header_means_two_things(kind: Kind) -> None:
    own = fields_of(kind)
    meant = {f.name: f.name if f.name in own else "start" for f in FIELDS if f.name in own or f.name == "year"}
    read = {(meant[f.name], h): find_header(kind, h) for f in FIELDS if f.name in meant for h in f.headers}
    assert {key: found for key, found in read.items() if found != key[0]} == {}


def test_headers_with_signs_numbers_and_two_languages() -> None:
    for header, field in (
        ("Country *", "country"), ("Country / Pays", "country"), ("country (2)", "country"),
        ("Country: name", "country"),
        ("project_title", "title"), ("organisation.name", "organisation"), ("Contact E-mail", PERSONAL),
        ("Reason for rejection", IGNORE), ("Budget", ""), ("", ""),
        ("Name of the project", "title"), ("Project start date", "start"),
        ("Related WSIS Action Lines", "action_lines"),
        ("Description of the project", "description"), ("Nom de l’organisation", "organisation"),
        ("Name of the project manager", ""), ("Project manager", PERSONAL), ("Full name", ""), ("Project", "title"),
        ("Project partners", ""), ("of the", ""),
    ):  # fmt: skip
        assert (header, recognise_header(Kind.STOCKTAKING, header)) == (header, field)
    assert recognise_header(Kind.PRIZES, "Project status") == ""


_names = st.text(min_size=1, max_size=20)


@given(
    st.dictionaries(_names, st.sampled_from([*fields_of(Kind.PRIZES), KEEP, PERSONAL, IGNORE]), max_size=5),
    st.dictionaries(st.sampled_from(CODED), st.dictionaries(_names, st.just(("KEN", "UGA")), min_size=1, max_size=3)),
)
def test_a_mapping_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, str], values: dict[str, dict[str, tuple[str, ...]]]
) -> None:
    layout = Layout(Kind.PRIZES, columns, values, "list")
    path = tmp_path_factory.mktemp("layout") / "prizes.toml"
    path.write_text(layout_text(layout), "utf-8", newline="")
    assert read_layout(path, Kind.PRIZES) == layout


@given(
    st.builds(
        Record, record=_names, kind=st.just("prizes"), title=st.text(), sdgs=st.just(("9", "9.c")),
        organisations=st.just(("A", "B")), countries=st.just(()), action_lines=st.just(("C1",)),
        as_given=st.dictionaries(_names, st.text(), max_size=3),
    )
)  # fmt: skip
def test_a_record_is_read_as_it_was_written(record: Record) -> None:
    assert record_of(row_of(record)) == record


def test_the_file_of_a_record_does_not_count() -> None:
    one = Record("a", "prizes", source_title="x.csv", file_url="urn:x:1")
    assert record_digest(one) == record_digest(Record("a", "prizes", source_title="y.csv"))
    assert record_digest(one) != record_digest(Record("a", "prizes", title="T"))


def member(title: str, body: str = "Ministry of Health", country: str = "KEN", **said: str) -> Member:
    return Member(said.pop("id", title), "stocktaking", title, organisations=(body.lower(),),
                  countries=frozenset(filter(None, [country])), **said)  # fmt: skip


LONG = "National network of rural health centres"


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        (member("NATIONAL network of rural health-centres"), Verdict.SAME),
        (member("National network of rurral health centres"), Verdict.SAME),
        (member(LONG, country="UGA"), None),
        (member(LONG, country=""), Verdict.OPEN),
        (member(LONG, body="University of the North"), Verdict.OPEN),
        (member("National network of urban health centres"), Verdict.OPEN),
        (member("National network of rural health clinics"), Verdict.OPEN),
        (member("Network of rural health centres, National (NNRHC)"), Verdict.SAME),
        (member(f"{LONG} 2"), Verdict.OPEN),
        (member("Something else altogether"), None),
        (member("Quite a new name", linked="17"), Verdict.OPEN),
        (member("National network of health", linked="17"), Verdict.SAME),
    ],
)
def test_the_rule_of_what_is_the_same(second: Member, verdict: Verdict | None) -> None:
    found = compare(member(LONG, given="17"), second)
    assert (found.verdict if found else None) is verdict


def said(first: str, second: str, verdict: Verdict, by: str = "rule", score: int = 100) -> Decision:
    return Decision(first, second, verdict, verdict if by == "rule" else Verdict.SAME, by, score=score)


def test_members_are_joined_but_never_against_a_person() -> None:
    age = {name: place for place, name in enumerate("abcd")}
    chain = [said("a", "b", Verdict.SAME), said("b", "c", Verdict.SAME, score=99), said("c", "d", Verdict.OPEN)]
    assert clusters(chain, age) == {"a": "a", "b": "a", "c": "a"}
    assert clusters([*chain, said("a", "c", Verdict.DIFFERENT, "A. Curator")], age) == {"a": "a", "b": "a"}
    assert clusters(chain, age, {"b", "c"}) == {"a": "b", "b": "b"}  # names that others use stay


def test_spellings_of_an_organisation() -> None:
    one = {
        name_key(n)
        for n in ("Ministry of Health", "MINISTRY OF HEALTH", "Min. of Health (MoH)", "The Ministry of Health")
    }
    assert len(one) == 1
    assert name_key("Agro Ltd.") == name_key("AGRO Limited") != name_key("Agri Ltd.")
    assert name_key("The") == "the"


def test_messages_are_in_every_language() -> None:
    assert all(texts.keys() == set(LANGUAGES) and all(texts.values()) for texts in MESSAGES.values())
