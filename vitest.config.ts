import vue from "@vitejs/plugin-vue";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import LongestFirst from "./scripts/test/longest-first.ts";

const sharedWorkspaces = "tests/support/shared-workspaces.ts";

// Node compiles a module once for all processes of the tests: a short training took 1.75 s of CPU time instead of 2.1
// s.
process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "node-compile-cache");

/**
 * Ten projects. The path of a test file decides to which it belongs. Tests of `unit` are beside the code. `components`
 * mounts Vue components in a simulated DOM. `integration` needs real recordings (ECTOPY_MITDB or ../shared/data/mitdb)
 * or TensorFlow. `interop` needs the Python tools. `webassembly` builds the module with Zig. `e2e` drives the built app
 * in a browser. Three have their subject: `recordings`, from an import to a report, on the command line and in a
 * browser; `reliability`, accidents and damage; `machines`, which needs an emulator of ARM, a GPU in software, Slurm and
 * SSH. `windows` needs Wine, and only runs where it is named.
 */
export default defineConfig({
  test: {
    // Most files wait for processes and pages now and then: with as many files as cores, cores would be idle.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // A slow test is no failure: the machine may be busy.
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
          exclude: ["**/*.component.test.ts"],
          // A process for each file took 84 s of CPU time in all, most of it to load the same modules; shared processes
          // take 34 s.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        test: {
          name: "components",
          // As above: 90 s of CPU time with a process for each file, 24 s with shared ones.
          isolate: false,
          environment: "happy-dom",
          include: ["src/renderer/**/*.component.test.ts"],
          setupFiles: ["src/renderer/testing/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          globalSetup: sharedWorkspaces,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      ...["recordings", "reliability", "machines"].map((name) => ({
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          globalSetup: sharedWorkspaces,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 30_000 } },
        },
      })),
      {
        test: {
          name: "interop",
          include: ["tests/interop/**/*.test.ts"],
          globalSetup: sharedWorkspaces,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: sharedWorkspaces,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: "windows",
          include: ["tests/windows/**/*.test.ts"],
          // Under Wine, the studies took more than ten minutes on a busy machine.
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        test: { name: "webassembly", include: ["tests/webassembly/**/*.test.ts"], testTimeout: 600_000 },
      },
    ],
  },
});
