/** Text files of columns among the formats: tables of signals, and tables of beats. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import { fileOf, namesLike } from "../files.ts";
import { FIRST_BYTES, type RecordingFormat } from "../format.ts";
import { extensionOf, stemOf } from "../messages.ts";
import type { SourceBytes } from "../source.ts";
import { guessLayout } from "./guess.ts";
import type { LayoutGuess } from "./layout.ts";
import { openDelimited } from "./source.ts";

const extensions = new Set(["csv", "tsv", "txt", "tab"]);
/** Fewest rows of a table. */
const MIN_ROWS = 3;

function guessOf(fileName: string, firstBytes: Uint8Array): LayoutGuess | null {
  if (!extensions.has(extensionOf(fileName))) return null;
  const guess = guessLayout(firstBytes, fileName, firstBytes.length < FIRST_BYTES);
  return guess !== null && guess.rows.length >= MIN_ROWS ? guess : null;
}

export const delimitedFormat: RecordingFormat = {
  id: "delimited",
  name: "CSV, TSV, text",
  holds: "recordings",
  recognises: (fileName, firstBytes) => guessOf(fileName, firstBytes)?.layout.holds === "signals",
  /** `100annotations.txt` as in Kaggle's tables of MIT-BIH, and `100_annotations.csv`. */
  companions({ name }, names) {
    const stem = stemOf(name);
    const suffixes = ["annotations", "_annotations", "-annotations", ".annotations", "_ann", ".ann"];
    return suffixes.flatMap((suffix) => [...extensions].flatMap((ext) => namesLike(names, `${stem}${suffix}.${ext}`)));
  },
  open(main, files, { layout, rate } = {}) {
    const annotations = new Map<string, SourceBytes>([...files].filter(([name]) => name !== main));
    return openDelimited({ file: main, bytes: fileOf(files, main), annotations, rate }, layout);
  },
};

export const beatRowsFormat: RecordingFormat = {
  id: "beat-rows",
  name: "Beats as rows (CSV)",
  holds: "beats",
  recognises: (fileName, firstBytes) => guessOf(fileName, firstBytes)?.layout.holds === "beats",
  companions: () => [],
  open(main) {
    throw new EctopyError(
      "invalid-settings",
      `The rows of ${main} are beats, not samples.`,
      "Import it as a dataset of beats.",
    );
  },
};
