"""Countries in any spelling: ISO 3166-1 codes, names in many languages (CLDR, pycountry), the short forms of lists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from wsiskg.imports.values.reading import NOTHING, Reading, Unknown
from wsiskg.tables.recognise.folding import compatible, squeeze
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.rows import Tables

__all__ = ["CountryReader"]

_CACHED = 4_096
_LONGEST = 2_000
_SEPARATORS = re.compile(r"[;,/|&+\n•·]|\s[-–—]\s|(?<!\w)(?:and|et|y|e|und|и|و|和)(?!\w)|[与和、，；]", re.IGNORECASE)
_LOCALES = (
    "de", "pt", "it", "nl", "tr", "fa", "uk", "pl", "id", "ja", "ko", "sw", "hi", "bn", "el", "sv", "vi", "ms", "fr",
    "es", "ru", "ar", "zh", "zh_Hant", "en",
)  # fmt: skip
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "ARE": ("UAE", "U.A.E.", "Emirates", "EAU"),
    "BIH": ("Bosnia", "Bosnia Herzegovina", "Bosnia-Herzegovina"),
    "BOL": ("Bolivia",),
    "BRN": ("Brunei Darussalam",),
    "CIV": ("Ivory Coast", "Cote d Ivoire", "Cote Ivoire", "Côte-d'Ivoire"),
    "CAF": ("CAR", "Central African Rep"),
    "CHN": ("China", "P.R. China", "PR China", "PRC", "People's Republic of China", "Chine", "RPC"),
    "COD": (
        "DR Congo", "DRC", "D.R. Congo", "RDC", "Congo-Kinshasa", "Congo DR", "Zaire", "Zaïre", "Rép. dém. du Congo",
        "Dem. Rep. of the Congo", "Congo, Dem. Rep.", "Democratic Republic of the Congo",
        "Democratic Republic of Congo", "République démocratique du Congo",
    ),
    "COG": (
        "Congo-Brazzaville", "Republic of the Congo", "Congo Republic", "Rép. du Congo", "Congo (Rep. of the)",
        "Congo, Rep.",
    ),
    "COM": ("Comores", "Comoros Islands"),
    "CPV": ("Cape Verde", "Cabo Verde", "Cap-Vert"),
    "CZE": ("Czech Republic", "Czechia", "Czech Rep."),
    "DOM": ("Dominican Rep.", "Dominican Republic"),
    "EGY": ("Egypt, Arab Rep.", "Arab Republic of Egypt", "A.R. Egypt"),
    "FSM": ("Micronesia", "Micronesia, Fed. Sts.", "Federated States of Micronesia"),
    "GBR": ("UK", "U.K.", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland", "R.-U."),
    "GMB": ("The Gambia", "Gambia"),
    "IRN": ("Iran", "I.R. Iran", "IR Iran", "Islamic Republic of Iran", "Iran, Islamic Rep.", "Persia"),
    "KGZ": ("Kyrgyzstan", "Kyrgyz Republic", "Kirghizistan"),
    "KOR": ("South Korea", "Republic of Korea", "Korea (Rep. of)", "R.O. Korea", "ROK", "Corée du Sud"),
    "LAO": ("Laos", "Lao PDR", "Lao P.D.R."),
    "LBY": ("Libya", "Libyan Arab Jamahiriya", "State of Libya"),
    "MDA": ("Moldova", "Rep. of Moldova"),
    "MKD": (
        "Macedonia", "FYROM", "TFYR Macedonia", "The Former Yugoslav Republic of Macedonia",
        "The former Yugoslav Rep. of Macedonia",
    ),
    "MMR": ("Burma", "Birmanie", "Birmania"),
    "NLD": ("Holland", "The Netherlands", "Netherlands", "Hollande"),
    "PNG": ("PNG",),
    "PRK": ("North Korea", "DPRK", "Dem. People's Rep. of Korea", "DPR Korea", "RPDC"),
    "PSE": ("Palestine", "State of Palestine", "Palestinian Authority", "Palestinian Territories", "Palestine State"),
    "RUS": ("Russia", "Russian Fed.", "Russie"),
    "SAU": ("KSA", "Saudi", "Kingdom of Saudi Arabia"),
    "STP": ("Sao Tome and Principe", "São Tomé e Príncipe", "Sao Tome & Principe"),
    "SWZ": ("Swaziland", "Eswatini", "Swazilandia"),
    "SYR": ("Syria", "Syrie", "Syrian Arab Rep."),
    "TLS": ("East Timor", "Timor Leste", "Timor oriental"),
    "TUR": ("Turkey", "Türkiye", "Turkiye", "Turquie", "Turquía"),
    "TWN": ("Chinese Taipei", "Taiwan, Province of China"),
    "YEM": ("Yemen, Rep.", "Republic of Yemen"),
    "TZA": ("Tanzania", "United Rep. of Tanzania", "Tanzanie"),
    "USA": ("US", "U.S.", "USA", "U.S.A.", "United States", "United States of America", "America", "EE. UU.", "EEUU",
            "E.E.U.U.", "É.-U."),
    "VAT": ("Vatican", "Holy See", "Vatican City"),
    "VEN": ("Venezuela", "Venezuela, RB"),
    "VNM": ("Vietnam", "Viet Nam", "Viêt Nam"),
}  # fmt: skip
_DOUBTFUL: Mapping[str, tuple[str, ...]] = {
    "Congo": ("COD", "COG"), "Конго": ("COD", "COG"), "الكونغو": ("COD", "COG"), "刚果": ("COD", "COG"),
    "Korea": ("KOR", "PRK"), "Corée": ("KOR", "PRK"), "Corea": ("KOR", "PRK"), "Корея": ("KOR", "PRK"),
    "كوريا": ("KOR", "PRK"), "朝鲜半岛": ("KOR", "PRK"),
}  # fmt: skip
"""Names that more than one country goes by."""
_DOUBTS = {squeeze(name): codes for name, codes in _DOUBTFUL.items()}
_ABBREVIATED = (
    (re.compile(r"\bRep\.?(?=\s|$)", re.IGNORECASE), "Republic"),
    (re.compile(r"\bDem\.?(?=\s|$)", re.IGNORECASE), "Democratic"),
    (re.compile(r"\bFed\.?(?=\s|$)", re.IGNORECASE), "Federation"),
    (re.compile(r"\bSt\.?\s", re.IGNORECASE), "Saint "),
    (re.compile(r"\bIs\.?$", re.IGNORECASE), "Islands"),
)
_BRACKETS = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_INVERTED = re.compile(r"^([^,]+),\s*(.+)$")
_ARTICLE = re.compile(
    r"^(?:the|la|le|les|el|los|las|l['’]|republic of(?: the)?|république (?:de la|du|de|d['’])|república de(?:l)?|"
    r"kingdom of(?: the)?|state of|islamic republic of)\s*",
    re.IGNORECASE,
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_TYPO = 7  # letters of a name in which one may be wrong


class CountryReader:
    """Reads countries; knows those of the tables and no others."""

    def __init__(self, tables: Tables) -> None:
        rows = [(row.text("code"), row.text("iso2"), row) for row in tables["countries"]]
        self._codes = {code: code for code, _, _ in rows} | {iso2: code for code, iso2, _ in rows if iso2}
        names = [
            (code, row.text(column)) for code, _, row in rows for column in row.cells
            if column.startswith("name_") and row.text(column)
        ]  # fmt: skip
        spelled = [(code, name) for code, names_ in _SPELLINGS.items() if code in self._codes for name in names_]
        first = _certain([*names, *spelled, *_pycountry(self._codes)])
        self._names = Names(first)
        self._known = {squeeze(name): code for code, name in first}
        self._far: Names | None = None
        self.read = lru_cache(_CACHED)(self._read)
        self._one = lru_cache(_CACHED)(self._find_one)

    def _read(self, text: str) -> Reading:
        """Read a list of countries."""
        written = " ".join(_FLAG.sub(_unflagged, compatible(text.replace("\n", ";"))).split())
        if len(written) > _LONGEST:
            return Reading((), (Unknown(text),))
        if (code := self._one(written)) is not None:
            return Reading((code,))
        found: dict[str, None] = {}
        unknown: list[Unknown] = []
        for piece, codes in _Splitter(self).split(written):
            if codes:
                found[codes[0]] = None
            elif any(c.isalnum() for c in piece):
                near = self._near(piece)
                if near is not None and not near.candidates and near.taken:
                    found[near.taken] = None
                unknown.append(near or Unknown(piece))
        if not found and not unknown and any(c.isalnum() for c in written):
            unknown.append(Unknown(text))
        return Reading(tuple(found), tuple(unknown)) if found or unknown else NOTHING

    def _find_one(self, text: str) -> str | None:
        """Return the country that a text names, if it names one for certain."""
        word = text.strip(" .:-–—_'\"*")
        if not word:
            return None
        if len(word) in {2, 3} and word.upper() in self._codes and (word.isupper() or len(word) == 3):
            return self._codes[word.upper()]
        for spelling in _spellings(word):
            key = squeeze(spelling)
            if len(key) < 4 and key.isascii() and not (spelling.isupper() or "." in spelling):
                continue  # "us" and "car" are words
            if len(codes := self._names.find(spelling)) == 1:
                return codes[0]
            if len(codes := self._others().find(spelling)) == 1 and not self._names.find(spelling):
                return codes[0]
        return None

    def _others(self) -> Names:
        """Return the names in languages that the tables do not have."""
        if self._far is None:
            self._far = _far_names(tuple(sorted(self._codes.items())))
        return self._far

    def _near(self, piece: str) -> Unknown | None:
        """Judge a spelling that is no name: with one wrong letter in a long name and no other name near, it is read."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        key = squeeze(piece)
        if key in _DOUBTS:
            return Unknown(piece, _DOUBTS[key])
        close = process.extract(key, self._known.keys(), scorer=OSA.distance, score_cutoff=2, limit=8)
        codes = dict.fromkeys(self._known[name] for name, _, _ in sorted(close, key=lambda c: c[1]))
        if len(codes) == 1 and len(key) >= _TYPO and min(distance for _, distance, _ in close) == 1:
            return Unknown(piece, (), next(iter(codes)))
        near = tuple(codes) or self._names.near(piece, 85)
        return Unknown(piece, near[:3]) if near else None


class _Splitter(Names):
    """Splits a list as names do, but finds countries in any spelling."""

    def __init__(self, reader: CountryReader) -> None:
        super().__init__(())
        self._reader = reader

    def split(self, text: str, separators: re.Pattern[str] = _SEPARATORS) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pieces with their countries."""
        return super().split(text, separators)

    def find(self, text: str) -> tuple[str, ...]:
        """Return the country that ``text`` names, if any."""
        code = self._reader._one(text)
        return (code,) if code else ()


def _certain(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, name) for code, name in names if squeeze(name) not in _DOUBTS]


def _spellings(word: str) -> Iterator[str]:
    """Yield a name as written, and as it is when brackets, inversion, abbreviations and articles are undone."""
    yield word
    plain = word = word.replace("&", " and ")
    yield plain
    if (match := _BRACKETS.match(word)) and match[1]:
        yield match[1] if len(match[2]) <= 4 and match[2].isupper() else f"{match[2]} {match[1]}"
        plain = f"{match[2]} {match[1]}"
    elif match := _INVERTED.match(word):
        plain = f"{match[2]} {match[1]}"
        yield plain
    full = plain
    for pattern, expanded in _ABBREVIATED:
        full = pattern.sub(expanded, full)
    if full != plain:
        yield full
    if (bare := _ARTICLE.sub("", full)) != full and bare:
        yield bare
    if match and _BRACKETS.match(word) and re.search(r"republic|state|kingdom|république|república", full, re.I):
        yield match[1]


def _pycountry(codes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    import pycountry

    for country in pycountry.countries:
        if country.alpha_3 in codes:
            for name in ("name", "official_name", "common_name"):
                if said := getattr(country, name, ""):
                    yield country.alpha_3, said


@cache
def _far_names(codes: tuple[tuple[str, str], ...]) -> Names:
    """Return the names of CLDR, read when first needed."""
    from babel import Locale

    known = dict(codes)
    names = {
        (known[territory], name)
        for code in _LOCALES
        for territory, name in Locale.parse(code).territories.items()
        if territory in known
    }
    return Names(_certain(sorted(names)))


def _unflagged(match: re.Match[str]) -> str:
    """Return the two letters of a flag."""
    return " " + "".join(chr(ord(c) - 0x1F1E6 + ord("A")) for c in match[0]) + " "
