"""Names of organisations that are one: by spelling for certain, by likeness for a person to decide."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from wsiskg.imports.decisions import Decision, Verdict
from wsiskg.tables.recognise.folding import compatible, flat

__all__ = ["decide_names", "name_key", "one_name"]

_NEAR = 87  # of 100: spellings that a person should look at
_COMMON = 60  # names with a word, above which the word tells nothing
_ACRONYM = re.compile(r"\s*[(\[][^()\[\]]{1,12}[)\]]\s*$|^\s*[A-Z]{2,10}\s*[-–—:]\s+(?=\S{4})")
_LEGAL = frozenset(
    [
        *("ltd", "limited", "inc", "incorporated", "llc", "plc", "gmbh", "ag", "sa", "sas", "sarl", "spa", "srl", "bv"),
        *("nv", "co", "corp", "corporation", "company", "pty", "pvt", "oy", "ab", "as", "kk", "ooo", "oao", "zao"),
        *("pao", "ltda", "sac", "cv", "the", "of", "and", "for", "de", "la", "le", "les", "du", "des", "et", "pour"),
        *("del", "los", "las", "el", "y", "para", "und", "fur"),
    ]
)
_SHORT: Mapping[str, str] = {
    "min": "ministry", "univ": "university", "dept": "department", "natl": "national", "intl": "international",
    "govt": "government", "assoc": "association", "inst": "institute", "org": "organisation", "dev": "development",
    "tech": "technology", "comm": "communication", "organization": "organisation", "technologies": "technology",
    "communications": "communication", "ict": "information communication technology", "centre": "center",
    "telecommunications": "telecommunication", "telecom": "telecommunication", "telecoms": "telecommunication",
}  # fmt: skip


def name_key(name: str) -> str:
    """Return what the spellings of one name have in common: letters alone, no legal form, no acronym beside it."""
    plain = _ACRONYM.sub(" ", compatible(name))
    words = [_SHORT.get(word, word) for word in re.findall(r"\w+", flat(plain.replace("'", "").replace(".", "")))]
    kept = [word for word in words if word not in _LEGAL]
    return " ".join(kept or words)


def decide_names(
    counts: Mapping[str, int], before: Mapping[tuple[str, str], Decision], kept: Collection[str] = frozenset()
) -> dict[tuple[str, str], Decision]:
    """Return the decisions about names: those before, and those by rule about names that are new.

    Args:
        counts: how often each name is used.
        kept: names that rows of others use, so that their spelling is preferred.
        before: decisions so far; what a person decided stays, and so does a name that others were held the same as.

    """
    used = {*counts, *kept}
    decisions = {p: d for p, d in before.items() if not d.is_by_rule or (p[0] in used and p[1] in used)}
    leading = {d.first for d in decisions.values() if d.verdict is Verdict.SAME}
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(used, key=lambda n: _rank(n, n in leading, n in kept, counts.get(n, 0))):
        groups[name_key(name)].append(name)
    for names in groups.values():
        for other in (name for name in names[1:] if name in counts):
            found = Decision(names[0], other, Verdict.SAME, Verdict.SAME, score=100, why="spelling")
            if not (old := decisions.get(found.pair)) or old.is_by_rule:
                decisions[found.pair] = old or found
    for found in _near(groups, counts):
        decisions.setdefault(found.pair, found)
    return decisions


def _rank(name: str, leading: bool, kept: bool, count: int) -> tuple[object, ...]:
    """Return what puts the spelling to keep before the others."""
    return not leading, not kept, -count, "." in name or "(" in name, name.isupper(), name


def _near(groups: Mapping[str, list[str]], counts: Mapping[str, int]) -> list[Decision]:
    """Return open decisions about names that are alike, found by their rarest word."""
    from rapidfuzz import fuzz

    number = Counter(word for key in groups for word in set(key.split()))
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for key in groups:
        for word in sorted(set(key.split()), key=lambda w: (number[w], w))[:2]:
            if 2 <= number[word] <= _COMMON:
                by_word[word].append(key)
    found: dict[tuple[str, str], Decision] = {}
    for keys in by_word.values():
        for place, key in enumerate(keys):
            for other in keys[place + 1 :]:
                score = fuzz.token_sort_ratio(key, other, score_cutoff=_NEAR)
                if score and re.findall(r"\d+", key) == re.findall(r"\d+", other):
                    first, second = groups[key][0], groups[other][0]
                    if not any(name in counts for name in (*groups[key], *groups[other])):
                        continue
                    said = Decision(first, second, Verdict.OPEN, Verdict.OPEN, score=round(score), why="spelling alike")
                    found.setdefault(said.pair, said)
    return list(found.values())


def one_name(decisions: Mapping[tuple[str, str], Decision]) -> Mapping[str, str]:
    """Return the name that stands for each that is the same as another one."""
    said = {d.second: d.first for d in decisions.values() if d.verdict is Verdict.SAME}
    found: dict[str, str] = {}
    for name in said:
        chain = [name]
        while chain[-1] in said and said[chain[-1]] not in chain:
            chain.append(said[chain[-1]])
        found[name] = chain[-1]
    return found
