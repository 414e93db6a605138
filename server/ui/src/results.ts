// Views of an answer beside its table: chart, map, graph. They ask for the whole answer when the first is opened.

import { type Words, canChart, canGraph, canMap, chart, graph, map } from "./charts";
import { make } from "./svg";
import { type Table, readResults, readTriples } from "./table";

const LONGEST_ADDRESS = 6000;

async function load(source: string, values: Readonly<Record<string, string>>, triples: boolean): Promise<Table> {
  const parameters = new URLSearchParams({ ...values, format: triples ? "nt" : "json" });
  const short = parameters.toString().length <= LONGEST_ADDRESS;
  const answer = short
    ? await fetch(`${source}?${parameters}`, { credentials: "omit" })
    : await fetch(source, { method: "POST", body: parameters, credentials: "omit" });
  if (!answer.ok) throw new Error(answer.statusText);
  const text = await answer.text();
  return triples ? readTriples(text) : readResults(text);
}

/** Add the views to the answer on a page, as tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */
export function addViews(section: HTMLElement): void {
  const bar = section.querySelector<HTMLElement>(".views");
  const panel = section.querySelector<HTMLElement>("#answer-view");
  if (!bar || !panel || !section.querySelector("tbody tr")) return;
  const words = JSON.parse(section.dataset["words"] ?? "{}") as Words;
  const values = JSON.parse(section.dataset["values"] ?? "{}") as Record<string, string>;
  const triples = section.dataset["triples"] === "yes";
  const world = section.ownerDocument.documentElement.querySelector<HTMLMetaElement>("meta[name=world]")?.content ?? "";
  const whole = [...panel.childNodes];
  let loaded: Promise<Table> | null = null;
  const table = (): Promise<Table> => (loaded ??= load(section.dataset["source"] ?? "", values, triples));

  const views: Record<string, () => Promise<Node[]>> = {
    table: async () => whole,
    chart: async () => [chart(await table(), words)],
    map: async () => [await map(await table(), words, world)],
    graph: async () => [graph(await table(), words)],
  };
  const tabs = Object.keys(views).map((name) =>
    make("button", { type: "button", role: "tab", id: `view-${name}`, "aria-controls": "answer-view" }, words[name] ?? name),
  );
  const open = async (tab: HTMLElement): Promise<void> => {
    for (const it of tabs) {
      it.setAttribute("aria-selected", String(it === tab));
      it.tabIndex = it === tab ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", tab.id);
    panel.replaceChildren(make("p", { role: "status" }, words["wait"] ?? ""));
    try {
      panel.replaceChildren(...(await (views[tab.id.slice(5)] ?? views["table"]!)()));
    } catch {
      panel.replaceChildren(make("p", { role: "alert" }, words["failed"] ?? ""));
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => void open(tab));
  bar.addEventListener("keydown", (event) => {
    const offered = tabs.filter((it) => !it.hidden);
    const place = offered.indexOf(event.target as HTMLButtonElement);
    const mirrored = getComputedStyle(bar).direction === "rtl";
    const step = { ArrowRight: mirrored ? -1 : 1, ArrowLeft: mirrored ? 1 : -1 }[event.key];
    if (place < 0 || !step) return;
    event.preventDefault();
    const next = offered[(place + step + offered.length) % offered.length];
    next?.focus();
    if (next) void open(next);
  });
  const list = make("div", { role: "tablist", "aria-label": words["views"] ?? "" }, ...tabs);
  bar.replaceChildren(list);
  panel.setAttribute("role", "tabpanel");
  tabs.forEach((tab, place) => {
    tab.setAttribute("aria-selected", String(place === 0));
    tab.tabIndex = place === 0 ? 0 : -1;
    tab.hidden = place > 0;
  });
  panel.setAttribute("aria-labelledby", "view-table");
  void table().then(
    (found) => {
      const fits: Record<string, boolean> = { chart: canChart(found), map: canMap(found) && world !== "", graph: canGraph(found) };
      for (const tab of tabs.slice(1)) tab.hidden = !fits[tab.id.slice(5)];
      bar.hidden = tabs.slice(1).every((tab) => tab.hidden);
    },
    () => {}, // the table stays
  );
}
