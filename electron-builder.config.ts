/**
 * Installers: NSIS for Windows (for the user alone), dmg for macOS, AppImage and deb for Linux. Each is built on the
 * system that it is for, from the native files of that system's set-up (docs/adr/0007-installers.md).
 */
import type { Configuration, FileSet } from "electron-builder";
import { join } from "node:path";
import { pagePackages, runTimePackages } from "./scripts/installers/run-time-packages.ts";

const project = import.meta.dirname;
const modules = "node_modules";

/** Address of the packager; a deb must name one, and the project has none yet. */
export const homepage = process.env["ECTOPY_HOMEPAGE"] === "" ? undefined : process.env["ECTOPY_HOMEPAGE"];

/** Files that are never loaded: types, sources and tests. */
const unloaded = [
  "!**/*.{map,ts,mts,cts,flow,gyp}",
  "!{,**/}@types/**",
  "!**/*_test.js",
  "!better-sqlite3/{deps,src}/**",
];

/** These packages have a build for every system; one is needed. */
const prebuilt = [
  "!better-sqlite3/prebuilds/**",
  `better-sqlite3/prebuilds/${process.platform}*-${process.arch}.node`,
  "!webgpu/dist/**",
  `webgpu/dist/${process.platform}-${process.platform === "darwin" ? "universal" : process.arch}/**`,
];

const files: (string | FileSet)[] = [
  "out/main/**",
  "out/preload/**",
  "out/renderer/**",
  // Trains where there is no addon for the processor.
  "resources/engine.wasm",
  // The command line is started by Node, which an installed app does not have.
  "!out/main/ectopy.js",
  {
    from: modules,
    to: modules,
    filter: [...runTimePackages(project).map((name) => `${name}/**`), ...unloaded, ...prebuilt],
  },
  // About shows their licences.
  { from: modules, to: modules, filter: pagePackages.map((name) => `${name}/package.json`) },
  {
    from: join(modules, ".ectopy"),
    to: join(modules, ".ectopy"),
    filter: ["ectopy_engine.node", `ectopy_engine-${process.platform}-${process.arch}.node`],
  },
];

export const configuration = {
  appId: "org.ectopy.desktop",
  productName: "Ectopy",
  copyright: "Apache-2.0. For research use only; not a medical device.",
  artifactName: "${productName}-${version}-${os}-${arch}.${ext}",
  directories: { output: "dist", buildResources: "resources" },
  files,
  // Nothing is compiled again, since all native files use Node-API, and only the packages listed above are packed.
  beforeBuild: () => Promise.resolve(false),
  asar: true,
  // Files that the system's loader or native code opens by path: src/main/outside-archive.ts. The patterns match a
  // file's original path.
  asarUnpack: ["**/*.{node,dll}", "**/@expo-google-fonts/inter/**/*.ttf"],
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
  // One click, without administrator rights.
  nsis: { oneClick: true, perMachine: false },
  mac: { target: "dmg", category: "public.app-category.medical" },
  linux: {
    icon: "icons",
    target: ["AppImage", "deb"],
    category: "Science",
    synopsis: "ECG recordings to a trained, tested, comparable arrhythmia classifier",
    maintainer: "Ectopy",
  },
  extraMetadata: homepage === undefined ? {} : { homepage },
  publish: null,
} satisfies Configuration;

export default configuration;
