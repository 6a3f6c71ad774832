/** DICOM waveforms among the formats. */
import { fileOf } from "../files.ts";
import type { RecordingFormat } from "../format.ts";
import { isDicomWaveform, openDicom } from "./source.ts";

export const dicomFormat: RecordingFormat = {
  id: "dicom",
  name: "DICOM waveform",
  holds: "recordings",
  // Files of DICOM media have no extension.
  recognises: (_, firstBytes) => isDicomWaveform(firstBytes),
  companions: () => [],
  open: (main, files) => openDicom(fileOf(files, main), main),
};
