import { defineConfig } from "vitest/config";

/**
 * Three projects, told apart by where a file lies. `unit` stands beside the code; `integration` needs real recordings
 * (ECTOPY_MITDB or ../shared/data/mitdb) or native TensorFlow; `interop` needs the Python tools.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "scripts/**/*.test.ts"] } },
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
    ],
  },
});
