// The network: keys and a pointer mark out what hangs together with a node; the drawing can be enlarged, moved, and
// arranged by forces. Without this file every node is a link to a page that says the same.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import type { Simulation, SimulationLinkDatum, SimulationNodeDatum } from "d3-force";

interface Place extends SimulationNodeDatum {
  readonly code: string;
  readonly ring: number;
  readonly mark: SVGAElement;
  readonly home: { readonly x: number; readonly y: number };
}

interface Edge extends SimulationLinkDatum<Place> {
  source: Place;
  target: Place;
  readonly path: SVGPathElement;
  readonly home: string;
  readonly by: ReadonlySet<string>;
}

const KINDS = ["agency", "line", "sdg"] as const;
const TICKS = 300;

function placed(mark: SVGAElement): Place {
  const [x = 0, y = 0] = (mark.getAttribute("transform") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
  const ring = KINDS.findIndex((_, n) => mark.classList.contains(`ring-${n}`));
  return { code: mark.dataset.node ?? "", ring, mark, home: { x, y }, x, y };
}

/** The edges of a node; for an agency also the links that it put forward; for others, who put these forward. */
export function neighbourhood(edges: readonly Edge[], node: Place): Set<Edge> {
  const own = new Set(
    edges.filter((e) => e.source === node || e.target === node || (node.ring === 0 && e.by.has(node.code))),
  );
  for (const forward of edges) {
    if (forward.source.ring !== 0 || own.has(forward)) continue;
    if (node.ring === 2 && [...own].some((e) => e.source === forward.target && e.by.has(forward.source.code))) {
      own.add(forward);
    }
  }
  return own;
}

class Drawing {
  private readonly svg: SVGSVGElement;
  private readonly places: Place[];
  private readonly edges: Edge[];
  private readonly whole: readonly number[];
  private view: number[];
  private chosen: Place | undefined;
  private forces: Simulation<Place, Edge> | undefined;

  constructor(private readonly figure: HTMLElement, svg: SVGSVGElement) {
    this.svg = svg;
    this.places = [...svg.querySelectorAll<SVGAElement>("a.mark")].map(placed);
    const byCode = new Map(this.places.map((p) => [p.code, p]));
    this.edges = [...svg.querySelectorAll<SVGPathElement>("path.edge")].flatMap((path) => {
      const [source, target] = [byCode.get(path.dataset.a ?? ""), byCode.get(path.dataset.b ?? "")];
      if (!source || !target) return [];
      const by = new Set((path.dataset.by ?? "").split(" ").filter(Boolean));
      return [{ source, target, path, home: path.getAttribute("d") ?? "", by }];
    });
    this.whole = (svg.getAttribute("viewBox") ?? "").split(" ").map(Number);
    this.view = [...this.whole];
    this.chosen = this.places.find((p) => p.mark.classList.contains("own"));
    this.listen();
    this.stop(this.chosen ?? this.places[0]);
  }

  private listen(): void {
    for (const hidden of this.figure.querySelectorAll<HTMLElement>(".tools, .keys")) hidden.hidden = false;
    for (const place of this.places) {
      place.mark.addEventListener("pointerenter", () => this.show(place));
      place.mark.addEventListener("pointerleave", () => this.show(this.chosen));
      place.mark.addEventListener("focus", () => this.stop(place));
    }
    this.svg.addEventListener("click", (event) => {
      const place = this.at(event.target);
      if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void this.choose(place === this.chosen ? undefined : place);
    });
    this.svg.addEventListener("keydown", (event) => this.onKey(event));
    this.svg.addEventListener("dragstart", (event) => event.preventDefault());
    this.svg.addEventListener("pointerdown", (event) => this.drag(event));
    this.figure.querySelector(".tools")?.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[data-do]");
      const what = button?.dataset.do;
      if (what === "in") this.zoom(0.8);
      else if (what === "out") this.zoom(1.25);
      else if (what === "whole") this.zoom(0);
      else if (what === "arrange" && button) this.arrange(button);
    });
  }

  private at(target: EventTarget | null): Place | undefined {
    const mark = (target as Element | null)?.closest("a.mark");
    return this.places.find((p) => p.mark === mark);
  }

  /** One stop of the Tab key for all nodes. */
  private stop(place: Place | undefined): void {
    for (const other of this.places) other.mark.setAttribute("tabindex", other === place ? "0" : "-1");
  }

  /** Mark out what hangs together with a node; all of it without one. */
  private show(place: Place | undefined): void {
    const lit = place ? neighbourhood(this.edges, place) : new Set<Edge>();
    const nodes = new Set<Place>(place ? [place] : []);
    for (const edge of lit) nodes.add(edge.source).add(edge.target);
    this.figure.classList.toggle("chosen-one", place !== undefined);
    for (const edge of this.edges) edge.path.classList.toggle("lit", lit.has(edge));
    for (const other of this.places) {
      other.mark.classList.toggle("lit", nodes.has(other));
      other.mark.classList.toggle("own", other === place);
    }
  }

  /** Choose a node: its address, and what the page says of it, come from the server. */
  private async choose(place: Place | undefined): Promise<void> {
    this.chosen = place;
    this.show(place);
    for (const other of this.places) {
      if (other === place) other.mark.setAttribute("aria-current", "true");
      else other.mark.removeAttribute("aria-current");
    }
    const address = new URL(location.href);
    if (place) address.searchParams.set("node", place.code);
    else address.searchParams.delete("node");
    history.replaceState(null, "", address);
    const field = document.querySelector<HTMLSelectElement>("select#node");
    if (field) field.value = place?.code ?? "";
    const answer = await fetch(address);
    if (!answer.ok || this.chosen !== place) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["about", "links"]) {
      const [here, there] = [document.getElementById(id), page.getElementById(id)];
      if (here && there) here.replaceChildren(...there.childNodes);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const place = this.at(event.target);
    if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      void this.choose(undefined);
      return;
    }
    const next = this.next(place, event.key);
    if (!next) return;
    event.preventDefault();
    next.mark.focus();
    this.show(next);
  }

  private next(place: Place, key: string): Place | undefined {
    const angle = (p: Place): number => Math.atan2(p.home.y, p.home.x);
    const ring = this.places.filter((p) => p.ring === place.ring).sort((a, b) => angle(a) - angle(b));
    const here = ring.indexOf(place);
    if (key === "ArrowRight") return ring[(here + 1) % ring.length];
    if (key === "ArrowLeft") return ring.at(here - 1);
    if (key === "Home") return ring[0];
    if (key === "End") return ring.at(-1);
    const step = key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0;
    if (!step) return undefined;
    const away = (p: Place): number => 1 - Math.cos(angle(p) - angle(place));
    return this.places.filter((p) => p.ring === place.ring + step).sort((a, b) => away(a) - away(b))[0];
  }

  /** Enlarge about the middle; 0 shows the whole again. */
  private zoom(factor: number): void {
    if (!factor) this.view = [...this.whole];
    const [x = 0, y = 0, w = 1, h = 1] = this.view;
    const wide = Math.min(Math.max(w * (factor || 1), (this.whole[2] ?? 1) / 8), (this.whole[2] ?? 1) * 1.5);
    this.look(x + (w - wide) / 2, y + (h - wide) / 2, wide);
  }

  private look(x: number, y: number, wide: number): void {
    this.view = [x, y, wide, wide];
    this.svg.setAttribute("viewBox", this.view.map((n) => n.toFixed(1)).join(" "));
  }

  /** Drag the sheet, or a node when nodes are free. */
  private drag(down: PointerEvent): void {
    if (down.button !== 0 || down.pointerType === "touch") return;
    const place = this.at(down.target);
    if (place && !this.forces) return;
    const [x = 0, y = 0, wide = 1] = this.view;
    const unit = wide / this.svg.getBoundingClientRect().width;
    const from = { x: place?.x ?? 0, y: place?.y ?? 0 };
    let moved = false;
    const move = (event: PointerEvent): void => {
      const [dx, dy] = [(event.clientX - down.clientX) * unit, (event.clientY - down.clientY) * unit];
      if (!moved && Math.hypot(dx, dy) < 4 * unit) return;
      moved = true;
      if (place) {
        place.fx = from.x + dx;
        place.fy = from.y + dy;
        place.x = place.fx;
        place.y = place.fy;
        this.forces?.alpha(0.2).restart();
      } else this.look(x - dx, y - dy, wide);
    };
    const up = (): void => {
      window.removeEventListener("pointermove", move);
      // What ends a drag is no click.
      if (moved) this.svg.addEventListener("click", stopClick, { capture: true, once: true });
      setTimeout(() => this.svg.removeEventListener("click", stopClick, { capture: true }), 0);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up, { once: true });
  }

  /** Let forces place the nodes, or put them back on their rings. */
  private arrange(button: HTMLButtonElement): void {
    const free = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(free));
    this.forces?.stop();
    this.forces = undefined;
    this.svg.classList.toggle("free", free);
    if (!free) {
      for (const place of this.places) Object.assign(place, { ...place.home, vx: 0, vy: 0, fx: null, fy: null });
      this.put();
      return;
    }
    const half = (this.whole[2] ?? 1) / 2;
    this.forces = forceSimulation<Place, Edge>(this.places)
      .force("link", forceLink<Place, Edge>(this.edges).distance((e) => (e.source.ring === 0 ? 60 : 75)).strength(0.25))
      .force("charge", forceManyBody().strength(-330))
      .force("collide", forceCollide<Place>((p) => (p.ring === 2 ? 15 : 30)))
      .force("x", forceX(0).strength(0.09))
      .force("y", forceY(0).strength(0.09))
      .force("sheet", () => {
        for (const p of this.places) {
          p.x = Math.max(-half + 40, Math.min(half - 40, p.x ?? 0));
          p.y = Math.max(-half + 25, Math.min(half - 25, p.y ?? 0));
        }
      })
      .on("tick", () => this.put());
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.forces.stop().tick(TICKS);
      this.put();
    }
  }

  private put(): void {
    const free = this.forces !== undefined;
    for (const { mark, x = 0, y = 0, ring } of this.places) {
      mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      const label = ring === 2 ? mark.querySelector("text") : null;
      if (!label) continue;
      label.dataset.turn ??= label.getAttribute("transform") ?? "";
      if (free) label.removeAttribute("transform");
      else label.setAttribute("transform", label.dataset.turn);
    }
    for (const { path, home, source, target } of this.edges) {
      if (!free) {
        path.setAttribute("d", home);
        continue;
      }
      path.setAttribute("d", `M${source.x?.toFixed(1)} ${source.y?.toFixed(1)}L${target.x?.toFixed(1)} ${target.y?.toFixed(1)}`);
    }
  }
}

function stopClick(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

for (const figure of document.querySelectorAll<HTMLElement>("figure[data-network]")) {
  const svg = figure.querySelector("svg");
  if (svg) new Drawing(figure, svg);
}
