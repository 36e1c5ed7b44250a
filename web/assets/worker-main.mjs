// Starts the planning worker. Messages that arrive while the module loads wait in a queue.
import init, { receive } from "./worker.js";

const queue = [];
onmessage = (message) => queue.push(message);
await init();
onmessage = (message) => receive(message.data);
for (const message of queue) receive(message.data);
