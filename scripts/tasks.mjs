/**
 * The program that each script of package.json runs (`npm start`, `npm test`, …), and the set-up steps that it needs.
 */
import { setupNeeds } from "./setup-needs.mjs";
import { testNeeds } from "./test-needs.mjs";

/**
 * @typedef {object} Task
 * @property {string[] | ((args: string[]) => string[])} needs set-up steps (scripts/setup/steps.mjs), or a function of
 *   the user's arguments
 * @property {[package: string, program: string] | "node"} [program] Node, or a package's program; absent: set-up alone
 * @property {string[]} [args] arguments before the user's
 * @property {boolean} [serves] runs the server
 * @property {boolean} [takesPaths] accepts paths relative to the caller's folder
 */

/** For the app and its command line. */
const app = ["app-packages", "node"];
/** For checks, tests and installers. */
const base = ["packages", "node"];

/** @type {Record<string, Task>} */
export const tasks = {
  start: {
    // It builds the kernels after the app has opened: until then, trainings run by WebAssembly.
    needs: [...app, "electron"],
    program: "node",
    args: ["scripts/start.ts"],
    serves: true,
  },
  demo: { needs: app, program: "node", args: ["src/main/cli/ectopy.ts", "demo"] },
  ectopy: {
    needs: app,
    program: "node",
    args: ["scripts/ectopy.ts"],
    serves: true,
    takesPaths: true,
  },
  test: { needs: testNeeds, program: "node", args: ["scripts/test.ts"] },
  typecheck: { needs: base, program: "node", args: ["scripts/test.ts", "types"] },
  lint: { needs: base, program: "node", args: ["scripts/test.ts", "lint", "layers"] },
  format: { needs: base, program: ["prettier", "prettier"], args: ["--write", "."] },
  build: { needs: app, program: ["electron-vite", "electron-vite"], args: ["build"] },
  screenshots: {
    needs: [...base, "kernels", "browser"],
    program: "node",
    args: ["tests/make-screenshots.ts"],
  },
  engine: { needs: base, program: "node", args: ["scripts/build-engine.ts"] },
  dist: { needs: [...base, "kernels"], program: "node", args: ["scripts/dist.ts"] },
  // NVIDIA GPUs: `ectopy device --install cuda` runs it.
  cuda: { needs: app, program: "node", args: ["scripts/cuda.mjs"] },
  dev: {
    needs: [...base, "kernels"],
    program: ["electron-vite", "electron-vite"],
    args: ["dev"],
    serves: true,
  },
  // All steps, or those named: `npm run setup -- browser`.
  setup: { needs: setupNeeds },
};
