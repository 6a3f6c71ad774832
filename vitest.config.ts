import { defineConfig } from "vitest/config";

/**
 * Four projects, told apart by where a file lies. `unit` stands beside the code; `integration` needs real recordings
 * (ECTOPY_MITDB or ../shared/data/mitdb) or native TensorFlow; `interop` needs the Python tools, `e2e` drives the built app in a browser.
 */
export default defineConfig({
  test: {
    projects: [
      {
        // Seconds are no failure: the machine may be busy with other things.
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
