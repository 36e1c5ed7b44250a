// Tests of the page in a real browser, against the real server with its Content-Security-Policy. Run by `cargo xtask test browser`,
// which names the browser, the program, the built page and a working folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { launch, root, serious, serve, untold } from "./setting.mjs";

const { BREIBAND_PROGRAM, BREIBAND_WORK } = process.env;
const sample = join(root, "data/sample");
const patience = 120_000;

const tests = [];
/** A test; `options` are the context's, and `alone` for what nothing else may run beside. */
function test(name, run, options = {}) {
  tests.push({ name, run, options });
}

/** Waits for a plan's figures and returns them. */
async function summary(page) {
  await page.waitForSelector("#summary, #failure", { timeout: patience });
  const failure = await page.$("#failure");
  assert.equal(failure && (await failure.innerText()), null, "no failure is shown");
  await page.waitForSelector("#progress", { state: "detached", timeout: patience });
  assert.equal(await page.getAttribute("#summary", "data-first"), "false", "the best answer is shown at last");
  return page.$eval("#summary", (element) => ({ digest: element.dataset.digest, gap: Number(element.dataset.gap), text: element.innerText }));
}

/** The plan's figures beside a failure that is told. */
async function summaryBeside(page) {
  await page.waitForSelector("#progress", { state: "detached", timeout: patience });
  return page.$eval("#summary", (element) => ({ digest: element.dataset.digest }));
}

/** Ends the page's worker as a fault would, and waits for the plan that is there again. */
async function killed(page) {
  await page.waitForTimeout(500);
  const worker = page.workers().find((one) => one.url().includes("worker-main"));
  await worker.evaluate(() => void setTimeout(() => { throw new Error("killed by the test"); }));
  await page.waitForSelector("#restarted", { timeout: patience });
  await page.waitForSelector("#progress", { state: "detached", timeout: patience });
  await summary(page);
}

/** Drops files on the page as a user would. */
async function drop(page, files) {
  const transfer = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, base64] of files) {
      data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    return data;
  }, files.map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));
  await page.dispatchEvent(".frame", "drop", { dataTransfer: transfer });
}

/** What the command line says about a scenario. */
function commandLine(scenario) {
  const out = join(BREIBAND_WORK, "plan");
  return JSON.parse(execFileSync(BREIBAND_PROGRAM, ["plan", scenario, "-o", out, "--json"], { maxBuffer: 1 << 28 }));
}

function sampleFiles(folder = sample) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^manifest|\.md$/i.test(entry.name))
    .map((entry) => [entry.name, readFileSync(join(folder, entry.name))]);
}

/** A copy of the sample's folder with every third record of its biggest address file left out. */
function thinned() {
  const folder = join(BREIBAND_WORK, "thinned");
  rmSync(folder, { recursive: true, force: true });
  cpSync(sample, folder, { recursive: true });
  const texts = sampleFiles(folder)
    .filter(([name]) => /address|adress|premises/i.test(name))
    .map(([name, bytes]) => [name, name.endsWith(".gz") ? gunzipSync(bytes) : bytes])
    .sort((a, b) => b[1].length - a[1].length);
  assert.ok(texts.length > 0, "the sample has an address file");
  const [name, bytes] = texts[0];
  assert.ok(!name.endsWith(".gz"), "it is plain");
  const text = bytes.toString("utf8");
  let kept;
  if (/json$/.test(name)) {
    const collection = JSON.parse(text);
    collection.features = collection.features.filter((_, at) => at % 3 !== 0);
    kept = JSON.stringify(collection);
  } else {
    kept = text.split("\n").filter((_, at) => at === 0 || at % 3 !== 1).join("\n");
  }
  assert.ok(kept.length < text.length);
  writeFileSync(join(folder, name), kept);
  return folder;
}

/** A copy of the sample's folder a quarter as wide as it is. */
function narrowed() {
  const folder = join(BREIBAND_WORK, "narrowed");
  rmSync(folder, { recursive: true, force: true });
  cpSync(sample, folder, { recursive: true });
  const narrow = (lon) => Number((3.6 + (lon - 3.6) / 4).toFixed(7));
  const moved = (at) => (typeof at[0] === "number" ? [narrow(at[0]), at[1]] : at.map(moved));
  for (const [name, bytes] of sampleFiles(folder)) {
    if (name.endsWith(".geojson")) {
      const collection = JSON.parse(bytes);
      for (const { geometry } of collection.features) geometry.coordinates = moved(geometry.coordinates);
      writeFileSync(join(folder, name), JSON.stringify(collection));
    } else if (name === "premises.csv") {
      const [head, ...rows] = bytes.toString("utf8").split("\n");
      const place = head.split(",").indexOf("lon");
      const narrower = rows.map((row) => row.split(",").map((cell, at) => (at === place ? narrow(cell) : cell)).join(","));
      writeFileSync(join(folder, name), [head, ...narrower].join("\n"));
    }
  }
  return folder;
}

test("the sample plans in the tab, with a summary and a proven gap", async (page) => {
  await page.goto(base);
  await page.click("#sample");
  const { digest, gap, text } = await summary(page);
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.ok(gap >= 0 && gap < 0.05, `gap ${gap}`);
  assert.match(text, /NOK/);
  assert.equal(digest, commandLine(join(sample, "scenario.toml")).digest);
});

test("files made on the spot give the command line's digest", async (page) => {
  const folder = thinned();
  await page.goto(base);
  await drop(page, sampleFiles(folder));
  await page.click("#plan:enabled", { timeout: patience });
  const { digest } = await summary(page);
  const expected = commandLine(join(folder, "scenario.toml"));
  assert.equal(digest, expected.digest);
  assert.notEqual(digest, commandLine(join(sample, "scenario.toml")).digest);
});

test("no request leaves the page, and none is refused", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.waitForTimeout(500);
  assert.ok(seen.requests.length > 5);
  const foreign = seen.requests.filter((url) => !url.startsWith(base) && !url.startsWith(`blob:${base}`) && !url.startsWith("data:"));
  assert.deepEqual(foreign, []);
  assert.deepEqual(seen.errors, []);
});

test("the main thread stays free while the worker plans", async (page) => {
  await page.goto(base);
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const beat = () => {
      const now = performance.now();
      globalThis.longest = Math.max(globalThis.longest, now - last);
      last = now;
      setTimeout(beat, 4);
    };
    beat();
  });
  const begun = Date.now();
  await page.click("#sample");
  await summary(page);
  const longest = await page.evaluate(() => globalThis.longest);
  // Drawing by software on a busy machine takes its part (linking shaders, above all), whatever its clock says: planning on
  // this thread would be one pause for most of the time.
  const whole = Date.now() - begun;
  assert.ok(longest < whole / 2, `the longest pause was ${longest.toFixed(0)} ms of ${whole}`);
}, { alone: true });

test("a worker in the middle of a long slice is stopped and another begun", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  const worker = page.workers().find((one) => one.url().includes("worker-main")) ?? (await page.waitForEvent("worker"));
  // A slice that never ends.
  worker.evaluate(() => { for (;;); }).catch(() => {});
  await page.waitForTimeout(300);
  await drop(page, [["premises.csv", Buffer.from("id,lon,lat\n1,6.1,62.1\n")]]);
  await page.click("#cancel", { timeout: patience });
  await page.waitForSelector("#cancelled", { timeout: patience });
  await page.click("#sample");
  await summary(page);
});

test("work can be cancelled and begun again", async (page) => {
  await page.goto(base);
  await page.click("#sample");
  // At once: a click by hand waits until the button has come to rest, and by then the work may be done.
  await page.locator("#cancel").dispatchEvent("click", undefined, { timeout: patience });
  await page.waitForSelector("#cancelled", { timeout: patience });
  await page.waitForSelector("#progress", { state: "detached" });
  if (await page.$("#plan")) await page.click("#plan");
  else await page.goto(`${base}?sample`);
  await summary(page);
});

test("everything can be done with the keyboard", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  const focus = async (selector) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    }
    assert.fail(`${selector} cannot be reached with Tab`);
  };
  await focus("#sample");
  await page.keyboard.press("Enter");
  await summary(page);
  await focus("#theme");
  await page.keyboard.press("Space");
  assert.equal(await page.getAttribute("#theme", "aria-pressed"), "true");
  await focus("canvas");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none", "focus is seen");
  await page.waitForTimeout(500);
  for (let tries = 0; tries < 12 && !(await page.$("#facts")); tries += 1) {
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    if (!(await page.$("#facts"))) await page.keyboard.press(tries % 2 ? "ArrowUp" : "ArrowLeft");
    await page.waitForTimeout(500);
  }
  assert.ok(await page.$("#facts dl dt"), "a feature's facts are shown");
});

test("the page speaks three languages", async (page) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  const words = { en: "Cost of the network", nb: "Hva nettet koster", nn: "Kva nettet kostar" };
  for (const [language, heading] of Object.entries(words)) {
    await page.selectOption("#language", language);
    await page.waitForFunction((heading) => document.querySelector("#summary h2").textContent === heading, heading);
    assert.equal(await page.getAttribute("html", "lang"), language);
    const text = await page.innerText("body");
    assert.doesNotMatch(text, /\b(web|summary|layer|status|method|fact|value)\.[a-z]/, "no message key is shown");
  }
  // Nynorsk is in force: prices have names, sources and units in it, and numbers its form.
  await unfold(page, "prices");
  const prices = await page.innerText("#prices");
  assert.match(prices, /Ny mast[\s\S]*kr per stk/);
  assert.doesNotMatch(prices, /NOK|uncalibrated|mast-new/);
  assert.equal(await page.inputValue("#price-rock"), "1\u00a0200");
  await page.fill("#price-rock", "1 300,5");
  await page.press("#price-rock", "Tab");
  await page.waitForSelector("#prices .changed #price-rock");
  assert.equal(await page.inputValue("#price-rock"), "1\u00a0300,5");
  // In English a comma sets thousands apart: where it does not, the number is refused, with how to write it.
  await page.selectOption("#language", "en");
  await page.waitForFunction(() => document.querySelector("#price-rock").value === "1,300.5");
  await page.fill("#price-rock", "512,50");
  await page.press("#price-rock", "Tab");
  await page.waitForSelector("#failure");
  assert.match(await page.innerText("#failure"), /512,50[\s\S]*512\.50/);
  // It is seen wherever one has scrolled, and goes away.
  const told = await (await page.$("#failure")).boundingBox();
  assert.ok(told.y > 0 && told.y + told.height <= 800, `it is on screen: ${told.y}`);
  await page.click("#failure-close");
  await page.waitForSelector("#failure", { state: "detached" });
  assert.equal(await page.inputValue("#price-rock"), "1,300.5");
  await page.selectOption("#language", "nn");
  assert.equal(await page.getAttribute(".maplibregl-ctrl-zoom-in", "aria-label"), "Zoom inn");
});

test("a phone shows it all in every language, without sideways scrolling", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  // What stands beside the screen's edge, but for what scrolls within its own frame.
  const outside = () => page.evaluate(() => {
    const frames = ".scroll, .tall-table, .tabs, .map, .menu-list";
    const out = [...document.querySelectorAll("body *")].filter((one) => !one.closest(frames) && !one.ownerSVGElement && one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1);
    const tabs = document.querySelector(".tabs");
    return { scrolls: document.documentElement.scrollWidth - innerWidth, tabs: tabs ? tabs.scrollWidth - tabs.clientWidth : 0, out: out.map((one) => `${one.tagName} ${one.id} ${one.className.baseVal ?? one.className}`) };
  });
  const fits = { scrolls: 0, tabs: 0, out: [] };
  const languages = ["nn", "nb", "en"];
  for (const language of languages) {
    await page.selectOption("#language", language);
    assert.deepEqual(await outside(), fits, `opening, ${language}`);
  }
  await page.click("#sample");
  await summary(page);
  for (const language of languages) {
    await page.selectOption("#language", language);
    for (const name of ["plan", "years", "scenarios", "premises", "prices", "files"]) {
      await unfold(page, name);
      assert.deepEqual(await outside(), fits, `${name}, ${language}`);
    }
    await unfold(page, "years");
    await page.click("#show-together");
    assert.deepEqual(await outside(), fits, `together, ${language}`);
    await page.click("#show-years");
    await page.click("#draw");
    await page.waitForSelector("#draw-finish");
    assert.deepEqual(await outside(), fits, `drawing, ${language}`);
    await page.click("#draw-cancel");
    await page.waitForSelector("#draw-finish", { state: "detached" });
    await page.click("#council");
    assert.deepEqual(await outside(), fits, `council, ${language}`);
    await page.click("#council");
  }
  await page.click(".legend summary");
  assert.ok(await page.isVisible(".legend .layers label"));
}, { viewport: { width: 390, height: 844 } });

test("bad files are told in words, and the page goes on", async (page) => {
  await page.goto(base);
  await drop(page, [["broken.osm.pbf", Buffer.from("not a map")]]);
  await page.waitForSelector("#failure, #issues", { timeout: patience });
  assert.match(await page.innerText("main"), /broken\.osm\.pbf cannot be used as it is/);
  await page.waitForSelector("#progress", { state: "detached" });
  assert.equal(await page.locator("h1").count(), 1, "a heading where only a broken file is open");
  // What is refused follows the page's language, also after it was said; only the reader's own words are quoted.
  for (const [language, said] of [["nb", /kan ikke brukes som den er\. Leseren sier: «/], ["nn", /kan ikkje brukast som ho er\. Lesaren seier: «/]]) {
    await page.selectOption("#language", language);
    assert.match(await page.innerText("#failure"), said);
  }
  await page.selectOption("#language", "en");
  await drop(page, sampleFiles());
  await page.click("#plan:enabled", { timeout: patience });
  await summary(page);
});

test("a file that is too large is said, and the others are opened", async (page) => {
  await page.addInitScript(() => {
    const size = Object.getOwnPropertyDescriptor(Blob.prototype, "size").get;
    Object.defineProperty(File.prototype, "size", { get() { return this.name === "country.osm.pbf" ? 3e9 : size.call(this); } });
  });
  await page.goto(base);
  await page.waitForSelector("#sample");
  await drop(page, [["country.osm.pbf", Buffer.from("x")], ...sampleFiles()]);
  await page.waitForSelector("#failure");
  assert.match(await page.innerText("#failure"), /country\.osm\.pbf is 3,000\.0\sMB[\s\S]*osmium extract/);
  await page.click("#plan:enabled", { timeout: patience });
  await summary(page);
});

test("one file of several is broken: it is told, and the good part is planned", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  // Without their scenario: it is drafted for whatever was dropped.
  const good = sampleFiles().filter(([name]) => !/\.toml$|orders/.test(name));
  await drop(page, [["torn.geojson", Buffer.from('{"type":"FeatureCollection","features":[{')], ...good]);
  await page.waitForSelector("#failure", { timeout: patience });
  assert.match(await page.innerText("#failure"), /left out[\s\S]*torn\.geojson/);
  await page.click("#plan:enabled", { timeout: patience });
  await summary(page);
});

test("prices dropped on the plan are used, and can be undone", async (page) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  const book = execFileSync(BREIBAND_PROGRAM, ["prices"], { encoding: "utf8" }).replace("per_metre = 450", "per_metre = 4500");
  await drop(page, [["ours.toml", Buffer.from(book)]]);
  const dearer = await replanned(page, digest);
  assert.match(await page.getAttribute("#undo", "title"), /add ours\.toml/);
  await page.click("#undo");
  assert.equal(await replanned(page, dearer), digest);
});

test("the page can be installed", async (page) => {
  await page.goto(base);
  const debug = await page.context().newCDPSession(page);
  const { data, errors } = await debug.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, "standalone");
  for (const { src } of manifest.icons) assert.ok((await fetch(new URL(src, base))).ok, src);
});

test("the page opens the plan that the server was given", async (page, seen) => {
  const out = join(BREIBAND_WORK, "served-plan");
  const expected = JSON.parse(execFileSync(BREIBAND_PROGRAM, ["plan", join(sample, "scenario.toml"), "-o", out, "--json"], { maxBuffer: 1 << 28 }));
  const { address, end } = await serve(out);
  try {
    assert.match(address, /\?plan$/);
    await page.goto(address);
    assert.equal((await summary(page)).digest, expected.digest);
    assert.ok((await page.$$(".legend .layers label")).length >= 3, "network, premises and handovers are drawn");
    await page.goto(new URL("/plan/summary.html", address).href);
    assert.ok(await page.evaluate(() => document.styleSheets.length) > 0, "the report keeps its style");
    assert.equal(await sheets(page), 1, "the summary prints on one sheet");
    assert.deepEqual(seen.errors, []);
  } finally {
    end();
  }
});

/** How many sheets of paper a page prints on. */
async function sheets(page) {
  const paper = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
  return paper.match(/\/Type\s*\/Page\b/g).length;
}

test("of a tall region the summary and a comparison print on one sheet each", async (page) => {
  const folder = narrowed();
  const scenario = join(folder, "scenario.toml");
  commandLine(scenario);
  await page.setContent(readFileSync(join(BREIBAND_WORK, "plan/summary.html"), "utf8"));
  assert.ok(await page.$("main.tall"), "the map is tall");
  assert.equal(await sheets(page), 1, "the summary");
  const other = join(folder, "other.toml");
  writeFileSync(other, `${readFileSync(scenario, "utf8")}\n[prices.asphalt-verge]\nper_metre = 900\n`);
  const out = join(BREIBAND_WORK, "compared");
  execFileSync(BREIBAND_PROGRAM, ["compare", scenario, other, "-o", out, "--quiet"]);
  await page.setContent(readFileSync(join(out, "compare-en.html"), "utf8"));
  assert.ok(await page.$("main.comparison.high"), "the map is tall");
  assert.equal(await sheets(page), 1, "the comparison");
});

test("a background map is asked for only when it is switched on, and only where the user said", async (page, seen) => {
  const tiles = "http://127.0.0.1:9";
  const { address, end } = await serve("--allow-basemap", tiles);
  try {
    await page.route(`${tiles}/**`, (route) => route.abort());
    await page.goto(`${address}?sample`);
    await summary(page);
    const foreign = () => seen.requests.filter((url) => !url.startsWith(address) && !url.startsWith(`blob:${address}`) && !url.startsWith("data:"));
    assert.deepEqual(foreign(), []);
    await unfold(page, "files");
    await page.evaluate(() => document.querySelector("#basemap").closest("details").open = true);
    await page.fill("#basemap", `${tiles}/{z}/{x}/{y}.png`);
    await page.click("#basemap-switch");
    for (let tries = 0; tries < 40 && foreign().length === 0; tries += 1) await page.waitForTimeout(250);
    assert.ok(foreign().length > 0, "tiles are asked for");
    assert.ok(foreign().every((url) => url.startsWith(`${tiles}/`)), String(foreign()));
  } finally {
    end();
  }
});

test("the server answers this machine alone, under a strict policy", async () => {
  const answer = await fetch(base);
  assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  const http = await import("node:http");
  const status = await new Promise((resolve, reject) => {
    http.get(base, { headers: { host: "evil.example" } }, (response) => resolve(response.statusCode)).on("error", reject);
  });
  assert.equal(status, 403);
});

/** The whole plan's digest, once it is another than `before`: a first answer is not waited for. */
async function replanned(page, before) {
  await page.waitForFunction((before) => {
    const element = document.querySelector("#summary");
    return element && element.dataset.digest !== before && element.dataset.first === "false" && !document.querySelector("#progress");
  }, before, { timeout: patience });
  return page.$eval("#summary", (element) => element.dataset.digest);
}

/** What a button gives as a download. */
async function download(page, selector) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  return readFileSync(await file.path());
}

/** The digest that the command line gives for the exported scenario over the sample's files. */
async function digestOfExport(page) {
  await unfold(page, "files");
  const scenario = await download(page, "#export-scenario");
  // From here on in one go: another test may want the folder.
  const folder = join(BREIBAND_WORK, "exported");
  rmSync(folder, { recursive: true, force: true });
  cpSync(sample, folder, { recursive: true });
  writeFileSync(join(folder, "scenario.toml"), scenario);
  return commandLine(join(folder, "scenario.toml")).digest;
}

/** What a field for numbers holds, which it writes as the page's language does. */
async function figure(page, selector) {
  return Number((await page.inputValue(selector)).replaceAll(",", ""));
}

/** Opens the panel's part of this name. */
async function unfold(page, name) {
  await page.click(`#tab-${name}`);
}

test("a house is left out by a click, and every edit is undone and done again", async (page) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await unfold(page, "premises");
  await page.selectOption("#search-status", "connected");
  await page.click(".found-row");
  // While it is planned anew, what is read stays where it is, and so does the way to stop.
  await page.evaluate(() => {
    globalThis.places = { summary: new Set(), cancel: new Set() };
    new MutationObserver(() => {
      for (const [name, all] of Object.entries(places)) {
        const box = document.querySelector(`#${name}`)?.getBoundingClientRect();
        if (box) all.add(`${box.left} ${box.top}`);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.click("#choose-exclude");
  const without = await replanned(page, digest);
  const { summary: headline, cancel } = await page.evaluate(() => ({ summary: [...places.summary], cancel: [...places.cancel] }));
  assert.deepEqual([headline.length, cancel.length], [1, 1], `${headline}, ${cancel}`);
  assert.equal(await page.getAttribute("#choose-exclude", "aria-pressed"), "true");
  assert.equal(await digestOfExport(page), without, "the exported scenario plans the same");
  // The focus is on the button that was pressed last.
  await page.keyboard.press("Control+z");
  assert.equal(await replanned(page, without), digest);
  await page.keyboard.press("Control+Shift+Z");
  assert.equal(await replanned(page, digest), without);
  assert.match(await page.getAttribute("#undo", "title"), /leave out/i);
});

test("a route is drawn with the mouse, dragged, finished, resumed and planned", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  const box = await (await page.$("canvas")).boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  const points = () => page.$$eval(".waypoints li", (all) => all.length);
  await page.focus("canvas");
  await page.keyboard.press("d");
  await page.waitForSelector("#draw-finish");
  await page.mouse.click(...at(0.35, 0.45));
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 1);
  await page.mouse.move(...at(0.4, 0.5));
  await page.waitForFunction(() => Number(document.querySelector("#drawing .figure")?.dataset.cost) > 0);
  assert.equal(await page.$("#facts"), null, "other layers are inert");
  // What it comes to so far, each figure by its name and in the language's form: cost, beyond the plan, length, premises passed and
  // within a drop, cost for each; and what it runs along.
  const figure = /^(–|[\d\u00a0]+(,\d)?\u00a0(mill\.\u00a0)?kr|[\d\u00a0]+(,\d+)?\u00a0k?m|[\d\u00a0]+)$/;
  await page.selectOption("#language", "nn");
  const shown = await page.$$eval("#drawing .headline, #drawing .figures > div, #drawing tbody tr:first-child", (rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  assert.deepEqual(shown.slice(0, 6).map(([name]) => name.replace(/\(?\d.*/, "").trim()), ["Denne traseen ville koste", "Utover planen", "Lengd", "Passert innan", "Innan eit stikk", "Per adresse passert"]);
  for (const [name, ...values] of shown) for (const value of values) assert.match(value, figure, name);
  assert.equal(shown.length, 7, "and metres and cost by ground");
  await page.selectOption("#language", "en");
  await page.focus("canvas");
  await page.keyboard.press("f");
  await page.waitForSelector('#leg-free[aria-pressed="true"]');
  await page.mouse.click(...at(0.45, 0.4));
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 2);
  await page.waitForTimeout(400);
  const place = () => page.$eval(".waypoints li:nth-child(2) .place", (element) => element.textContent);
  const before = await place();
  await page.mouse.move(...at(0.45, 0.4));
  await page.mouse.down();
  await page.mouse.move(...at(0.47, 0.42), { steps: 4 });
  await page.mouse.move(...at(0.5, 0.45), { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction((before) => document.querySelector(".waypoints li:nth-child(2) .place").textContent !== before, before);
  assert.equal(await points(), 2, "a drag moves, and adds nothing");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#routes .resume-route", { state: "attached" });
  // The plan may take the route or leave it; it is worked out anew in any case.
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  const { digest: drawn, text: told } = await summary(page);
  assert.match(told, /Route 1: (Not in the plan|[\d.]+ k?m of [\d.]+ k?m are in the plan)/);
  assert.equal(await digestOfExport(page), drawn, "the command line plans the same");
  await unfold(page, "scenarios");
  await page.click(".resume-route");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 2);
  await page.focus("canvas");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#draw-finish", { state: "detached" });
  assert.equal((await page.$$("#routes .resume-route")).length, 1, "giving up changes nothing");
  // A double click ends a route at the point of its first click.
  await page.keyboard.press("d");
  await page.waitForSelector("#draw-finish");
  await page.mouse.click(...at(0.35, 0.45));
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 1);
  await page.waitForTimeout(400);
  await page.mouse.dblclick(...at(0.4, 0.5));
  await page.waitForSelector("#draw-finish", { state: "detached" });
  await page.waitForFunction(() => document.querySelectorAll("#routes .resume-route").length === 2);
  await page.click("#tab-scenarios");
  await page.click("#routes li:nth-child(2) .resume-route");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length > 0);
  assert.equal(await points(), 2);
  await page.click("#draw-cancel");
  // Wherever one has gone, one press shows the whole region again.
  const scale = () => page.$eval(".maplibregl-ctrl-scale", (one) => one.textContent);
  await page.click(".whole-region");
  const whole = await scale();
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.wheel(0, -800);
  await page.waitForFunction((whole) => document.querySelector(".maplibregl-ctrl-scale").textContent !== whole, whole);
  await page.click(".whole-region");
  await page.waitForFunction((whole) => document.querySelector(".maplibregl-ctrl-scale").textContent === whole, whole);
  assert.deepEqual(seen.errors, []);
});

test("a leg is pulled, a waypoint taken away, and a cable crosses the fjord", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  const box = await (await page.$("canvas")).boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  const places = () => page.$$eval(".waypoints .place", (all) => all.map((one) => one.textContent));
  const counted = (number) => page.waitForFunction((number) => document.querySelectorAll(".waypoints li").length === number, number);
  await page.focus("canvas");
  await page.keyboard.press("d");
  await page.waitForSelector("#draw-finish");
  await page.keyboard.press("f");
  for (const [number, x] of [[1, 0.35], [2, 0.5]]) {
    await page.mouse.click(...at(x, 0.45));
    await counted(number);
    await page.waitForTimeout(450);
  }
  const ends = await places();
  await page.mouse.move(...at(0.425, 0.45));
  await page.mouse.down();
  await page.mouse.move(...at(0.43, 0.5), { steps: 5 });
  await page.mouse.up();
  await counted(3);
  const bent = await places();
  assert.deepEqual([bent[0], bent[2]], ends, "it bends between its ends");
  await page.click("#waypoint-up-2");
  await page.waitForFunction((last) => document.querySelectorAll(".waypoints .place")[1].textContent === last, bent[2]);
  await page.mouse.click(...at(0.35, 0.45), { button: "right" });
  await counted(2);
  assert.deepEqual(await places(), [bent[2], bent[1]]);
  // Finished and taken up again it has all its waypoints, and no more.
  await page.focus("canvas");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#draw-finish", { state: "detached" });
  await unfold(page, "scenarios");
  await page.click(".resume-route");
  await counted(2);
  assert.deepEqual(await places(), [bent[2], bent[1]]);
  await page.click("#draw-cancel");
  // Between the sample's shores: what lies under water is a cable's length, and its price.
  await page.click("#draw");
  await page.waitForSelector("#waypoint");
  await page.click("#leg-free");
  for (const [number, place] of [[1, "63.04001, 3.39209"], [2, "63.07928, 3.39209"]]) {
    await page.fill("#waypoint", place);
    await page.press("#waypoint", "Enter");
    await counted(number);
  }
  await page.waitForFunction(() => /Under water\s+\d+\.\d\skm\s+NOK/.test(document.querySelector("#drawing").innerText));
  assert.deepEqual(seen.errors, []);
});

test("a route is drawn with the keyboard alone, by coordinates and at the map's centre", async (page) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.focus("canvas");
  await page.keyboard.press("d");
  await page.waitForSelector("#waypoint");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 1);
  const place = await page.$eval(".waypoints .place", (element) => element.textContent);
  await page.fill("#waypoint", "somewhere");
  await page.press("#waypoint", "Enter");
  await page.waitForSelector('#waypoint[aria-invalid="true"]');
  await page.fill("#waypoint", place.replace(/^(\d+\.\d)\d/, "$12"));
  await page.press("#waypoint", "Enter");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 2);
  // In the other order it is understood where only that is on the map; far away it is refused, and nothing is set there.
  await page.fill("#waypoint", place.split(", ").reverse().join(" N "));
  await page.press("#waypoint", "Enter");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 3);
  const ends = await page.$$eval(".waypoints .place", (all) => all.map((one) => one.textContent));
  assert.notEqual(ends[1], ends[0]);
  assert.equal(ends[2], ends[0], "both lie on the road that is nearest");
  await page.fill("#waypoint", "10.75, 59.91");
  await page.press("#waypoint", "Enter");
  await page.waitForSelector("#failure");
  assert.match(await page.innerText("#failure"), /not on the map[\s\S]*\d–\d/);
  assert.equal((await page.$$(".waypoints li")).length, 3);
  // Far more of both than there are, faster than they are answered: what is shown is what holds.
  await page.focus("canvas");
  for (let presses = 0; presses < 30; presses += 1) await page.keyboard.press("Control+z");
  await page.waitForSelector("#draw-finish", { state: "detached" });
  await page.waitForSelector("#undo:disabled");
  await page.focus("#redo");
  for (let presses = 0; presses < 30; presses += 1) await page.keyboard.press("Control+Shift+Z");
  await page.waitForSelector("#redo:disabled");
  assert.equal((await page.$$(".waypoints li")).length, 3);
  // The focus goes with a waypoint that is moved up.
  await page.focus("#waypoint-up-2");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "waypoint-up-1");
  await page.focus("canvas");
  await page.keyboard.press("Delete");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 2);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 3);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 2);
  // A waypoint is moved by its coordinates.
  await page.focus(".waypoints li:first-child .place");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "waypoint" && document.activeElement.value.length > 8);
  await page.fill("#waypoint", (await page.inputValue("#waypoint")).replace(/^(\d+\.\d)\d/, "$15"));
  await page.press("#waypoint", "Enter");
  await page.waitForFunction((place) => document.querySelector(".waypoints .place").textContent !== place, place);
  assert.equal((await page.$$(".waypoints li")).length, 2, "moved, not added");
  await page.focus("canvas");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#routes .resume-route", { state: "attached" });
});

test("a goal is a place on the curve, by slider, by figure, and with the keyboard", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await page.click("#goal-curve");
  await page.waitForSelector("#goal-chart", { timeout: patience });
  const whole = await page.innerText("#goal-place");
  await page.selectOption("#goal-kind", "budget");
  const half = await replanned(page, digest);
  const [money, cost] = [await figure(page, "#goal-figure"), await page.getAttribute("#summary .figure", "title")];
  assert.ok(Number(cost.replace(/[^0-9]/g, "")) <= money, `${cost} within ${money}`);
  assert.notEqual(await page.innerText("#goal-place"), whole);
  assert.match(await page.innerText("#goal-areas"), /support areas are built, each as a whole/, "why not all the money is used");
  assert.equal(await digestOfExport(page), half, "the command line plans the same");
  await unfold(page, "plan");
  // Pulled, the slider tells of the place on the curve before anything is planned; let go, it is planned.
  await page.focus("#goal-slider");
  const before = await page.innerText("#goal-place");
  await page.$eval("#goal-slider", (slider) => {
    slider.value = String(Number(slider.max) * 0.75);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.waitForFunction((before) => document.querySelector("#goal-place").innerText !== before, before);
  assert.equal(await page.getAttribute("#summary", "data-digest"), half);
  await page.$eval("#goal-slider", (slider) => slider.dispatchEvent(new Event("change", { bubbles: true })));
  const more = await replanned(page, half);
  await page.fill("#goal-figure", String(money));
  await page.press("#goal-figure", "Tab");
  assert.equal(await replanned(page, more), half);
  await page.selectOption("#goal-kind", "connect");
  assert.equal(await replanned(page, half), digest);
  assert.deepEqual(seen.errors, []);
});

test("an area is drawn and left out, and the history goes back by name", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  const box = await (await page.$("canvas")).boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  // A menu goes away with Escape and with a press elsewhere, and nothing else happens.
  await page.click("#draw-more summary");
  await page.keyboard.press("Escape");
  assert.equal(await page.$eval("#draw-more", (menu) => menu.open), false);
  assert.equal(await page.evaluate(() => document.activeElement.parentElement.id), "draw-more");
  await page.click("#history summary");
  await page.click("#summary");
  assert.equal(await page.$eval("#history", (menu) => menu.open), false);
  await page.click("#draw-more summary");
  await page.click("#draw-leave-out");
  await page.waitForSelector("#draw-finish");
  for (const [number, x, y] of [[1, 0.05, 0.5], [2, 0.25, 0.5], [3, 0.25, 0.75]]) {
    await page.mouse.click(...at(x, y));
    await page.waitForFunction((number) => document.querySelectorAll(".waypoints li").length === number, number);
    await page.waitForTimeout(350);
  }
  // The side that leads back to the first corner is pulled: it gets a corner there.
  await page.mouse.move(...at(0.15, 0.625));
  await page.mouse.down();
  await page.mouse.move(...at(0.08, 0.7), { steps: 4 });
  await page.mouse.move(...at(0.05, 0.78), { steps: 4 });
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelectorAll(".waypoints li").length === 4);
  const inside = await page.$eval("#drawing .figures div:nth-child(2) dd", (element) => Number(element.textContent.replace(/\D/g, "")));
  assert.ok(inside > 0, "premises of the plan are inside");
  await page.fill("#drawing-name", "Cabin country");
  await page.focus("canvas");
  await page.keyboard.press("Enter");
  const without = await replanned(page, digest);
  await unfold(page, "scenarios");
  assert.match(await page.innerText("#routes"), /Cabin country/);
  assert.equal(await digestOfExport(page), without, "the command line leaves them out too");
  await page.click("#history summary");
  assert.match(await page.innerText("#history"), /draw Cabin country[\s\S]*As it was opened/);
  await page.click("#history li:last-child button");
  assert.equal(await replanned(page, without), digest);
  await page.click("#history li:first-child button");
  assert.equal(await replanned(page, digest), without);
  assert.deepEqual(seen.errors, []);
});

test("prices steer the plan, scenarios are compared, and the difference is drawn", async (page) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await unfold(page, "scenarios");
  await page.click("#duplicate");
  await page.waitForFunction(() => document.querySelectorAll(".compare tbody tr").length === 2);
  await unfold(page, "prices");
  const field = "#prices .prices li:first-child .number";
  const price = await figure(page, field);
  await page.fill(field, String(price * 3));
  await page.press(field, "Tab");
  const dearer = await replanned(page, digest);
  assert.equal(await digestOfExport(page), dearer);
  await unfold(page, "scenarios");
  await page.click(".compare .difference");
  await page.waitForFunction(() => document.querySelectorAll(".legend .layers label").length >= 9);
  assert.match(await page.innerText(".legend"), /Only in/);
  assert.equal((await page.$$(".compare tbody .key")).length, 2, "each plan's colour stands beside its name");
  await page.click("#comparison summary");
  assert.equal((await page.$$("#comparison thead th")).length, 2, "two columns of figures");
  assert.ok((await page.$$("#comparison tbody tr")).length >= 9);
  const compared = await download(page, "#export-comparison");
  assert.ok(compared.includes("compare-nn.html") && compared.includes("difference.geojson"), "what `breiband compare` writes");
  await page.click(".compare tbody tr:first-child .link");
  assert.equal(await replanned(page, dearer), digest, "the first scenario is as it was");
});

test("a project is saved and opened, kept by the browser, and survives the worker's death", async (page) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await unfold(page, "premises");
  await page.selectOption("#search-status", "connected");
  await page.click(".found-row");
  await page.click("#choose-exclude");
  const edited = await replanned(page, digest);
  await unfold(page, "files");
  const project = await download(page, "#save");
  await page.waitForTimeout(500);

  await page.goto(base);
  await page.click("#resume");
  assert.equal(await replanned(page, digest), edited, "the browser kept it");
  // And every edit before: taken back and done again, also in another visit, and after the worker's death.
  const backAndForth = async () => {
    for (const [key, wanted] of [["Control+z", digest], ["Control+Shift+Z", edited]]) {
      await page.keyboard.press(key);
      await page.waitForFunction((wanted) => document.querySelector("#summary")?.dataset.digest === wanted && !document.querySelector("#progress"), wanted, { timeout: patience });
    }
  };
  await backAndForth();

  await page.keyboard.press("Control+z");
  await page.waitForFunction((wanted) => document.querySelector("#summary").dataset.digest === wanted, digest);
  await killed(page);
  assert.equal((await summary(page)).digest, digest, "the last saved state");
  assert.ok(await page.isEnabled("#redo"), "what was undone can still be done again");
  await page.keyboard.press("Control+Shift+Z");
  await page.waitForFunction((wanted) => document.querySelector("#summary").dataset.digest === wanted, edited, { timeout: patience });
  await backAndForth();
  await page.waitForTimeout(500);
  // Some time later once more.
  const another = page.workers().filter((one) => one.url().includes("worker-main")).at(-1);
  await another.evaluate(() => void setTimeout(() => { throw new Error("killed once more"); }));
  await page.waitForSelector("#progress", { timeout: patience });
  await page.waitForSelector("#progress", { state: "detached", timeout: patience });
  assert.equal((await summary(page)).digest, edited);
  assert.equal(await page.$("#failure"), null);

  await page.evaluate(() => indexedDB.deleteDatabase("breiband"));
  await page.goto(base);
  await page.waitForSelector("#sample");
  await drop(page, [["saved.breiband", project]]);
  assert.equal((await summary(page)).digest, edited);
  for (const [name, bytes, said] of [
    ["cut.breiband", project.subarray(0, 3000), /not a whole project/],
    ["newer.breiband", Buffer.from(project.toString("latin1").replace(/"breiband_project":\d+/, '"breiband_project":99'), "latin1"), /newer Breiband/],
  ]) {
    await drop(page, [[name, bytes]]);
    await page.waitForFunction((said) => new RegExp(said).test(document.querySelector("#failure")?.innerText), said.source);
    assert.equal((await summaryBeside(page)).digest, edited, "what is open stays");
  }
});

test("storage that is full or refused is said, and nothing is lost", async (page) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException("no room", "QuotaExceededError"); };
  });
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.waitForSelector("#storage");
  assert.match(await page.innerText("#storage"), /full/);
  await unfold(page, "scenarios");
  await page.click("#duplicate");
  await page.waitForFunction(() => document.querySelectorAll(".compare tbody tr").length === 2);
  await killed(page);
  assert.equal(await page.$$eval(".compare tbody tr", (all) => all.length), 2, "also what the browser did not keep");
});

test("where there is room for the project alone it is kept, and what is lost is said", async (page) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (Array.isArray(key)) throw new DOMException("no room", "QuotaExceededError");
      return put.call(this, value, key);
    };
  });
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.waitForSelector("#storage");
  assert.match(await page.innerText("#storage"), /no room[\s\S]*earlier edits[\s\S]*project is kept/);
  await unfold(page, "scenarios");
  const scenarios = (count) => page.waitForFunction((count) => document.querySelectorAll(".compare tbody tr").length === count, count, { timeout: patience });
  for (const count of [2, 3]) {
    await page.click("#duplicate");
    await scenarios(count);
  }
  // As long as the tab is open nothing is lost.
  await killed(page);
  await scenarios(3);
  await page.click("#undo");
  await scenarios(2);
  await page.waitForTimeout(500);
  await page.goto(base);
  await page.click("#resume");
  await summary(page);
  await unfold(page, "scenarios");
  await scenarios(2);
  assert.ok(await page.isDisabled("#undo"), "the project alone");
});

test("the council sees few words, and the plan is one page to send", async (page) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  // The planner's own view prints without what can only be pressed.
  await page.emulateMedia({ media: "print" });
  const printed = await page.evaluate(() => ["button:not(.link)", "input[type=range]", "input[type=checkbox]", "#summary .figure", ".map canvas", ".legend .classes"].map((what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).length));
  assert.deepEqual(printed.map((count) => count > 0), [false, false, false, true, true, true], String(printed));
  await page.emulateMedia({ media: "screen" });
  await unfold(page, "files");
  const html = (await download(page, "#export-page")).toString("utf8");
  assert.ok(html.includes("<svg") && !/<script[^>]+src=|https?:\/\/[^"]*\.js/.test(html), "with its data, and nothing fetched");
  await page.click("#council");
  assert.ok(await page.isVisible("#summary"));
  assert.ok(!(await page.isVisible("#tools")) && !(await page.isVisible("#scenarios")), "nothing to edit");
  // The map takes the theme's colours, in whatever language.
  const land = () => page.waitForFunction(() => {
    const canvas = document.querySelector("canvas.maplibregl-canvas");
    const copy = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
    copy.drawImage(canvas, 2, 2, 1, 1, 0, 0, 1, 1);
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "var(--map-land)";
    const wanted = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    probe.remove();
    return copy.getImageData(0, 0, 1, 1).data.slice(0, 3).every((value, at) => Math.abs(value - wanted[at]) < 3);
  });
  await page.selectOption("#language", "nn");
  for (let turn = 0; turn < 2; turn += 1) {
    await page.click("#theme");
    await land();
  }
  // A dark page is printed by day, so that paper has the map's colours in the legend; afterwards it is dark again.
  await page.click("#theme");
  await page.waitForSelector("html[data-dark]");
  // From the browser's own menu nothing can be drawn anew: map and legend are turned over as they stand.
  await page.emulateMedia({ media: "print" });
  assert.match(await page.$eval(".stage", (stage) => getComputedStyle(stage).filter), /invert\(1\)/);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => {
    globalThis.prints = [];
    globalThis.print = () => {
      prints.push("dark" in document.documentElement.dataset);
      dispatchEvent(new Event("afterprint"));
    };
  });
  await page.click("#print");
  await page.waitForFunction(() => prints.length === 1);
  await page.waitForSelector("html[data-dark]");
  await page.keyboard.press("Control+p");
  await page.waitForFunction(() => prints.length === 2);
  assert.deepEqual(await page.evaluate(() => prints), [false, false]);
  // Under the map, and nothing over anything.
  await page.emulateMedia({ media: "print" });
  for (const language of ["nb", "nn", "en"]) {
    await page.selectOption("#language", language, { force: true });
    const boxes = await page.evaluate(() => [".map", ".legend", ".timeline"].map((what) => document.querySelector(what).getBoundingClientRect()).map((box) => [box.top, box.bottom]));
    assert.ok(boxes[0][1] <= boxes[1][0] && boxes[1][1] <= boxes[2][0], `${language}: ${boxes}`);
  }
  await page.emulateMedia({ media: "screen" });
  // On a phone the legend is folded, and on paper all the same; what to do next is in sight.
  await page.setViewportSize({ width: 390, height: 844 });
  const legend = () => page.$eval(".legend", (legend) => legend.open);
  await page.$eval(".legend", (legend) => (legend.open = false));
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok(await legend());
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.ok(!(await legend()));
  const print = await (await page.$("#print")).boundingBox();
  assert.ok(print.y + print.height <= 844, JSON.stringify(print));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press("Escape");
  assert.ok(await page.isVisible("#tools"));
  await page.click("#tour");
  for (let step = 0; step < 5; step += 1) await page.click("#tour-next");
  await page.waitForSelector("#tour-card", { state: "detached" });
});

test("the years are played, paid for and shared", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await page.focus("#year");
  await page.keyboard.press("Home");
  await page.waitForFunction(() => /today/i.test(document.querySelector("#year-said").textContent));
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => /2027/.test(document.querySelector("#year-said").textContent));
  await page.click("#play");
  await page.waitForFunction(() => /whole plan/i.test(document.querySelector("#year-said").textContent), undefined, { timeout: 20_000 });
  await unfold(page, "years");
  // What is ordered and approved, and in which year it is built.
  assert.match(await page.innerText("#promises"), /ordered\s+2027[\s\S]*approved\s+2028/);
  // Trunk that serves somebody else: what is on one's ground for others, less what one uses on theirs, is what one is owed.
  const trunk = await page.$$eval("#trunk tbody tr", (all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.replace("\u2212", "-")))));
  assert.equal(trunk.length, (await page.$$("#shares > .table tbody tr")).length, "a row a member");
  assert.ok(trunk.some(([ground]) => ground > 0) && trunk.every(([ground, uses, owed]) => Math.abs(ground - uses - owed) < 0.011), JSON.stringify(trunk));
  const brings = () => page.$eval("#budgets li:first-child .brings", (element) => element.textContent);
  const before = await brings();
  await page.fill("#budget-2027", "0");
  await page.press("#budget-2027", "Tab");
  await page.waitForFunction((before) => document.querySelector("#budgets li:first-child .brings").textContent !== before, before);
  assert.match(await brings(), /^0 connected/);
  assert.equal((await summary(page)).digest, digest, "money chooses no route");
  assert.match(await page.innerText("#shares thead"), /together.*net/is);
  const first = await page.innerText("#shares tbody");
  await page.selectOption("#sharing-key", "3");
  await page.waitForFunction((first) => document.querySelector("#shares tbody").innerText !== first, first);
  await page.selectOption("#sharing-key", "0");
  const agreed = await page.innerText("#shares tbody");
  await page.click("#key-parts summary");
  for (const [by, part] of [["equal", "20"], ["inhabitants", "0"], ["premises", "0"], ["connected-premises", "0"], ["metres", "70"], ["causer-pays", "0"]]) {
    await page.fill(`#key-${by}`, part);
  }
  await page.press("#key-metres", "Tab");
  await page.waitForFunction(() => /90/.test(document.querySelector("#key-parts [role=status]").textContent));
  assert.ok(await page.isDisabled("#key-use"), "90 per cent are no key");
  await page.fill("#key-equal", "30");
  await page.press("#key-equal", "Tab");
  await page.click("#key-use:enabled");
  await page.waitForFunction((agreed) => document.querySelector("#shares tbody").innerText !== agreed, agreed);
  await page.waitForFunction(() => /key/i.test(document.querySelector("#undo").title));
  await page.selectOption("#colour", "year");
  assert.match(await page.innerText(".legend"), /2029/);
  await unfold(page, "premises");
  await page.selectOption("#search-status", "connected");
  await page.click(".found-row");
  await page.waitForSelector("#facts .why");
  assert.match(await page.innerText("#facts .why"), /Built in 20|in the plan/i);
  await page.selectOption("#search-status", "sites");
  await page.waitForFunction(() => /school|town hall|library|health|kindergarten/.test(document.querySelector(".found-row")?.innerText));
  await page.click(".found-row");
  await page.waitForFunction(() => /Public site/.test(document.querySelector("#facts")?.innerText));
  assert.deepEqual(seen.errors, []);
});

test("support, sites and the business stand beside the years, and the map follows", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await unfold(page, "years");
  await page.click("#show-together");
  for (const part of ["#support", "#business", "#sites", "#game"]) assert.ok(await page.isVisible(part), part);
  assert.match(await page.innerText("#support"), /of [\d,]+ eligible addresses are reached/);
  // The legend and the map take the colours, and give them back.
  await page.click("#colour-support");
  assert.equal(await page.getAttribute("#colour-support", "aria-pressed"), "true");
  assert.match(await page.innerText(".legend"), /support paid/);
  await page.click("#colour-load");
  assert.match(await page.innerText(".legend"), /10G/);
  await page.click("#colour-load");
  assert.equal(await page.inputValue("#colour"), "status");
  // Sites follow the slider, by keyboard.
  const ready = () => page.innerText("#sites-ready").then((text) => Number(text.split("/")[0]));
  const all = await ready();
  await page.focus("#year");
  await page.keyboard.press("Home");
  assert.ok((await ready()) <= all);
  assert.match(await page.innerText("#sites"), /2026/);
  await page.keyboard.press("End");
  assert.equal(await ready(), all);
  for (const language of ["nb", "nn", "en"]) {
    await page.selectOption("#language", language);
    const text = await page.innerText("#part-together");
    assert.doesNotMatch(text, /council\.|together\.|web\.|\{[a-z]+\}/, language);
  }
  assert.deepEqual(seen.errors, []);
});

test("the game of groups is worked out beside everything else, and can be given up", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await unfold(page, "years");
  await page.click("#show-together");
  await page.focus("#play-game");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /Group [1-9]/.test(document.querySelector("#game-progress")?.innerText ?? ""), null, { timeout: patience });
  // The page is not blocked: no other progress, and a search is answered while it goes on.
  assert.equal(await page.$("#progress"), null);
  await page.click("#tab-premises");
  await page.waitForSelector(".found-row", { timeout: patience });
  await page.click("#tab-years");
  const before = await page.innerText("#game-progress");
  await page.waitForFunction((before) => document.querySelector("#game-progress")?.innerText !== before, before, { timeout: patience });
  await page.click("#stop-game");
  await page.waitForSelector("#game-progress", { state: "detached" });
  assert.ok(await page.isVisible("#play-game"), "it can be begun again");
  assert.equal(await page.$("#saving"), null);
  assert.deepEqual(seen.errors, []);
});

test("a ring around premises leaves them out, and a handover is put on the map", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  const box = await (await page.$("canvas")).boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  await unfold(page, "premises");
  await page.click("#lasso-exclude");
  await page.waitForSelector("#tool-cancel");
  await page.waitForTimeout(200);
  await page.mouse.move(...at(0.05, 0.5));
  await page.mouse.down();
  for (const [x, y] of [[0.25, 0.5], [0.25, 0.8], [0.05, 0.8]]) await page.mouse.move(...at(x, y), { steps: 5 });
  await page.mouse.up();
  const without = await replanned(page, digest);
  assert.match(await page.getAttribute("#undo", "title"), /leave out \d+/i);
  await unfold(page, "scenarios");
  await page.click("#add-handover");
  await page.waitForSelector("#tool-cancel");
  await page.waitForTimeout(200);
  await page.mouse.click(...at(0.45, 0.35));
  await page.waitForSelector("#handovers li");
  assert.equal(await page.$("#tool-cancel"), null, "the tool is put away");
  assert.equal(await digestOfExport(page), await replanned(page, without));
  assert.deepEqual(seen.errors, []);
});

test("a mast is put by the keyboard, moved by its coordinates, and taken away", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await unfold(page, "scenarios");
  await page.focus("#add-mast");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#tool-cancel");
  await page.waitForTimeout(200);
  await page.focus("canvas");
  await page.keyboard.press("Space");
  await page.waitForSelector("#masts .place-at");
  assert.match(await page.getAttribute("#undo", "title"), /put Own mast 1/);
  const place = await page.inputValue("#masts .place-at");
  await page.fill("#masts .place-at", "here");
  await page.press("#masts .place-at", "Tab");
  await page.waitForSelector('#masts .place-at[aria-invalid="true"]');
  await page.fill("#masts .place-at", place.replace(/^(\d+\.\d)\d/, "$15"));
  await page.press("#masts .place-at", "Tab");
  await page.waitForFunction((place) => document.querySelector("#masts .place-at")?.value !== place && !document.querySelector("#masts .failure"), place);
  await page.waitForFunction(() => document.querySelectorAll("#history li").length === 3);
  await page.fill("#masts .mast-height", "24");
  await page.press("#masts .mast-height", "Tab");
  await page.waitForFunction(() => document.querySelector("#history li:last-child") && document.querySelectorAll("#history li").length === 4);
  await unfold(page, "files");
  const scenario = (await download(page, "#export-scenario")).toString("utf8");
  assert.match(scenario, /\[\[mast\]\]\nname = "Own mast 1"\nlon = [\d.]+\nlat = [\d.]+\nheight_m = 24/);
  await unfold(page, "scenarios");
  await page.click("#masts .place-row button:last-child");
  await page.waitForSelector("#masts .place-row", { state: "detached" });
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  assert.equal((await summary(page)).digest, digest);
  // A handover goes where its coordinates say.
  await page.click("#draw-more summary");
  await page.click("#draw-handover");
  await page.waitForTimeout(200);
  await page.focus("canvas");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#handovers .place-name");
  await page.fill("#handovers .place-name", "Exchange");
  await page.press("#handovers .place-name", "Tab");
  await page.waitForFunction(() => /Exchange/.test(document.querySelector("#undo").title));
  assert.deepEqual(seen.errors, []);
});

test("a point of presence and a cabinet are put by the keyboard, priced with their source, and taken away", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  const rest = () => page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  // Without the legend beside it the region's middle is the map's.
  await page.click(".legend summary");
  await page.click(".whole-region");
  for (const kind of ["pop", "cabinet"]) {
    await page.click("#draw-more summary");
    await page.click(`#draw-${kind}`);
    await page.waitForTimeout(200);
    await page.focus("canvas");
    await page.keyboard.press("Space");
    await page.waitForSelector(`#${kind}s .place-row`, { state: "attached" });
    await rest();
  }
  await unfold(page, "scenarios");
  assert.ok((await figure(page, "#pops .place-cost")) > 0, "what the cost book says, with its source");
  assert.match(await page.inputValue("#pops .place-source"), /uncalibrated/);
  const before = await page.getAttribute("#undo", "title");
  await page.fill("#pops .place-cost", "1");
  await page.press("#pops .place-cost", "Tab");
  await page.waitForFunction((before) => document.querySelector("#undo").title !== before, before);
  await page.fill("#pops .place-source", "Offer of May");
  await page.press("#pops .place-source", "Tab");
  await rest();
  await unfold(page, "plan");
  await page.waitForFunction(() => document.querySelectorAll("#plan-places tr").length === 2, undefined, { timeout: patience });
  assert.match(await page.innerText("#plan-places"), /Point of presence 1\s+opened/);
  assert.equal(await digestOfExport(page), (await summary(page)).digest, "the command line plans the same");
  await unfold(page, "files");
  const scenario = (await download(page, "#export-scenario")).toString("utf8");
  assert.match(scenario, /opening_cost = 1.0\nsource = "Offer of May"/);
  assert.match(scenario, /\[\[cabinet\]\]\nname = "Cabinet 1"/);
  await unfold(page, "scenarios");
  for (const kind of ["pop", "cabinet"]) {
    await page.click(`#${kind}s .place-row button:last-child`);
    await page.waitForSelector(`#${kind}s .place-row`, { state: "detached" });
  }
  await rest();
  assert.equal((await summary(page)).digest, digest);
  assert.deepEqual(seen.errors, []);
});

test("the support scheme is changed by its fields, and who leaves is told of", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await unfold(page, "prices");
  const value = await page.inputValue("#scheme-per_cent");
  await page.fill("#scheme-per_cent", "61");
  await page.press("#scheme-per_cent", "Tab");
  await page.waitForFunction(() => /support: Pays of an area.s cost, at most/.test(document.querySelector("#undo").title));
  assert.equal(await page.inputValue("#scheme-per_cent"), "61");
  await page.click("#undo");
  await page.waitForFunction((value) => document.querySelector("#scheme-per_cent").value === value, value);
  await unfold(page, "years");
  await page.selectOption("#what-if-one", "0");
  await page.waitForSelector("#what-if tbody tr");
  assert.ok((await page.$$("#what-if tbody tr")).length > 1, "each of the others");
  assert.deepEqual(seen.errors, []);
});

test("the support scheme's lists are changed by the keyboard, with their sources", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await unfold(page, "prices");
  const undo = (name) => page.waitForFunction((name) => document.querySelector("#undo").title.includes(name), name);
  const chips = (field) => page.$$eval(`#scheme-${field} input:checked, #scheme-${field} .chip:has(button)`, (all) => all.map((one) => one.value ?? one.innerText.replace(/\s*×$/, "")));
  const shipped = await chips("not_kinds");
  assert.deepEqual(shipped, ["cabin", "outbuilding"]);
  assert.equal(await page.$$eval("#scheme h2", (all) => all.length), 1, "there is one scheme");
  await page.focus('#scheme-not_kinds input[value="business"]');
  await page.keyboard.press("Space");
  await undo("support: Not paid for");
  assert.deepEqual(await chips("not_kinds"), ["cabin", "business", "outbuilding"]);
  assert.ok(await page.$eval('#scheme-not_kinds input[value="business"]', (one) => one === document.activeElement), "the focus stays");
  const list = '#scheme li:has(#scheme-not_kinds)';
  await page.fill(`${list} .row input`, "Call of 2026");
  await page.keyboard.press("Enter");
  await undo("source of support: Not paid for");
  // An address by what it is called; one that is not there is said, and nothing changes.
  await page.fill("#scheme-commercial-more", "Nowhere 1");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#failure");
  assert.match(await page.innerText("#failure"), /Nowhere 1/);
  await unfold(page, "premises");
  const address = (await page.innerText(".found .name")).trim();
  await unfold(page, "prices");
  await page.fill("#scheme-commercial-more", address);
  await page.keyboard.press("Enter");
  await undo("support: Connected without support");
  assert.deepEqual(await chips("commercial"), [address]);
  assert.equal(await page.inputValue("#scheme-commercial-more"), "", "the field takes the next one");
  await page.fill("#scheme-upgradable-more", "microwave");
  await page.keyboard.press("Enter");
  await undo("support: Not eligible: what can be raised");
  await unfold(page, "files");
  await page.click("#show-scenario");
  await page.waitForSelector("#text[open]");
  const text = await page.innerText("#text pre");
  await page.keyboard.press("Escape");
  assert.match(text, /not_kinds = \[\s*"cabin",\s*"outbuilding",\s*"business",?\s*\]/);
  assert.match(text, /upgradable = \[\s*"microwave",?\s*\]/);
  assert.match(text, /\[support\.sources\]\s*not_kinds = "Call of 2026"/);
  await unfold(page, "prices");
  await page.focus("#scheme-upgradable .chip button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#scheme-upgradable .chip:has(button)", { state: "detached" });
  assert.ok(await page.$eval("#scheme-upgradable-more", (one) => one === document.activeElement), "the focus is not lost");
  // Back to what ships, which the button says in each language.
  for (const [language, back] of Object.entries({ nn: "Tilbake til standardordninga", nb: "Tilbake til standardordningen", en: "Back to the standard scheme" })) {
    await page.selectOption("#language", language);
    assert.equal(await page.innerText(`${list} .row button`), back);
  }
  await page.click(`${list} .row button`);
  await page.waitForFunction((list) => !document.querySelector(list).classList.contains("changed"), list);
  assert.deepEqual(await chips("not_kinds"), shipped);
  // What was refused is in the console of no one.
  assert.deepEqual(seen.errors, []);
});

test("what is being written stays, whatever edits arrive meanwhile", async (page, seen) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  // An edit of the same list that moves no focus, as one's own last edit is while its answer is awaited.
  const meanwhile = async (edit) => {
    const title = await page.getAttribute("#undo", "title");
    await page.evaluate(edit);
    await page.waitForFunction((title) => document.querySelector("#undo").title !== title, title);
  };
  const goOn = async (selector, edit, after = edit) => {
    await page.focus(selector);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("12");
    await meanwhile(edit);
    await page.keyboard.type("34");
    assert.equal(await page.inputValue(selector), "1234", selector);
    await page.keyboard.press("Tab");
    // Another edit of the same row before this one is answered takes nothing back; its answer comes after.
    if (after !== edit) await meanwhile(after);
    else await page.waitForTimeout(300);
    const isFigure = await page.$eval(selector, (one) => one.inputMode === "decimal");
    // However long the answer takes, it is taken as it was written.
    const taken = ([selector, value]) => document.querySelector(selector).value === value;
    if (isFigure) await page.waitForFunction(taken, [selector, "1,234"]);
    assert.equal(await page.inputValue(selector), isFigure ? "1,234" : "1234", `${selector}, taken`);
  };
  const write = (selector, value) => `{ const one = document.querySelector(${JSON.stringify(selector)}); one.value = ${JSON.stringify(value)}; one.dispatchEvent(new Event("input", { bubbles: true })); one.dispatchEvent(new Event("change", { bubbles: true })); }`;
  const tick = '{ document.querySelector("#scheme-whole").click(); }';
  await unfold(page, "prices");
  await page.fill("#scheme-per_cent", "61");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#scheme li:has(#scheme-per_cent) .row input");
  await goOn("#scheme li:has(#scheme-per_cent) .row input", tick);
  await goOn("#scheme-below_mbps", tick);
  await page.fill("#price-asphalt-verge", "500");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#prices li:has(#price-asphalt-verge) .row input");
  await goOn("#prices li:has(#price-asphalt-verge) .row input", write("#price-forest", "77"));
  await goOn("#price-gravel-verge", write("#price-forest", "78"));
  const [peak, fill] = ["homes.peak_mbps", "fill_per_cent"].map((path) => `[id="policy-${path}"]`);
  await page.$eval(peak, (one) => (one.closest("details").open = true));
  await goOn(peak, write(fill, "71"));
  await goOn(`#policy li:has(${peak}) .row input`, write(fill, "72"));
  // What the session refuses is said, and the field shows what holds.
  await page.fill(fill, "1234");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#failure");
  await page.waitForFunction((fill) => document.querySelector(fill).value === "72", fill);
  await unfold(page, "years");
  const years = await page.$$eval("#budgets .number", (all) => all.slice(0, 2).map((one) => `#${one.id}`));
  await goOn(years[1], write(years[0], "5000000"));
  await unfold(page, "scenarios");
  await page.click("#add-cabinet");
  await page.waitForTimeout(200);
  await page.focus("canvas");
  await page.keyboard.press("Space");
  await page.waitForSelector("#cabinets .place-name", { state: "attached" });
  const named = (name) => write("#cabinets .place-name", name);
  await goOn("#cabinets .place-cost", named("K1"), named("K2"));
  await goOn("#cabinets .place-source", named("K3"), named("K4"));
  // A figure that is none goes back to what it was.
  await unfold(page, "prices");
  const forest = await page.inputValue("#price-forest");
  await page.fill("#price-forest", "");
  await page.keyboard.press("Tab");
  assert.equal(await page.inputValue("#price-forest"), forest);
  await summary(page);
  assert.deepEqual(seen.errors, []);
});

test("a border is changed by its corners' coordinates, and the policy by its figures", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  // Wherever one is, the border is shown.
  const box = await (await page.$("canvas")).boundingBox();
  const scale = (unit) => page.waitForFunction((unit) => new RegExp(`\\s${unit}$`).test(document.querySelector(".maplibregl-ctrl-scale").textContent), unit);
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.3);
  for (let turn = 0; turn < 6; turn += 1) {
    await page.mouse.wheel(0, -600);
    await page.waitForTimeout(300);
  }
  await scale("m");
  await unfold(page, "scenarios");
  await page.click("#borders li:first-child .change-border");
  await page.waitForSelector(".waypoints .place");
  await scale("km");
  const corners = await page.$$eval(".waypoints li", (all) => all.length);
  assert.ok(corners > 20);
  const place = () => page.$eval(".waypoints li:nth-child(2) .place", (element) => element.textContent);
  const before = await place();
  await page.focus(".waypoints li:nth-child(2) .place");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "waypoint" && document.activeElement.value.length > 8);
  const [lon, lat] = (await page.inputValue("#waypoint")).split(",").map(Number);
  // Far away it would cross everything: it is said, and nothing moves.
  await page.fill("#waypoint", `${(lon + 3).toFixed(7)}, ${lat.toFixed(7)}`);
  await page.press("#waypoint", "Enter");
  await page.waitForSelector("#failure");
  assert.equal(await place(), before);
  await page.click(".waypoints li:nth-child(2) .place");
  await page.fill("#waypoint", `${(lon + 0.00004).toFixed(7)}, ${(lat + 0.00004).toFixed(7)}`);
  await page.press("#waypoint", "Enter");
  await page.waitForFunction((before) => document.querySelector(".waypoints li:nth-child(2) .place").textContent !== before, before);
  await page.focus("canvas");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#reset-borders", { timeout: patience });
  assert.match(await page.getAttribute("#undo", "title"), /border of/);
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  assert.equal(await digestOfExport(page), (await summary(page)).digest, "the command line plans the same");
  await unfold(page, "scenarios");
  await page.click("#reset-borders");
  await page.waitForSelector("#reset-borders", { state: "detached", timeout: patience });
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  assert.equal((await summary(page)).digest, digest);

  await unfold(page, "prices");
  const full = '[id="policy-fill_per_cent"]';
  const value = await page.inputValue(full);
  await page.fill(full, "35");
  await page.press(full, "Tab");
  await page.waitForSelector("#policy li.changed");
  await page.fill("#policy li.changed .row input", "Measured");
  await page.press("#policy li.changed .row input", "Tab");
  await page.waitForFunction(() => /source of A link counts as full from/.test(document.querySelector("#undo").title));
  await page.fill(full, "0");
  await page.press(full, "Tab");
  await page.waitForSelector("#failure");
  assert.equal(await page.getAttribute("#summary", "data-digest"), digest, "a policy chooses no route");
  await page.click("#policy li.changed button");
  await page.waitForFunction(([full, value]) => document.querySelector(full).value === value, [full, value]);
  assert.deepEqual(seen.errors, []);
});

test("a border's corner is dragged with the mouse, and the neighbour's with it", async (page, seen) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await page.waitForTimeout(500);
  const box = await (await page.$("canvas")).boundingBox();
  const number = (text) => text.split(",").map(Number);
  const corner = (at) => page.$eval(`.waypoints li:nth-child(${at}) .place`, (element) => element.textContent);
  // Where the map has which pixel: two points of a route that is given up. Nothing moves while something is drawn.
  await page.click("#draw");
  await page.waitForSelector("#draw-finish");
  await page.click("#leg-free");
  const [a, b] = [[box.x + 0.2 * box.width, box.y + 0.3 * box.height], [box.x + 0.7 * box.width, box.y + 0.6 * box.height]];
  for (const [count, pixel] of [[1, a], [2, b]]) {
    await page.mouse.click(...pixel);
    await page.waitForFunction((count) => document.querySelectorAll(".waypoints li").length === count, count);
    await page.waitForTimeout(400);
  }
  const height = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const [[west, north], [east, south]] = [number(await corner(1)), number(await corner(2))];
  const pixel = ([lon, lat]) => [
    a[0] + ((lon - west) / (east - west)) * (b[0] - a[0]),
    a[1] + ((height(lat) - height(north)) / (height(south) - height(north))) * (b[1] - a[1]),
  ];
  // Where the years stand is free while something is drawn; a border's corners are shown at the same places.
  await page.click("#draw-cancel");
  await page.waitForSelector("#draw-finish", { state: "detached" });
  await unfold(page, "scenarios");
  await page.click("#borders li:first-child .change-border");
  await page.waitForSelector(".waypoints .place");
  const count = await page.$$eval(".waypoints li", (all) => all.length);
  const places = (await page.$$eval(".waypoints .place", (all) => all.map((one) => one.textContent))).map(number).map(pixel);
  const isFree = ([x, y]) => x > box.x + 20 && x < box.x + box.width - 270 && y > box.y + 80 && y < box.y + box.height - 20;
  const near = (at) => Math.min(...places.filter((_, other) => other !== at).map(([x, y]) => Math.hypot(x - places[at][0], y - places[at][1])));
  const at = places.map((place, at) => [isFree(place) ? near(at) : -1, at]).sort((one, other) => other[0] - one[0])[0][1];
  assert.ok(isFree(places[at]), "a corner is on screen");
  const pull = async (dx, dy) => {
    const [x, y] = pixel(number(await corner(at + 1)));
    await page.mouse.move(x, y);
    await page.waitForFunction(() => document.querySelector("canvas").style.cursor === "grab");
    await page.mouse.down();
    await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 });
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
    await page.mouse.up();
  };
  const before = await corner(at + 1);
  await pull(2, 2);
  await page.waitForFunction(([at, before]) => document.querySelector(`.waypoints li:nth-child(${at}) .place`).textContent !== before, [at + 1, before]);
  const after = number(await corner(at + 1));
  const [from, to] = [pixel(number(before)), pixel(after)];
  assert.ok(Math.hypot(to[0] - from[0] - 2, to[1] - from[1] - 2) < 2, `it lies where it was let go: ${from} ${to}`);
  assert.equal((await page.$$(".waypoints li")).length, count, "moved, not added");
  // Pulled across everything, it is refused and springs back; what was pulled before stays.
  await pull(box.x + box.width / 2 > to[0] ? 400 : -400, 0);
  await page.waitForSelector("#failure");
  assert.deepEqual(number(await corner(at + 1)), after);
  await page.keyboard.press("Control+z");
  await page.waitForFunction(([at, before]) => document.querySelector(`.waypoints li:nth-child(${at}) .place`).textContent === before, [at + 1, before]);
  await page.keyboard.press("Control+Shift+Z");
  await page.waitForFunction(([at, before]) => document.querySelector(`.waypoints li:nth-child(${at}) .place`).textContent !== before, [at + 1, before]);
  await page.click("#draw-finish");
  await page.waitForSelector("#reset-borders", { state: "attached", timeout: patience });
  await page.waitForFunction(() => !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  assert.equal(await digestOfExport(page), (await summary(page)).digest, "the command line plans the same");
  await page.click("#undo");
  // The files are read anew, and there is no plan meanwhile.
  await page.waitForFunction((digest) => document.querySelector("#summary")?.dataset.digest === digest && !document.querySelector("#progress"), digest, { timeout: patience });
  assert.deepEqual(seen.errors, []);
});

test("everything that the command line writes is given in the tab", async (page) => {
  await page.goto(`${base}?sample`);
  const { digest } = await summary(page);
  await unfold(page, "files");
  const folder = await download(page, "#export-folder");
  const archive = join(BREIBAND_WORK, "plan.zip");
  writeFileSync(archive, folder);
  const script = "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(chr(10).join(z.namelist())); print(z.read('manifest.json').decode())";
  const listed = execFileSync("python3", ["-c", script, archive], { encoding: "utf8" });
  for (const name of ["index.html", "plan.gpkg", "network.geojson", "premises.csv", "report/shares.csv", "report/report-nn.html"]) {
    assert.ok(listed.split("\n").includes(name), name);
  }
  assert.ok(listed.includes(digest));
  // One by one: whatever is in the archive but for its first page.
  await page.click("#outputs summary");
  await page.waitForSelector("#outputs .export-file", { timeout: patience });
  const names = await page.$$eval("#outputs .export-file .name", (all) => all.map((one) => one.textContent));
  const packed = listed.split("\n").filter((name) => /^[a-z/-]+\.[a-z.]+$/.test(name) && name !== "index.html").map((name) => name.replace("report/", ""));
  assert.deepEqual(names.filter((name) => name !== "curve.csv").sort(), packed.sort());
  const sites = await download(page, "#outputs .export-file:has-text('sites.csv')");
  assert.match(sites.toString("utf8"), /Feide|feide/);
  await page.click("#show-rust");
  await page.waitForSelector("#text[open]");
  assert.match(await page.innerText("#text pre"), /fn main\(\)/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#text[open]", { state: "detached" });
});

test("two tabs: the second one says that the first keeps its work", async (page) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  const other = await page.context().newPage();
  await other.goto(`${base}?sample`);
  await summary(other);
  await other.waitForSelector("#storage");
  assert.match(await other.innerText("#storage"), /another tab/);
  assert.equal(await page.$("#storage"), null);
  // Its own work outlives its worker all the same, and the first one's is not taken for it.
  await unfold(other, "scenarios");
  await other.click("#duplicate");
  await other.waitForFunction(() => document.querySelectorAll(".compare tbody tr").length === 2);
  await killed(other);
  assert.equal(await other.$$eval(".compare tbody tr", (all) => all.length), 2);
});

test("a route is drawn by touch", async (page) => {
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.tap("#draw");
  await page.waitForSelector("#draw-finish");
  const box = await (await page.$("canvas")).boundingBox();
  for (const [number, x, y] of [[1, 0.3, 0.3], [2, 0.5, 0.35], [3, 0.6, 0.3]]) {
    await page.touchscreen.tap(box.x + box.width * x, box.y + box.height * y);
    await page.waitForFunction((number) => document.querySelectorAll(".waypoints li").length === number, number);
    await page.waitForTimeout(400);
  }
  await page.tap("#draw-finish");
  await page.waitForSelector("#routes .resume-route", { state: "attached" });
}, { viewport: { width: 390, height: 844 }, hasTouch: true });

test("no view has a serious accessibility finding", async (page) => {
  const check = async (view) => {
    assert.deepEqual(await untold(page), [], `${view}: what has no name, or nothing to see of it`);
    const found = await serious(page);
    assert.deepEqual(found.map((one) => `${view}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`), []);
  };
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(base);
    await page.waitForSelector("#sample");
    await check(`opening, ${theme}`);
    await page.click("#sample");
    await summary(page);
    await page.selectOption("#goal-kind", "coverage");
    await page.waitForSelector("#goal-chart", { timeout: patience });
    await summary(page);
    await page.click("#history summary");
    await check(`goal and history, ${theme}`);
    await page.click("#draw-more summary");
    await check(`what can be drawn, ${theme}`);
    await page.keyboard.press("Escape");
    for (const name of ["years", "prices", "files"]) {
      await unfold(page, name);
      if (name === "years") await page.click("#key-parts summary");
      if (name === "prices") await page.evaluate(() => document.querySelectorAll("#policy details").forEach((one) => (one.open = true)));
      if (name === "files") {
        await page.click("#outputs summary");
        await page.waitForSelector("#outputs .export-file", { timeout: patience });
      }
      await check(`${name}, ${theme}`);
    }
    await unfold(page, "years");
    await page.click("#show-together");
    await page.click("#colour-support");
    await check(`together, ${theme}`);
    await unfold(page, "files");
    await page.click("#show-rust");
    await page.waitForSelector("#text[open]");
    await check(`text, ${theme}`);
    await page.click("#text-close");
    await unfold(page, "premises");
    await page.waitForSelector(".found-row");
    await page.click(".found-row");
    await page.waitForSelector("#facts");
    await check(`premises, ${theme}`);
    await unfold(page, "scenarios");
    await page.click("#duplicate");
    await page.waitForSelector("#comparison");
    await page.click("#comparison summary");
    for (const place of ["handover", "pop", "cabinet", "mast"]) {
      await page.click(`#add-${place}`);
      await page.waitForTimeout(200);
      await page.focus("canvas");
      await page.keyboard.press("Space");
      await page.waitForSelector(`#${place}s .place-row`);
    }
    await page.click(".difference");
    await page.waitForSelector('.difference[aria-pressed="true"]');
    // What is refused is said in every view alike.
    await drop(page, [["torn.geojson", Buffer.from("{")]]);
    await page.waitForSelector("#failure");
    await check(`scenarios, their difference and a failure, ${theme}`);
    await page.click("#borders li:first-child .change-border");
    await page.waitForSelector(".waypoints .place");
    await check(`a border, ${theme}`);
    await page.click("#draw-cancel");
    await page.click("#draw-more summary");
    await page.click("#draw-no-dig");
    await page.waitForSelector("#draw-finish");
    await check(`drawing an area, ${theme}`);
    await page.click("#draw-cancel");
    await page.click("#draw");
    await page.waitForSelector("#draw-finish");
    await page.focus("canvas");
    for (const key of ["Space", "ArrowRight", "Space"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(600);
    }
    await page.waitForSelector(".waypoints li:nth-child(2)");
    await page.fill("#waypoint", "somewhere");
    await page.press("#waypoint", "Enter");
    await page.waitForSelector('#waypoint[aria-invalid="true"]');
    await check(`drawing, ${theme}`);
    await page.click("#draw-cancel");
    await page.click("#tour");
    await check(`tour, ${theme}`);
    await page.click("#tour-close");
    await page.click("#council");
    await check(`council, ${theme}`);
  }
});

test("the page works offline after the first visit", async (page) => {
  await page.goto(base);
  await page.waitForSelector("html[data-offline=ready]", { timeout: patience });
  // All of it, before anything is opened: what the workers load too.
  const kept = await page.evaluate(async () => (await (await caches.open("breiband")).keys()).map((one) => new URL(one.url).pathname));
  for (const name of ["app_bg.wasm", "worker-main.mjs", "worker.js", "worker_bg.wasm", "map-worker.mjs", "maplibre/maplibre-gl-worker.mjs"]) {
    assert.ok(kept.includes(`/${name}`), `${name} is kept: ${kept}`);
  }
  await page.goto(`${base}?sample`);
  await summary(page);
  await page.context().setOffline(true);
  await page.goto(base);
  await page.click("#resume");
  await summary(page);
});

test("how soon the page is there", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  const [paint, ready, bytes] = await page.evaluate(() => {
    const paints = performance.getEntriesByName("first-contentful-paint");
    const loaded = performance.getEntriesByType("resource").reduce((sum, entry) => sum + entry.encodedBodySize, 0);
    return [paints[0]?.startTime ?? 0, performance.now(), loaded];
  });
  const begun = Date.now();
  await page.click("#sample");
  await summary(page);
  console.log(`   first paint ${paint.toFixed(0)} ms, taking input after ${ready.toFixed(0)} ms, ${(bytes / 1e6).toFixed(2)} MB fetched, sample planned ${Date.now() - begun} ms after the click`);
}, { alone: true });

mkdirSync(BREIBAND_WORK, { recursive: true });
const { address: base, end } = await serve();

const browser = await launch();
let failed = 0;
const only = process.argv[2];

async function take({ name, run, options: { alone, ...options } }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const seen = { requests: [], errors: [] };
  context.on("request", (request) => seen.requests.push(request.url()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  const begun = Date.now();
  try {
    await run(page, seen);
    console.log(`ok ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${name}\n${error.stack}\n${seen.errors.join("\n")}`);
    await page.screenshot({ path: join(BREIBAND_WORK, `failed-${failed}.png`) }).catch(() => {});
  }
  await context.close();
}

// Two at a time, each in a context of its own: much of a test is waiting for its worker, which is one thread. What watches the
// clock, or has the machine's storage to itself, comes first and alone.
const chosen = tests.filter(({ name }) => !only || name.includes(only));
for (const test of chosen.filter(({ options }) => options.alone)) await take(test);
const waiting = chosen.filter(({ options }) => !options.alone);
const lane = async () => {
  for (let test = waiting.shift(); test; test = waiting.shift()) await take(test);
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
await browser.close();
end();
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
