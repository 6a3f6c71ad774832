/** Renames datasets, preparations and runs. Names are labels: numbers identify, so two items may have the same name. */
import type { ItemKind } from "../../../contract/domain/names.ts";
import { notFound } from "../../base/not-found.ts";
import type { Workspace } from "../../store/workspace.ts";

const nouns = { datasets: "dataset", preparations: "preparation", runs: "run" } as const;

export class RenameService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * @param name empty: a preparation or a run has no name any more
   * @throws EctopyError `not-found`
   */
  rename(kind: Exclude<ItemKind, "annotationSets">, id: number, name: string): void {
    const { remarks, transaction } = this.#workspace;
    transaction(() => {
      if (this.#workspace[kind].find(id) === undefined) throw notFound(nouns[kind], id);
      if (kind === "runs") remarks.set(id, { ...remarks.find(id), name });
      else this.#workspace[kind].rename(id, name);
    });
  }
}
