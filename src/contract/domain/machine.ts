/** Information about the app and its machine. */

export interface WorkspaceInfo {
  /** Path of the workspace. */
  folder: string;
  /** Size in bytes. */
  bytes: number;
  /** Free bytes on its disk. */
  free: number;
}

export interface MachineInfo {
  /** Name of the processor, from the operating system. */
  processor: string;
  /** Number of usable cores. */
  cores: number;
  /** Memory in bytes: total, and free now. */
  memory: number;
  freeMemory: number;
  /** `linux`, `darwin` or `win32`. */
  platform: string;
  /** Whether TensorFlow is installed; without it, training is slow. */
  nativeTensorFlow: boolean;
}

export interface PackageLicence {
  name: string;
  version: string;
  /** SPDX identifier, such as `MIT`. */
  licence: string;
}

export interface AppInfo {
  version: string;
  node: string;
  /** Empty in a browser tab. */
  electron: string;
  licence: string;
  /** Packages that Ectopy uses. */
  packages: PackageLicence[];
}

/** Entry of a folder in a path dialog. */
export interface FolderEntry {
  name: string;
  path: string;
  /** `model`: a file that may be a Keras model (.h5). */
  kind: "folder" | "zip" | "model";
}

export interface FolderListing {
  folder: string;
  /** Null for the root folder. */
  parent: string | null;
  entries: FolderEntry[];
  /** Number of WFDB headers in the folder itself. */
  recordings: number;
}
