// The digest of the plan that the worker's WASM makes of a folder of files, without a browser:
// node digest.mjs WEB_DIST FOLDER
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [dist, folder] = process.argv.slice(2).map((path) => resolve(path));
const worker = await import(pathToFileURL(join(dist, "worker.js")));
await worker.default({ module_or_path: await readFile(join(dist, "worker_bg.wasm")) });

const entries = await readdir(folder, { withFileTypes: true });
const names = entries.filter((entry) => entry.isFile() && !/^manifest|\.md$/i.test(entry.name)).map((entry) => entry.name).sort();
const files = await Promise.all(names.map(async (name) => new Uint8Array(await readFile(join(folder, name)))));
console.log(worker.digest(names, files));
// The worker keeps a message port open for its slices.
process.exit(0);
