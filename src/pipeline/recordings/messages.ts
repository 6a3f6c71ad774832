/** Findings and names that the readers of all formats share. */
import type { Finding, FindingCode } from "../../contract/domain/recordings.ts";
import { safeRecordName } from "./record-name.ts";

/** @param fix what to do; empty: nothing @param code what the finding is about, for later stages */
export function warning(message: string, fix = "", code?: FindingCode): Finding {
  return { ...(code === undefined ? {} : { code }), severity: "warning", message, fix };
}

export function note(message: string, code?: FindingCode): Finding {
  return { ...(code === undefined ? {} : { code }), severity: "note", message, fix: "" };
}

/** Returns a recording's name from a file's: without folder and extension, safe on every system. */
export function recordingName(fileName: string): string {
  const plain = fileName.slice(Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\")) + 1);
  return safeRecordName(stemOf(plain));
}

/** Returns a file's name without its extension. */
export function stemOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  return dot > 0 ? fileName.slice(0, dot) : fileName;
}

/** Returns the extension of a file's name in lower case, without the dot. */
export function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  return dot > 0 ? fileName.slice(dot + 1).toLowerCase() : "";
}
