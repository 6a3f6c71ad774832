/** Information about the app and its machine. */
import type { BackendState } from "./training.ts";

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
  /** All backends: whether this machine has them, and their measured steps. */
  backends: BackendState[];
  /** Null where it can't be installed: no NVIDIA GPU, another system than x64 Linux, or no set-up beside the app. */
  cuda: CudaState | null;
}

/** TensorFlow for NVIDIA GPUs. */
export interface CudaState {
  /** Names of the GPUs that NVIDIA's driver lists. */
  gpus: string[];
  isInstalled: boolean;
}

/** Sizes of TensorFlow with NVIDIA's libraries (2026-11-30): the download, and on disk. */
export const CUDA_DOWNLOAD_BYTES = 3.4e9;
export const CUDA_DISK_BYTES = 5.4e9;

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

/** Purposes of a path that a user names: recordings or a model to read, a folder to export into, or a workspace. */
export const pathPurposes = ["recordings", "model", "file", "export", "workspace"] as const;
export type PathPurpose = (typeof pathPurposes)[number];

/** A path that a user named, after its check. */
export interface NamedPath {
  /** Full path. */
  path: string;
  /** Whether the folder does not exist yet and will be created. */
  isNew: boolean;
  /** Free bytes on its disk; null where its file system reports none, and for a path that is only read. */
  freeBytes: number | null;
}

/** Entry of a folder in a path dialog. */
export interface FolderEntry {
  name: string;
  path: string;
  /** `file`: a file that may hold recordings; `model`: one that may be a Keras model (.h5, .keras). */
  kind: "folder" | "file" | "model";
}

export interface FolderListing {
  folder: string;
  /** Null for the root folder. */
  parent: string | null;
  entries: FolderEntry[];
  /** Number of WFDB headers in the folder itself. */
  recordings: number;
}
