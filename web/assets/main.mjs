// Starts the page. A file of its own: the Content-Security-Policy allows no inline script.
import init from "./app.js";

await init();
if ("serviceWorker" in navigator) {
  // Later than anything that the user waits for. The first visit is not under its control: what the page has loaded by then
  // is asked for once more, and kept.
  const later = new Promise((resolve) => setTimeout(resolve, 4_000));
  later.then(() => navigator.serviceWorker.register("sw.js")).then(async () => {
    await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    // What workers load is not among what the page knows of.
    const inWorkers = ["worker.js", "worker_bg.wasm", "maplibre/maplibre-gl-worker.mjs"].map((name) => new URL(name, import.meta.url).href);
    const own = [location.href, ...loaded, ...inWorkers].filter((url) => url.startsWith(location.origin) && !url.includes("/sample/"));
    const cache = await caches.open("breiband");
    await Promise.allSettled([...new Set(own)].map(async (url) => (await cache.match(url)) ?? cache.add(url)));
    document.documentElement.dataset.offline = "ready";
  }).catch(() => {});
}

// An open menu goes away with Escape, or with a press elsewhere, as menus do.
addEventListener("pointerdown", ({ target }) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target)) menu.open = false;
});
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  // The same key gives up a drawing.
  event.stopPropagation();
}, { capture: true });
