// The yardstick for intake.rs: sharp on one thread does the part both share (decode, upright, shrink, encode q80 4:2:0).
// Usage: node sharp.mjs <jpeg> <runs>; a JSON line for each run, after one warm-up.
import { readFileSync } from "node:fs";
import sharp from "sharp";

const [path, runs] = process.argv.slice(2);
if (!path || !runs) {
  console.error("usage: node sharp.mjs <jpeg> <runs>");
  process.exit(2);
}
sharp.concurrency(1);
sharp.cache(false);

const bytes = readFileSync(path);
const shrink = () =>
  sharp(bytes)
    .autoOrient()
    .resize({ width: 2048, height: 2048, fit: "inside", withoutEnlargement: true })
    .jpeg({ quality: 80, chromaSubsampling: "4:2:0" })
    .toBuffer();

await shrink();
for (let run = 0; run < Number(runs); run += 1) {
  const start = performance.now();
  const jpeg = await shrink();
  const ms = (performance.now() - start).toFixed(2);
  console.log(`{"tool":"sharp","run":${run},"ms":${ms},"bytes":${jpeg.length}}`);
}
