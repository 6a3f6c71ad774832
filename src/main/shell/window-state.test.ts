import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WindowStates } from "./window-state.ts";

/** One screen, and one to its right whose upper edge is lower. */
vi.mock("electron", () => ({
  screen: {
    getAllDisplays: () => [
      { workArea: { x: 0, y: 0, width: 1920, height: 1040 } },
      { workArea: { x: 1920, y: 200, width: 1280, height: 984 } },
    ],
  },
}));

const state = { x: 100, y: 50, width: 1200, height: 800, maximised: false };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-window-"));
  path = join(folder, "not there yet", "window.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives the window back where it stood, on any screen", () => {
  const states = new WindowStates(path);
  expect(states.read()).toBeNull();
  for (const stood of [state, { ...state, maximised: true }, { ...state, x: 2500, y: 900 }]) {
    states.write(stood);
    expect(states.read()).toEqual(stood);
  }
});

it("forgets a place that no screen shows any more", () => {
  const states = new WindowStates(path);
  for (const stood of [
    { ...state, x: 4000 },
    { ...state, y: -790 },
    { ...state, x: -1150 },
  ]) {
    states.write(stood);
    expect(states.read()).toBeNull();
  }
});

it("is as at the first start where the file is none, or says no size that a window has", () => {
  path = join(folder, "window.json");
  for (const text of ["", "{", "[]", JSON.stringify({ ...state, width: 1 }), JSON.stringify({ ...state, x: "0" })]) {
    writeFileSync(path, text);
    expect(new WindowStates(path).read()).toBeNull();
  }
});

it("does without where it can't be written", () => {
  writeFileSync(join(folder, "a file"), "mine");
  new WindowStates(join(folder, "a file", "window.json")).write(state);
  expect(readFileSync(join(folder, "a file"), "utf8")).toBe("mine");
});
