// Elements of drawings. Styles are attributes and classes: the content security policy takes no inline style.

export type Attributes = Readonly<Record<string, string | number>>;

export function draw<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...inside);
  return element;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...inside);
  return element;
}

export function choice(label: string, values: readonly string[], chosen: string, change: (value: string) => void): HTMLElement {
  const select = make("select", {}, ...values.map((value) => make("option", { value }, value)));
  select.value = chosen;
  select.addEventListener("change", () => change(select.value));
  return make("label", { class: "choice" }, `${label} `, select);
}
