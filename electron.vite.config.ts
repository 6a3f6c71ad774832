import vue from "@vitejs/plugin-vue";
import { defineConfig } from "electron-vite";
import { resolve } from "node:path";

const file = (path: string): string => resolve(import.meta.dirname, path);

/**
 * Each screen has an address, such as /runs/3, so the page requests its files by absolute paths. electron-vite would
 * make them relative, as `file://` needs.
 */
const absolutePaths = { name: "absolute-paths", enforce: "post", config: () => ({ base: "/" }) } as const;

/**
 * Main is built with every entry point (command line, worker threads, the training process) directly in out/main, where
 * src/main/entry-points.ts finds them. Packages are not bundled: some are native.
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
          "preview-thread": file("src/main/workers/preview-thread.ts"),
          "viewing-worker": file("src/main/workers/viewing-worker.ts"),
          "comparison-worker": file("src/main/workers/comparison-worker.ts"),
          "explanation-worker": file("src/main/workers/explanation-worker.ts"),
          "named-paths-process": file("src/main/workers/named-paths-process.ts"),
          "export-process": file("src/main/api/exports/export-process.ts"),
          "untrusted-files-worker": file("src/main/workers/untrusted-files-worker.ts"),
          "database-worker": file("src/main/workers/database-worker.ts"),
          "training-process": file("src/engine/processes/training-process.ts"),
          "training-thread": file("src/engine/processes/training-thread.ts"),
          "bench-process": file("src/engine/processes/bench-process.ts"),
          "classification-process": file("src/engine/processes/classification-process.ts"),
          "device-process": file("src/engine/processes/device-process.ts"),
          "gpu-thread": file("src/engine/backends/webgpu/gpu-thread.ts"),
        },
        // Chunks beside the entries, so that code finds neighbouring files by name from any chunk.
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
    plugins: [vue(), absolutePaths],
  },
});
