// Bars, a map of countries, and a graph of what is joined, drawn from a table.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { choice, draw, make } from "./svg";
import { type Table, countryOf, nodeColumns, numberOf, numericColumns, shortOf } from "./table";

export type Words = Readonly<Record<string, string>>;

const MOST_BARS = 60;
const MOST_NODES = 150;
const TICKS = 200;
const language = (): string => document.documentElement.lang;
const written = (value: number): string => new Intl.NumberFormat(language(), { maximumFractionDigits: 4 }).format(value);

function shown(words: Words, n: number, all: number): Node[] {
  if (n >= all) return [];
  const text = (words["shown"] ?? "").replace("{n}", written(n)).replace("{all}", written(all));
  return [make("p", { class: "quiet" }, text)];
}

export function canChart(table: Table): boolean {
  return table.rows.length > 0 && table.columns.length > 1 && numericColumns(table).length > 0;
}

/** Bars of one numeric column, named by another; both may be chosen. */
export function chart(table: Table, words: Words): HTMLElement {
  const numbers = numericColumns(table);
  const labels = table.columns.filter((name) => !numbers.includes(name));
  const named = labels.length ? labels : table.columns;
  let number = numbers[0] ?? "";
  let label = named.find((name) => /title|name|label/.test(name)) ?? named[0] ?? "";
  const sheet = make("div", { class: "drawing scroll", tabindex: 0, role: "region", "aria-label": words["chart"] ?? "" });
  const paint = (): void => {
    const bars = table.rows
      .map((row) => ({ name: shortOf(row[label], 42), value: numberOf(row[number]) }))
      .filter((bar) => Number.isFinite(bar.value));
    const drawn = bars.slice(0, MOST_BARS);
    const most = Math.max(...drawn.map((bar) => bar.value), 0);
    const least = Math.min(...drawn.map((bar) => bar.value), 0);
    const [left, width, height] = [300, 560, 24];
    const scale = most > least ? width / (most - least) : 0;
    const zero = left - least * scale;
    const picture = draw("svg", {
      viewBox: `0 0 960 ${drawn.length * height + 8}`, role: "img", "aria-label": `${words["chart"]}: ${number}, ${label}`,
    });
    drawn.forEach((bar, place) => {
      const y = place * height + 4;
      const long = Math.abs(bar.value) * scale;
      picture.append(
        draw("text", { x: left - 8, y: y + 15, "text-anchor": "end" }, bar.name),
        draw("rect", { x: bar.value < 0 ? zero - long : zero, y: y + 2, width: Math.max(long, 1), height: height - 6 }),
        draw("text", { x: Math.max(zero + (bar.value < 0 ? 0 : long), left) + 6, y: y + 15 }, written(bar.value)),
      );
    });
    sheet.replaceChildren(picture, ...shown(words, drawn.length, bars.length));
  };
  paint();
  return make(
    "div",
    {},
    make(
      "p",
      { class: "row" },
      choice(words["label"] ?? "", named, label, (value) => { label = value; paint(); }),
      choice(words["number"] ?? "", numbers, number, (value) => { number = value; paint(); }),
    ),
    sheet,
  );
}

function countryColumn(table: Table): string {
  return (
    table.columns.find((name) => {
      const terms = table.rows.map((row) => row[name]).filter((term) => term !== undefined);
      const meant = /country/.test(name) || terms.every((term) => term.type === "uri");
      return meant && terms.length > 0 && terms.every((term) => countryOf(term) !== "");
    }) ?? ""
  );
}

export function canMap(table: Table): boolean {
  return countryColumn(table) !== "";
}

interface World {
  readonly width: number;
  readonly height: number;
  readonly countries: Readonly<Record<string, string>>;
  readonly places: Readonly<Record<string, readonly [number, number]>>;
  readonly land: readonly string[];
}

/** The numbers at which steps of colour begin, in equal ratios from 1, as on the server's map. */
export function stepsOf(most: number): number[] {
  if (most <= 0) return [1];
  return [...new Set([0, 1, 2, 3, 4].map((step) => Math.max(1, Math.round(most ** (step / 5)))))];
}

const upTo = (next: number | undefined, from: number): string =>
  next === undefined ? "+" : next - 1 > from ? `–${written(next - 1)}` : "";

/** Countries coloured by a numeric column, or by their number of rows. */
export async function map(table: Table, words: Words, address: string): Promise<HTMLElement> {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(answer.statusText);
  const world = (await answer.json()) as World;
  const column = countryColumn(table);
  const name = table.columns.find((it) => /country.*(name|title|label)|^(name|title|label)/.test(it));
  const rows = words["rows"] ?? "";
  const numbers = [rows, ...numericColumns(table)];
  let number = numbers[1] ?? rows;
  const sheet = make("figure", { class: "worldmap" });
  const paint = (): void => {
    const values = new Map<string, number>();
    const names = new Map<string, string>();
    for (const row of table.rows) {
      const code = countryOf(row[column]);
      if (name) names.set(code, shortOf(row[name]));
      const value = number === rows ? 1 : numberOf(row[number]);
      if (code && Number.isFinite(value)) values.set(code, (values.get(code) ?? 0) + value);
    }
    const begins = stepsOf(Math.max(...values.values(), 0));
    const step = (value: number): number => begins.filter((from) => value >= from).length;
    const titled = (code: string): SVGTitleElement =>
      draw("title", {}, `${names.get(code) ?? code}: ${written(values.get(code) ?? 0)}`);
    const picture = draw("svg", {
      viewBox: `0 0 ${world.width} ${world.height}`, role: "img", "aria-label": `${words["map"]}: ${number}`,
    });
    for (const d of world.land) picture.append(draw("path", { d, class: "land" }));
    for (const [code, d] of Object.entries(world.countries)) {
      picture.append(draw("path", { d, class: `m${step(values.get(code) ?? 0)}` }, titled(code)));
    }
    for (const [code, [cx, cy]] of Object.entries(world.places)) {
      if (!values.has(code)) continue;
      picture.append(draw("circle", { cx, cy, r: 4, class: `m${step(values.get(code) ?? 0)}` }, titled(code)));
    }
    const keys = begins.map((from, place) =>
      make("span", { class: "key" }, make("span", { class: `box s${place + 1}` }), " ", make("bdi", { dir: "ltr" }, `${written(from)}${upTo(begins[place + 1], from)}`)),
    );
    sheet.replaceChildren(picture, make("div", { class: "legend" }, ...keys), make("figcaption", {}, words["borders"] ?? ""));
  };
  paint();
  return make(
    "div",
    {},
    make("p", { class: "row" }, choice(words["number"] ?? "", numbers, number, (value) => { number = value; paint(); })),
    sheet,
  );
}

export function canGraph(table: Table): boolean {
  return table.rows.length > 0 && nodeColumns(table).length > 1;
}

interface Point {
  readonly name: string;
  readonly column: number;
  degree: number;
  x: number;
  y: number;
}

/** The two columns that join the fewest points by the most lines. */
function denseColumns(table: Table, ends: readonly string[]): [string, string] {
  let [best, chosen]: [number, [string, string]] = [0, [ends[0] ?? "", ends[1] ?? ""]];
  const rows = table.rows.slice(0, 200);
  ends.slice(0, 8).forEach((from, place) => {
    for (const to of ends.slice(place + 1, 8)) {
      const lines = new Set(rows.map((row) => `${row[from]?.value} ${row[to]?.value}`)).size;
      const points = new Set(rows.flatMap((row) => [row[from]?.value, row[to]?.value])).size;
      if (lines > 1 && lines / points > best) [best, chosen] = [lines / points, [from, to]];
    }
  });
  return chosen;
}

/** What two columns join, drawn by forces from a fixed start: the same answer gives the same picture. */
export function graph(table: Table, words: Words): HTMLElement {
  const ends = nodeColumns(table);
  const triples = table.columns.join(" ") === "subject predicate object";
  let [from, to] = triples ? ["subject", "object"] : denseColumns(table, ends);
  const columns = triples ? table.columns : ends;
  const sheet = make("div", { class: "drawing graph scroll", tabindex: 0, role: "region", "aria-label": words["graph"] ?? "" });
  const paint = (): void => {
    const points = new Map<string, Point>();
    const edges = new Map<string, readonly [Point, Point]>();
    let left = 0;
    const point = (value: string, name: string, column: number): Point | null => {
      const known = points.get(value);
      if (known) return known;
      if (points.size >= MOST_NODES) return null;
      const angle = points.size * 2.399963; // the golden angle spreads them evenly
      const far = 18 * Math.sqrt(points.size + 1);
      const made = { name, column, degree: 0, x: 480 + far * Math.cos(angle), y: 320 + far * Math.sin(angle) };
      points.set(value, made);
      return made;
    };
    for (const row of table.rows) {
      const [source, target] = [row[from], row[to]];
      if (!source || !target) continue;
      const a = point(source.value, shortOf(source, 28), 0);
      const b = point(target.value, shortOf(target, 28), 1);
      if (!a || !b) left += 1;
      else if (a !== b && !edges.has(`${source.value} ${target.value}`)) {
        edges.set(`${source.value} ${target.value}`, [a, b]);
        a.degree += 1;
        b.degree += 1;
      }
    }
    const all = [...points.values()];
    settle(all, [...edges.values()]);
    const picture = draw("svg", {
      viewBox: "0 0 960 640", role: "img", "aria-label": `${words["graph"]}: ${from} – ${to}`,
    });
    for (const [a, b] of edges.values()) picture.append(draw("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y }));
    for (const it of all) {
      picture.append(
        draw("circle", { cx: it.x, cy: it.y, r: 3 + Math.min(9, Math.sqrt(it.degree) * 1.6), class: it.column ? "to" : "from" }, draw("title", {}, `${it.name}: ${it.degree}`)),
        draw("text", { x: it.x + 8, y: it.y + 4 }, it.name),
      );
    }
    sheet.replaceChildren(picture, ...shown(words, table.rows.length - left, table.rows.length));
  };
  paint();
  return make(
    "div",
    {},
    make(
      "p",
      { class: "row" },
      choice(words["from"] ?? "", columns, from, (value) => { from = value; paint(); }),
      choice(words["to"] ?? "", columns, to, (value) => { to = value; paint(); }),
    ),
    sheet,
  );
}

/** Let forces place the points, from where they are and always the same way, then fit them to the sheet. */
function settle(points: Point[], edges: readonly (readonly [Point, Point])[]): void {
  forceSimulation(points)
    .force("link", forceLink<Point, { source: Point; target: Point }>(edges.map(([source, target]) => ({ source, target }))).distance(40))
    .force("charge", forceManyBody().strength(-120))
    .force("collide", forceCollide(12))
    .force("x", forceX(480).strength(0.06))
    .force("y", forceY(320).strength(0.09))
    .stop()
    .tick(TICKS);
  const [x1, x2] = [Math.min(...points.map((p) => p.x)), Math.max(...points.map((p) => p.x))];
  const [y1, y2] = [Math.min(...points.map((p) => p.y)), Math.max(...points.map((p) => p.y))];
  const round = (value: number): number => Math.round(value * 10) / 10;
  for (const point of points) {
    point.x = round(x2 > x1 ? 24 + ((point.x - x1) / (x2 - x1)) * 790 : 480);
    point.y = round(y2 > y1 ? 20 + ((point.y - y1) / (y2 - y1)) * 600 : 320);
  }
}
