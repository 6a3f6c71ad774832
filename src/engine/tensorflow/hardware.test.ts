import { describe, expect, it } from "vitest";
import { multipliesBfloat16 } from "./hardware.ts";

const cpuinfo = (flags: string): string =>
  `processor\t: 0\nmodel name\t: A processor\nflags\t\t: fpu ${flags} sse\n\nprocessor\t: 1\n`;

describe("multipliesBfloat16", () => {
  it("finds the instructions among the flags", () => {
    expect(multipliesBfloat16(cpuinfo("avx512f avx512_bf16"))).toBe(true);
    expect(multipliesBfloat16(cpuinfo("amx_bf16 amx_tile"))).toBe(true);
  });

  it("ignores other instructions", () => {
    expect(multipliesBfloat16(cpuinfo("avx2 avx512f avx512_bf16x"))).toBe(false);
    expect(multipliesBfloat16("Features\t: fp asimd bf16\n")).toBe(false);
    expect(multipliesBfloat16("")).toBe(false);
  });
});
