import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { activations } from "../../contract/domain/networks.ts";
import { kernels } from "./kernels.ts";
import { stepNumbers } from "./plan.ts";

const native = (file: string): string => readFileSync(join(import.meta.dirname, "../../../native", file), "utf8");

/** `denseWeightGradient` → `dense-weight-gradient` */
const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Members of a C++ enumeration, without their `k`, in the kernels' spelling. */
function enumeration(source: string, name: string): string[] {
  const [, members] = new RegExp(`enum ${name}[^{]*\\{([^}]*)\\}`).exec(source)!;
  return members
    .split(",")
    .map((member) => member.replace(/=.*/, "").trim())
    .filter((member) => member !== "")
    .map((member) => kebab(member.slice(1)).slice(1));
}

describe("the kernels of native/", () => {
  it("have the codes of the table", () => {
    const names = enumeration(native("plan-kernels.h"), "Kernel");
    expect(names.pop()).toBe("kernels-end");
    expect(names).toEqual(Object.keys(kernels));
    expect(Object.values(kernels).map(({ code }) => code)).toEqual(names.map((_, i) => i + 1));
  });

  it("take as many arguments as the table lists", () => {
    const counts = [...native("program.cpp").matchAll(/\{(\d+), (\d+), (\d+)\}, +\/\/ (\S+)/g)].slice(1);
    expect(counts.map(([, buffers, integers, reals, name]) => [name, buffers, integers, reals])).toEqual(
      Object.entries(kernels).map(([name, { buffers, integers, reals }]) => [
        name,
        ...[Object.keys(buffers), integers, reals].map(({ length }) => String(length)),
      ]),
    );
  });

  it("number activations and the step's numbers alike", () => {
    expect(enumeration(native("elementwise-kernels.h"), "Activation")).toEqual([...activations]);
    expect(enumeration(native("plan-kernels.h"), "StepNumber")).toEqual(Object.keys(stepNumbers).map(kebab));
    expect(Object.values(stepNumbers)).toEqual([0, 1, 2, 3]);
  });
});
