/**
 * Compares stored files with their hashes, piece by piece, so that the thread stays responsive.
 *
 * Folders of earlier versions have no manifest. Datasets and preparations are then compared with their fingerprint in
 * the database; runs can't be compared.
 */
import { existsSync } from "node:fs";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { StoredItem, VerificationReport, VerifiedItem } from "../../../contract/domain/integrity.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import { isSound as isSoundCheckpoint } from "../../../engine/training/checkpoint-files.ts";
import { preparationFingerprint } from "../../../engine/training/preparation-files.ts";
import {
  hasManifest,
  hashFolderInBlocks,
  MANIFEST_FILE,
  readManifest,
  verifyFiles,
  type StoredFile,
} from "../../store/manifest.ts";
import type { Workspace } from "../../store/workspace.ts";
import { bytesIn } from "./folder-size.ts";
import { datasetFingerprint } from "./fingerprints.ts";

export class Verifier {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Returns all items of the database that have a folder. */
  items(): StoredItem[] {
    const { datasets, preparations, runs, checkpoints } = this.#workspace;
    return [
      ...datasets.ids().map((id): StoredItem => ({ kind: "datasets", id })),
      ...preparations.ids().map((id): StoredItem => ({ kind: "preparations", id })),
      ...runs.finishedIds().map((id): StoredItem => ({ kind: "runs", id })),
      ...checkpoints.ids().map((id): StoredItem => ({ kind: "checkpoints", id })),
    ];
  }

  /** @throws CancelledError */
  async verify(
    items: readonly StoredItem[],
    { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<VerificationReport> {
    const started = performance.now();
    const verified: VerifiedItem[] = [];
    let bytes = 0;
    for (const [done, item] of items.entries()) {
      progress({ stage: "Comparing files with their hashes", done, total: items.length, unit: "items" });
      verified.push(await this.#verify(item, signal, (count) => (bytes += count)));
    }
    return { items: verified, bytes, seconds: (performance.now() - started) / 1000 };
  }

  /** Returns whether a folder exists with unchanged files. @throws CancelledError */
  async isSound(item: StoredItem, signal: AbortSignal): Promise<boolean> {
    const { state } = await this.#verify(item, signal, () => {});
    return state === "sound" || state === "unchecked";
  }

  /**
   * Writes the manifest of an earlier version's folder that agrees with the database.
   * @returns whether the folder has a manifest now
   */
  async addManifest({ kind, id }: StoredItem, signal: AbortSignal): Promise<boolean> {
    const folder = this.#workspace.path(kind, id);
    if (hasManifest(folder)) return true;
    if (!existsSync(folder)) return false;
    const files = await hashFolderInBlocks(folder, { signal, onBytes: () => {} });
    if (this.#agreesWithRow({ kind, id }, folder, files) === false) return false;
    this.#workspace.addManifest(kind, id, files);
    return true;
  }

  async #verify(
    { kind, id }: StoredItem,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<VerifiedItem> {
    const folder = this.#workspace.path(kind, id);
    if (!existsSync(folder)) return { kind, id, state: "missing", bytes: 0, damage: [] };
    const item = { kind, id, bytes: await bytesIn(folder) };
    const manifest = readManifest(folder);
    if (manifest === "damaged") {
      return { ...item, state: "damaged", damage: [{ name: MANIFEST_FILE, problem: "content" }] };
    }
    try {
      if (manifest === undefined || kind === "checkpoints") {
        const agrees = this.#agreesWithRow({ kind, id }, folder, await hashFolderInBlocks(folder, { signal, onBytes }));
        return { ...item, state: agrees === undefined ? "unchecked" : agrees ? "sound" : "damaged", damage: [] };
      }
      const damage = await verifyFiles(folder, manifest.files, { signal, onBytes });
      return { ...item, state: damage.length === 0 ? "sound" : "damaged", damage };
    } catch (error) {
      if (signal.aborted) throw new CancelledError();
      throw error;
    }
  }

  /** @returns undefined where the database has nothing to compare with */
  #agreesWithRow({ kind, id }: StoredItem, folder: string, files: readonly StoredFile[]): boolean | undefined {
    const { datasets, preparations, checkpoints } = this.#workspace;
    switch (kind) {
      case "datasets":
        return datasetFingerprint(files) === datasets.find(id)?.fingerprint;
      case "preparations":
        return fingerprintOf(folder) === preparations.find(id)?.fingerprint;
      case "checkpoints":
        return isSoundCheckpoint(folder, checkpoints.find(id)?.sha256 ?? "");
      case "runs":
        return undefined;
    }
  }
}

function fingerprintOf(folder: string): string | undefined {
  try {
    return preparationFingerprint(folder);
  } catch {
    return undefined; // a file is missing
  }
}
