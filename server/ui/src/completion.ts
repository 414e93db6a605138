// Completion in the editor from our own vocabulary: prefixes, classes and properties that are in use.

import type { default as Yasqe, Hint, Position } from "@zazuko/yasqe";

type Use = readonly [iri: string, label: string, uses: number];

interface Vocabulary {
  readonly prefixes: Readonly<Record<string, string>>;
  readonly classes: readonly Use[];
  readonly properties: readonly Use[];
}

interface Range {
  readonly from: Position;
  readonly to: Position;
}

interface Token {
  string: string;
  autocompletionString?: string;
}

export function compact(iri: string, prefixes: Readonly<Record<string, string>>): string {
  let best = "";
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[A-Za-z_][\w.-]*$/.test(local) && namespace.length > (prefixes[best] ?? "").length) {
      best = prefix;
    }
  }
  return best ? `${best}:${iri.slice((prefixes[best] ?? "").length)}` : `<${iri}>`;
}

/** Terms that begin with what is typed, or whose name or label holds it, those that begin first. */
export function matching(typed: string, uses: readonly Use[], prefixes: Readonly<Record<string, string>>): Use[] {
  const words = typed.replace(/^</, "").toLowerCase();
  if (!words) return [...uses];
  const rank = ([iri, label]: Use): number => {
    const name = compact(iri, prefixes).toLowerCase();
    if (name.startsWith(words) || iri.toLowerCase().startsWith(words)) return 0;
    const local = name.slice(name.indexOf(":") + 1);
    if (local.startsWith(words)) return 1;
    return local.includes(words) || label.toLowerCase().includes(words) ? 2 : 3;
  };
  return uses.map((use) => ({ use, at: rank(use) })).filter(({ at }) => at < 3).sort((a, b) => a.at - b.at).map(({ use }) => use);
}

/** Replace the editor's completers, which ask other hosts, by ours. */
export function addCompletion(editor: typeof Yasqe, address: string, used: string): void {
  let loaded: Promise<Vocabulary> | null = null;
  const vocabulary = (): Promise<Vocabulary> =>
    (loaded ??= fetch(address, { credentials: "omit" }).then((answer) => answer.json() as Promise<Vocabulary>));

  for (const [name, kind] of [["class", "classes"], ["property", "properties"]] as const) {
    const seen = new Map<string, Use>();
    let prefixes: Readonly<Record<string, string>> = {};
    editor.forkAutocompleter(name, {
      name: `${name}-here`,
      bulk: false,
      get: async (_: Yasqe, token?: Token) => {
        const found = await vocabulary();
        prefixes = found.prefixes;
        const uses = matching(token?.string.trim() ?? "", found[kind], prefixes).slice(0, 40);
        seen.clear();
        for (const use of uses) seen.set(compact(use[0], prefixes), use);
        return [...seen.keys()];
      },
      preProcessToken: (_: Yasqe, token: Token) => token,
      postProcessSuggestion: (_: Yasqe, __: Token, suggestion: string) => suggestion,
      postprocessHints: (yasqe: Yasqe, hints: Hint[]) => {
        for (const hint of hints) {
          const [, label = "", uses = 0] = seen.get(hint.text) ?? [];
          const note = [label, used.replace("{n}", String(uses))].filter(Boolean).join(" · ");
          hint.displayText = `${hint.text}   ${note}`;
          const prefix = hint.text.startsWith("<") ? "" : (hint.text.split(":")[0] ?? "");
          const chosen = hint as Hint & { hint?: (editor: unknown, data: Range) => void };
          chosen.hint = (_editor, data) => {
            yasqe.getDoc().replaceRange(hint.text, hint.from ?? data.from, hint.to ?? data.to, "complete");
            const namespace = prefixes[prefix];
            if (prefix && namespace && yasqe.getPrefixesFromQuery()[prefix] === undefined) yasqe.addPrefixes({ [prefix]: namespace });
          };
        }
        return hints;
      },
    } as never);
  }
  editor.forkAutocompleter("prefixes", {
    name: "prefixes-here",
    persistenceId: null as never,
    get: async () => Object.entries((await vocabulary()).prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
  } as never);
}

export const COMPLETERS = ["variables", "prefixes-here", "class-here", "property-here"];
