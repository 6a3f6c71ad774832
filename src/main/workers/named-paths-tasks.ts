/** Tasks of the process that reads the folders that a user names. */
import type { FolderListing, NamedPath, PathPurpose } from "../../contract/domain/machine.ts";
import type { FolderTree } from "./folder-tree.ts";

export interface NamedPathsTasks {
  check: { input: { path: string; purpose: PathPurpose }; output: NamedPath };
  /** Lists a folder for the path dialog; without a folder, the user's home folder. */
  list: { input: { folder?: string | undefined }; output: FolderListing };
  /** Lists the files of a folder and of all folders in it. */
  listTree: { input: { path: string; shown: string }; output: FolderTree };
}

export type NamedPathsHandlers = {
  [Name in keyof NamedPathsTasks]: (
    input: NamedPathsTasks[Name]["input"],
  ) => NamedPathsTasks[Name]["output"] | Promise<NamedPathsTasks[Name]["output"]>;
};
