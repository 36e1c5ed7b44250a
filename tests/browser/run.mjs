// Tests of the page in a real browser, against the real server with its Content-Security-Policy. Run by `cargo xtask test browser`,
// which names the browser, the program, the built page and a working folder.
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const { BREIBAND_BROWSER, BREIBAND_PROGRAM, BREIBAND_WEB, BREIBAND_WORK } = process.env;
const sample = join(root, "data/sample");
const patience = 120_000;

const tests = [];
function test(name, run, options = {}) {
  tests.push({ name, run, options });
}

/** Waits for a plan's figures and returns them. */
async function summary(page) {
  await page.waitForSelector("#summary, #failure", { timeout: patience });
  const failure = await page.$("#failure");
  assert.equal(failure && (await failure.innerText()), null, "no failure is shown");
  await page.waitForSelector("#progress", { state: "detached", timeout: patience });
  return page.$eval("#summary", (element) => ({ digest: element.dataset.digest, gap: Number(element.dataset.gap), text: element.innerText }));
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

/** Starts the program's server; the address it prints, and how to end it. */
async function serve(...words) {
  const child = spawn(BREIBAND_PROGRAM, ["serve", ...words, "--app", BREIBAND_WEB, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const found = text.match(/http:\/\/\S+\s/);
      if (found) resolve(found[0].trim());
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return { address, end: () => child.kill() };
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
  await page.click("#sample");
  await summary(page);
  const longest = await page.evaluate(() => globalThis.longest);
  // Drawing by software on a busy machine takes its part: the planning itself would block for seconds.
  assert.ok(longest < 1_500, `the longest pause was ${longest.toFixed(0)} ms`);
});

test("work can be cancelled and begun again", async (page) => {
  await page.goto(base);
  await page.click("#sample");
  await page.click("#cancel", { timeout: patience });
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
});

test("a phone shows it all, without sideways scrolling", async (page) => {
  await page.goto(base);
  await page.waitForSelector("#sample");
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(await overflow(), 0);
  await page.click("#sample");
  await summary(page);
  assert.equal(await overflow(), 0);
  const wide = await page.$$eval("main *", (all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length);
  assert.equal(wide, 0, "nothing in the panel sticks out");
  await page.click(".legend summary");
  assert.ok(await page.isVisible(".legend .layers label"));
}, { viewport: { width: 390, height: 844 } });

test("bad files are told in words, and the page goes on", async (page) => {
  await page.goto(base);
  await drop(page, [["broken.osm.pbf", Buffer.from("not a map")]]);
  await page.waitForSelector("#failure, #issues", { timeout: patience });
  assert.match(await page.innerText("main"), /broken\.osm\.pbf/);
  await page.waitForSelector("#progress", { state: "detached" });
  await drop(page, sampleFiles());
  await page.click("#plan:enabled", { timeout: patience });
  await summary(page);
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
    assert.deepEqual(seen.errors, []);
  } finally {
    end();
  }
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

mkdirSync(BREIBAND_WORK, { recursive: true });
const { address: base, end } = await serve();

const browser = await chromium.launch({
  executablePath: BREIBAND_BROWSER,
  args: [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
let failed = 0;
for (const { name, run, options } of tests) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
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
await browser.close();
end();
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
