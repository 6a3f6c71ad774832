/** Exports networks as files and imports them. */
import { formatNetwork, parseNetwork } from "../../../contract/domain/network-files.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { downloadText } from "../../base/download-text.ts";

/** Downloads the network as a file through the browser. */
export function downloadNetwork(network: NetworkSpec): void {
  downloadText(fileNameOf(network), formatNetwork(network), "application/json");
}

/** Returns a file name with letters and digits of any script; other characters become dashes. */
export function fileNameOf({ name }: NetworkSpec): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${safe || "network"}.json`;
}

/** @throws EctopyError with the location of the error in the file */
export async function readNetwork(file: File): Promise<NetworkSpec> {
  return parseNetwork(await file.text(), file.name);
}
