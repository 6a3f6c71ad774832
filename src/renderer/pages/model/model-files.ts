/** Exports networks as files and imports them. */
import { formatNetwork, parseNetwork } from "../../../contract/domain/network-files.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";

/** Downloads the network as a file through the browser. */
export function downloadNetwork(network: NetworkSpec): void {
  const address = URL.createObjectURL(new Blob([formatNetwork(network)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileNameOf(network);
  link.click();
  URL.revokeObjectURL(address);
}

/** Returns a file name with letters and digits of any script; other characters become dashes. */
export function fileNameOf({ name }: NetworkSpec): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${safe || "model"}.json`;
}

/** @throws EctopyError with the location of the error in the file */
export async function readNetwork(file: File): Promise<NetworkSpec> {
  return parseNetwork(await file.text(), file.name);
}
