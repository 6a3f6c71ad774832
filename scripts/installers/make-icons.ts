/** Makes the icons again from their drawings: `node scripts/installers/make-icons.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { iconFiles } from "./icon-files.ts";

const project = join(import.meta.dirname, "..", "..");
for (const [path, bytes] of iconFiles(project)) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), bytes);
}
