/** Networks of one's own, kept in the workspace: each has a name of its own, by which the command line finds it. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { SavedModel } from "../../../contract/domain/models.ts";
import { networkSchema, type NetworkSpec } from "../../../contract/domain/networks.ts";
import { isPreset } from "../../../contract/settings/network-presets.ts";
import type { Workspace } from "../../store/workspace.ts";
import { checkSettings } from "../../base/check-settings.ts";
import { timestamp } from "../../base/timestamp.ts";

export class ModelService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  list(): SavedModel[] {
    const removed = this.#workspace.removed.ids("models");
    return this.#workspace.models.list().filter(({ id }) => !removed.has(id));
  }

  /** @returns undefined where none has this name, in whatever case */
  find(name: string): SavedModel | undefined {
    return this.list().find(({ network }) => sameName(network.name, name));
  }

  /**
   * Keeps a network, sound or not: it may be unfinished.
   * @param id the one to change; without it, a new one is made
   * @throws EctopyError `not-found`; `invalid-settings`: another has the name
   */
  save(id: number | undefined, given: NetworkSpec): SavedModel {
    const network = checkSettings(networkSchema, given, "model");
    const { models } = this.#workspace;
    const at = timestamp();
    const kept = this.#workspace.transaction(() => {
      if (id !== undefined && models.find(id) === undefined) {
        throw new EctopyError("not-found", `There is no model ${id}.`, "It was removed before.");
      }
      this.#refuseName(network.name, id);
      if (id === undefined) return models.add(network, at);
      models.change(id, network, at);
      return id;
    });
    return models.find(kept)!;
  }

  /** Brings back one that was removed. @throws EctopyError `invalid-settings`: another has its name by now */
  checkRestorable(id: number): void {
    const model = this.#workspace.models.find(id);
    if (model) this.#refuseName(model.network.name, id);
  }

  #refuseName(name: string, id: number | undefined): void {
    if (isPreset(name.toLowerCase())) {
      throw new EctopyError("invalid-settings", `“${name}” is the study's network.`, "Choose another name.");
    }
    const other = this.find(name);
    if (other === undefined || other.id === id) return;
    throw new EctopyError(
      "invalid-settings",
      `Another model is called “${other.network.name}”.`,
      "Choose another name, or change that one.",
    );
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
