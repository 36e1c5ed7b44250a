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

/**
 * Keeps a project: whole, or its document over the files that are kept already. Says "", "full", "refused", or "elsewhere"
 * where another tab keeps its own.
 */
export async function keep(bytes, whole) {
  if (!(await isFirst())) return "elsewhere";
  try {
    // As a blob the browser takes them by itself: bytes would be copied, a region's sixty megabytes while the page stands still.
    const kept = new Blob([bytes]);
    await run("readwrite", (objects) => {
      if (!whole) return objects.put(kept, "head");
      objects.delete("head");
      return objects.put(kept, "whole");
    });
    return "";
  } catch (error) {
    return error?.name === "QuotaExceededError" ? "full" : "refused";
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
    const whole = await found("whole");
    if (!whole) return undefined;
    const head = await found("head");
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
