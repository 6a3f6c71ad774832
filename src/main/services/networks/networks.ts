/** Custom networks, stored in the workspace under unique names, by which the command line finds them. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { SavedNetwork } from "../../../contract/domain/saved-networks.ts";
import { networkSchema, type NetworkSpec } from "../../../contract/domain/networks.ts";
import { isPreset } from "../../../contract/settings/network-presets.ts";
import type { Workspace } from "../../store/workspace.ts";
import { checkSettings } from "../../base/check-settings.ts";
import { timestamp } from "../../base/timestamp.ts";

export class NetworkService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  list(): SavedNetwork[] {
    const removed = this.#workspace.removed.ids("networks");
    return this.#workspace.networks.list().filter(({ id }) => !removed.has(id));
  }

  /** Finds a network by name, ignoring case. */
  find(name: string): SavedNetwork | undefined {
    return this.list().find(({ network }) => sameName(network.name, name));
  }

  /**
   * Stores a network, valid or not: it may be unfinished.
   * @param id the network to change; a new one is added where absent
   * @throws EctopyError `not-found`; `invalid-settings`: another network has the name
   */
  save(id: number | undefined, given: NetworkSpec): SavedNetwork {
    const network = checkSettings(networkSchema, given, "network");
    const { networks } = this.#workspace;
    const at = timestamp();
    const kept = this.#workspace.transaction(() => {
      if (id !== undefined && networks.find(id) === undefined) {
        throw new EctopyError("not-found", `There is no network ${id}.`, "It was removed before.");
      }
      this.#refuseName(network.name, id);
      if (id === undefined) return networks.add(network, at);
      networks.change(id, network, at);
      return id;
    });
    return networks.find(kept)!;
  }

  /**
   * Checks that a removed network can be restored.
   * @throws EctopyError `invalid-settings`: another network has its name now
   */
  checkRestorable(id: number): void {
    const removed = this.#workspace.networks.find(id);
    if (removed) this.#refuseName(removed.network.name, id);
  }

  #refuseName(name: string, id: number | undefined): void {
    if (isPreset(name.toLowerCase())) {
      throw new EctopyError("invalid-settings", `“${name}” is the name of a preset.`, "Choose another name.");
    }
    const other = this.find(name);
    if (other === undefined || other.id === id) return;
    throw new EctopyError(
      "invalid-settings",
      `Another network has the name “${other.network.name}”.`,
      "Choose another name, or change that network.",
    );
  }
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
