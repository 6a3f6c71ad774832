/** EDF, EDF+, BDF and BDF+ among the formats. */
import { fileOf } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { isEdf } from "./header.ts";
import { openEdf } from "./source.ts";

export const edfFormat: RecordingFormat = {
  id: "edf",
  name: "EDF, EDF+, BDF",
  holds: "recordings",
  recognises: (_, firstBytes) => isEdf(firstBytes),
  companions: () => [],
  open: (main, files) => openEdf(fileOf(files, main), main),
};
