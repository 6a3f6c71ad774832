/** Names of files that a dialog offers for import. The import itself recognises files by their content, too. */

/** Extensions of ZIP files, and of files that begin a recording or hold a table of beats; lower case, without the dot. */
export const recordingExtensions = [
  ...["zip", "hea", "edf", "bdf", "rec", "ecg", "mat", "xml", "aecg", "dcm"],
  ...["csv", "tsv", "txt", "tab"],
] as const;

/** Returns whether a file's extension is one of {@link recordingExtensions}. */
export function hasRecordingExtension(fileName: string): boolean {
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  return fileName.includes(".") && recordingExtensions.some((each) => each === extension);
}
