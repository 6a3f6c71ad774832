/**
 * Compares what the database says of a stored folder with what the folder's manifest says. SQLite has no checksums: bytes that change
 * inside a value pass each of its own checks, and a metric is then another one.
 */
import { isDeepStrictEqual } from "node:util";
import { readManifest } from "./manifest.ts";
import type { ManifestContent } from "./manifest-content.ts";
import { storedContent, type ContentStores, type WorkspaceFolder } from "./stored-content.ts";

/** @returns false where they contradict each other; true where there is no whole manifest to compare with */
export function agreesWithManifest(stores: ContentStores, path: string, kind: WorkspaceFolder, id: number): boolean {
  const manifest = readManifest(path);
  if (manifest === undefined || manifest === "damaged") return true;
  let stored: ManifestContent;
  try {
    stored = storedContent(stores, kind, id);
  } catch {
    return false; // a value is no longer what its column holds
  }
  return isDeepStrictEqual(plain(lasting(stored)), plain(lasting(manifest.content)));
}

/** What does not change once it is stored, and does not depend on the numbers of other rows. */
function lasting(content: ManifestContent): unknown {
  switch (content.kind) {
    case "datasets":
      return content;
    case "preparations":
      return { ...content, preparation: { ...content.preparation, datasetId: 0 } };
    case "runs": {
      const { run, epochs } = content;
      return { run: { ...run, preparationId: 0 }, epochs };
    }
    case "checkpoints":
      return { sha256: content.sha256, epochs: content.epochs, steps: content.steps };
  }
}

/** Returns the value as JSON represents it: no infinities, nothing undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
