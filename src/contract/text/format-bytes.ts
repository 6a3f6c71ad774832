/** Formats bytes for screens, the command line and reports. */

/** Returns bytes as `1.5 GB`, in powers of 1000, as for disks. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 99.5 ? Math.round(value) : value.toPrecision(2)} ${units[power]}`;
}
