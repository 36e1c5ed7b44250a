// The first ten minutes of somebody who has never seen the page: plan the sample, draw a better route, compare two scenarios, print
// the council view. Takes a picture of each step at three widths, light and dark, to be looked at, and says what a machine can see:
// serious accessibility findings, what stands beyond the screen's edge, errors of the page. Run by `cargo xtask journey FOLDER`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, serious, serve } from "./setting.mjs";

const folder = process.argv[2];
const patience = 120_000;
const { address: base, end } = await serve();
const browser = await launch();
let findings = 0;

async function journey([width, height], colorScheme, locale) {
  const name = `${width}-${colorScheme}`;
  mkdirSync(join(folder, name), { recursive: true });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, hasTouch: width < 500 });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const find = (text) => {
    findings += 1;
    console.log(`${name}: ${text}`);
  };
  // What is said while a better answer is looked for comes and goes: it is looked at as it comes, and has one line.
  await page.exposeFunction("cutOff", (text) => find(`cut off: ${text}`));
  await page.addInitScript(() => new MutationObserver(() => {
    const is = (line) => line.scrollWidth > line.clientWidth || line.scrollHeight > line.clientHeight;
    for (const line of document.querySelectorAll("#summary .first")) if (is(line)) globalThis.cutOff(line.innerText);
  }).observe(document, { childList: true, subtree: true }));
  page.on("pageerror", (error) => find(String(error)));
  page.on("console", (message) => message.type() === "error" && find(message.text()));
  const begun = Date.now();
  let steps = 0;
  const look = async (step) => {
    steps += 1;
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, name, `${String(steps).padStart(2, "0")}-${step}.png`) });
    for (const one of await serious(page)) {
      find(`${step}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
    }
    const beyond = await page.evaluate(() => {
      const frames = ".scroll, .tall-table, .tabs, .map, .menu-list";
      const edge = (one) => one.closest("#panel")?.getBoundingClientRect().right ?? innerWidth;
      const is = (one) => !one.closest(frames) && !one.ownerSVGElement && one.checkVisibility() && one.getBoundingClientRect().right > edge(one) + 1;
      return [...document.querySelectorAll("body *")].filter(is).map((one) => `${one.tagName} ${one.id}`);
    });
    if (beyond.length > 0) find(`${step}: beyond the edge: ${beyond}`);
  };
  const rest = () => page.waitForFunction(() => document.querySelector('#summary[data-first="false"]') && !document.querySelector("#progress, .stale"), undefined, { timeout: patience });
  const scroll = (to) => page.$eval("#panel", (panel, to) => (panel.scrollTop = to), to);
  await page.goto(base);
  await page.waitForSelector("#sample");
  await look("opening");
  await page.click("#sample");
  // The first answer, or on a quick machine the best already.
  await page.waitForSelector("#summary");
  await page.screenshot({ path: join(folder, name, "searching.png") });
  await rest();
  await look("plan");
  await page.click("#tour");
  await look("tour");
  await page.click("#tour-close");
  await page.click("#draw");
  await page.waitForSelector("#draw-finish");
  await look("drawing-begun");
  const box = await (await page.$("canvas")).boundingBox();
  for (const [count, x, y] of [[1, 0.35, 0.45], [2, 0.45, 0.55]]) {
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await page.waitForFunction((count) => document.querySelectorAll(".waypoints li").length === count, count);
    await page.waitForTimeout(400);
  }
  await look("drawing");
  await page.click("#draw-finish");
  await page.waitForSelector("#drawn-last");
  await look("drawn");
  for (const tab of ["years", "scenarios", "premises", "prices", "files"]) {
    await page.click(`#tab-${tab}`);
    await scroll(0);
    await look(tab);
    await scroll(1e6);
    await look(`${tab}-end`);
  }
  await page.click("#tab-scenarios");
  await page.click("#duplicate");
  await page.waitForSelector("#comparison", { state: "attached" });
  await page.click("#tab-prices");
  await page.fill("#price-asphalt-verge", "900");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#prices .changed");
  await rest();
  await page.click("#tab-scenarios");
  await page.click(".difference");
  await page.click("#comparison summary");
  await look("compared");
  await page.click("#tab-premises");
  await page.waitForSelector(".found-row");
  await page.click(".found-row");
  await page.waitForSelector("#facts");
  await look("why");
  await page.click("#council");
  await look("council");
  await page.evaluate(() => (globalThis.print = () => (globalThis.printed = true)));
  await page.click("#print");
  await page.waitForFunction(() => globalThis.printed);
  await page.pdf({ path: join(folder, name, "council.pdf"), preferCSSPageSize: true, printBackground: true });
  console.log(`${name}: ${steps} pictures, ${((Date.now() - begun) / 1000).toFixed(0)} s`);
  await context.close();
}

for (const size of [[1440, 900], [1024, 768], [390, 844]]) {
  for (const [scheme, locale] of [["light", "nb-NO"], ["dark", "nn-NO"]]) await journey(size, scheme, locale);
}
await browser.close();
end();
console.log(findings === 0 ? "nothing found" : `${findings} findings`);
process.exit(findings === 0 ? 0 : 1);
