// Builds the scripts, the style of the query page and the shapes of the countries into the package's static files.

import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { writeWorld } from "./world.mjs";

const OUT = "../wsiskg/web/static";

// The editor as it is asks other hosts for terms and marks errors with inline styles, which our content security
// policy forbids; and it speaks English and brings prefixes of others. Each change must find its place: a new version may need another.
const CHANGES = [
  [/"<strong style='text-decoration:underline'>"/, '"<strong>"'],
  [/"This line is invalid\. Expected: "/, '"… "'],
  [/`\$\{r\}lov\.linkeddata\.es[^`]*`/, '""'],
  [/endpoint: "https:\/\/dbpedia\.org\/sparql"/, 'endpoint: "/sparql"'],
  [/prefixes_default = \{[^}]*\}/, "prefixes_default = {}"],
];

const editor = {
  name: "editor",
  setup(build) {
    build.onLoad({ filter: /yasqe\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [found, replacement] of CHANGES) {
        if (!found.test(contents)) throw new Error(`${path} no longer holds ${found}: look whether it may be left out`);
        contents = contents.replace(found, replacement);
      }
      return { contents, loader: "js" };
    });
  },
};

await build({
  entryPoints: {
    ui: "src/main.ts",
    network: "src/network.ts",
    "wsis-matrix": "src/element.ts",
    results: "src/results-page.ts",
    workbench: "src/workbench.ts",
    "workbench-style": "src/workbench.css",
  },
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife",
  outdir: OUT,
  legalComments: "none",
  logLevel: "info",
  plugins: [editor],
});
await writeWorld(`${OUT}/world.json`);
