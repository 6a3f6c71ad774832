/**
 * Moves items to the bin and restores them. An item can't be removed while others need it, and is restored together
 * with them.
 */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { testDatasetOf } from "../../../contract/domain/preparation.ts";
import type { RemovableItem, RemovableKind } from "../../store/removed.ts";
import type { Workspace } from "../../store/workspace.ts";
import { timestamp } from "../../base/timestamp.ts";

const nouns: Record<RemovableKind, string> = {
  datasets: "dataset",
  preparations: "preparation",
  runs: "run",
  networks: "network",
  annotationSets: "annotation set",
};

/** Ends the stored name of a set in the bin: its name is free for another set. No set has this character in its name. */
const IN_BIN = "~";

/** Returns the name that a set had before it was removed. */
export function nameBeforeRemoval(name: string): string {
  return name.split(IN_BIN)[0];
}

export class RemovalService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws EctopyError `not-found`; `invalid-settings`: another item needs it, or it is being trained */
  remove(kind: RemovableKind, id: number): void {
    this.#workspace.transaction(() => {
      this.#find(kind, id);
      this.#refuseUsed(kind, id);
      if (kind === "annotationSets") this.#freeName(id);
      this.#workspace.removed.add(kind, id, timestamp());
    });
  }

  /** Removes several items, or none of them. @throws EctopyError as {@link remove} */
  removeAll(kind: RemovableKind, ids: readonly number[]): void {
    this.#workspace.transaction(() => {
      for (const id of ids) this.remove(kind, id);
    });
  }

  /** Restores several items with the items that they need; all or none. @throws EctopyError as {@link restore} */
  restoreAll(kind: RemovableKind, ids: readonly number[]): RemovableItem[] {
    return this.#workspace.transaction(() => ids.flatMap((id) => this.restore(kind, id)));
  }

  /**
   * Restores an item with the items that it needs.
   * @returns the restored items
   * @throws EctopyError `not-found`: the bin was emptied, or the item never existed
   */
  restore(kind: RemovableKind, id: number): RemovableItem[] {
    return this.#workspace.transaction(() => {
      this.#find(kind, id);
      const restored = this.#withNeeded(kind, id).filter((each) => this.#workspace.removed.has(each.kind, each.id));
      for (const each of restored) {
        if (each.kind === "annotationSets") this.#giveNameBack(each.id);
        this.#workspace.removed.restore(each.kind, each.id);
      }
      return restored;
    });
  }

  #freeName(id: number): void {
    const { annotationSets, removed } = this.#workspace;
    const name = annotationSets.get(id)?.name ?? "";
    if (!removed.has("annotationSets", id)) annotationSets.rename(id, `${name}${IN_BIN}${id}`);
  }

  /** Gives a set its name back, with a number where another set has it meanwhile. */
  #giveNameBack(id: number): void {
    const { annotationSets } = this.#workspace;
    const set = annotationSets.get(id);
    if (set === undefined) return;
    const name = nameBeforeRemoval(set.name);
    const taken = new Set(annotationSets.list(set.datasetId).map((each) => each.name));
    const numbered = [name, ...Array.from({ length: taken.size }, (_, i) => `${name}-${i + 2}`)];
    annotationSets.rename(id, numbered.find((each) => !taken.has(each)) ?? set.name);
  }

  #withNeeded(kind: RemovableKind, id: number): RemovableItem[] {
    const { runs, preparations } = this.#workspace;
    const item = { kind, id };
    if (kind === "runs") return [item, ...this.#withNeeded("preparations", runs.find(id)!.preparationId)];
    if (kind === "preparations") {
      const { datasetId, settings } = preparations.find(id)!;
      const needed = settings.testDataset === undefined ? [datasetId] : [datasetId, settings.testDataset.id];
      return [item, ...needed.map((each): RemovableItem => ({ kind: "datasets", id: each }))];
    }
    if (kind === "annotationSets") {
      return [item, { kind: "datasets", id: this.#workspace.annotationSets.get(id)!.datasetId }];
    }
    return [item];
  }

  #find(kind: RemovableKind, id: number): void {
    const { annotationSets } = this.#workspace;
    const found = kind === "annotationSets" ? annotationSets.get(id) : this.#workspace[kind].find(id);
    if (found !== undefined) return;
    throw new EctopyError("not-found", `There is no ${nouns[kind]} ${id}.`, "It was removed before.");
  }

  #refuseUsed(kind: RemovableKind, id: number): void {
    // A run stores its network itself. What was made from an annotation set has its annotations.
    if (kind === "networks" || kind === "annotationSets") return;
    const { preparations, runs, removed } = this.#workspace;
    if (kind === "runs") {
      const status = runs.find(id)?.status;
      if (status !== "running" && status !== "queued") return;
      throw new EctopyError("invalid-settings", `Run ${id} is ${status}.`, "Stop the training first.");
    }
    const below = kind === "datasets" ? "preparations" : "runs";
    const gone = removed.ids(below);
    const resting =
      kind === "datasets"
        ? preparations.list().filter((each) => each.datasetId === id || testDatasetOf(each) === id)
        : runs.list().filter(({ preparationId }) => preparationId === id);
    const count = resting.filter((item) => !gone.has(item.id)).length;
    if (count === 0) return;
    throw new EctopyError(
      "invalid-settings",
      `${count} ${nouns[below]}${count === 1 ? " needs" : "s need"} ${nouns[kind]} ${id}.`,
      `Remove ${count === 1 ? "it" : "them"} first.`,
    );
  }
}
