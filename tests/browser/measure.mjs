// Measures the page in a real browser and prints what it finds; asserts no time. Run by `cargo xtask measure-web`, which names the
// browser, the program, the built page, a working folder and, after them, folders or files of regions to plan besides the sample.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { launch, serve } from "./setting.mjs";

const { BREIBAND_PROGRAM, BREIBAND_WEB, BREIBAND_WORK } = process.env;
const patience = 600_000;
// Where no graphics card draws, fewer pixels show what the page itself takes.
const deviceScaleFactor = Number(process.env.BREIBAND_PIXELS ?? 1);

const print = (name, value) => console.log(`${name.padEnd(58)} ${value}`);
const ms = (time) => `${time.toFixed(0).padStart(8)} ms`;
const middle = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

/** All files of the page that a visit fetches, packed as a web server would. */
function bundle() {
  const files = readdirSync(BREIBAND_WEB, { recursive: true }).filter((name) => !/^sample|LICENSE/.test(name));
  const sizes = files.map((name) => join(BREIBAND_WEB, name)).filter((path) => statSync(path).isFile());
  return sizes.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0);
}

const { address: base, end } = await serve();
const browser = await launch();

async function visit(run) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  try {
    return await run(page, await context.newCDPSession(page));
  } finally {
    await context.close();
  }
}

/** Notes in the page when each thing is first seen. */
async function watch(page) {
  await page.addInitScript(() => {
    globalThis.seen = {};
    const looks = {
      button: () => document.querySelector("#sample, #plan:enabled"),
      region: () => document.querySelector("#plan, #tools"),
      first: () => document.querySelector("#summary"),
      best: () => document.querySelector('#summary[data-first="false"]'),
      drawn: () => document.querySelector('#summary[data-first="false"]') && !document.querySelector("#progress"),
    };
    const look = () => {
      for (const [name, found] of Object.entries(looks)) if (!(name in seen) && found()) seen[name] = performance.now();
    };
    addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true }));
  });
}

console.log("The page");
print("all files of a first visit, compressed", `${(bundle() / 1e6).toFixed(2).padStart(8)} MB`);
const starts = [];
for (let round = 0; round < 3; round += 1) {
  starts.push(await visit(async (page) => {
    await watch(page);
    await page.goto(base);
    await page.waitForSelector("#sample");
    await page.waitForTimeout(800);
    return page.evaluate(() => [performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0, seen.button]);
  }));
}
print("first contentful paint, middle of 3", ms(middle(starts.map((one) => one[0]))));
print("time to interactive (the first button is there), middle", ms(middle(starts.map((one) => one[1]))));

/** Opens the files of a region, plans it, and prints how long each step takes; then `after`, or how the map moves. */
async function region(name, files, after) {
  if (process.env.BREIBAND_ONLY && !name.includes(process.env.BREIBAND_ONLY)) return;
  console.log(name);
  await visit(async (page, debug) => {
    await watch(page);
    await page.goto(base);
    await page.waitForSelector("#sample");
    await page.evaluate(() => {
      globalThis.pauses = [];
      new PerformanceObserver((list) => pauses.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
    });
    const begun = await page.evaluate(() => performance.now());
    if (files) {
      await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
      await page.setInputFiles("#files", files);
      await page.waitForSelector("#plan:enabled");
      // Until the map has drawn it all.
      await page.waitForFunction(() => !document.querySelector("#progress"), undefined, { timeout: patience });
      await page.waitForTimeout(4000);
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
      const pauses = await page.evaluate(() => pauses.splice(0));
      // By the clock it waits for the graphics card, too, which is software here.
      print("  longest pause of the main thread while reading, by the clock", ms(Math.max(0, ...pauses)));
      print("  its longest task then, in processor time", ms(longest(traceEvents, /CrRendererMain/)));
    }
    const pressed = await page.evaluate((button) => {
      document.querySelector(button).click();
      return performance.now();
    }, files ? "#plan" : "#sample");
    await page.waitForFunction(() => seen.drawn, undefined, { timeout: patience });
    const seen = await page.evaluate(() => globalThis.seen);
    if (files) print("  files read and drawn", ms(seen.region - begun));
    print(files ? "  first answer, from the press of Plan" : "  first answer, from the click on the sample", ms(seen.first - pressed));
    print("  best answer", ms(seen.best - pressed));
    print("  proven gap", `${(100 * Number(await page.getAttribute("#summary", "data-gap"))).toFixed(2).padStart(8)} %`);
    const pauses = await page.evaluate(() => pauses);
    print("  longest pause of the main thread meanwhile", ms(Math.max(0, ...pauses)));
    if (after) return after(page);
    await steering(page);
    await moving(page, debug);
  });
}

/** How soon the figures answer an edit: a house left out, and, where there are years, money for one. */
async function steering(page) {
  // The press itself is the page's own: a driver's waits for frames, which software draws slowly.
  const answer = (field, value, watched) => page.evaluate(([field, value, watched]) => new Promise((done) => {
    const said = () => {
      const element = document.querySelector(watched);
      return element?.dataset.digest ?? element?.textContent;
    };
    const before = said();
    const observer = new MutationObserver(() => {
      if (said() === before) return;
      observer.disconnect();
      done(performance.now() - begun);
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const begun = performance.now();
    const element = document.querySelector(field);
    if (value === undefined) return element.click();
    element.value = value;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }), [field, value, watched]);
  await page.click("#tab-premises");
  await page.selectOption("#search-status", "connected");
  await page.waitForSelector(".found-row");
  await page.waitForTimeout(500);
  await page.click(".found-row");
  await page.waitForSelector("#choose-exclude");
  const left = await answer("#choose-exclude", undefined, "#summary");
  print("  first answer after a house is left out", ms(left));
  await page.waitForFunction(() => !document.querySelector("#progress"), undefined, { timeout: patience });
  await page.click("#tab-years");
  if (await page.$("#budgets li .number")) {
    print("  the years after another budget", ms(await answer("#budgets li .number", "0", "#budgets li .brings")));
  }
  await page.keyboard.press("Escape");
}

/**
 * Waits until nothing is under way, and what is on screen is the whole plan of what is asked; and for the map to be drawn, which is
 * software here and takes every processor from the next edit's answer. Nobody presses sooner.
 */
async function rest(page) {
  await page.waitForFunction(() => document.querySelector('#summary[data-first="false"]') && !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  await page.waitForTimeout(1500);
}

/**
 * What a press in the page takes until `watched` says something else: by the clock, and how much of that the planning worker's task
 * took; and in the processor time of the worker and the main thread meanwhile, which others on the machine do not lengthen. The clock's
 * rest is messages and the page; the task's, a worker that waited for a processor. The press itself is the page's own: a driver's
 * waits for frames, which software draws slowly. Nothing, where nothing else is said.
 */
async function timed(page, press, watched) {
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "__metadata"] });
  const clock = await page.evaluate(([press, watched]) => new Promise((done) => {
    const said = () => {
      const element = document.querySelector(watched);
      const { digest, first, cost } = element?.dataset ?? {};
      // A first answer may be the plan that there was.
      return element && (digest ? `${digest} ${first}` : cost ?? element.textContent);
    };
    const before = said();
    const end = (time) => {
      observer.disconnect();
      clearTimeout(late);
      performance.mark("answered");
      // What the first answer is drawn by is not waited for, and its tasks are over when the trace is.
      setTimeout(done, 100, time);
    };
    const observer = new MutationObserver(() => said() !== before && end(performance.now() - begun));
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    const late = setTimeout(end, 20_000, undefined);
    performance.mark("pressed");
    const begun = performance.now();
    const element = document.querySelector(press.on);
    if (press.key) element.dispatchEvent(new KeyboardEvent("keydown", { key: press.key, bubbles: true, cancelable: true }));
    else if (press.at) element.dispatchEvent(new MouseEvent("mousemove", { clientX: press.at[0], clientY: press.at[1], bubbles: true }));
    else if (press.value === undefined) element.click();
    else {
      element.value = press.value;
      element.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }), [press, watched]);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const at = (name) => traceEvents.find((one) => one.name === name && one.cat?.includes("user_timing"))?.ts ?? 0;
  const [from, to] = [at("pressed"), at("answered")];
  const threads = new Map(traceEvents.filter((one) => one.name === "thread_name").map((one) => [`${one.pid} ${one.tid}`, one.args.name]));
  const [sums, walls] = [{}, {}];
  for (const one of traceEvents) {
    if (one.ph !== "X" || !one.tdur || one.ts + one.dur < from || one.ts > to || one.name !== "ThreadControllerImpl::RunTask") continue;
    const thread = `${one.pid} ${one.tid}`;
    // Of what was under way when it was pressed, the part that was left.
    const part = (Math.min(one.ts + one.dur, to) - Math.max(one.ts, from)) / one.dur;
    sums[thread] = (sums[thread] ?? 0) + (one.tdur * part) / 1000;
    walls[thread] = (walls[thread] ?? 0) + (one.dur * part) / 1000;
  }
  const most = (pattern) => Object.keys(sums).filter((thread) => pattern.test(threads.get(thread))).sort((a, b) => sums[b] - sums[a])[0];
  const [worker, main] = [most(/DedicatedWorker/), most(/CrRendererMain/)];
  return { clock, task: walls[worker] ?? 0, worker: sums[worker] ?? 0, main: sums[main] ?? 0 };
}

/** How often each kind of edit is made: the middle of them is printed. */
const ROUNDS = 3;

/** How soon the view answers each kind of edit, each taken back after it. */
async function edits(page) {
  const wide = (text) => text.padEnd(40);
  console.log(`  ${wide(`first answer, ms, the middle of ${ROUNDS}, after`)}   clock    task  worker  main thread`);
  const all = new Map();
  const row = (name, found) => all.set(name, [...(all.get(name) ?? []), found]);
  const home = await page.getAttribute("#summary", "data-digest");
  const box = await (await page.$("canvas")).boundingBox();
  const at = ([x, y]) => [box.x + box.width * x, box.y + box.height * y];
  const back = async () => {
    const undone = await page.getAttribute("#undo", "title");
    await page.click("#undo");
    await page.waitForFunction((undone) => document.querySelector("#undo").title !== undone, undone, { timeout: patience });
    // What was drawn is being drawn again.
    if (await page.$("#draw-cancel")) {
      await page.click("#draw-cancel");
      await page.waitForSelector("#draw-finish", { state: "detached" });
    }
    await page.waitForFunction((home) => document.querySelector("#summary").dataset.digest === home, home, { timeout: patience });
    await rest(page);
  };
  const edit = async (name, press, watched = "#summary") => {
    row(name, await timed(page, press, watched));
    await back();
  };
  const chosen = async (status) => {
    await page.click("#tab-premises");
    await page.selectOption("#search-status", status);
    await page.waitForTimeout(1000);
    await page.click(".found-row");
    await page.waitForSelector("#choose-exclude");
  };
  const other = async (act) => {
    await act();
    await page.waitForFunction((home) => document.querySelector("#summary").dataset.digest !== home, home, { timeout: patience });
    await rest(page);
  };
  const draw = async (name, button, points, keys = []) => {
    if (button !== "#draw") await page.click("#draw-more summary");
    await page.click(button);
    await page.waitForSelector("#draw-finish");
    for (const key of keys) {
      await page.focus("canvas");
      await page.keyboard.press(key);
    }
    for (const [number, point] of points.entries()) {
      await page.mouse.click(...at(point));
      await page.waitForFunction((number) => document.querySelectorAll(".waypoints li").length === number, number + 1);
      await page.waitForTimeout(600);
    }
    if (name) await edit(name, { on: "#draw-finish" });
  };
  const [line, ring] = [[[0.42, 0.42], [0.5, 0.5]], [[0.46, 0.46], [0.52, 0.46], [0.52, 0.52]]];
  for (let round = 0; round < ROUNDS; round += 1) {
    await chosen("connected");
    await edit("a house left out", { on: "#choose-exclude" });
    await other(() => page.click("#choose-exclude"));
    row("the house required again", await timed(page, { on: "#choose-include" }, "#summary"));
    await page.click("#undo");
    await page.waitForTimeout(500);
    await back();
    await page.keyboard.press("Escape");
    await page.click("#tab-prices");
    await edit("another price", { on: "#price-asphalt-verge", value: "500" });
    await page.click("#tab-plan");
    await other(() => page.selectOption("#goal-kind", "budget"));
    await page.waitForSelector("#goal-chart", { timeout: patience });
    const half = await page.getAttribute("#summary", "data-digest");
    row("the goal moved, beside the curve", await timed(page, { on: "#goal-slider", value: String(Math.round(Number(await page.$eval("#goal-slider", (one) => one.max)) * 0.7)) }, "#summary"));
    await page.click("#undo");
    await page.waitForFunction((half) => document.querySelector("#summary").dataset.digest === half, half, { timeout: patience });
    await back();
    await page.click(".whole-region");
    await page.click("#tab-scenarios");
    for (const [name, place] of [["a point of presence put", "pop"], ["a handover put", "handover"], ["a cabinet put", "cabinet"]]) {
      await page.click(`#add-${place}`);
      await page.waitForTimeout(300);
      await edit(name, { on: "canvas", key: " " });
    }
    await draw("a route drawn along roads", "#draw", line);
    await draw("a route drawn freehand", "#draw", line, ["f"]);
    await draw("a route barred", "#draw-forbidden", line);
    await draw("an area barred", "#draw-no-dig", ring);
    await draw("a duct drawn", "#draw-duct", line);
    await draw("poles drawn", "#draw-poles", line);
  }
  for (const [name, found] of all) {
    const figures = ["clock", "task", "worker", "main"].map((what) => middle(found.map((one) => one[what] ?? NaN)));
    console.log(`  ${wide(name)}${figures.map((time) => time.toFixed(0).padStart(8)).join("")}`);
  }
  // A pointer that moves.
  await draw("", "#draw", line.slice(0, 1));
  const moves = [];
  for (let step = 0; step < 24; step += 1) {
    const point = at([0.44 + 0.004 * step, 0.44 + 0.003 * step]);
    const found = await timed(page, { on: "canvas", at: point }, "#drawing .figure");
    if (found.clock) moves.push(found);
  }
  await page.click("#draw-cancel");
  const of = (name) => moves.map((one) => one[name]);
  for (const [name, one] of [["the price of a pointer move, in the middle", middle], ["  and at most", (times) => Math.max(0, ...times)]]) {
    console.log(`  ${wide(name)}${["clock", "task", "worker", "main"].map((what) => one(of(what)).toFixed(1).padStart(8)).join("")}`);
  }
}

/** Pans and zooms, and prints what that takes: processor time, which another program on the machine does not lengthen. */
async function moving(page, debug) {
  // What the last edit began is not the map's.
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  await page.waitForTimeout(8000);
  const box = await (await page.$("canvas")).boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  const zoom = async (by) => {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(1200);
  };
  const traced = async () => longest(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  for (let step = 0; step < 3; step += 1) await zoom(-400);
  print("  longest task of a worker while first zooming in (a tile)", ms(await traced()));
  await debug.send("Performance.enable", { timeDomain: "threadTicks" });
  const counted = async () => Object.fromEntries((await debug.send("Performance.getMetrics")).metrics.map(({ name, value }) => [name, value]));
  await page.evaluate(() => {
    globalThis.frames = 0;
    const count = () => {
      frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  const [frames, before] = [await page.evaluate(() => globalThis.frames), await counted()];
  await page.mouse.down();
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.move(x + 250 * Math.sin(step / 6), y + 150 * Math.cos(step / 9));
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  const [after, now] = [await counted(), await page.evaluate(() => globalThis.frames)];
  for (const by of [-400, -400, 400, 400, 400, 400]) await zoom(by);
  const tile = await traced();
  const drawn = Math.max(1, now - frames);
  const frame = (name) => `${((1000 * (after[name] - before[name])) / drawn).toFixed(1).padStart(8)} ms`;
  print(`  script on the main thread a frame while panning (${drawn} frames)`, frame("ScriptDuration"));
  // Input, layout and handing over to the graphics card, which is software here, are in it.
  print("  all of the main thread a frame", frame("TaskDuration"));
  print("  longest task of a worker while panning and zooming (a tile)", ms(tile));
}

/**
 * The processor time of the longest task of such threads in a trace, in milliseconds: of a worker, if nothing else is said, where one
 * message to the map's is one tile.
 */
function longest(events, threads = /DedicatedWorker/) {
  const meant = new Set(events.filter((one) => one.name === "thread_name" && threads.test(one.args.name)).map((one) => `${one.pid} ${one.tid}`));
  const tasks = events.filter((one) => one.ph === "X" && one.tdur && meant.has(`${one.pid} ${one.tid}`));
  return tasks.reduce((most, one) => Math.max(most, one.tdur / 1000), 0);
}

await region("The sample, in the tab", undefined);
const inputs = (folder) => readdirSync(folder).filter((name) => !/\.md$|^manifest/i.test(name)).map((name) => join(folder, name));
for (const path of process.argv.slice(2).filter((path) => existsSync(path))) {
  await region(`${basename(path)}, in the tab`, statSync(path).isDirectory() ? inputs(path) : [path]);
}
/** The files of an invented region, made once. */
function invented(premises) {
  const folder = join(BREIBAND_WORK, `synth-${premises}`);
  if (!existsSync(folder)) {
    mkdirSync(BREIBAND_WORK, { recursive: true });
    execFileSync(BREIBAND_PROGRAM, ["synth", "--premises", String(premises), "-o", folder]);
  }
  return inputs(folder);
}
await region("An invented region of 12,500 premises, in the tab", invented(12_500), edits);
if (!process.env.BREIBAND_QUICK) await region("An invented region of 100,000 premises, in the tab", invented(100_000));
await browser.close();
end();
process.exit(0);
