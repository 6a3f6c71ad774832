/** Stores one recording that was found in a folder, of any format. */
import { WFDB } from "../../pipeline/recordings/finding/group-folder.ts";
import type { FoundInput, RecordStored } from "./beat-tasks.ts";
import { inFolder } from "./open-folder.ts";
import { annotatorsInOrder, openRecording } from "./open-recording.ts";
import { isBeatTable } from "../../pipeline/recordings/formats.ts";
import { storeBeatTable } from "./store-beat-table.ts";
import { storeRecord, storeSource } from "./store-record.ts";

/** @throws EctopyError `disk-full`, `no-access` if the recording or a temporary file cannot be written */
export function storeFound(found: FoundInput): Promise<RecordStored> {
  if (isBeatTable(found.recording)) return storeBeatTable(found);
  const { folder: place, recording, annotator, ...input } = found;
  const { name, format, annotators } = recording;
  return inFolder(place, (folder) => {
    if (format === WFDB) {
      return storeRecord({ ...input, folder, name, annotators: annotatorsInOrder(annotators, annotator) });
    }
    const originalName = name === input.storedName ? undefined : name;
    return storeSource(() => openRecording(folder, recording), { ...input, annotator, originalName });
  });
}
