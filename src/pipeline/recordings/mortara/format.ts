/** Mortara ELI among the formats. */
import { fileOf } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { extensionOf } from "../messages.ts";
import { isMortara, openMortara } from "./source.ts";

export const mortaraFormat: RecordingFormat = {
  id: "mortara",
  name: "Mortara ELI (XML)",
  holds: "recordings",
  recognises: (fileName, firstBytes) => extensionOf(fileName) === "xml" && isMortara(firstBytes),
  companions: () => [],
  open: (main, files) => openMortara(fileOf(files, main), main),
};
