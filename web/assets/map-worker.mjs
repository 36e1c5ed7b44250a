// MapLibre's worker, but for two things. It reads layers here: as it comes, it asks the page for whatever has no web address, and the
// page would read the text of a large layer and hand over every feature as an object. And what it has read stays here: as it comes, it
// gives all features back to the page, which never asks for them. A region of 100,000 premises stopped the page for half a second
// and more with each large layer, both ways.
import "./maplibre/maplibre-gl-worker.mjs";

self.addProtocol("layer", async ({ url }, { signal }) => {
  const answer = await fetch(url.slice("layer://".length), { signal });
  return { data: await answer.json() };
});

const handlers = self.worker?.actor?.messageHandlers;
const read = handlers?.LD;
if (read) {
  handlers.LD = async (...asked) => {
    const { data, ...rest } = await read(...asked);
    return rest;
  };
} else {
  console.warn("this is another MapLibre: what its worker reads goes back to the page");
}
