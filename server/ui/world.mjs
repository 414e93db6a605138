// Shapes of the countries for the maps, from Natural Earth (public domain) as packed by world-atlas.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { geoCentroid, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);
const WIDTH = 960;
const ANTARCTICA = "010";

async function countries(scale) {
  const topology = JSON.parse(await readFile(require.resolve(`world-atlas/countries-${scale}.json`), "utf8"));
  return feature(topology, topology.objects.countries).features.filter((it) => it.id !== ANTARCTICA);
}

/**
 * Write {width, height, countries: code -> path, places: code -> [x, y], land: [path]}: codes are ISO 3166-1 alpha-3;
 * places are countries too small to be drawn at this scale, land is what has no code there.
 */
export async function writeWorld(file) {
  const codes = new Map(require("i18n-iso-countries/codes.json").map(([, alpha3, numeric]) => [numeric, alpha3]));
  const [coarse, fine, finest] = await Promise.all(["110m", "50m", "10m"].map(countries));
  const all = { type: "FeatureCollection", features: coarse };
  const projection = geoEqualEarth().fitWidth(WIDTH, all);
  const path = geoPath(projection).digits(1);
  const height = Math.ceil(path.bounds(all)[1][1]);
  const shapes = {};
  const land = [];
  for (const it of coarse) {
    const code = codes.get(it.id);
    if (code) shapes[code] = path(it);
    else land.push(path(it));
  }
  const places = {};
  for (const it of [...fine, ...finest]) {
    const code = codes.get(it.id);
    const [x, y] = projection(geoCentroid(it)).map((n) => Math.round(n * 10) / 10);
    if (code && !(code in shapes) && !(code in places) && y < height) places[code] = [x, y];
  }
  await writeFile(file, `${JSON.stringify({ width: WIDTH, height, countries: shapes, places, land })}\n`);
}
