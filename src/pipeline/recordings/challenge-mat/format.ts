/** MAT files of signals among the formats. */
import { fileOf, namesLike } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { extensionOf, stemOf } from "../messages.ts";
import { isMat } from "./mat-arrays.ts";
import { openMat } from "./source.ts";

export const matFormat: RecordingFormat = {
  id: "challenge-mat",
  name: "MAT (PhysioNet Challenge)",
  holds: "recordings",
  recognises: (fileName, firstBytes) => extensionOf(fileName) === "mat" && isMat(firstBytes),
  companions: ({ name }, names) => namesLike(names, `${stemOf(name)}.hea`),
  open(main, files, { inflate, rate } = {}) {
    const [header] = [...files].filter(([name]) => name !== main).map(([file, bytes]) => ({ file, bytes }));
    return openMat({ file: main, bytes: fileOf(files, main), header: header ?? null, inflate, rate });
  },
};
