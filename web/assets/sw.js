// Works offline: everything of this page's own is kept when it is fetched, and given from there when the network is gone.
// The network comes first, so that a new build is never hidden by an old one.
const cache = "breiband";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(answer(event.request));
});

async function answer(request) {
  const kept = await caches.open(cache);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request, response.clone()).catch(() => {});
    return response;
  } catch (error) {
    const known = await kept.match(request, { ignoreSearch: request.mode === "navigate" });
    if (known) return known;
    throw error;
  }
}
