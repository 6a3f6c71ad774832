import vue from "@vitejs/plugin-vue";
import { defineConfig } from "electron-vite";
import { resolve } from "node:path";

const file = (path: string): string => resolve(import.meta.dirname, path);

/**
 * Screens have addresses of their own, such as /runs/3: the page asks for its files from the top, wherever it stands. electron-vite
 * would have them relative, as `file://` needs it.
 */
const fromTheTop = { name: "from-the-top", enforce: "post", config: () => ({ base: "/" }) } as const;

/**
 * Main is built with every file that is started on its own (command line, worker threads, the training process) lying
 * side by side under out/main, where src/main/entry-points.ts finds them. Packages stay outside: some are native.
 */
export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      rollupOptions: {
        input: {
          index: file("src/main/shell/index.ts"),
          ectopy: file("src/main/cli/ectopy.ts"),
          "beat-worker": file("src/main/workers/beat-worker.ts"),
          "preparation-thread": file("src/main/workers/preparation-thread.ts"),
          "viewing-worker": file("src/main/workers/viewing-worker.ts"),
          "comparison-worker": file("src/main/workers/comparison-worker.ts"),
          "untrusted-files-worker": file("src/main/workers/untrusted-files-worker.ts"),
          "database-worker": file("src/main/workers/database-worker.ts"),
          "training-process": file("src/engine/processes/training-process.ts"),
          "bench-process": file("src/engine/processes/bench-process.ts"),
          "device-process": file("src/engine/processes/device-process.ts"),
        },
        // Chunks beside the entries, so that a file finds its neighbours by name wherever its code came to lie.
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      // A sandboxed preload must be CommonJS.
      rollupOptions: {
        input: { index: file("src/preload/index.ts") },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src/renderer",
    build: { outDir: "out/renderer", rollupOptions: { input: { index: file("src/renderer/index.html") } } },
    plugins: [vue(), fromTheTop],
  },
});
