/** Arguments of a layer beside its specification (contract/domain/networks.ts). */

export interface LayerConfig {
  /** Id in the network. */
  name: string;
}
