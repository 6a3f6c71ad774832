import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { iconFiles } from "./icon-files.ts";

const project = join(import.meta.dirname, "../..");
const files = iconFiles(project);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** A PNG's width and height are in its first chunk. */
const sides = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe("icons", () => {
  it("equal those made from their drawings (node scripts/installers/make-icons.ts)", () => {
    for (const [path, bytes] of files) expect(readFileSync(join(project, path)).equals(bytes), path).toBe(true);
  });

  it("of Linux have the size in their names", () => {
    const named = [...files].filter(([path]) => path.endsWith(".png"));
    expect(named).toHaveLength(8);
    for (const [path, png] of named) expect(`resources/icons/${sides(png).join("x")}.png`).toBe(path);
  });

  it("of Windows hold a picture at each entry's offset, up to 256 pixels", () => {
    const ico = files.get("resources/icon.ico")!;
    const widths = Array.from({ length: ico.readUInt16LE(4) }, (_, i) => {
      const [length, offset] = [ico.readUInt32LE(6 + 16 * i + 8), ico.readUInt32LE(6 + 16 * i + 12)];
      const png = ico.subarray(offset, offset + length);
      expect(png.subarray(0, 4).equals(PNG)).toBe(true);
      expect(sides(png)[0] % 256).toBe(ico.readUInt8(6 + 16 * i));
      return sides(png)[0];
    });
    expect(widths).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  it("of macOS consist of pictures to the last byte, up to 1024 pixels", () => {
    const icns = files.get("resources/icon.icns")!;
    expect(icns.toString("latin1", 0, 4)).toBe("icns");
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    const widths: number[] = [];
    let at = 8;
    while (at < icns.length) {
      const png = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
      expect(png.subarray(0, 4).equals(PNG)).toBe(true);
      widths.push(sides(png)[0]);
      at += icns.readUInt32BE(at + 4);
    }
    expect(at).toBe(icns.length);
    expect(Math.max(...widths)).toBe(1024);
  });
});
