"""Rows of terms as the engine writes them, from terms as N-Triples has them: CSV, TSV, JSON and XML.

Only for terms whose value is their spelling: without escapes, of no datatype but those of which it can be told. All
else is for the engine, which keeps values and would write them in its own way.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from wsiskg.graph.vocabulary import XSD

__all__ = ["UnspokenError", "write_rows"]


class UnspokenError(ValueError):
    """Something is for the engine."""


_Term = tuple[str, str, str, str]
"""A term taken apart: IRI, or value, language and datatype of a literal; what it lacks is empty."""
_Columns = Sequence[list[_Term] | None]

_TERMS = re.compile(
    r"""^(?:<([^>\\\n]++)>|"([^"\\\n]*+)"(?:@([a-z0-9-]++)|\^\^<([^>\\\n]++)>)?)$""", re.ASCII | re.MULTILINE
)
_SPELLINGS: Mapping[str, re.Pattern[str]] = {
    XSD("integer").value: re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII),
    XSD("decimal").value: re.compile(r"-?(?:0|[1-9]\d{0,8})\.\d{0,7}[1-9]", re.ASCII),
    XSD("boolean").value: re.compile(r"true|false"),
    XSD("date").value: re.compile(r"(?!0000)\d{4}-\d\d-\d\d", re.ASCII),
    XSD("gYear").value: re.compile(r"(?!0000)\d{4}", re.ASCII),
    XSD("anyURI").value: re.compile(r".*"),
}
"""Datatypes, and their values that have one spelling."""
_BARE = frozenset(XSD(name).value for name in ("integer", "decimal", "boolean"))
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;"})
_NOT_XML = re.compile("[\ufffe\uffff]")  # control characters have escapes in N-Triples


def write_rows(names: Sequence[str], columns: Sequence[Sequence[bytes] | None], media_type: str) -> bytes:
    """Return a table.

    Args:
        names: of its columns.
        columns: the terms of each, as many in each as there are rows; None: not bound in any row.
        media_type: what to write it as.

    Raises:
        UnspokenError: one of the terms is for the engine, or the media type is not one of a table.

    """
    write = _WRITERS.get(media_type)
    if write is None:
        raise UnspokenError
    return "".join(write(names, [None if terms is None else _taken_apart(terms) for terms in columns])).encode()


def _taken_apart(terms: Sequence[bytes]) -> list[_Term]:
    """Return the parts of all terms of a column, which takes little longer than those of one."""
    found: list[_Term] = _TERMS.findall(b"\n".join(terms).decode())
    if len(found) != len(terms):
        raise UnspokenError
    for _, value, _, datatype in found:
        if datatype and ((spelling := _SPELLINGS.get(datatype)) is None or spelling.fullmatch(value) is None):
            raise UnspokenError
    return found


def _rows(columns: _Columns, write: Callable[[_Term], str]) -> Iterator[tuple[str, ...]]:
    """Return the rows with every term written; an empty text stands for one that is not bound."""
    size = next(len(terms) for terms in columns if terms is not None)
    return zip(*([""] * size if terms is None else map(write, terms) for terms in columns), strict=True)


def _csv(names: Sequence[str], columns: _Columns) -> Iterable[str]:
    return ["\r\n".join([",".join(names), *map(",".join, _rows(columns, _field)), ""])]


def _field(term: _Term) -> str:
    iri, value, _, datatype = term
    return iri or (f'"{value}"' if "," in value and not datatype else value)


def _tsv(names: Sequence[str], columns: _Columns) -> Iterable[str]:
    return ["\n".join(["\t".join(f"?{name}" for name in names), *map("\t".join, _rows(columns, _turtle)), ""])]


def _turtle(term: _Term) -> str:
    iri, value, language, datatype = term
    if iri:
        return f"<{iri}>"
    if language:
        return f'"{value}"@{language}'
    if not datatype:
        return f'"{value}"'
    return value if datatype in _BARE else f'"{value}"^^<{datatype}>'


def _json(names: Sequence[str], columns: _Columns) -> Iterable[str]:
    heads = [f'"{name}":' for name in names]
    rows = [
        "{" + ",".join([head + term for head, term in zip(heads, row, strict=True) if term]) + "}"
        for row in _rows(columns, _object)
    ]
    return ['{"head":{"vars":["', '","'.join(names), '"]},"results":{"bindings":[', ",".join(rows), "]}}"]


def _object(term: _Term) -> str:
    iri, value, language, datatype = term
    if iri:
        return f'{{"type":"uri","value":"{iri}"}}'
    if language:
        return f'{{"type":"literal","value":"{value}","xml:lang":"{language}"}}'
    kind = f',"datatype":"{datatype}"' if datatype else ""
    return f'{{"type":"literal","value":"{value}"{kind}}}'


def _xml(names: Sequence[str], columns: _Columns) -> Iterable[str]:
    yield '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    yield from (f'<variable name="{name}"/>' for name in names)
    yield "</head><results>"
    for row in _rows(columns, _element):
        yield "<result>"
        yield from (f'<binding name="{name}">{term}</binding>' for name, term in zip(names, row, strict=True) if term)
        yield "</result>"
    yield "</results></sparql>"


def _element(term: _Term) -> str:
    iri, value, language, datatype = term
    if _NOT_XML.search(value) is not None or value != value.strip():  # the engine writes blanks at the ends as escapes
        raise UnspokenError
    if iri:
        return f"<uri>{iri.translate(_XML)}</uri>"
    kind = f' xml:lang="{language}"' if language else f' datatype="{datatype.translate(_XML)}"' if datatype else ""
    return f"<literal{kind}>{value.translate(_XML)}</literal>"


_WRITERS: Mapping[str, Callable[[Sequence[str], _Columns], Iterable[str]]] = {
    "text/csv": _csv,
    "text/tab-separated-values": _tsv,
    "application/sparql-results+json": _json,
    "application/sparql-results+xml": _xml,
}
