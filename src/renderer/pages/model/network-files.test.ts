import { expect, it } from "vitest";
import { formatNetwork } from "../../../contract/domain/network-files.ts";
import { presets } from "../../../contract/settings/network-presets.ts";
import { fileNameOf, readNetwork } from "./network-files.ts";

it.each([
  ["ANN, changed", "ANN-changed.json"],
  ["../../etc/passwd", "etc-passwd.json"],
  ["Réseau 2", "Réseau-2.json"],
  ["???", "network.json"],
])("exports a network named %s as %s", (name, file) => {
  expect(fileNameOf({ ...presets.ann, name })).toBe(file);
});

it("imports what it exports, and reports errors in other files", async () => {
  const file = (text: string): File => new File([text], "mine.json");
  expect(await readNetwork(file(formatNetwork(presets.lstm)))).toEqual(presets.lstm);
  await expect(readNetwork(file("no network"))).rejects.toMatchObject({ code: "damaged-file" });
  await expect(
    readNetwork(file('{"name":"x","layers":[{"id":"a","kind":"dense","units":0,"activation":"relu"}]}')),
  ).rejects.toThrow(/mine\.json: layer 1 \(“a”\), units: /);
});
