/** HL7 aECG among the formats. */
import { fileOf } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { extensionOf } from "../messages.ts";
import { isAecg, openAecg } from "./source.ts";

export const aecgFormat: RecordingFormat = {
  id: "aecg",
  name: "HL7 aECG (XML)",
  holds: "recordings",
  recognises: (fileName, firstBytes) => ["xml", "aecg"].includes(extensionOf(fileName)) && isAecg(firstBytes),
  companions: () => [],
  open: (main, files) => openAecg(fileOf(files, main), main),
};
