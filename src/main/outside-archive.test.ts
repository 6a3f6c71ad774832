import { expect, it } from "vitest";
import { outsideArchive } from "./outside-archive.ts";

it.for([
  ["/opt/Ectopy/resources/app.asar/node_modules/a.ttf", "/opt/Ectopy/resources/app.asar.unpacked/node_modules/a.ttf"],
  ["C:\\Ectopy\\resources\\app.asar\\a.ttf", "C:\\Ectopy\\resources\\app.asar.unpacked\\a.ttf"],
  ["/opt/Ectopy/resources/app.asar.unpacked/a.ttf", "/opt/Ectopy/resources/app.asar.unpacked/a.ttf"],
  ["/home/me/ectopy/node_modules/a.ttf", "/home/me/ectopy/node_modules/a.ttf"],
])("returns the path outside of the archive: %s", ([path, found]) => {
  expect(outsideArchive(path)).toBe(found);
});
