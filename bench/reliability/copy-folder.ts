import { execFileSync } from "node:child_process";

/** Copies a folder with its rights and times, which Node does not: Ectopy would warn of a workspace that others can read. */
export function copyFolder(from: string, to: string): void {
  execFileSync("cp", ["-a", "--reflink=auto", from, to]);
}
