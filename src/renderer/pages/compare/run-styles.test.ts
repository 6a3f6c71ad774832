import { expect, it } from "vitest";
import { runStyle } from "./run-styles.ts";

it.each([false, true])("gives 32 runs different styles, and neighbours another line (dark: %s)", (dark) => {
  const styles = Array.from({ length: 32 }, (_, i) => runStyle(i, dark));
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(32);
  styles.slice(1).forEach(({ dash }, i) => expect(dash).not.toEqual(styles[i].dash));
});
