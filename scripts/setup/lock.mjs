/**
 * One set-up at a time: a lock file that names its holder, so that what a killed set-up left behind is recognised.
 *
 * The holder writes its process id, and touches the file while it works. The lock is free again when that process is gone,
 * or when the file was not touched for a minute (the id may by then belong to another program). Children that write in
 * place (npm) are named too, since they outlive a killed parent: the next set-up waits for them.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { randomBytes } from "node:crypto";

const heartbeatMilliseconds = 2_000;
const abandonedMilliseconds = 60_000;
/** An in-place child of a killed set-up gets this long to end. */
const orphanMilliseconds = 15 * 60_000;
/** A lock file without readable content was cut off while it was written. */
const unreadableMilliseconds = 5_000;

/** Lock files held by this process. @type {Set<string>} */
const held = new Set();
/** Process ids of children that write in place. @type {Set<number>} */
const children = new Set();

/** @param {number} pid */
export function noteChild(pid) {
  children.add(pid);
  for (const path of held) writeFileSync(path, content());
}

/** @param {number} pid */
export function forgetChild(pid) {
  children.delete(pid);
  for (const path of held) writeFileSync(path, content());
}

/** Removes every lock that this process holds; for the way out after a signal. */
export function releaseAll() {
  for (const path of held) rmSync(path, { force: true });
  held.clear();
}

/**
 * Runs `work` while holding the lock; waits for another holder first.
 *
 * @template T
 * @param {string} path of the lock file
 * @param {(holder: number) => void} onWait called once, when it turns out that another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined) {
      clear(path);
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  held.add(path);
  const heartbeat = setInterval(() => touch(path), heartbeatMilliseconds);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    held.delete(path);
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, content(), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Who holds the lock, or undefined when it is abandoned. 0: held, but not known by whom.
 *
 * @param {string} path
 * @returns {number | undefined}
 */
export function holderOf(path) {
  let age;
  let text;
  try {
    age = Date.now() - statSync(path).mtimeMs;
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  const pids = text.trim().split(/\s+/).map(Number);
  const [owner, ...owned] = pids;
  if (owner === undefined || !pids.every((pid) => Number.isInteger(pid) && pid > 0)) {
    return age < unreadableMilliseconds ? 0 : undefined;
  }
  if (isAlive(owner)) return age < abandonedMilliseconds ? owner : undefined;
  return age < orphanMilliseconds ? owned.find(isAlive) : undefined;
}

/**
 * Takes an abandoned lock away. Renamed first: of two that find it abandoned only one gets it, and if that one turns out
 * to have caught a lock taken in between, it is put back.
 *
 * @param {string} path
 */
function clear(path) {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was quicker
  }
  if (holderOf(aside) === undefined) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The lock went with its folder; the work itself is safe, since results are renamed into place.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * A killed process that nobody has taken note of: in containers it can stay listed for ever.
 *
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false; // no /proc on this system
  }
}

function content() {
  return [process.pid, ...children].join(" ");
}
