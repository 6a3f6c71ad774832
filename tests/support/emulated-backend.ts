/** A backend whose kernels run as a program of another processor, under an emulator (tests/native/run-program.cpp). */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memorySizes, writeConstants, type Backend } from "../../src/engine/backends/backend.ts";
import { encodeProgram } from "../../src/engine/plan/encode-program.ts";

export interface Emulated {
  /** The emulator, such as `qemu-aarch64-static`. */
  emulator: string;
  /** The program, for the emulated processor. */
  program: string;
  /** Folder for files. */
  folder: string;
}

export function emulatedBackend({ emulator, program: executable, folder }: Emulated): Backend {
  return {
    name: "kernels",
    description: emulator,
    fillRows: null,
    load(plan, steps) {
      const sizes = memorySizes(plan, steps);
      const state = new Float32Array(sizes.state);
      const feed = new Float32Array(sizes.feed);
      writeConstants(state, plan.state);
      const file = join(folder, "program.bin");
      return {
        memory: { state, feed },
        interruption: null,
        // Each run reads and writes the whole memory.
        download: () => {},
        upload: () => {},
        run(program, count) {
          const words = encodeProgram(program);
          const header = Int32Array.of(words.length, state.length, feed.length, sizes.scratch, count);
          writeFileSync(file, Buffer.concat([header, words, state, feed].map(bytesOf)));
          execFileSync(emulator, [executable, file], { stdio: ["ignore", "ignore", "pipe"] });
          const written = readFileSync(file);
          let at = header.byteLength + words.byteLength;
          for (const memory of [state, feed]) {
            bytesOf(memory).set(written.subarray(at, at + memory.byteLength));
            at += memory.byteLength;
          }
          return count;
        },
        close() {
          // Each run is a process.
        },
      };
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
