/**
 * Paths outside of the archive of an installed app, `app.asar`, which Electron's file system reads like a folder.
 * Native code and other programs cannot read it: files that they open by path are stored beside the archive
 * (electron-builder.config.ts: `asarUnpack`).
 *
 * Add-ons need no such path: Electron loads `.node` files from the archive.
 */

/** Returns the path at which native code finds a file of the app; the same path if there is no archive. */
export function outsideArchive(path: string): string {
  return path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/, ".unpacked");
}
