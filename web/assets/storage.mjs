// The last project in the browser's own database: its document, saved after every edit, and its files, saved once.
const database = "breiband";
const store = "project";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, work) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      let request;
      try {
        request = work(transaction.objectStore(store));
      } catch (error) {
        // What it did before is undone with it.
        transaction.abort();
        throw error;
      }
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

// One tab at a time keeps its project: the first one holds this lock as long as it is open.
let first;
function isFirst() {
  first ??= new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);
    const held = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    };
    navigator.locks.request(database, { ifAvailable: true }, held).catch(() => resolve(true));
  });
  return first;
}

// What the database did not take, as where it is full or another tab keeps its own: nothing is lost while this tab is open.
const own = {};
// The history's steps, as long as this tab is open; whether the database has them all, and how many of them it should.
let steps;
let hasSteps = false;
// Why it did not take the project.
let why = "";
// What is kept is kept in its order.
let last = Promise.resolve();

/**
 * Keeps a project, and the steps of its history from a number on: whole, or its document over the files that are kept already. Says
 * "", "full", "refused", "history" where there is room for the project alone, or "elsewhere" where another tab keeps its own.
 */
export function keep([project, more, place, ...told], whole, from) {
  // As a blob the browser takes them by itself: bytes would be copied, a region's sixty megabytes while the page stands still.
  const kept = { [whole ? "whole" : "head"]: new Blob([project]), place: new Blob([place]) };
  if (whole) {
    kept.more = new Blob([more]);
    delete own.head;
  }
  Object.assign(own, kept);
  steps = [...(steps ?? []).slice(0, from), ...told.map((one) => new Blob([one]))];
  const now = steps;
  last = last.then(() => put(kept, whole, now, from));
  return last;
}

const stepsFrom = (number) => IDBKeyRange.lowerBound(["step", number]);

async function put(kept, whole, steps, from) {
  if (!(await isFirst())) return "elsewhere";
  // A head is of no use over another project's files.
  if (!whole && own.whole) return why;
  const write = (withHistory) => run("readwrite", (objects) => {
    if (whole) objects.delete("head");
    const first = whole || !withHistory ? 0 : from;
    objects.delete(stepsFrom(first));
    if (withHistory) steps.slice(first).forEach((step, at) => objects.put(step, ["step", first + at]));
    else objects.delete("more");
    for (const [name, blob] of Object.entries(kept)) if (withHistory || name !== "more") objects.put(blob, name);
  });
  const full = (error) => error?.name === "QuotaExceededError";
  try {
    // Where there was no room for the history, there is none until the files are others.
    const wants = whole || hasSteps;
    hasSteps = wants && (await write(true).then(() => true, (error) => full(error) ? false : Promise.reject(error)));
    if (!hasSteps) await write(false);
    for (const [name, blob] of Object.entries(kept)) if (own[name] === blob && (hasSteps || name !== "more")) delete own[name];
    return hasSteps ? "" : "history";
  } catch (error) {
    why = full(error) ? "full" : "refused";
    return why;
  }
}

/** The project that was kept last and the steps of its history, or nothing; only whether there is one, where no more is asked. */
export async function kept(ask) {
  try {
    await last;
    if (ask) return own.whole || (await run("readonly", (objects) => objects.count("whole"))) ? [] : undefined;
    const found = (name) => run("readonly", (objects) => objects.get(name));
    const whole = own.whole ?? (await found("whole"));
    if (!whole) return undefined;
    const head = own.head ?? (own.whole ? undefined : await found("head"));
    const more = own.more ?? (await found("more"));
    const place = own.place ?? (await found("place"));
    const history = steps ?? (await run("readonly", (objects) => objects.getAll(stepsFrom(0))));
    // Earlier pages kept bytes.
    const bytes = (...parts) => new Blob(parts.filter(Boolean)).arrayBuffer();
    let files = whole;
    if (head) {
      const all = new Uint8Array(await bytes(whole));
      files = all.subarray(all.indexOf(10) + 1);
    }
    return await Promise.all([bytes(head, files, more), bytes(place), ...history.map((step) => bytes(step))]);
  } catch {
    return undefined;
  }
}

/** Puts a text where it can be pasted from. */
export function copy(text) {
  navigator.clipboard?.writeText(text).catch(() => {});
}

/** Gives the user a file. */
export function download(name, bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
