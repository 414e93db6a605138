// Answers as tables of terms: SPARQL 1.1 JSON results, and N-Triples as three columns.

export interface Term {
  readonly type: string;
  readonly value: string;
  readonly datatype?: string;
}

export type Row = Readonly<Record<string, Term | undefined>>;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

interface Results {
  readonly head: { readonly vars?: readonly string[] };
  readonly results?: { readonly bindings: readonly Row[] };
}

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMERIC = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((name) => XSD + name),
);

export function readResults(text: string): Table {
  const found = JSON.parse(text) as Results;
  return { columns: found.head.vars ?? [], rows: found.results?.bindings ?? [] };
}

const TRIPLE = /^(<[^>]*>|_:\S+)\s+<([^>]*)>\s+(.+?)\s*\.\s*$/;
const LITERAL = /^"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>)?/;

function nodeOf(text: string): Term {
  if (text.startsWith("<")) return { type: "uri", value: text.slice(1, -1) };
  const literal = LITERAL.exec(text);
  if (!literal) return { type: "bnode", value: text };
  const value = (literal[1] ?? "").replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/gs, (_, code: string) =>
    code.length > 1 ? String.fromCodePoint(parseInt(code.slice(1), 16)) : ({ n: "\n", t: "\t", r: "\r" }[code] ?? code),
  );
  return literal[2] === undefined ? { type: "literal", value } : { type: "literal", value, datatype: literal[2] };
}

export function readTriples(text: string): Table {
  const rows: Row[] = [];
  for (const line of text.split("\n")) {
    const parts = TRIPLE.exec(line);
    if (!parts) continue;
    const [, subject = "", predicate = "", object = ""] = parts;
    rows.push({ subject: nodeOf(subject), predicate: { type: "uri", value: predicate }, object: nodeOf(object) });
  }
  return { columns: ["subject", "predicate", "object"], rows };
}

/** The number that a term is, NaN for any other. */
export function numberOf(term: Term | undefined): number {
  return term?.datatype && NUMERIC.has(term.datatype) ? Number(term.value) : NaN;
}

/** What is shown of a term: what stands last in an IRI, at most so many letters. */
export function shortOf(term: Term | undefined, most = 48): string {
  if (!term) return "";
  const text = term.type === "uri" ? decode(term.value.replace(/[/#]$/, "").split(/[/#]/).pop() ?? "") : term.value;
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function numericColumns(table: Table): string[] {
  return table.columns.filter((name) => {
    const terms = table.rows.map((row) => row[name]).filter((term) => term !== undefined);
    return terms.length > 0 && terms.every((term) => Number.isFinite(numberOf(term)));
  });
}

function isCode(term: Term): boolean {
  return (term.datatype === undefined || term.datatype === `${XSD}string`) && term.value.length <= 24;
}

/** Columns whose values are resources or codes: ends of the lines of a graph. */
export function nodeColumns(table: Table): string[] {
  return table.columns.filter((name) => {
    const terms = table.rows.map((row) => row[name]).filter((term) => term !== undefined);
    return terms.length > 0 && terms.every((term) => term.type !== "literal" || isCode(term));
  });
}

const COUNTRY = /(?:^|\/id\/country\/)([A-Z]{3})$/;

/** The ISO 3166-1 alpha-3 code that a term is or ends in, empty for none. */
export function countryOf(term: Term | undefined): string {
  return COUNTRY.exec(term?.value ?? "")?.[1] ?? "";
}
