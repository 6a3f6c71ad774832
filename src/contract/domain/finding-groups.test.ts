import { expect, it } from "vitest";
import { groupFindings, verdictOf } from "./finding-groups.ts";
import type { Finding } from "./recordings.ts";

const excluded = (code?: Finding["code"]): Finding => ({
  code,
  severity: "damaged",
  message: "It is not read.",
  fix: "",
});

it("calls only damage damage, of all the reasons for which a recording is excluded", () => {
  expect(verdictOf(excluded())).toBe("damaged");
  expect(verdictOf(excluded("checksum"))).toBe("damaged");
  expect(verdictOf(excluded("unsupported"))).toBe("unsupported");
  expect(verdictOf(excluded("unusable"))).toBe("unusable");
  expect(verdictOf({ severity: "warning", code: "unsupported" })).toBe("warning");
});

it("keeps the code of the findings of a group", () => {
  const records = ["a", "b"].map((name) => ({ name, findings: [excluded("unsupported")] }));
  expect(groupFindings(records)).toMatchObject([{ severity: "damaged", code: "unsupported", records: [{}, {}] }]);
});
