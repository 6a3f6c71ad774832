// Who may import whom. The house is drawn in docs/architecture.md; each rule's comment is the message a breach shows.
const layer = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment: `${comment} See docs/architecture.md, "Who may import whom".`,
  from: { path: from, pathNot: "\\.test\\.ts$" },
  to,
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer(
      "no-circles",
      "^(src|scripts|bench)",
      { circular: true },
      "Two files that need each other are one file, or need a third.",
    ),
    layer(
      "contract-stands-alone",
      "^src/contract",
      { path: "^src", pathNot: "^src/contract" },
      "The contract is what crosses every boundary: it imports nothing of ours but itself.",
    ),
    layer(
      "contract-is-plain",
      "^src/contract",
      { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "node_modules/zod" },
      "The contract runs in every process: of packages it knows zod alone, and nothing of Node.",
    ),
    layer(
      "pipeline-is-pure",
      "^src/pipeline",
      { path: "^src", pathNot: "^src/(pipeline|contract)" },
      "The pipeline is pure science: it imports the contract and itself.",
    ),
    layer(
      "pipeline-has-no-packages",
      "^src/pipeline",
      { dependencyTypes: ["core", "npm", "npm-dev"] },
      "The pipeline takes arrays and gives arrays: no Node, no packages.",
    ),
    layer(
      "engine-below-main",
      "^src/engine",
      { path: "^src", pathNot: "^src/(engine|pipeline|contract)" },
      "The engine trains in a process of its own: it imports the pipeline and the contract, never main.",
    ),
    layer(
      "renderer-knows-the-contract",
      "^src/renderer",
      { path: "^src", pathNot: "^src/(renderer|contract)" },
      "The window speaks to the rest through the contract alone.",
    ),
    layer(
      "preload-knows-the-contract",
      "^src/preload",
      { path: "^src", pathNot: "^src/(preload|contract)" },
      "The bridge is built from the contract alone.",
    ),
    layer(
      "main-does-not-draw",
      "^src/main",
      { path: "^src/(renderer|preload)" },
      "Main serves the window, it does not import it.",
    ),
    layer(
      "only-the-shell-knows-electron",
      "^src/(contract|pipeline|engine|main/(cli|api|server|services|store|workers))",
      { path: "node_modules/electron/" },
      "Only src/main/shell knows Electron: everything else also runs from the command line.",
    ),
    layer(
      "base-helps-all",
      "^src/main/base",
      { path: "^src/main/(?!base/)" },
      "What every part of main may use knows none of them.",
    ),
    layer(
      "store-keeps-only",
      "^src/main/store",
      { path: "^src/main/(services|api|server|cli|workers|shell)" },
      "The store keeps and finds; it does not know who asks.",
    ),
    layer(
      "services-do-not-speak",
      "^src/main/services",
      { path: "^src/main/(cli|api|server|shell)" },
      "A service serves the window and the terminal alike: it imports neither, nor what stands between.",
    ),
    layer(
      "nothing-imports-tests",
      "^(src|scripts)",
      { path: "(^tests/|\\.test\\.ts$)" },
      "What ships does not depend on its tests.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.node.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".cjs", ".js", ".vue"] },
  },
};
