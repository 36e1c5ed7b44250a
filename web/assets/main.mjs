// Starts the page. A file of its own: the Content-Security-Policy allows no inline script.
import init from "./app.js";

await init();
