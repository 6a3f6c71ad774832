/** Files and folders that operating systems and version control leave behind: no part of any recording. */

const NAMES = new Set(["thumbs.db", "desktop.ini", "icon\r", "__macosx"]);

/** Returns whether a file or folder is left aside silently: hidden ones (`._r.hea`, `.DS_Store`, `.git`), `__MACOSX`, `Thumbs.db`. */
export function isJunk(name: string): boolean {
  return name.startsWith(".") || NAMES.has(name.toLowerCase());
}
