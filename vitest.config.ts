import { defineConfig } from "vitest/config";

/**
 * Four projects, by the folder of a file. `unit` tests lie beside the code; `integration` tests need real recordings (ECTOPY_MITDB)
 * or TensorFlow's library; `interop` tests need the Python tools; `e2e` tests drive the built app in a browser.
 */
export default defineConfig({
  test: {
    projects: [
      {
        // A slow test is no failure: the machine may be busy.
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: { name: "interop", include: ["tests/interop/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
