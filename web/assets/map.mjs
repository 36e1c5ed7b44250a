// The one place where the page meets MapLibre: make a map, give it data, show and hide, tell what was picked.
// Colours are the page's custom properties, so that map and legend cannot differ; they are read anew on a change of theme.
import * as maplibre from "./maplibre/maplibre-gl.mjs";

maplibre.setWorkerUrl(new URL("./map-worker.mjs", import.meta.url).href);
// What stands before an address that the map's worker reads by itself.
const ours = "layer://";

const empty = { type: "FeatureCollection", features: [] };
const sources = ["water", "municipalities", "buildings", "ways", "drawn", "network", "difference", "premises", "sites", "masts", "cabinets", "pops", "handovers"];
// What a click may mean, smallest thing first.
const pickable = ["handovers", "pops", "cabinets", "masts", "sites", "premises", "network", "ways", "municipalities"];
const reach = 6;

let map;
let loaded;
let basemap = "";
// The box asked for last, until the user moves the map: it is fitted again when the size of the map changes.
let fitted;
// The region's whole box.
let whole;
// Whether it is drawn for paper, where nothing stands over it.
let printing = false;
// The route or area being drawn: whether one is, and its last content.
let drawing = false;
let drawingData;
// Whether it has so many corners that they would hide each other: a border's are small until one looks closely.
let crowded = false;
const crowd = 60;
// When what has ended is taken off the map.
let leaving;
let dragged = -1;
// What premises are coloured by, the programme's years, the one whose end is shown, and the number that stands for what no budget
// pays for: it comes after every year, and is the year of the whole plan.
let look = { colour: "status", years: [], year: 0, unfunded: 0 };
// What the next touch is for, besides looking: "lasso", "place" or "".
let tool = "";
let ring = [];
// Whether something on the map is marked.
let isPicked = false;
const hidden = new Set();
// Each layer's source and id.
let drawnBy;
const urls = new Map();

/** Whether a source's layers are drawn: one without content costs as much in every frame as one with it, and shows nothing. */
function isDrawn(source) {
  switch (source) {
    case "ways-far": return isDrawn("ways");
    case "drawing": return drawing;
    case "tool": return tool === "lasso";
    case "picked": return isPicked;
    case "basemap": return true;
    default: return urls.has(source) && !hidden.has(source);
  }
}

/** Draws a source's layers, or leaves them out. */
function follow(source) {
  if (source === "ways") follow("ways-far");
  for (const id of drawnOf(source)) map.setLayoutProperty(id, "visibility", isDrawn(source) ? "visible" : "none");
}

/** Marks a feature, or none. */
function mark(feature) {
  isPicked = feature !== empty;
  map.getSource("picked")?.setData(feature);
  follow("picked");
}

/** The colour of a custom property, as the theme in force has it. */
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function byZoom(...stops) {
  return ["interpolate", ["exponential", 1.6], ["zoom"], ...stops];
}

/** A `match` over a property whose values have a colour each. */
function coloured(property, prefix, values, other) {
  const pairs = values.flatMap((value) => [value, colour(`${prefix}-${value}`)]);
  return ["match", ["get", property], ...pairs, colour(other)];
}

const methods = ["plough", "trench", "micro-trench", "aerial", "existing-duct", "bore", "structure", "subsea", "radio"];
const statuses = ["connected", "unreachable", "excluded", "already_served"];
const services = ["none", "slow", "30", "100", "1000"];
const technologies = ["fibre", "cable", "copper", "radio", "satellite"];
const gets = ["fibre", "wireless", "satellite"];
const costs = ["1", "2", "3", "4", "5"];
const purposes = ["candidate", "forbidden", "duct", "poles", "no-dig", "dearer", "leave-out", "lump"];
const supports = ["paid", "unpaid", "served", "not"];
const loads = ["1", "2", "3", "4", "5"];
const yearNumber = ["to-number", ["get", "year"]];
const yearColours = 8;

/** The custom property of a year: the programme's years spread over all colours. */
function yearColour(at) {
  const last = Math.max(look.years.length - 1, 1);
  return `year-${1 + Math.round((at * (yearColours - 1)) / last)}`;
}

/** Colours by the year in which something is built. */
function byYear(other) {
  const pairs = look.years.flatMap((year, at) => [year, colour(yearColour(at))]);
  return ["match", yearNumber, 0, colour("year-built"), ...pairs, look.unfunded, colour("year-later"), other];
}

function premisesColour() {
  switch (look.colour) {
    case "year": return byYear(["match", ["get", "status"], "already_served", colour("map-land"), colour("status-excluded")]);
    case "service": return coloured("service", "service", services, "status-excluded");
    case "technology": return coloured("technology", "technology", technologies, "status-excluded");
    case "gets": return coloured("gets", "gets", gets, "status-excluded");
    case "cost": return coloured("cost", "cost", costs, "status-already_served");
    case "support": return coloured("support", "support", supports, "status-excluded");
    default: return coloured("status", "status", statuses, "status-unplanned");
  }
}

/** A symbol as a field of distances to its edge, which MapLibre colours and rims: a square, or one on its corner. */
function symbol(shape) {
  const size = 32, radius = 9, data = new Uint8Array(4 * size * size);
  for (let at = 0; at < size * size; at += 1) {
    const x = Math.abs((at % size) - 15.5), y = Math.abs(Math.floor(at / size) - 15.5);
    const outside = shape === "diamond" ? (x + y) / Math.SQRT2 - radius : Math.max(x, y) - radius;
    data[4 * at + 3] = Math.max(0, Math.min(255, 192 - 32 * outside / 2));
  }
  return { width: size, height: size, data };
}

function drawnColour() {
  return coloured("use", "drawn", purposes, "drawing");
}

function networkColour() {
  if (look.colour === "load") return coloured("load", "load", loads, "muted");
  return look.colour === "year" ? byYear(colour("muted")) : coloured("method", "method", methods, "muted");
}

/** Strong where it is built by the end of the year on screen, faint where it comes later. */
function builtByThen(strong, faint) {
  if (look.years.length === 0) return strong;
  return ["case", ["all", [">", yearNumber, look.year], ["<=", yearNumber, look.unfunded]], faint, strong];
}

/** What the look decides: layer, property, value. */
function looks() {
  const waits = [">", ["to-number", ["get", "ready"], 0], look.year];
  const hollow = ["all", look.colour === "year", ["==", ["get", "status"], "already_served"]];
  return [
    ["network", "line-color", networkColour()],
    ["network", "line-opacity", builtByThen(1, 0.13)],
    ["network-halo", "line-opacity", builtByThen(0.85, 0)],
    // A site is filled once it has what it needs.
    ["sites", "circle-color", ["case", waits, colour("map-land"), colour("map-site")]],
    ["sites", "circle-stroke-color", ["case", waits, colour("map-site"), colour("map-land")]],
    ["premises", "circle-color", premisesColour()],
    // By year, who has it already is hollow: its grey is near that of what no budget pays for.
    ["premises", "circle-stroke-color", ["case", hollow, colour("status-already_served"), colour("map-land")]],
    ["premises", "circle-stroke-width", byZoom(10, ["case", hollow, 0.7, 0], 13, ["case", hollow, 1.3, 0.8], 18, 2)],
    ["premises", "circle-opacity", builtByThen(1, 0.25)],
    ["premises", "circle-stroke-opacity", builtByThen(1, 0.25)],
  ];
}

const big = ["motorway", "trunk", "primary", "secondary"];
const small = ["track", "path", "footway", "cycleway", "bridleway", "steps"];
const kind = (classes) => ["in", ["get", "class"], ["literal", classes]];

/** From where on a region's roads are all drawn, and up to where the main ones alone. */
const near = (source) => (source.endsWith("-far") ? { maxzoom: 9.5 } : { minzoom: 9.5 });

/** What the dot of several premises looks like: what needs attention goes before the rest, the first year before the later ones. */
function together() {
  const [all, one] = [["accumulated"], ["get", "status"]];
  const first = (value) => ["case", ["==", all, value], all, ["==", one, value], one];
  const status = [[...first("unreachable"), ...first("connected").slice(1), all], one];
  const others = ["service", "technology", "gets", "cost", "support"].map((name) => [name, [all, ["get", name]]]);
  return { status, year: ["min", yearNumber], ...Object.fromEntries(others) };
}

function layers() {
  const round = { "line-cap": "round", "line-join": "round" };
  return [
    { id: "water", source: "water", type: "fill", paint: { "fill-color": colour("map-water") } },
    { id: "municipalities-fill", source: "municipalities", type: "fill", paint: { "fill-color": colour("map-border"), "fill-opacity": 0 } },
    { id: "municipalities", source: "municipalities", type: "line", layout: round,
      paint: { "line-color": colour("map-border"), "line-opacity": 0.6, "line-width": 1, "line-dasharray": [3, 2.5] } },
    { id: "buildings", source: "buildings", type: "fill", minzoom: 13, paint: { "fill-color": colour("map-building") } },
    ...["ways", "ways-far"].map((source) => ({
      id: `${source}-ferry`, source, type: "line", ...near(source), filter: kind(["ferry"]),
      paint: { "line-color": colour("map-ferry"), "line-width": 1.2, "line-dasharray": [4, 3] },
    })),
    { id: "ways-casing", source: "ways", type: "line", minzoom: 11, layout: round,
      filter: ["!", kind([...small, "ferry"])],
      paint: { "line-color": colour("map-casing"), "line-width": byZoom(11, ["case", kind(big), 2.6, 1.4], 18, ["case", kind(big), 22, 14]) } },
    { id: "ways-small", source: "ways", type: "line", minzoom: 10.5, filter: kind(small),
      paint: { "line-color": colour("map-track"), "line-width": byZoom(11, 0.7, 18, 3), "line-dasharray": [2.5, 1.5] } },
    ...["ways-far", "ways"].map((source) => ({
      id: source, source, type: "line", ...near(source), layout: source === "ways" ? round : {}, filter: ["!", kind([...small, "ferry"])],
      // Without their casings ways are drawn in the casing's colour, or they would vanish on land.
      paint: { "line-color": ["interpolate", ["linear"], ["zoom"], 11, colour("map-casing"), 13, colour("map-way")], "line-width": byZoom(7, ["case", kind(big), 1, 0.4], 11, ["case", kind(big), 1.8, 0.9], 18, ["case", kind(big), 19, 11]) },
    })),
    { id: "network-halo", source: "network", type: "line", layout: round,
      paint: { "line-color": colour("map-land"), "line-width": byZoom(8, 2.6, 13, 4.4, 18, 9) } },
    { id: "network", source: "network", type: "line", layout: round,
      paint: { "line-width": byZoom(8, 1.1, 13, 2.3, 18, 5.5) } },
    { id: "drawn-fill", source: "drawn", type: "fill", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": drawnColour(), "fill-opacity": 0.14 } },
    { id: "drawn", source: "drawn", type: "line", layout: round, filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": drawnColour(), "line-width": byZoom(8, 2, 18, 6), "line-opacity": 0.85, "line-dasharray": [1.2, 1.8] } },
    { id: "difference-halo", source: "difference", type: "line", layout: round, filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colour("map-land"), "line-width": byZoom(8, 4, 13, 7, 18, 14) } },
    { id: "difference", source: "difference", type: "line", layout: round, filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": ["match", ["get", "in"], "here", colour("diff-here"), "there", colour("diff-there"), colour("diff-both")], "line-width": byZoom(8, ["match", ["get", "in"], "both", 1, 2.4], 13, ["match", ["get", "in"], "both", 2, 4.4], 18, ["match", ["get", "in"], "both", 4, 9]) } },
    { id: "premises", source: "premises", type: "circle",
      layout: { "circle-sort-key": ["match", ["get", "status"], "unreachable", 3, "connected", 2, 1] },
      paint: {
        "circle-radius": byZoom(8, 0.8, 11, 1.7, 14, 3.4, 18, 8),
      } },
    { id: "difference-point", source: "difference", type: "circle", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": ["match", ["get", "in"], "here", colour("diff-here"), colour("diff-there")], "circle-radius": byZoom(8, 3, 14, 6, 18, 11), "circle-stroke-color": colour("map-land"), "circle-stroke-width": 1.5 } },
    { id: "sites", source: "sites", type: "circle", minzoom: 9,
      paint: { "circle-color": colour("map-site"), "circle-radius": byZoom(9, 2.4, 14, 4.6, 18, 9), "circle-stroke-color": colour("map-land"), "circle-stroke-width": 1.4 } },
    // What the scenario has of its own, taken into the plan or not.
    { id: "drawn-point", source: "drawn", type: "circle", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": colour("map-land"), "circle-radius": byZoom(8, 3, 14, 6, 18, 10), "circle-stroke-color": coloured("use", "map", ["mast", "pop", "cabinet"], "map-handover"), "circle-stroke-width": byZoom(8, 2, 14, 3) } },
    { id: "masts", source: "masts", type: "circle",
      paint: { "circle-color": colour("map-mast"), "circle-radius": byZoom(8, 3, 14, 6, 18, 10), "circle-stroke-color": colour("map-land"), "circle-stroke-width": byZoom(8, 1, 14, 2) } },
    // What the plan does not open or reach is hollow.
    ...[["cabinets", "square", "map-cabinet", 0.34], ["pops", "diamond", "map-pop", 0.55]].map(([id, shape, own, size]) => ({
      id, source: id, type: "symbol",
      layout: { "icon-image": shape, "icon-size": byZoom(8, size, 14, size * 1.7, 18, size * 2.6), "icon-allow-overlap": true, "icon-ignore-placement": true },
      paint: {
        "icon-color": ["case", ["==", ["get", "used"], "yes"], colour(own), colour("map-land")],
        "icon-halo-color": ["case", ["==", ["get", "used"], "yes"], colour("map-land"), colour(own)],
        "icon-halo-width": 2,
      },
    })),
    { id: "handovers", source: "handovers", type: "circle",
      paint: { "circle-color": colour("map-land"), "circle-radius": byZoom(8, 4.5, 14, 7, 18, 11), "circle-stroke-color": colour("map-handover"), "circle-stroke-width": byZoom(8, 3, 14, 4) } },
    { id: "drawing-fill", source: "drawing", type: "fill", filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": coloured("area", "drawn", purposes, "drawing"), "fill-opacity": 0.18 } },
    { id: "drawing-halo", source: "drawing", type: "line", layout: round, filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colour("map-land"), "line-width": byZoom(8, 6, 18, 15), "line-opacity": 0.9 } },
    { id: "drawing-hover", source: "drawing", type: "line", layout: round, filter: ["==", ["get", "hover"], "yes"],
      paint: { "line-color": ["match", ["get", "leg"], "problem", colour("danger"), colour("drawing")], "line-width": byZoom(8, 2.5, 18, 7), "line-dasharray": [1.5, 1.5] } },
    { id: "drawing", source: "drawing", type: "line", layout: round, filter: ["==", ["get", "hover"], "no"],
      paint: { "line-color": ["match", ["get", "leg"], "problem", colour("danger"), colour("drawing")], "line-width": byZoom(8, 3, 18, 8) } },
    { id: "drawing-point", source: "drawing", type: "circle", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": ["match", ["get", "waypoint"], "first", colour("drawing"), colour("map-land")], "circle-stroke-color": colour("drawing"), ...Object.fromEntries(corners()) } },
    { id: "tool-fill", source: "tool", type: "fill", paint: { "fill-color": colour("accent"), "fill-opacity": 0.16 } },
    { id: "tool", source: "tool", type: "line", layout: round, paint: { "line-color": colour("accent"), "line-width": 2.5, "line-dasharray": [2, 1.5] } },
    { id: "picked-line", source: "picked", type: "line", layout: round, filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colour("focus"), "line-width": byZoom(8, 3, 18, 9), "line-opacity": 0.9 } },
    { id: "picked-point", source: "picked", type: "circle", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": "rgba(0,0,0,0)", "circle-radius": byZoom(8, 6, 18, 14), "circle-stroke-color": colour("focus"), "circle-stroke-width": 3 } },
  ];
}

/** How large the drawing's corners are, and their rims. */
function corners() {
  return crowded
    ? [["circle-radius", byZoom(9, 1, 12, 2.5, 15, 6, 18, 9)], ["circle-stroke-width", byZoom(9, 0.5, 12, 1.2, 15, 3)]]
    : [["circle-radius", byZoom(8, 5, 14, 7, 18, 9)], ["circle-stroke-width", 3]];
}

function style() {
  const all = Object.fromEntries(sources.map((name) => [name, { type: "geojson", data: urls.get(name) ?? empty, tolerance: 0.3 }]));
  // Half of what a screen shows of a large region seen whole would lie within a pixel of the rest, and a tile of it would take
  // seconds to cut: far away lines are simpler, small roads are left out, and premises on one place are one dot.
  for (const name of ["water", "ways", "network"]) all[name].tolerance = 1;
  all["ways-far"] = { ...all.ways, filter: ["!", kind([...small, "residential", "living_street", "service"])] };
  Object.assign(all.premises, { cluster: true, clusterRadius: 2, clusterMaxZoom: 10, clusterProperties: together() });
  all.drawing = { type: "geojson", data: drawingData ?? empty, tolerance: 0 };
  all.picked = { type: "geojson", data: empty };
  all.tool = { type: "geojson", data: empty };
  const background = [{ id: "land", type: "background", paint: { "background-color": colour("map-land") } }];
  if (basemap) {
    all.basemap = { type: "raster", tiles: [basemap], tileSize: 256 };
    background.push({ id: "basemap", source: "basemap", type: "raster", paint: { "raster-opacity": 0.6, "raster-saturation": -0.6 } });
  }
  const looked = looks();
  const paintOf = (id) => Object.fromEntries(looked.filter(([layer]) => layer === id).map(([, name, value]) => [name, value]));
  const drawn = layers().map((layer) => ({
    ...layer,
    paint: { ...layer.paint, ...paintOf(layer.id) },
    layout: { ...layer.layout, visibility: isDrawn(layer.source) ? "visible" : "none" },
  }));
  return { version: 8, sources: all, layers: [...background, ...drawn] };
}

/** The layers of a source that the map has: asked for with every move of the pointer, and the same in every style. */
function drawnOf(source) {
  drawnBy ??= layers().map(({ id, source }) => [source, id]);
  return drawnBy.filter(([of, id]) => of === source && map.getLayer(id)).map(([, id]) => id);
}

function pickAt(point, onPick) {
  const box = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
  for (const source of pickable) {
    if (hidden.has(source)) continue;
    const at = source === "municipalities" ? point : box;
    const found = map.queryRenderedFeatures(at, { layers: [...drawnOf(source), ...drawnOf(`${source}-far`)] });
    if (found.length === 0) continue;
    const picked = found[0];
    // Several on one place are told apart from nearer by.
    if (picked.properties.cluster) return map.easeTo({ center: picked.geometry.coordinates, zoom: 11.5, duration: 0 });
    mark(source === "municipalities" ? empty : { type: "Feature", geometry: picked.geometry, properties: {} });
    onPick(source, Number(picked.id));
    return;
  }
  unpick();
  onPick("", 0);
}

/** Makes the map in `container`. `onPick(layer, id)` hears of clicks; an empty layer means a click on nothing. */
export function create(container, onPick, onBasemapError, onDraw, onTool) {
  map = new maplibre.Map({
    container,
    style: style(),
    center: [8.5, 62],
    zoom: 4,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maplibreLogo: false,
    fadeDuration: 0,
    // Or the map would be blank in print.
    canvasContextAttributes: { preserveDrawingBuffer: true },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.ScaleControl({ maxWidth: 120 }), "bottom-left");
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  const home = document.createElement("button");
  home.type = "button";
  home.className = "whole-region";
  home.addEventListener("click", showWhole);
  container.querySelector(".maplibregl-ctrl-top-right .maplibregl-ctrl-group").append(home);
  map.on("styleimagemissing", ({ id }) => map.addImage(id, symbol(id), { sdf: true, pixelRatio: 1 }));
  map.on("resize", refit);
  map.on("movestart", (event) => {
    if (event.originalEvent) fitted = undefined;
  });
  loaded = new Promise((resolve) => map.once("load", resolve));
  // What covers the map's lower edge comes and goes with the plan.
  new MutationObserver(refit).observe(container.parentElement, { childList: true });
  listenToStrokes(onDraw);
  listenToTool(onTool);
  map.on("click", (event) => {
    if (!drawing && !tool) pickAt(event.point, onPick);
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    // Enter ends a route: the page hears it. Space sets a waypoint at the centre.
    if (drawing && event.key === "Enter") return;
    event.preventDefault();
    if (drawing) return stroke(onDraw, "add", map.getCenter(), -1);
    if (tool === "place") return onTool(Float64Array.from(map.getCenter().toArray()));
    if (tool) return;
    pickAt(map.project(map.getCenter()), onPick);
  });
  map.on("mousemove", (event) => {
    // While the map moves nobody points at anything, and asking what lies there costs a frame.
    if (drawing || tool || map.isMoving()) return;
    const near = pickable.slice(0, 4).filter((source) => !hidden.has(source)).flatMap(drawnOf);
    const over = map.queryRenderedFeatures(event.point, { layers: near }).length > 0;
    map.getCanvas().style.cursor = over ? "pointer" : "";
  });
  map.on("error", (event) => {
    if (event.sourceId === "basemap") onBasemapError();
    else console.error(event.error);
  });
}

/** A lasso is drawn in one pull; a place is one click. */
function listenToTool(onTool) {
  let pulling = false;
  const show = () => {
    const closed = [...ring, ring[0]];
    map.getSource("tool")?.setData(ring.length < 3 ? empty : { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [closed] } });
  };
  const press = (event) => {
    if (tool !== "lasso" || event.originalEvent.button > 0 || event.points?.length > 1) return;
    event.preventDefault();
    [pulling, ring] = [true, [event.lngLat.toArray()]];
  };
  const move = (event) => {
    if (!pulling) return;
    ring.push(event.lngLat.toArray());
    show();
  };
  const release = () => {
    if (!pulling) return;
    pulling = false;
    const done = ring;
    ring = [];
    show();
    if (done.length > 3) onTool(Float64Array.from(done.flat()));
  };
  for (const name of ["mousedown", "touchstart"]) map.on(name, press);
  for (const name of ["mousemove", "touchmove"]) map.on(name, move);
  for (const name of ["mouseup", "touchend"]) map.on(name, release);
  map.on("click", (event) => {
    if (tool === "place") onTool(Float64Array.from(event.lngLat.toArray()));
  });
}

/** What the next touch of the map is for: "lasso", "place", or "" for looking. */
export function setTool(name) {
  // After the click that this tool was used by: it is not one for looking.
  setTimeout(() => {
    tool = name;
    follow("tool");
    map.getCanvas().style.cursor = name ? "crosshair" : "";
  });
}

/** Colours premises, and shows what is there at the end of a year. */
export async function setLook(colour, years, year, unfunded) {
  look = { colour, years: Array.from(years), year, unfunded };
  await loaded;
  for (const [layer, name, value] of looks()) map.setPaintProperty(layer, name, value);
}

/** How many metres of ground twelve pixels are: a road so near is meant. */
function reachMetres(lat) {
  return (12 * 40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
}

function stroke(onDraw, kind, place, at) {
  onDraw(kind, place.lng, place.lat, at, reachMetres(place.lat));
}

/** The waypoint under a point, the nearest one: its number, or -1. Of the drawing as it is, which may not be on screen yet. */
function waypointAt(point) {
  let [near, at] = [crowded ? 9 : 14, -1];
  for (const { id, geometry } of drawingData?.features ?? []) {
    if (geometry.type !== "Point") continue;
    const away = map.project(geometry.coordinates).dist(point);
    if (away <= near) [near, at] = [away, Number(id)];
  }
  return at;
}

/** The leg under a point: its number, or -1. */
function legAt(point) {
  const box = [[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]];
  const found = map.queryRenderedFeatures(box, { layers: ["drawing"] }).map(({ id }) => Number(id));
  // One that is on screen still may be of an earlier drawing.
  const isThere = (at) => drawingData?.features.some(({ id, geometry }) => Number(id) === at && geometry.type === "LineString");
  return found.find(isThere) ?? -1;
}

/** While something is drawn the map belongs to it: clicks set waypoints, drags move them, all else is inert. */
function listenToStrokes(onDraw) {
  let pressed = -1;
  let moved = false;
  const press = (event) => {
    if (!drawing || event.originalEvent.button > 0 || event.points?.length > 1) return;
    moved = false;
    pressed = waypointAt(event.point);
    if (pressed < 0) {
      const leg = legAt(event.point);
      if (leg < 0) return;
      // A leg that is pulled bends at a new waypoint.
      pressed = leg + 1;
      stroke(onDraw, "insert", event.lngLat, pressed);
    }
    event.preventDefault();
    dragged = pressed;
  };
  const move = (event) => {
    if (!drawing) return;
    if (dragged >= 0) {
      moved = true;
      stroke(onDraw, "move", event.lngLat, dragged);
    } else {
      map.getCanvas().style.cursor = waypointAt(event.point) >= 0 ? "grab" : "crosshair";
      stroke(onDraw, "hover", event.lngLat, -1);
    }
  };
  const release = (event) => {
    if (dragged < 0) return;
    if (moved) stroke(onDraw, "drop", event.lngLat, dragged);
    dragged = -1;
  };
  map.on("mousedown", press);
  map.on("touchstart", press);
  map.on("mousemove", move);
  map.on("touchmove", (event) => dragged >= 0 && move(event));
  map.on("mouseup", release);
  map.on("touchend", release);
  map.on("mouseout", () => drawing && stroke(onDraw, "leave", map.getCenter(), -1));
  map.on("click", (event) => {
    if (!drawing) return;
    // The second click of two at one place ends what the first one ended at.
    if (event.originalEvent.detail === 2) stroke(onDraw, "finish", event.lngLat, -1);
    else if (pressed < 0) stroke(onDraw, "add", event.lngLat, -1);
    pressed = -1;
  });
  map.on("contextmenu", (event) => {
    if (!drawing) return;
    event.preventDefault();
    const at = waypointAt(event.point);
    if (at >= 0) stroke(onDraw, "remove", event.lngLat, at);
  });
}

/** Shows the route or area being drawn, or ends drawing. */
export async function setDrawing(active, bytes) {
  const begins = active && !drawing;
  drawing = active;
  if (active) map.doubleClickZoom.disable();
  else map.doubleClickZoom.enable();
  if (!active) map.getCanvas().style.cursor = "";
  drawingData = active && bytes ? JSON.parse(new TextDecoder().decode(bytes)) : empty;
  crowded = drawingData.features.filter((one) => one.geometry.type === "Point").length > crowd;
  await loaded;
  clearTimeout(leaving);
  // What has ended stands until it is drawn with the others: nothing flickers, and no frame is in the way of the answer.
  leaving = active ? undefined : setTimeout(drawDrawing, 150);
  if (active) drawDrawing();
  if (begins) showDrawn();
}

function drawDrawing() {
  leaving = undefined;
  if (drawing) for (const [name, value] of corners()) map.setPaintProperty("drawing-point", name, value);
  map.getSource("drawing")?.setData(drawingData);
  follow("drawing");
}

/** Shows what is taken up again, where it is out of sight: a border's corners, or an earlier route. */
function showDrawn() {
  const box = new maplibre.LngLatBounds();
  for (const { geometry } of drawingData.features) if (geometry.type === "Point") box.extend(geometry.coordinates);
  if (box.isEmpty()) return;
  const seen = map.getBounds();
  if (seen.contains(box.getSouthWest()) && seen.contains(box.getNorthEast())) return;
  fitted = undefined;
  map.fitBounds(box, { padding: 64, maxZoom: 15, duration: 0 });
}

/** Moves to a place and marks it. */
export async function fly(lng, lat) {
  await loaded;
  fitted = undefined;
  // Its facts stand at the left, on a phone over the lower part: the place is shown beside them.
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const offset = width < 600 ? [0, -0.32 * height] : [160, 0];
  map.easeTo({ center: [lng, lat], zoom: Math.max(map.getZoom(), 14.5), offset, duration: 0 });
  mark({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lng, lat] } });
}

/** Gives a layer its GeoJSON, as bytes that the map's worker reads and parses. */
export async function setLayer(name, bytes) {
  const old = urls.get(name);
  const url = ours + URL.createObjectURL(new Blob([bytes], { type: "application/geo+json" }));
  urls.set(name, url);
  await loaded;
  map.getSource(name)?.setData(url);
  map.getSource(`${name}-far`)?.setData(url);
  follow(name);
  if (name === "drawn" && leaving) {
    clearTimeout(leaving);
    drawDrawing();
  }
  if (old) setTimeout(() => URL.revokeObjectURL(old.slice(ours.length)), 10_000);
}

/** Empties a layer. */
export async function clearLayer(name) {
  urls.delete(name);
  await loaded;
  map.getSource(name)?.setData(empty);
  map.getSource(`${name}-far`)?.setData(empty);
  follow(name);
}

export async function setVisible(name, visible) {
  if (visible) hidden.delete(name);
  else hidden.add(name);
  await loaded;
  follow(name);
}

/** Shows the region's box, in degrees, beside whatever covers the map's edges. */
export async function fit(west, south, east, north) {
  whole = [[west, south], [east, north]];
  await loaded;
  showWhole();
}

/** Shows the whole region again. */
export function showWhole() {
  fitted = whole;
  place();
}

/** Fits the box again; not while something is drawn: nothing moves under a pointer that is about to press. */
function refit() {
  if (!drawing) place();
}

function place() {
  if (!fitted) return;
  if (printing) return map.fitBounds(fitted, { padding: 12, duration: 0 });
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const steering = map.getContainer().querySelector(".maplibregl-ctrl-top-right .maplibregl-ctrl-group");
  const padding = { top: 28, bottom: 40, left: 28, right: steering.offsetWidth + 24 };
  // Over the lower edge stands the slider of the years, where there is one.
  const timeline = document.querySelector(".timeline");
  if (timeline) padding.bottom = height - timeline.offsetTop + 12;
  // The legend stands at the right: the region beside it, where there is room for both, else over or under it. One that was opened
  // where there is none covers the map until it is folded again.
  const legend = document.querySelector(".legend");
  if (legend) {
    const { offsetTop: top, offsetWidth: wide, offsetHeight: high, open } = legend;
    const isBeside = open && width - wide > 400;
    if (isBeside) padding.right = Math.max(padding.right, wide + 40);
    else if (top < height / 3) padding.top = open ? padding.top : top + high + 12;
    else if (!open || width > 600) padding.bottom = Math.max(padding.bottom, height - top + 12);
  }
  padding.bottom = Math.min(padding.bottom, height / 2);
  map.fitBounds(fitted, { padding, duration: 0 });
}

// A legend that is folded where there is no room for it is on paper all the same, from whatever menu it is printed.
addEventListener("beforeprint", () => {
  for (const legend of document.querySelectorAll(".legend:not([open])")) {
    legend.open = true;
    addEventListener("afterprint", () => (legend.open = false), { once: true });
  }
});

/** Prints the page once the map is drawn for it; `then` hears that it is over. */
export async function print(then) {
  printing = true;
  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
  // After whatever the page changes at the same time, such as its theme.
  await wait(50);
  refit();
  map.triggerRepaint();
  await Promise.race([new Promise((resolve) => map.once("idle", resolve)), wait(4_000)]);
  addEventListener("afterprint", () => {
    printing = false;
    refit();
    then();
  }, { once: true });
  window.print();
}

/** Names what can be pressed on the map, in the language in force. */
export function setWords(zoomIn, zoomOut, region, canvas) {
  const named = { ".maplibregl-ctrl-zoom-in": zoomIn, ".maplibregl-ctrl-zoom-out": zoomOut, ".whole-region": region };
  for (const [selector, text] of Object.entries(named)) {
    const button = map.getContainer().querySelector(selector);
    button.title = text;
    button.setAttribute("aria-label", text);
  }
  map.getCanvas().setAttribute("aria-label", canvas);
}

/** Takes the theme's colours anew, and the background map's address; an empty one switches it off. */
export function restyle(address) {
  basemap = address;
  map?.setStyle(style());
}

export function unpick() {
  mark(empty);
}
