/** Stores one recording that was found in a folder, of any format. */
import { WFDB } from "../../pipeline/recordings/finding/group-folder.ts";
import type { FoundInput, RecordStored } from "./beat-tasks.ts";
import { annotatorsInOrder, openRecording } from "./open-recording.ts";
import { storeRecord, storeSource } from "./store-record.ts";

/** @throws EctopyError `disk-full`, `no-access` if the recording cannot be written */
export function storeFound({ recording, annotator, ...input }: FoundInput): RecordStored {
  const { name, format, annotators } = recording;
  if (format === WFDB) return storeRecord({ ...input, name, annotators: annotatorsInOrder(annotators, annotator) });
  const originalName = name === input.storedName ? undefined : name;
  return storeSource(() => openRecording(input.folder, recording), { ...input, annotator, originalName });
}
