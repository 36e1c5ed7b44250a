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
      const request = work(transaction.objectStore(store));
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
// Why it did not.
let why = "";
// What is kept is kept in its order.
let last = Promise.resolve();

/**
 * Keeps a project: whole, or its document over the files that are kept already. Says "", "full", "refused", or "elsewhere"
 * where another tab keeps its own.
 */
export function keep(bytes, whole) {
  // As a blob the browser takes them by itself: bytes would be copied, a region's sixty megabytes while the page stands still.
  const kept = new Blob([bytes]);
  if (whole) delete own.head;
  own[whole ? "whole" : "head"] = kept;
  last = last.then(() => put(kept, whole));
  return last;
}

async function put(kept, whole) {
  if (!(await isFirst())) return "elsewhere";
  // A head is of no use over another project's files.
  if (!whole && own.whole) return why;
  try {
    await run("readwrite", (objects) => {
      if (!whole) return objects.put(kept, "head");
      objects.delete("head");
      return objects.put(kept, "whole");
    });
    const name = whole ? "whole" : "head";
    if (own[name] === kept) delete own[name];
    return "";
  } catch (error) {
    why = error?.name === "QuotaExceededError" ? "full" : "refused";
    return why;
  }
}

/** The project that was kept last, or nothing. */
export async function kept() {
  try {
    // Earlier pages kept bytes.
    const found = async (name) => {
      const kept = await run("readonly", (objects) => objects.get(name));
      return kept && (await new Blob([kept]).arrayBuffer());
    };
    await last;
    const whole = (await own.whole?.arrayBuffer()) ?? (await found("whole"));
    if (!whole) return undefined;
    const head = (await own.head?.arrayBuffer()) ?? (own.whole ? undefined : await found("head"));
    if (!head) return whole;
    const files = new Uint8Array(whole);
    return await new Blob([head, files.subarray(files.indexOf(10) + 1)]).arrayBuffer();
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
