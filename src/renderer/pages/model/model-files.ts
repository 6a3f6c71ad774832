/** Models as files of the user's: written by the browser, read from one that was chosen. */
import { formatNetwork, parseNetwork } from "../../../contract/domain/network-files.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";

/** Hands the file to the browser, which asks or saves it as the user has set it. */
export function downloadNetwork(network: NetworkSpec): void {
  const address = URL.createObjectURL(new Blob([formatNetwork(network)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileNameOf(network);
  link.click();
  URL.revokeObjectURL(address);
}

/** Letters and digits of any script; what a file system may not like becomes a dash. */
export function fileNameOf({ name }: NetworkSpec): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  return `${safe || "model"}.json`;
}

/** @throws EctopyError: what is wrong with it, and where */
export async function readNetwork(file: File): Promise<NetworkSpec> {
  return parseNetwork(await file.text(), file.name);
}
