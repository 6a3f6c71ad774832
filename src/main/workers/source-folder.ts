/** Folder with the files of recordings: on the disk, or in a ZIP file. */
import type { SourceBytes } from "../../pipeline/recordings/source.ts";

export interface SourceFolder {
  /** Returns the name of a file as the folder has it, whatever its small and capital letters; else the given name. */
  nameOf(file: string): string;
  /**
   * Returns the size of a file in bytes.
   * @throws EctopyError `not-found`, `no-access`; `damaged-file`: a pipe or a device, whose end never comes
   */
  sizeOf(file: string): number;
  /** Reads a whole file. @throws EctopyError as {@link sizeOf}; `damaged-file` */
  read(file: string): Uint8Array;
  /** Opens a file that is read in blocks. @throws EctopyError as {@link read} */
  open(file: string): SourceBytes;
  /** Returns the first bytes of a file, at most as many as `bytes`; null for a file that can't be read. */
  firstBytes(file: string, bytes: number): Uint8Array | null;
  /** Returns the last bytes of a file, at most as many as `bytes`; null for a file that can't be read so. */
  lastBytes(file: string, bytes: number): Uint8Array | null;
}
