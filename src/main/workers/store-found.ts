/** Stores one recording that was found in a folder, of any format. */
import { WFDB } from "../../pipeline/recordings/finding/group-folder.ts";
import type { FoundInput, RecordStored } from "./beat-tasks.ts";
import { inFolder } from "./open-folder.ts";
import { annotatorsInOrder, openRecording } from "./open-recording.ts";
import { storeRecord, storeSource } from "./store-record.ts";

/** @throws EctopyError `disk-full`, `no-access` if the recording or a temporary file cannot be written */
export function storeFound({ folder: place, recording, annotator, ...input }: FoundInput): Promise<RecordStored> {
  const { name, format, annotators } = recording;
  return inFolder(place, (folder) => {
    if (format === WFDB) {
      return storeRecord({ ...input, folder, name, annotators: annotatorsInOrder(annotators, annotator) });
    }
    const originalName = name === input.storedName ? undefined : name;
    return storeSource(() => openRecording(folder, recording), { ...input, annotator, originalName });
  });
}
