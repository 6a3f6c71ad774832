import { layerDefaults } from "../../contract/domain/networks.ts";

/** Returns whether a dense layer or a convolution adds a bias. */
export function hasBias({ useBias = layerDefaults.useBias }: { useBias?: boolean | undefined }): boolean {
  return useBias;
}
