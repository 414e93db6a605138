"""The second method: a classifier for each code, learned from what owners declared, where enough of them did.

Logistic regression over TF-IDF weights of stems and pairs of stems (scikit-learn): linear, so that the words that
speak for a code can be named with their shares.
"""

import warnings
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from wsiskg.model.codes import natural_key
from wsiskg.suggestions.terms import Match
from wsiskg.suggestions.words import Word, language_of, stem, words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

__all__ = ["ENOUGH", "Classifier", "learn"]

ENOUGH = 20
"""Projects that must declare a code before it is learned."""

_STRENGTH = 10.0  # inverse of the regularisation: the best of 1, 10 and 50 in cross-validation
_NAMED = 4  # words that are named at most
_COMMON = 0.1  # a word in a larger share of the texts, such as "for", says nothing
_MANY = 100  # texts from which that can be said
_LEAST = 0.05  # a probability below is not worth a word

_FRENCH = frozenset({
    "au", "aux", "avec", "ce", "ces", "cette", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "la",
    "le", "les", "leur", "leurs", "mais", "ne", "nos", "notre", "ou", "par", "pas", "plus", "pour", "qu", "que",
    "qui", "sa", "se", "ses", "son", "sont", "sous", "sur", "un", "une", "vers", "vos", "votre",
})  # fmt: skip
_SPANISH = frozenset({
    "al", "como", "con", "del", "desde", "el", "ella", "es", "esta", "este", "las", "lo", "los", "mas", "mi", "muy",
    "no", "nos", "para", "pero", "por", "se", "ser", "sin", "sobre", "su", "sus", "tu", "un", "una", "uno", "y",
    "ya",
})  # fmt: skip


class Classifier:
    """What was learned: the weight of each word for each code."""

    def __init__(self, vectorizer: "TfidfVectorizer", models: Mapping[str, "LogisticRegression"]) -> None:
        self._vectorizer = vectorizer
        self._models = models
        self._features = {} if not models else vectorizer.vocabulary_

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that were learned."""
        return tuple(self._models)

    def find(self, texts: Sequence[str]) -> list[Mapping[str, Match]]:
        """Return what the words of each text speak for, by code: probability, and the words that raise it most."""
        if not self._models or not texts:
            return [{} for _ in texts]
        matrix = self._vectorizer.transform(texts)
        probable = {code: model.predict_proba(matrix)[:, 1] for code, model in self._models.items()}
        found: list[Mapping[str, Match]] = []
        for number, text in enumerate(texts):
            likely = {code: float(p[number]) for code, p in probable.items() if p[number] >= _LEAST}
            row = dict(zip(*_nonzero(matrix[number]), strict=True)) if likely else {}
            said = self._said(text) if row else {}
            matches = {code: Match(p, self._speaking(code, row, said)) for code, p in likely.items()}
            # Without a word that speaks for it, a code is only frequent.
            found.append({code: match for code, match in matches.items() if match.words})
        return found

    def _said(self, text: str) -> dict[int, str]:
        """Return the words of a text by the feature that they are."""
        found = _telling(text)
        features = _features(found)
        spans = [text[word.start : word.end] for word in found]
        pairs = [text[a.start : b.end] for a, b in pairwise(found)]
        known = self._features
        return {known[f]: said for f, said in zip(features, [*spans, *pairs], strict=True) if f in known}

    def _speaking(self, code: str, row: Mapping[int, float], said: Mapping[int, str]) -> tuple[str, ...]:
        weights = self._models[code].coef_[0]
        shares = sorted(((weights[f] * value, said[f]) for f, value in row.items() if f in said), reverse=True)
        return tuple(word for share, word in shares[:_NAMED] if share > 0)


def learn(texts: Sequence[str], codes: Sequence[Collection[str]], enough: int = ENOUGH) -> Classifier:
    """Learn from texts and the codes that each of them declares.

    Args:
        texts: titles with descriptions.
        codes: those of each text.
        enough: how many texts must declare a code before it is learned.

    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = Counter(code for declared in codes for code in declared)
    learned = sorted((c for c, n in counts.items() if enough <= n < len(texts)), key=natural_key)
    common = _COMMON if len(texts) >= _MANY else 1.0
    vectorizer = TfidfVectorizer(analyzer=_analyse, min_df=2, max_df=common, sublinear_tf=True)
    try:
        matrix = vectorizer.fit_transform(texts) if learned else None
    except ValueError:  # no word is in two texts
        matrix = None
    if matrix is None:
        return Classifier(vectorizer, {})
    models = {}
    for code in learned:
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of how well it converged: cross-validation says what it is worth
            models[code] = model.fit(matrix, [code in declared for declared in codes])
    return Classifier(vectorizer, models)


def _analyse(text: str) -> list[str]:
    return _features(_telling(text))


def _telling(text: str) -> list[Word]:
    """Return the words of a text that can say something: no single letters, no articles and prepositions."""
    return [word for word in words(text) if word.form not in _empty() and (len(word.form) > 1 or word.form > "z")]


@cache
def _empty() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS) | _FRENCH | _SPANISH


def _features(found: Sequence[Word]) -> list[str]:
    """Return the stems of words, then those of each word with the next."""
    single = [_stemmed(word.form) for word in found]
    return [*single, *(f"{a} {b}" for a, b in pairwise(single))]


def _stemmed(form: str) -> str:
    language = language_of(form)
    return form if language == "zh" else stem(form, language)


def _nonzero(row: "csr_matrix") -> tuple[list[int], list[float]]:
    return row.indices.tolist(), row.data.tolist()
