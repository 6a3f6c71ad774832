/**
 * One set-up at a time: a lock file names its holder, so that the lock of a killed set-up is recognised.
 *
 * The holder writes its process id and touches the file while it works. The lock is free when that process has ended,
 * or when the file was not touched for a minute (the id may then belong to another program). Children that write into
 * the project (npm) are named too, since they outlive a killed parent: the next set-up waits for them.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { randomBytes } from "node:crypto";

const heartbeatMilliseconds = 2_000;
const abandonedMilliseconds = 60_000;
/** Time that a child of a killed set-up has to end. */
const orphanMilliseconds = 15 * 60_000;
/** Age after which a lock file without readable content counts as abandoned: its writer was killed. */
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

/** Removes every lock that this process holds, when a signal ends it. */
export function releaseAll() {
  for (const path of held) rmSync(path, { force: true });
  held.clear();
}

/**
 * Runs `work` while holding the lock; waits for another holder first.
 *
 * @template T
 * @param {string} path of the lock file
 * @param {(holder: number) => void} onWait called once if another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let reported = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined) {
      clear(path);
      continue;
    }
    if (!reported) onWait(holder);
    reported = true;
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
 * Returns the holder's process id, 0 if it is unknown, or undefined if the lock is abandoned.
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
 * Removes an abandoned lock. It is renamed first: of two processes that find it abandoned, only one succeeds; if that
 * one has renamed a new lock instead, it is put back.
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
    // The lock was removed with its folder; results are safe, since they are renamed when complete.
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
 * Returns whether a process is a zombie: in containers, a killed process can stay listed for ever.
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
