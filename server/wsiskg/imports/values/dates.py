"""Dates in the usual mess, kept as exactly as they are certain: a day, a month, or only the year."""

import re
from datetime import date, timedelta

from wsiskg.tables.recognise.folding import compatible, flat

__all__ = ["FIRST_YEAR", "LAST_YEAR", "read_date"]

FIRST_YEAR, LAST_YEAR = 1980, 2050
"""Years that are taken for one of a project; others are kept as given."""

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene январь января янв يناير 一月",
            "february feb fevrier fev fevr febrero февраль февраля фев فبراير شباط",
            "march mar mars marzo март марта مارس اذار",
            "april apr avril avr abril abr апрель апреля апр ابريل نيسان",
            "may mai mayo май мая مايو ايار",
            "june jun juin junio июнь июня июн يونيو حزيران",
            "july jul juillet juil julio июль июля июл يوليو تموز",
            "august aug aout agosto ago август августа авг اغسطس اب",
            "september sep sept septembre septiembre set сентябрь сентября сен сент سبتمبر ايلول",
            "october oct octobre octubre октябрь октября окт اكتوبر",
            "november nov novembre noviembre ноябрь ноября ноя نوفمبر",
            "december dec decembre diciembre dic декабрь декабря дек ديسمبر",
        ),
        1,
    )
    for month in map(flat, names.split())
}
_YEAR = r"((?:19|20)\d\d)"
_ISO = re.compile(rf"{_YEAR}[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}))?(?:[t ]\d\d?:\d\d.*)?")
_LAST = re.compile(rf"(?:(\d{{1,2}})[-/. ])?(\d{{1,2}})[-/. ]{_YEAR}(?: \d\d?:\d\d.*)?")
_CJK = re.compile(rf"{_YEAR}\s*年(?:\s*(\d{{1,2}})\s*月(?:\s*(\d{{1,2}})\s*[日号])?)?")
_NAMED = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?[\s\-./]*(?:de |of )?)?([^\W\d_]{{3,12}})\.?,?[\s\-./']*(?:del? )?"
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?,\s*)?(?:{_YEAR}|'?(\d\d))(?:\s*г(?:ода|\.)?)?"
)
_RANGE = re.compile(
    rf"(?:since|from|depuis|de|desde|с|منذ|自)?\s*{_YEAR}\s*(?:[-–—/~]|to|a|à|au|al|по|إلى|至)\s*.{{1,30}}"
)
_ABOUT = re.compile(
    rf"(?:since|from|in|year|depuis|en|desde|annee|ano|с|год|منذ|自)?\s*{_YEAR}\s*(?:\.0+|г\.?|года|год|年)?"
)
_PART = r"(?:[qths][1-4]|[1-4](?:st|nd|rd|th|er|e|o|[- ])? ?(?:q|t|quarter|half|semestre|trimestre|кв\.?|квартал))"
_IN_PART = re.compile(rf"{_PART}[\s\-/,]*(?:of |de |du |del )?{_YEAR}|{_YEAR}[\s\-/,]*{_PART}")
_ZERO = date(1899, 12, 30)  # day 0 of spreadsheets


def read_date(text: str) -> str:
    """Return a date as YYYY, YYYY-MM or YYYY-MM-DD, whatever of it is certain; empty if nothing is.

    Of 03/04/2015 only the year is certain, of 13/04/2015 all, and of a quarter the year. A range gives its beginning. A
    whole number of five digits is a day as spreadsheets count them.
    """
    written = flat(compatible(text)).strip(" .,")
    if not written or len(written) > 60:
        return ""
    if re.fullmatch(r"\d{5}(?:\.\d+)?", written):
        found = _ZERO + timedelta(days=int(float(written)))
        return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else ""
    for read in (_iso, _cjk, _last, _named):
        if said := read(written):
            return said
    match = _ABOUT.fullmatch(written) or _RANGE.fullmatch(written) or _IN_PART.fullmatch(written)
    return _dated(int(match[match.lastindex or 1])) if match else ""


def _iso(text: str) -> str:
    match = _ISO.fullmatch(text)
    return _dated(int(match[1]), int(match[2]), int(match[3] or 0)) if match else ""


def _cjk(text: str) -> str:
    match = _CJK.fullmatch(text)
    return _dated(int(match[1]), int(match[2] or 0), int(match[3] or 0)) if match else ""


def _last(text: str) -> str:
    """Read a date that ends with the year; day and month are told apart only where one of them is over 12."""
    match = _LAST.fullmatch(text)
    if match is None:
        return ""
    year, second = int(match[3]), int(match[2])
    if match[1] is None:
        return _dated(year, second)
    first = int(match[1])
    if first > 12 or first == second:
        return _dated(year, second, first)
    return _dated(year, first, second) if second > 12 else _dated(year) if second > 0 else ""


def _named(text: str) -> str:
    match = _NAMED.fullmatch(text)
    if match is None or (month := _MONTHS.get(match[2])) is None:
        return ""
    day = int(match[1] or match[3] or 0)
    if match[4]:
        return _dated(int(match[4]), month, day)
    return _dated(2000 + int(match[5]), month, day)


def _dated(year: int, month: int = 0, day: int = 0) -> str:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return ""
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
