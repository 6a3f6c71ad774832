/** What every file format of recordings offers. */
import type { DelimitedLayout } from "./delimited/layout.ts";
import type { RecordingSource, SourceBytes } from "./source.ts";

/** First bytes of a file by which a format recognises it: a whole header in most files. */
export const FIRST_BYTES = 1 << 16;

/** A file before it is opened. */
export interface RecordingFile {
  /** Name in its folder. */
  name: string;
  /** The first {@link FIRST_BYTES}, or all of a shorter file. */
  firstBytes: Uint8Array;
}

/** What `open` needs beside the files. */
export interface OpenOptions {
  /**
   * Decompresses zlib data (RFC 1950), as MAT files have them. Without it, such files are refused.
   * @throws any error for damaged data, or for a result above `maxLength` bytes
   */
  inflate?: (bytes: Uint8Array, maxLength: number) => Uint8Array;
  /** Sampling rate in Hz for a file that does not have it; by default such a file is refused. */
  rate?: number;
  /** Columns of a text file; by default guessed from its first bytes. */
  layout?: DelimitedLayout;
}

export interface RecordingFormat {
  /** Stable identifier, such as `edf`. */
  id: string;
  /** Name for people, such as `EDF, EDF+, BDF`. */
  name: string;
  /** `beats`: a table of beats without recordings, which `readBeatRows` reads instead of `open`. */
  holds: "recordings" | "beats";
  recognises(fileName: string, firstBytes: Uint8Array): boolean;
  /** Names of the other files of a recording. @param names all names of the folder */
  companions(file: RecordingFile, names: readonly string[]): string[];
  /**
   * Opens a recording.
   * @param main name of the recognised file
   * @param files bytes of the main file and of its companions, by name
   * @throws EctopyError `damaged-file`, `unsupported`, `not-found` or `nothing-usable`, with file and position
   */
  open(main: string, files: ReadonlyMap<string, SourceBytes>, options?: OpenOptions): RecordingSource;
}
