/**
 * The app's icon in each format that an installer needs: PNG for Linux, ICO for Windows, ICNS for macOS. Small ones are
 * drawn without the paper, which would blur them, as in the browser's tab.
 */
import { Resvg } from "@resvg/resvg-js";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Sides in pixels. */
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512];
const WINDOWS = [16, 24, 32, 48, 64, 128, 256];
/** Types of an ICNS that hold a PNG; from ic11 on, with twice the pixels for the same size on a screen. */
const APPLE = {
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic10: 1024,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
};
const SMALL = 48;

/** Returns the files' content by path below the project. */
export function iconFiles(project: string): Map<string, Buffer> {
  const large = readFileSync(join(project, "resources", "icon.svg"), "utf8");
  const small = readFileSync(join(project, "src", "renderer", "icon.svg"), "utf8");
  const draw = (side: number): Buffer =>
    new Resvg(side <= SMALL ? small : large, {
      fitTo: { mode: "width", value: side },
      font: { loadSystemFonts: false },
    })
      .render()
      .asPng();
  return new Map([
    ...LINUX.map((side): [string, Buffer] => [`resources/icons/${side}x${side}.png`, draw(side)]),
    ["resources/icon.ico", ico(WINDOWS.map((side) => ({ side, png: draw(side) })))],
    ["resources/icon.icns", icns(Object.entries(APPLE).map(([type, side]) => ({ type, png: draw(side) })))],
  ]);
}

/** Returns an ICO: a header, an entry of 16 bytes for each picture, the pictures as PNG. */
function ico(pictures: readonly { side: number; png: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2); // an icon, no cursor
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [i, { side, png }] of pictures.entries()) {
    const entry = 6 + 16 * i;
    // 0 stands for 256.
    header.writeUInt8(side % 256, entry);
    header.writeUInt8(side % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4); // planes
    header.writeUInt16LE(32, entry + 6); // bits per pixel
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/**
 * Returns an ICNS: `icns`, the file's length, then for each picture its type, its length (with this head of 8 bytes)
 * and its PNG.
 */
function icns(pictures: readonly { type: string; png: Buffer }[]): Buffer {
  const chunk = (type: string, ...contents: Buffer[]): Buffer => {
    const header = Buffer.alloc(8);
    header.write(type, "latin1");
    header.writeUInt32BE(8 + contents.reduce((sum, { length }) => sum + length, 0), 4);
    return Buffer.concat([header, ...contents]);
  };
  return chunk("icns", ...pictures.map(({ type, png }) => chunk(type, png)));
}
