/**
 * Compares the database's rows of a stored folder with the folder's manifest. SQLite has no checksums: a changed byte
 * inside a value passes every check of SQLite, and changes a metric unnoticed.
 */
import { isDeepStrictEqual } from "node:util";
import { readManifest } from "./manifest.ts";
import type { ManifestContent } from "./manifest-content.ts";
import { storedContent, type ContentStores, type WorkspaceFolder } from "./stored-content.ts";

/** Returns false if rows and manifest contradict each other; true if there is no complete manifest to compare with. */
export function agreesWithManifest(stores: ContentStores, path: string, kind: WorkspaceFolder, id: number): boolean {
  const manifest = readManifest(path);
  if (manifest === undefined || manifest === "damaged") return true;
  let stored: ManifestContent;
  try {
    stored = storedContent(stores, kind, id);
  } catch {
    return false; // A value does not match the schema of its column.
  }
  return isDeepStrictEqual(plain(lasting(stored)), plain(lasting(manifest.content)));
}

/**
 * Returns the values that do not change after they are stored (a name does), and do not depend on the numbers of other
 * rows.
 */
function lasting(content: ManifestContent): unknown {
  switch (content.kind) {
    case "datasets": {
      // Manifests of earlier versions lack versions, patients and public databases, which are found out later.
      const { identified, versions, corrections, ...rest } = content;
      void [identified, versions, corrections];
      const records = rest.records.map((record) => ({ ...record, patient: null, knownAs: null }));
      return { ...rest, dataset: { ...rest.dataset, name: "", patientsFrom: null }, records };
    }
    case "preparations": {
      // Manifests of earlier versions lack the dataset's version.
      const preparation = { ...content.preparation, datasetId: 0, name: "" };
      return { ...content, datasetVersion: 0, preparation };
    }
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
