/** Size of a workspace and the free space on its disk. */
import { statfs } from "node:fs/promises";
import type { WorkspaceInfo } from "../../../contract/domain/machine.ts";
import { bytesIn } from "./folder-size.ts";

export async function workspaceInfo(folder: string): Promise<WorkspaceInfo> {
  const { bavail, bsize } = await statfs(folder);
  return { folder, bytes: await bytesIn(folder), free: bavail * bsize };
}
