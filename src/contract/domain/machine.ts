/** What the app says about itself and the machine that it runs on. */

export interface WorkspaceInfo {
  /** Where everything is kept. */
  folder: string;
  /** Bytes that it takes. */
  bytes: number;
  /** Bytes that are free on its disk. */
  free: number;
}

export interface MachineInfo {
  /** In words, as the system gives it. */
  processor: string;
  /** That may be used at the same time. */
  cores: number;
  /** Bytes of memory: all, and free now. */
  memory: number;
  freeMemory: number;
  /** `linux`, `darwin` or `win32`. */
  platform: string;
  /** Whether TensorFlow's native library is there; without it a training is slow. */
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
  /** Empty in the browser. */
  electron: string;
  licence: string;
  /** Packages that Ectopy is built on. */
  packages: PackageLicence[];
}

/** One entry of a folder, as shown where a path is chosen. */
export interface FolderEntry {
  name: string;
  path: string;
  /** `model`: a file that may be a Keras model (.h5). */
  kind: "folder" | "zip" | "model";
}

export interface FolderListing {
  folder: string;
  /** Null at the top. */
  parent: string | null;
  entries: FolderEntry[];
  /** WFDB recordings (headers) that lie in the folder itself. */
  recordings: number;
}
