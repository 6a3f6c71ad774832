/**
 * An installed app lies in an archive, `app.asar`, that Electron's own file system reads as if it were a folder. Native code and
 * other programs can't: what they open by its path is kept beside the archive (electron-builder.config.ts: `asarUnpack`).
 *
 * Not for add-ons: Electron itself loads `.node` files from there.
 */

/** Where native code finds a file of the app; the path as it is where there is no archive. */
export function outsideArchive(path: string): string {
  return path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/, ".unpacked");
}
