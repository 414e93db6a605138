// The query workbench: an editor in place of the text area, answers without leaving the page, and what stops them.

import Yasqe from "@zazuko/yasqe";
import { COMPLETERS, addCompletion } from "./completion";
import { addViews } from "./results";

const LONGEST_ADDRESS = 6000;

const form = document.querySelector<HTMLFormElement>("form.ask");
const field = form?.querySelector<HTMLTextAreaElement>("textarea");
const outcome = document.getElementById("outcome");
if (form && field && outcome) start(form, field, outcome);

function start(form: HTMLFormElement, field: HTMLTextAreaElement, outcome: HTMLElement): void {
  const words = JSON.parse(form.dataset["words"] ?? "{}") as Record<string, string>;
  const part = <E extends HTMLElement>(selector: string): E => {
    const found = form.querySelector<E>(selector);
    if (!found) throw new Error(`the page has no ${selector}`);
    return found;
  };
  const [run, stop, tidy, share] = [
    part<HTMLButtonElement>("button[type=submit]"), part<HTMLButtonElement>(".stop"), part<HTMLButtonElement>(".tidy"), part<HTMLButtonElement>(".share"),
  ];
  const progress = part(".progress");

  addCompletion(Yasqe, form.dataset["vocabulary"] ?? "", words["uses"] ?? "");
  const box = document.createElement("div");
  field.before(box);
  field.hidden = true;
  const options = {
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null as never,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    lineWrapping: true,
    viewportMargin: Infinity,
    autocompleters: COMPLETERS,
    screenReaderLabel: "SPARQL",
    hintConfig: { container: box },
    extraKeys: {
      "Ctrl-Space": () => editor.autocomplete(),
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      "Ctrl-/": () => editor.commentLines(),
      "Shift-Ctrl-F": () => editor.autoformat(),
      Esc: () => run.focus(),
    } as never,
  };
  const editor: Yasqe = new Yasqe(box, options);
  editor.setValue(field.value);
  editor.getInputField().setAttribute("aria-label", "SPARQL");
  const label = form.querySelector<HTMLLabelElement>("label[for=query]");
  label?.addEventListener("click", () => editor.focus());
  for (const it of [tidy, share, part(".keys")]) it.hidden = false;
  tidy.addEventListener("click", () => editor.autoformat());

  const address = (): string => `${form.action}?${new URLSearchParams({ query: editor.getValue() })}`;
  share.addEventListener("click", async () => {
    const link = address();
    if (link.length > LONGEST_ADDRESS) {
      progress.textContent = words["long"] ?? "";
      return;
    }
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      progress.textContent = words["copied"] ?? "";
    } catch {
      progress.textContent = link; // where the clipboard is closed to scripts
    }
  });

  let marked: { clear(): void } | null = null;
  const markFault = (): void => {
    marked?.clear();
    marked = null;
    const fault = outcome.querySelector<HTMLElement>(".fault[data-line]");
    if (!fault) return;
    const line = Number(fault.dataset["line"]) - 1;
    const start = Math.max(Number(fault.dataset["column"]) - 1, 0);
    const end = start + Math.max(Number(fault.dataset["length"]), 1);
    marked = editor.getDoc().markText({ line, ch: start }, { line, ch: end }, { className: "fault-here" });
    editor.getDoc().setCursor({ line, ch: start });
  };

  let running: AbortController | null = null;
  stop.addEventListener("click", () => running?.abort());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
  addEventListener("popstate", () => location.reload());

  async function ask(): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    const link = address();
    const short = link.length <= LONGEST_ADDRESS;
    const began = performance.now();
    const clock = setInterval(() => {
      progress.textContent = `${words["wait"]} ${((performance.now() - began) / 1000).toFixed(0)} s`;
    }, 500);
    stop.hidden = false;
    try {
      const answer = short
        ? await fetch(link, { signal: mine.signal, credentials: "omit" })
        : await fetch(form.action, {
            method: "POST", body: new URLSearchParams({ query: editor.getValue() }), signal: mine.signal, credentials: "omit",
          });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector<HTMLElement>("#answer") ?? page.querySelector<HTMLElement>("main");
      if (!found) throw new Error("no answer on the page");
      const shown = document.adoptNode(found);
      if (shown.tagName === "MAIN") outcome.replaceChildren(...shown.childNodes);
      else outcome.replaceChildren(shown);
      progress.textContent = "";
      if (short) history.pushState(null, "", link);
      else progress.textContent = words["long"] ?? "";
      markFault();
      const section = document.getElementById("answer");
      if (section) addViews(section);
    } catch {
      progress.textContent = mine.signal.aborted ? (words["stopped"] ?? "") : (words["failed"] ?? "");
    } finally {
      clearInterval(clock);
      if (running === mine) stop.hidden = true;
    }
  }

  markFault();
  const section = document.getElementById("answer");
  if (section) addViews(section);
}
