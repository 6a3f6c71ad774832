/** Typeface of figures and reports. It ships with the app, so that they look the same on every machine. */
import { createRequire } from "node:module";
import { outsideArchive } from "../../outside-archive.ts";

// Not named `require`: electron-vite puts one of that name into what it builds.
const packages = createRequire(import.meta.url);

function file(style: string, name: string): string {
  return outsideArchive(packages.resolve(`@expo-google-fonts/inter/${style}/${name}.ttf`));
}

export const paperFonts = {
  regular: file("400Regular", "Inter_400Regular"),
  bold: file("600SemiBold", "Inter_600SemiBold"),
};
