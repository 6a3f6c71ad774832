import { describe, expect, it } from "vitest";
import { chooseTargets, type TargetChoice } from "./targets.ts";

const choose = (choice: Partial<TargetChoice>): { targets: string[]; warnings: string[] } => {
  const warnings: string[] = [];
  const all = { named: [], linux: ["AppImage", "deb"], platform: "linux", homepage: undefined, ...choice } as const;
  return { targets: chooseTargets(all, (message) => warnings.push(message)), warnings };
};

describe("chooseTargets", () => {
  it("leaves the deb out, with a warning, if no homepage is set", () => {
    expect(choose({})).toEqual({
      targets: ["AppImage"],
      warnings: [expect.stringContaining("Set ECTOPY_HOMEPAGE")],
    });
  });

  it("refuses a deb by name if no homepage is set", () => {
    expect(() => choose({ named: ["deb"] })).toThrow("Set ECTOPY_HOMEPAGE");
    expect(choose({ named: ["dir"] })).toEqual({ targets: ["dir"], warnings: [] });
  });

  it("takes all targets of the configuration with a homepage, and on other systems", () => {
    expect(choose({ homepage: "https://example.org/" })).toEqual({ targets: [], warnings: [] });
    expect(choose({ platform: "darwin" })).toEqual({ targets: [], warnings: [] });
  });
});
