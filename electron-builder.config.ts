/**
 * Installers: NSIS for Windows (for the user alone), dmg for macOS, AppImage and deb for Linux. Each is built on its own system, from
 * the native files that the set-up has put there (docs/adr/0007-installers.md).
 */
import type { Configuration, FileSet } from "electron-builder";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { pagePackages, runTimePackages } from "./scripts/installers/run-time-packages.ts";

const project = import.meta.dirname;
const modules = "node_modules";

/** What is never loaded: types, sources and tests. */
const unloaded = [
  "!**/*.{map,ts,mts,cts,flow,gyp}",
  "!{,**/}@types/**",
  "!**/*_test.js",
  "!better-sqlite3/{deps,src}/**",
  "!@tensorflow/tfjs-node-gpu/{binding,scripts,src}/**",
];

/** The set-up links to these folders, whose links again lead elsewhere: they are taken from where they really are. */
const tensorflow = ["lib", "deps"].flatMap((name): FileSet[] => {
  const folder = join(modules, "@tensorflow", "tfjs-node-gpu", name);
  if (!existsSync(join(project, folder))) return [];
  // On Linux, what ends with .so is for linking and doubles the libraries.
  const filter = ["**/*", "!include/**", ...(process.platform === "linux" ? ["!lib/*.so"] : [])];
  return [{ from: realpathSync(join(project, folder)), to: folder, filter }];
});

/** Made ready by their packages for every system; ours is one. */
const prebuilt = ["!better-sqlite3/prebuilds/**", `better-sqlite3/prebuilds/${process.platform}*-${process.arch}.node`];

const files: (string | FileSet)[] = [
  "out/main/**",
  "out/preload/**",
  "out/renderer/**",
  // The command line is started by Node, which an installed app does not have.
  "!out/main/ectopy.js",
  {
    from: modules,
    to: modules,
    filter: [
      ...runTimePackages(project).map((name) => `${name}/**`),
      ...unloaded,
      "!@tensorflow/tfjs-node-gpu/{lib,deps}{,/**}",
      ...prebuilt,
    ],
  },
  ...tensorflow,
  // Their licences are shown.
  { from: modules, to: modules, filter: pagePackages.map((name) => `${name}/package.json`) },
  { from: join(modules, ".ectopy"), to: join(modules, ".ectopy"), filter: ["ectopy_kernels.node"] },
];

export const configuration = {
  appId: "org.ectopy.desktop",
  productName: "Ectopy",
  copyright: "Apache-2.0. For research use only; not a medical device.",
  artifactName: "${productName}-${version}-${os}-${arch}.${ext}",
  directories: { output: "dist", buildResources: "resources" },
  files,
  // Nothing is built again, since all native files are Node-API's; and no packages are looked for but those listed above.
  beforeBuild: () => Promise.resolve(false),
  asar: true,
  // What the system's loader, or native code, opens by its path: src/main/outside-archive.ts. The patterns are held against where a
  // file comes from.
  asarUnpack: ["**/*.node", "**/{libtensorflow*,tensorflow.dll}", "**/@expo-google-fonts/inter/**/*.ttf"],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    // Fuses are set after Apple's linker has signed: on Apple silicon, an unsigned binary would not start.
    resetAdHocDarwinSignature: process.platform === "darwin",
  },
  win: { target: "nsis" },
  // One click, without the right to change the machine for others.
  nsis: { oneClick: true, perMachine: false },
  mac: { target: "dmg", category: "public.app-category.medical" },
  linux: {
    icon: "icons",
    target: ["AppImage", "deb"],
    category: "Science",
    synopsis: "ECG recordings to a trained, tested, comparable arrhythmia classifier",
    maintainer: "Ectopy",
  },
  // A deb must name an address; the project has none of its own yet.
  extraMetadata: { homepage: "https://ectopy.invalid/" },
  publish: null,
} satisfies Configuration;

export default configuration;
