import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PreferenceStore } from "../../store/preferences.ts";
import { SignIns, type Keychain } from "./sign-ins.ts";

let folder: string;
let preferences: PreferenceStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-sign-ins-"));
  preferences = new PreferenceStore(join(folder, "settings.json"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Turns every bit over. */
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
const keychain: Keychain = {
  isOpen: () => Promise.resolve(true),
  encrypt: (text) => Promise.resolve(turned(Buffer.from(text))),
  decrypt: (bytes) => Promise.resolve(Buffer.from(turned(bytes)).toString()),
};
const locked: Keychain = { ...keychain, isOpen: () => Promise.resolve(false) };

it("keeps one sign-in for each server, whichever way its address is written, and never in clear", async () => {
  const signIns = new SignIns(preferences, keychain);
  await signIns.keep("http://localhost:5000/", { user: "anna", password: "s3cret" });
  await signIns.keep("https://mlflow.example/team", { token: "t0ken" });
  await signIns.keep("http://u:p@localhost:5000", { user: "anna", password: "n3w" });
  expect(await signIns.list()).toEqual({
    canKeep: true,
    kept: [
      { address: "https://mlflow.example/team", user: null },
      { address: "http://localhost:5000", user: "anna" },
    ],
  });
  expect(await signIns.find("http://localhost:5000//")).toEqual({ user: "anna", password: "n3w" });
  expect(await signIns.find("https://mlflow.example/team")).toEqual({ token: "t0ken" });
  await expect(signIns.find("https://mlflow.example")).rejects.toMatchObject({ code: "not-found" });
  expect(readFileSync(preferences.path, "utf8")).not.toMatch(/s3cret|n3w|t0ken/);
  expect(JSON.stringify(preferences.read())).not.toMatch(/localhost/);
});

it("forgets one, and outlives a change of the settings", async () => {
  const signIns = new SignIns(preferences, keychain);
  await signIns.keep("http://one", { user: "a", password: "" });
  await signIns.keep("http://two", { user: "b", password: "" });
  preferences.write({ ...preferences.read(), theme: "dark" });
  signIns.forget("http://one");
  expect((await signIns.list()).kept).toEqual([{ address: "http://two", user: "b" }]);
  expect(preferences.read().theme).toBe("dark");
});

it.for([
  ["without a keychain", null],
  ["where it is not open", locked],
] as const)("stores nothing %s, and says so", async ([, given]) => {
  const signIns = new SignIns(preferences, given);
  expect(await signIns.list()).toEqual({ canKeep: false, kept: [] });
  await expect(signIns.keep("http://one", { user: "a", password: "p" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("not stored") as string,
  });
  await expect(signIns.find("http://one")).rejects.toMatchObject({ code: "not-found" });
  expect(preferences.readSignIns()).toEqual([]);
});

it("says so where what is kept can't be read any more", async () => {
  const signIns = new SignIns(preferences, keychain);
  await signIns.keep("http://one", { user: "a", password: "p" });
  const text = readFileSync(preferences.path, "utf8");
  writeFileSync(preferences.path, text.replace(/"secret": "[^"]+"/, '"secret": "AAAA"'));
  await expect(signIns.find("http://one")).rejects.toMatchObject({ code: "no-access" });
});

it("keeps neither a folder nor nobody", async () => {
  const signIns = new SignIns(preferences, keychain);
  await expect(signIns.keep("/tmp/mlruns", { user: "a" })).rejects.toMatchObject({ code: "usage" });
  await expect(signIns.keep("http://one", {})).rejects.toMatchObject({ code: "usage" });
});
