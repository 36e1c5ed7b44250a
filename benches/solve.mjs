// The optimiser's WASM on one instance: node solve.mjs FOLDER_OF_THE_MODULE INSTANCE SECONDS
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, instance, seconds] = process.argv.slice(2);
const module = await import(pathToFileURL(join(resolve(folder), "solver.js")));
const { memory } = await module.default({ module_or_path: await readFile(join(folder, "solver_bg.wasm")) });
const file = await readFile(instance);
const before = process.cpuUsage();
const [cost, claimed] = module.solve(file, Number(seconds));
const used = process.cpuUsage(before);
const cpu_seconds = (used.user + used.system) / 1e6;
// The module's memory never shrinks: what it is in the end is the most there was.
console.log(JSON.stringify({ cost: Number(cost), claimed: Number(claimed), cpu_seconds, bytes: memory.buffer.byteLength }));
