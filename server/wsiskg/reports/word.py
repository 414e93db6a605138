"""A report as a Word document (Office Open XML) with real styles, captions, alternative texts, a contents field."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wsiskg.reports.charts import chart_png
from wsiskg.reports.content import (
    Block,
    Bullets,
    Chart,
    Code,
    Note,
    Paragraph,
    Report,
    Table,
    Text,
)
from wsiskg.reports.texts import words
from wsiskg.reports.wording import Frame, by_direction, cell_text, clean, figure_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph

__all__ = ["as_docx"]

_FONT, _EAST_ASIAN, _MONOSPACED = "Arial", "Noto Sans CJK SC", "Courier New"
_BLUE, _DEEP, _GREY = "1A5A96", "12395F", "51606E"
_LANGUAGES = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES"}
_LEFT_TO_RIGHT_MARK = "\u200e"
_WIDTH_MM = 170
_LARGEST = 60_000  # characters of a cell: Word opens more, but nobody reads them


def as_docx(report: Report) -> bytes:
    """Return the report as a Word document."""
    import docx
    from docx.shared import Mm

    document = docx.Document()
    _Style(document, report).apply()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    writer = _Writer(document, report)
    writer.write()
    _footer(document, report)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


class _Style:
    """The styles of the document: built-in ones, so that an officer's own template can take their place."""

    def __init__(self, document: "Document", report: Report) -> None:
        self.document = document
        self.report = report

    def apply(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        styles = self.document.styles
        self._font("Normal", 10)
        styles["Normal"].paragraph_format.space_after = Pt(5)
        self._font("Title", 20, _DEEP, bold=True)
        self._font("Subtitle", 11, _GREY)
        self._font("Heading 1", 14, _DEEP, bold=True)
        self._font("Heading 2", 11.5, _BLUE, bold=True)
        self._font("Caption", 9, _DEEP, bold=True)
        styles["Caption"].paragraph_format.space_before = Pt(6)
        styles["Caption"].paragraph_format.space_after = Pt(3)
        for name, size, colour in (("Note", 9.5, None), ("Table Text", 8.5, None), ("Table Note", 8, _GREY)):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
            self._font(name, size, colour)
        styles["Table Text"].paragraph_format.space_after = Pt(1)
        note = styles["Note"].element.get_or_add_pPr()
        border = _element("pBdr")
        border.append(_element("left", val="single", sz="24", space="6", color=_BLUE))
        note.append(border)
        note.append(_element("shd", val="clear", color="auto", fill="EEF3F8"))
        code = styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
        code.font.name, code.font.size = _MONOSPACED, Pt(8)
        for level in (1, 2):
            name = f"toc {level}"
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
            styles[name].paragraph_format.space_after = Pt(2)
            styles[name].paragraph_format.left_indent = Pt(12 * (level - 1))
        self._language()
        about = self.document.core_properties
        about.title, about.subject = clean(self.report.title), clean(self.report.subtitle)
        about.language, about.author, about.comments = self.report.language, "wsiskg", f"Release {self.report.release}"
        about.created = about.modified = datetime.fromisoformat(self.report.date).replace(tzinfo=UTC)

    def _font(self, name: str, size: float, colour: str | None = None, *, bold: bool = False) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        style = self.document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.bold, style.font.italic = bold or None, None
        if colour:
            style.font.color.rgb = RGBColor.from_string(colour)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind, font in (("ascii", _FONT), ("hAnsi", _FONT), ("eastAsia", _EAST_ASIAN), ("cs", _FONT)):
            fonts.set(qn(f"w:{kind}"), font)
        if name == "Title":
            for border in style.element.findall(f".//{qn('w:pBdr')}"):
                border.getparent().remove(border)

    def _language(self) -> None:
        from docx.oxml.ns import qn

        defaults = self.document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(_element("lang", val=_LANGUAGES[self.report.language], eastAsia="zh-CN", bidi="ar-SA"))


class _Writer:
    """Writes the pieces of a report one after another."""

    def __init__(self, document: "Document", report: Report) -> None:
        self.document = document
        self.report = report
        self.frame = Frame(report)
        self._marks = 0

    def write(self) -> None:
        report = self.report
        self._words(self.document.add_paragraph(style="Title"), report.title)
        subtitle = self.document.add_paragraph(style="Subtitle")
        self._words(subtitle, f"{report.subtitle} · {report.date} · {report.release}")
        for block in report.lead:
            self._block(block)
        headings = [(part.level - 1, part.title) for part in report.parts]
        headings.append((1, words("numbers-title", report.language)))
        self._contents(headings)
        for part in report.parts:
            self._heading(part.title, part.level - 1)
            for block in part.blocks:
                self._block(block)
        self._numbers()

    def _heading(self, title: str, level: int) -> None:
        paragraph = self.document.add_paragraph(style=f"Heading {level}")
        self._marks += 1
        start = _element("bookmarkStart", id=str(self._marks), name=f"_Toc{self._marks:06d}")
        paragraph._p.append(start)
        self._words(paragraph, title)
        paragraph._p.append(_element("bookmarkEnd", id=str(self._marks)))

    def _contents(self, headings: Sequence[tuple[int, str]]) -> None:
        """Write a field that Word fills with page numbers, with the headings in it until then."""
        title = self.document.add_paragraph(style="Caption")
        self._words(title, words("contents", self.report.language))
        for place, (level, heading) in enumerate(headings, 1):
            paragraph = self.document.add_paragraph(style=f"toc {level}")
            if place == 1:
                self._field_part(paragraph, "begin", dirty="true")
                self._instruction(paragraph, ' TOC \\o "1-2" \\h \\z \\u ')
                self._field_part(paragraph, "separate")
            link = _element("hyperlink", anchor=f"_Toc{place:06d}", history="1")
            paragraph._p.append(link)
            run = paragraph.add_run(clean(heading))
            link.append(run._r)
            if place == len(headings):
                self._field_part(paragraph, "end")

    def _field_part(self, paragraph: "WordParagraph", kind: str, **more: str) -> None:
        paragraph.add_run()._r.append(_element("fldChar", fldCharType=kind, **more))

    def _instruction(self, paragraph: "WordParagraph", code: str) -> None:
        from docx.oxml.ns import qn

        text = _element("instrText")
        text.set(qn("xml:space"), "preserve")
        text.text = code
        paragraph.add_run()._r.append(text)

    def _sequence(self, paragraph: "WordParagraph", name: str, number: int) -> None:
        """Write the number of a table or figure as a field, so that Word counts those that are moved or added."""
        self._field_part(paragraph, "begin")
        self._instruction(paragraph, f" SEQ {name} \\* ARABIC ")
        self._field_part(paragraph, "separate")
        paragraph.add_run(str(number))
        self._field_part(paragraph, "end")

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._text(self.document.add_paragraph(), block.text)
            case Note():
                self._text(self.document.add_paragraph(style="Note"), block.text)
            case Bullets():
                for item in block.items:
                    self._text(self.document.add_paragraph(style="List Bullet"), item)
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _caption(self, block: Table | Chart) -> None:
        before, number, after = self.frame.caption(block)
        paragraph = self.document.add_paragraph(style="Caption")
        paragraph.paragraph_format.keep_with_next = isinstance(block, Table)
        paragraph.add_run(before)
        self._sequence(paragraph, "Table" if isinstance(block, Table) else "Figure", number)
        self._words(paragraph, after)
        self._superscript(paragraph, self.frame.marks_of(block))

    def _table(self, table: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm, RGBColor

        self._caption(table)
        columns = table.columns
        made = self.document.add_table(rows=1, cols=len(columns), style="Table Grid")
        made.autofit = False
        shares = table.widths or [100 / len(columns)] * len(columns)
        widths = [Mm(_WIDTH_MM * share / sum(shares)) for share in shares]
        right = [table.is_numeric(column.key) for column in columns]
        properties = made._tbl.tblPr
        borders = _element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            shown = side in {"top", "bottom", "insideH"}
            borders.append(_element(side, val="single" if shown else "nil", sz="4", space="0", color="C9D3DC"))
        properties.append(borders)
        header = made.rows[0]
        header._tr.get_or_add_trPr().append(_element("cantSplit"))
        header._tr.get_or_add_trPr().append(_element("tblHeader"))
        # Looked up once: python-docx goes through all styles each time.
        style = self.document.styles["Table Text"].style_id
        for position, (cell, column) in enumerate(zip(header.cells, columns, strict=True)):
            cell.width = widths[position]
            cell._tc.get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill=_BLUE))
            paragraph = cell.paragraphs[0]
            paragraph._p.style = style
            run = paragraph.add_run(column.title)
            run.bold, run.font.color.rgb = True, RGBColor(255, 255, 255)
            paragraph.paragraph_format.keep_with_next = True
            if right[position]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for record in table.records:
            row = made.add_row()
            row._tr.get_or_add_trPr().append(_element("cantSplit"))
            for position, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
                cell.width = widths[position]
                paragraph = cell.paragraphs[0]
                paragraph._p.style = style
                self._words(paragraph, cell_text(column, record)[:_LARGEST])
                if right[position]:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for position, width in enumerate(widths):
            made.columns[position].width = width
        after = self.document.add_paragraph(style="Table Note")
        if table.after:
            self._text(after, table.after)

    def _chart(self, chart: Chart) -> None:
        from docx.shared import Mm

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        picture = paragraph.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(150))
        properties = picture._inline.docPr
        properties.set("descr", clean(chart.alt))
        properties.set("title", clean(chart.caption))
        self._caption(chart)

    def _text(self, paragraph: "WordParagraph", text: Text) -> None:
        for part in text.parts:
            if isinstance(part, Code):
                paragraph.add_run(clean(part.text), style="Code")
            elif isinstance(part, str):
                self._words(paragraph, part)
            else:
                paragraph.add_run(figure_text(part, self.report.language))
        self._superscript(paragraph, self.frame.marks(text.questions))

    def _words(self, paragraph: "WordParagraph", text: str) -> None:
        """Write words; those that are written from right to left are runs of their own, which say so.

        A mark after them keeps what follows, such as a number in brackets, from being turned with them.
        """
        for piece, turned in by_direction(clean(text)):
            run = paragraph.add_run(piece)
            if turned:
                run._r.get_or_add_rPr().append(_element("rtl"))
                paragraph.add_run(_LEFT_TO_RIGHT_MARK)

    def _superscript(self, paragraph: "WordParagraph", numbers: Sequence[int]) -> None:
        if numbers:
            paragraph.add_run(f" [{', '.join(map(str, numbers))}]").font.superscript = True

    def _numbers(self) -> None:
        report = self.report
        self._heading(words("numbers-title", report.language), 1)
        key = "numbers-lead" if self.frame.questions else "numbers-none"
        paragraph = self.document.add_paragraph(style="Table Note")
        said = words(key, report.language).format(release=report.release, date=report.date, command="\0")
        before, _, after = said.partition("\0")
        self._words(paragraph, before)
        paragraph.add_run(report.command, style="Code")
        self._words(paragraph, after)
        for question, number in self.frame.questions.items():
            line = self.document.add_paragraph(style="Table Text")
            line.add_run(f"[{number}] ")
            line.add_run(question.command, style="Code")


def _footer(document: "Document", report: Report) -> None:
    """Write the title and the page number below each page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    writer = _Writer(document, report)
    writer._words(paragraph, f"{report.title}\t\t{words('page', report.language)} ")
    writer._field_part(paragraph, "begin")
    writer._instruction(paragraph, " PAGE ")
    writer._field_part(paragraph, "separate")
    paragraph.add_run("1")
    writer._field_part(paragraph, "end")
