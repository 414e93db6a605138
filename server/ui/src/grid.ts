// Arrow keys in the matrix (https://www.w3.org/WAI/ARIA/apg/patterns/grid/): one stop of the Tab key, then cell by cell.

type Step = readonly [rows: number, columns: number];

const STEPS: Readonly<Record<string, Step>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function linkIn(cell: HTMLTableCellElement | undefined): HTMLAnchorElement | null {
  return cell?.querySelector("a") ?? null;
}

/** The next cell with a link in the direction of a step; null at the edge. */
export function nextLink(table: HTMLTableElement, from: HTMLAnchorElement, step: Step): HTMLAnchorElement | null {
  const cell = from.closest<HTMLTableCellElement>("td, th");
  const row = cell?.parentElement as HTMLTableRowElement | null;
  if (!cell || !row) return null;
  let [y, x] = [row.rowIndex + step[0], cell.cellIndex + step[1]];
  while (y >= 0 && y < table.rows.length && x >= 0 && x < (table.rows[y]?.cells.length ?? 0)) {
    const link = linkIn(table.rows[y]?.cells[x]);
    if (link) return link;
    y += step[0];
    x += step[1];
  }
  return null;
}

export function addGridKeys(table: HTMLTableElement): void {
  const links = [...table.querySelectorAll<HTMLAnchorElement>("a")];
  const rightToLeft = getComputedStyle(table).direction === "rtl";
  let current = links.find((link) => link.closest("tbody")) ?? links[0];
  for (const link of links) link.tabIndex = link === current ? 0 : -1;

  table.addEventListener("focusin", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || link === current) return;
    if (current) current.tabIndex = -1;
    current = link;
    link.tabIndex = 0;
  });

  table.addEventListener("keydown", (event) => {
    const link = (event.target as Element).closest("a");
    if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
    let target: HTMLAnchorElement | null = null;
    const step = STEPS[event.key];
    if (step) {
      target = nextLink(table, link, rightToLeft ? [step[0], -step[1]] : step);
    } else if (event.key === "Home" || event.key === "End") {
      const row = link.closest("tr");
      const inRow = row ? [...row.querySelectorAll("a")] : [];
      target = (event.key === "Home" ? inRow[0] : inRow.at(-1)) ?? null;
    } else {
      return;
    }
    event.preventDefault();
    target?.focus();
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** Escape puts away what is said of a cell, until another cell is pointed at or reached. */
export function addDismissal(root: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.add("quietly");
  });
  for (const kind of ["focusin", "mouseover"]) {
    root.addEventListener(kind, (event) => {
      if ((event.target as Element).closest("td a")) root.classList.remove("quietly");
    });
  }
}
