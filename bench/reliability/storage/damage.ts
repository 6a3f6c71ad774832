/** Damages a file at a random offset. */
import { closeSync, openSync, readSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import type { RandomStream } from "../../../src/pipeline/random.ts";

export const damageKinds = ["overwritten", "page of zeros", "truncated", "emptied", "removed"] as const;
export type DamageKind = (typeof damageKinds)[number];

const PAGE_BYTES = 4096;
const MAX_OVERWRITTEN_BYTES = 64;

/** @returns the damaged offset, for a message */
export function damage(path: string, kind: DamageKind, random: RandomStream): string {
  const size = statSync(path).size;
  switch (kind) {
    case "overwritten": {
      const length = 1 + random.below(Math.min(MAX_OVERWRITTEN_BYTES, size));
      const at = random.below(size - length + 1);
      write(path, at, Buffer.from(Array.from({ length }, () => random.below(256))));
      return `${length} bytes at ${at} of ${size}`;
    }
    case "page of zeros": {
      const page = random.below(Math.max(1, Math.floor(size / PAGE_BYTES)));
      write(path, page * PAGE_BYTES, Buffer.alloc(Math.min(PAGE_BYTES, size - page * PAGE_BYTES)));
      return `page ${page + 1} of ${Math.ceil(size / PAGE_BYTES)}`;
    }
    case "truncated": {
      const length = random.below(size);
      truncateSync(path, length);
      return `to ${length} of ${size} bytes`;
    }
    case "emptied":
      truncateSync(path, 0);
      return `${size} bytes`;
    case "removed":
      rmSync(path);
      return `${size} bytes`;
  }
}

/** @returns the damaged offset, for a message */
export function flipBit(path: string, random: RandomStream): string {
  const at = random.below(statSync(path).size);
  const bit = random.below(8);
  const byte = Buffer.alloc(1);
  const descriptor = openSync(path, "r");
  readSync(descriptor, byte, 0, 1, at);
  closeSync(descriptor);
  write(path, at, Buffer.from([byte[0] ^ (1 << bit)]));
  return `bit ${bit} of byte ${at}`;
}

function write(path: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, bytes, 0, bytes.length, at);
  closeSync(descriptor);
}
