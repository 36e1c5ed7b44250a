// What every script here begins with: the program's server, and the browser that `xtask` names.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(import.meta.url), "../../..");
const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const { BREIBAND_BROWSER, BREIBAND_PROGRAM, BREIBAND_WEB } = process.env;

/** The serious accessibility findings of a page as it is. */
export async function serious(page) {
  // Evaluated by the browser's debugger: the page's policy allows no script that is not its own.
  await page.evaluate(readFileSync(join(root, "web/node_modules/axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter((one) => ["serious", "critical"].includes(one.impact));
}

/** The controls of a page as it is that a screen reader has no name of, or that say nothing to the eye: no text, label or tooltip. */
export function untold(page) {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll("button, summary, a[href], input, select, textarea, [role=button]")];
    const text = (one) => (one?.innerText ?? "").trim();
    const told = (one) => {
      const labels = [...(one.labels ?? [])];
      const by = (one.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => text(document.getElementById(id))).join("");
      const name = one.getAttribute("aria-label") || by || labels.map((label) => label.textContent.trim()).join("") || text(one) || one.title;
      const isSeen = text(one).length > 1 || one.closest("[title]") || labels.some((label) => text(label) && !label.querySelector(".hidden-text"));
      // What is chosen of is seen in a list that is closed.
      return name && (isSeen || one.tagName === "SELECT");
    };
    return controls.filter((one) => one.checkVisibility() && !told(one)).map((one) => one.outerHTML.slice(0, 160));
  });
}

/** Starts the program's server; the address it prints, and how to end it. */
export async function serve(...words) {
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

/** Starts the browser; it asks nobody for anything but the page. */
export const launch = () => chromium.launch({
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
