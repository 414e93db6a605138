"""What every report is written with: answers, words in its language, titles of things by their codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wsiskg.graph.release import Release
from wsiskg.matrix.outlook import known_code
from wsiskg.matrix.papers.paper import Column
from wsiskg.matrix.papers.wording import STATUS_NAMES
from wsiskg.model.errors import UsageError
from wsiskg.reports.answers import Answer, Answers
from wsiskg.reports.content import Code, Figure, Note, Paragraph, Record, Table, Text, say
from wsiskg.reports.texts import COLUMNS, words
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing

__all__ = ["Desk", "Subject"]

_LABELS = ("prefLabel", "label", "title")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about: its code, its title in the language of the report, and its document in the index."""

    code: str
    title: str
    document: Mapping[str, object] = field(default_factory=dict)

    def named(self, key: str) -> tuple[str, ...]:
        """Return the names that the document has under ``key``, none where it has none."""
        found = self.document.get(key, ())
        return tuple(str(name) for name in found) if isinstance(found, list | tuple) else (str(found),)


class Desk:
    """Answers and words for one report.

    Args:
        release: that answers.
        language: of the report.
        edition: of the matrix; empty for the latest.
        index: of the release, where it is open already.

    """

    def __init__(self, release: Release, language: str, edition: str = "", index: Index | None = None) -> None:
        self.release = release
        self.language = language
        self.answers = Answers(release, language, edition)
        self.edition = self.answers.edition
        self._index = index or Index(release)
        self._subjects: dict[str, dict[str, Subject]] = {}

    def ask(self, name: str, **parameters: str) -> Answer:
        """Return the answer to a question of the catalogue."""
        return self.answers.ask(name, **parameters)

    def word(self, key: str) -> str:
        """Return a text that has no fields."""
        return words(key, self.language)

    def text(self, key: str, **facts: str | int | Figure | Code | Text) -> Text:
        """Return a text with its fields filled."""
        return say(self.word(key), **facts)

    def title(self, key: str, **facts: str | int) -> str:
        """Return a heading or a caption with its fields filled."""
        return self.word(key).format(**facts)

    def cite(self, key: str, asked: Answer, **facts: str | int | Figure | Code | Text) -> Paragraph:
        """Return a paragraph whose words come from an answer."""
        return Paragraph(replace(self.text(key, **facts), asked=(asked.question,)))

    def say(self, key: str, **facts: str | int | Figure | Code | Text) -> Paragraph:
        """Return a paragraph."""
        return Paragraph(self.text(key, **facts))

    def note(self, key: str, **facts: str | int | Figure | Code | Text) -> Note:
        """Return a note."""
        return Note(self.text(key, **facts))

    def subjects(self, kind: str) -> Mapping[str, Subject]:
        """Return everything of a kind of the index by its code, in order."""
        if kind not in self._subjects:
            found = (self._subject(document) for document in self._index.items(Listing((kind,))))
            self._subjects[kind] = {subject.code: subject for subject in found}
        return self._subjects[kind]

    def find(self, code: str, what: str, *kinds: str) -> Subject:
        """Return what has a code, whatever its case.

        Args:
            code: as it was given.
            what: its kind, for the message.
            kinds: kinds of the index that it may be of.

        Raises:
            UsageError: there is no such thing; names the nearest codes.

        """
        known = {c: subject for kind in kinds for c, subject in self.subjects(kind).items()}
        if not code:
            raise UsageError(f"say which {what}", f"Some of them: {', '.join(list(known)[:8])}.")
        try:
            return known[known_code(code, known, what)]
        except UsageError as error:
            if error.remedy or not known:
                raise
            raise UsageError(error.message, f"Some of them: {', '.join(list(known)[:8])}.") from error

    def name(self, kind: str, code: str) -> str:
        """Return the title of a thing in the language of the report; its code if there is no such thing."""
        found = self.subjects(kind).get(code)
        return found.title if found else code

    def line(self, code: str) -> str:
        """Return an action line as people know it: code and title."""
        return f"{code} {self.name('action-line', code)}"

    def status(self, code: str) -> str:
        """Return the name of a status."""
        return STATUS_NAMES[code][self.language] if code in STATUS_NAMES else code

    def listed(self, words: Iterable[str]) -> str:
        """Return words joined by commas, and the last by 'and'."""
        several = list(words)
        if len(several) < 2:
            return "".join(several)
        return f"{', '.join(several[:-1])} {self.word('and')} {several[-1]}"

    def columns(self, *keys: str) -> tuple[Column, ...]:
        """Return columns by the keys of their records."""
        return tuple(Column(key, COLUMNS[key][self.language], language=self.language) for key in keys)

    def table(
        self,
        caption: str,
        keys: Sequence[str],
        records: Iterable[Record],
        after: Text | None = None,
        widths: Sequence[int] = (),
        asked: Answer | None = None,
    ) -> Table:
        """Return a table; ``asked`` gave it words."""
        questions = (asked.question,) if asked else ()
        return Table(caption, self.columns(*keys), tuple(records), after, tuple(widths), questions)

    def _subject(self, document: Mapping[str, object]) -> Subject:
        code = str(document["id"]).rpartition("/")[2].rpartition(":")[2]
        labels = next((document[name] for name in _LABELS if name in document), code)
        if isinstance(labels, Mapping):
            labels = labels.get(self.language) or labels.get("en") or next(iter(labels.values()), code)
        return Subject(code, str(labels), document)
