/**
 * `npm run ectopy`: the command line from its sources. `serve` builds the app first if its sources are newer than the
 * build.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const words = process.argv.slice(2);
if (words.includes("serve") && !words.includes("--help")) {
  const { buildApp } = await import("./build-app.ts");
  try {
    await buildApp(dirname(dirname(fileURLToPath(import.meta.url))), (message) => console.error(message));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
await import("../src/main/cli/ectopy.ts");
