/** ISHNE Holter files among the formats. */
import { fileOf, namesLike } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { stemOf } from "../messages.ts";
import { isIshne } from "./header.ts";
import { openIshne } from "./source.ts";

export const ishneFormat: RecordingFormat = {
  id: "ishne",
  name: "ISHNE Holter",
  holds: "recordings",
  recognises: (_, firstBytes) => isIshne(firstBytes),
  companions: ({ name }, names) => namesLike(names, `${stemOf(name)}.ann`),
  open(main, files) {
    const [annotations] = [...files].filter(([name]) => name !== main).map(([file, bytes]) => ({ file, bytes }));
    return openIshne(fileOf(files, main), main, annotations ?? null);
  },
};
