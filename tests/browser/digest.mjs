// The digest of the plan that the worker's WASM makes of a folder of files, without a browser:
// node digest.mjs WEB_DIST FOLDER, or that of a million projected coordinates: node digest.mjs WEB_DIST --coordinates
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dist = resolve(process.argv[2]);
const folder = process.argv[3];
const worker = await import(pathToFileURL(join(dist, "worker.js")));
await worker.default({ module_or_path: await readFile(join(dist, "worker_bg.wasm")) });

if (folder === "--coordinates") {
  console.log(worker.coordinate_digest(1_000_000));
  process.exit(0);
}
const entries = await readdir(folder, { withFileTypes: true });
const names = entries.filter((entry) => entry.isFile() && !/^manifest|\.md$/i.test(entry.name)).map((entry) => entry.name).sort();
const files = await Promise.all(names.map(async (name) => new Uint8Array(await readFile(join(folder, name)))));
const begun = performance.now();
const digest = worker.digest(names, files);
console.log(digest);
// For `cargo xtask bench-wasm`: the time of the plan alone, without loading.
console.error(((performance.now() - begun) / 1000).toFixed(3));
// The worker keeps a message port open for its slices.
process.exit(0);
