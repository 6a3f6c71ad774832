/** The bin: removed items that can be restored, their space, and emptying. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Bin, BinItem } from "../../../contract/domain/integrity.ts";
import { preparationTitle } from "../../../contract/domain/names.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import type { RemovedItem } from "../../store/removed.ts";
import type { Workspace } from "../../store/workspace.ts";
import { nameBeforeRemoval } from "./removal.ts";
import { bytesIn } from "./folder-size.ts";

export class BinService {
  readonly #workspace: Workspace;
  readonly #warn: (message: string) => void;
  /** Called with the deleted items each time the bin is emptied. */
  onEmptied: (items: readonly RemovedItem[]) => void = () => {};

  /** @param warn called when the bin was emptied because the disk was full */
  constructor(workspace: Workspace, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#warn = warn;
  }

  /** Returns the items in the bin, the latest first, with the space of their folders. */
  async contents(): Promise<Bin> {
    const items = await Promise.all(
      this.#workspace.removed
        .list()
        .map(async (item): Promise<BinItem> => ({ ...item, title: this.#title(item), bytes: await this.#bytes(item) })),
    );
    return { items, bytes: items.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /**
   * Deletes items in the bin permanently, except items that others outside of the bin need.
   * @param before limits this to items that were removed before that time
   */
  async empty(before?: Date): Promise<RemovedItem[]> {
    const items = await this.#workspace.emptyBin(before);
    if (items.length > 0) this.onEmptied(items);
    return items;
  }

  /** Does some work; where the disk is full and the bin is not empty, empties the bin and repeats the work. */
  async withRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EctopyError) || error.code !== "disk-full" || !(await this.makeRoom())) throw error;
      return work();
    }
  }

  /** Empties the bin because the disk is full. @returns whether the bin held items */
  async makeRoom(): Promise<boolean> {
    const items = await this.empty();
    if (items.length === 0) return false;
    this.#warn(`The disk was full: the bin was emptied (${items.length} ${items.length === 1 ? "item" : "items"}).`);
    return true;
  }

  #title({ kind, id }: RemovedItem): string {
    const { datasets, preparations, runs, networks } = this.#workspace;
    switch (kind) {
      case "datasets":
        return `Dataset ${id}: ${datasets.find(id)?.name ?? ""}`;
      case "preparations":
        return preparationTitle({ id, name: preparations.find(id)?.name ?? "" });
      case "runs": {
        const run = runs.find(id);
        return run ? `Run ${id}: ${networkTitle(run.settings)}` : `Run ${id}`;
      }
      case "annotationSets": {
        const set = this.#workspace.annotationSets.get(id);
        return set
          ? `Annotation set ${nameBeforeRemoval(set.name)} of dataset ${set.datasetId}`
          : `Annotation set ${id}`;
      }
      case "networks":
        return `Network: ${networks.find(id)?.network.name ?? String(id)}`;
    }
  }

  async #bytes({ kind, id }: RemovedItem): Promise<number> {
    if (kind === "networks" || kind === "annotationSets") return 0;
    const { checkpoints } = this.#workspace;
    const below =
      kind === "runs" ? checkpoints.ofRun(id).map((row) => this.#workspace.path("checkpoints", row.id)) : [];
    const sizes = await Promise.all([this.#workspace.path(kind, id), ...below].map(bytesIn));
    return sizes.reduce((a, b) => a + b, 0);
  }
}
