import { expect, it } from "vitest";
import { notFound } from "./not-found.ts";

it("names the item, and the command that lists such items", () => {
  expect(notFound("run", 7)).toMatchObject({
    code: "not-found",
    message: "There is no run 7.",
    fix: "`ectopy runs` lists the runs.",
  });
});
