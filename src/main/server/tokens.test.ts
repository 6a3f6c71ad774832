import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tokens } from "./tokens.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("lets in once", () => {
  const tokens = new Tokens();
  const gone = vi.fn();
  const token = tokens.issue(1000, gone);
  const other = tokens.issue(1000);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(tokens.use("wrong")).toBe(false);
  expect(gone).not.toHaveBeenCalled();
  expect([tokens.use(token), tokens.use(token), tokens.use(other)]).toEqual([true, false, true]);
  expect(gone).toHaveBeenCalledOnce();
});

it("does not let in when its time is over, or its server has ended", () => {
  const tokens = new Tokens();
  const gone = vi.fn();
  const token = tokens.issue(1000, gone);
  vi.advanceTimersByTime(999);
  expect(gone).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(gone).toHaveBeenCalledOnce();
  expect(tokens.use(token)).toBe(false);
  const another = tokens.issue(1000, gone);
  tokens.close();
  expect(tokens.use(another)).toBe(false);
  expect(gone).toHaveBeenCalledTimes(2);
});
