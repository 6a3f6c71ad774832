/**
 * The set-up steps in their order. Only steps that a task needs and that are not done yet are run.
 */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browser } from "./browser.mjs";
import { endChildrenOnSignal } from "./child.mjs";
import { cuda } from "./cuda.mjs";
import { electron } from "./electron.mjs";
import { kernels } from "./kernels.mjs";
import { withLock } from "./lock.mjs";
import { node } from "./node.mjs";
import { appPackages, packages } from "./packages.mjs";
import { python } from "./python.mjs";
import { say, SetupError } from "./report.mjs";
import { tensorflow } from "./tensorflow.mjs";
import { windows } from "./windows.mjs";

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title for messages
 * @property {string} [without] what works without it and what does not; a step that lacks this text is required
 * @property {(project: string) => Record<string, string> | undefined} ready
 *   returns the environment variables that the step provides, or undefined if it is not done; cheap
 * @property {(project: string) => Promise<void>} prepare does the step; throws a SetupError if it can't
 */

/** @type {Step[]} */
export const steps = [appPackages, packages, node, electron, cuda, tensorflow, kernels, browser, python, windows];

/**
 * Runs the steps that are not done yet.
 *
 * @param {string} project
 * @param {string[]} names
 * @returns {Promise<{ env: Record<string, string>, missing: string[] }>} the steps' variables, and the failed
 *   steps that are not required
 * @throws {SetupError} if a required step fails
 */
export async function setUp(project, names) {
  const needed = steps.filter((step) => names.includes(step.name));
  /** @type {string[]} */
  const missing = [];
  if (needed.some((step) => step.ready(project) === undefined)) {
    const restore = endChildrenOnSignal();
    const waiting = (/** @type {number} */ pid) => say(`Waiting for another set-up of this project (process ${pid}).`);
    await withLock(projectLock(project), waiting, async () => {
      for (const step of needed) if (!(await done(step, project))) missing.push(step.name);
    });
    restore();
  }
  return { env: Object.assign({}, ...needed.map((step) => step.ready(project) ?? {})), missing };
}

/**
 * @param {Step} step
 * @param {string} project
 * @returns {Promise<boolean>} false if it failed and is not required
 */
async function done(step, project) {
  if (step.ready(project) !== undefined) return true;
  try {
    await step.prepare(project);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError) || step.without === undefined) throw error;
    say(`${step.title}: not available. ${error.message}`);
    say(`  ${step.without}`);
    say(`  To get it: ${error.fix} The next set-up tries again.`);
    return false;
  }
}

/**
 * In the system's temporary folder, since `npm ci` empties node_modules and the set-up writes nowhere else in the
 * project.
 *
 * @param {string} project
 */
function projectLock(project) {
  const hash = createHash("sha256").update(project).digest("hex").slice(0, 16);
  return join(tmpdir(), `ectopy-setup-${process.getuid?.() ?? "user"}-${hash}.lock`);
}
