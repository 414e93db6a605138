// Suggestions under a search field, as options of the browser's own list: they work with every keyboard and reader.

interface Suggestion {
  readonly code?: string;
  readonly text?: string;
}

const PAUSE = 150;

export function addSuggestions(field: HTMLInputElement, language: string): void {
  const list = document.createElement("datalist");
  list.id = `${field.id}-options`;
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting = 0;
  let running: AbortController | null = null;

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    running?.abort(); // what was asked for fewer letters
    const words = field.value.trim();
    if (!words) {
      list.replaceChildren();
      return;
    }
    waiting = window.setTimeout(async () => {
      running = new AbortController();
      try {
        const query = new URLSearchParams({ q: words, lang: language, limit: "8" });
        const answer = await fetch(`/api/v1/lookup?${query}`, {
          headers: { Accept: "application/json" },
          credentials: "omit",
          signal: running.signal,
        });
        if (!answer.ok) return;
        const found = (await answer.json()) as { member?: readonly Suggestion[] };
        list.replaceChildren(
          ...(found.member ?? []).map((it) => {
            const option = document.createElement("option");
            option.value = it.text ?? it.code ?? "";
            if (it.code && it.text) option.label = `${it.code} ${it.text}`;
            return option;
          }),
        );
      } catch {
        // Without suggestions the field still searches.
      }
    }, PAUSE);
  });
}
