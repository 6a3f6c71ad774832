// Allowed imports, as docs/architecture.md describes them. Each rule's comment is the message of a violation.
const layer = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment: `${comment} See docs/architecture.md, "Who may import whom".`,
  from: { path: from, pathNot: "\\.test\\.ts$" },
  to,
});

/**
 * Floors of one folder, from the top down: a folder may import those on floors below its own, and none beside or above it.
 *
 * @param {string} parent
 * @param {string[][]} floors
 */
const floors = (parent, floors) =>
  floors.flatMap((folders, floor) => {
    const above = floors.slice(0, floor).flat();
    return folders.map((folder) => {
      const barred = [...above, ...folders.filter((other) => other !== folder)];
      return layer(
        `${parent}-${folder}-imports-downwards`,
        `^src/${parent}/${folder}(/|\\.)`,
        { path: `^src/${parent}/(${barred.join("|")})(/|\\.)` },
        `Folders of src/${parent}/ import those below them: ${floors.map((each) => each.join(", ")).join(" > ")}.`,
      );
    });
  });

/** Folders that contain only folders and these files. */
const entryFiles = {
  engine: [],
  renderer: ["main.ts", "env.d.ts", "vue-files.d.ts"],
  "main/services": ["compose.ts"],
};

const nothingLoose = Object.entries(entryFiles).map(([parent, files]) => ({
  name: `${parent}-holds-folders`,
  severity: "error",
  comment: `src/${parent}/ contains only folders and entry files. See docs/architecture.md.`,
  from: {},
  to: { path: `^src/${parent}/[^/]+$`, pathNot: files.map((file) => `^src/${parent}/${file.replaceAll(".", "\\.")}$`) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer(
      "no-circles",
      "^(src|scripts|bench)",
      { circular: true },
      "Two files that import each other become one file, or a third takes what both need.",
    ),
    layer(
      "contract-imports-itself",
      "^src/contract",
      { path: "^src", pathNot: "^src/contract" },
      "The contract is what crosses every boundary: it imports only itself.",
    ),
    layer(
      "contract-is-plain",
      "^src/contract",
      { dependencyTypes: ["core", "npm", "npm-dev"], pathNot: "node_modules/zod" },
      "The contract runs in every process: it imports only zod, and nothing of Node.",
    ),
    layer(
      "pipeline-is-pure",
      "^src/pipeline",
      { path: "^src", pathNot: "^src/(pipeline|contract)" },
      "The pipeline is pure: it imports the contract and itself.",
    ),
    layer(
      "pipeline-has-no-packages",
      "^src/pipeline",
      { dependencyTypes: ["core", "npm", "npm-dev"] },
      "The pipeline maps arrays to arrays: no Node, no packages.",
    ),
    layer(
      "engine-below-main",
      "^src/engine",
      { path: "^src", pathNot: "^src/(engine|pipeline|contract)" },
      "The engine trains in a separate process: it imports the pipeline and the contract, never main.",
    ),
    layer(
      "renderer-knows-the-contract",
      "^src/renderer",
      { path: "^src", pathNot: "^src/(renderer|contract)" },
      "The renderer imports only the contract.",
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
      "Main serves the renderer and does not import it.",
    ),
    layer(
      "only-the-shell-knows-electron",
      "^src/(contract|pipeline|engine|main/(cli|api|server|services|cluster|store|workers))",
      { path: "node_modules/electron/" },
      "Only src/main/shell imports Electron: everything else also runs from the command line.",
    ),
    ...floors("contract", [["api"], ["settings"], ["domain"], ["text"]]),
    ...floors("engine", [
      ["processes"],
      ["training"],
      ["layers", "optimizers", "exchange", "backends"],
      ["graph", "plan"],
      ["networks", "tensorflow"],
    ]),
    layer(
      "plans-are-pure",
      "^src/engine/plan",
      { dependencyTypes: ["core", "npm", "npm-dev"] },
      "A plan is data made from data: no Node, no packages.",
    ),
    ...floors("main", [
      ["cli"],
      ["server", "shell"],
      ["api"],
      ["services"],
      ["cluster"],
      ["workers"],
      ["store"],
      ["base"],
    ]),
    ...floors("main/services", [
      ["compose"],
      ["reports"],
      ["experiments", "exports", "cluster", "classification"],
      ["runs", "training", "downloads", "log", "reviews"],
      ["preparations", "hardware", "datasets"],
      ["networks", "workspace", "figures", "jobs"],
    ]),
    ...floors("renderer", [["app"], ["pages"], ["components"], ["charts"], ["theme"], ["stores"], ["base"], ["api"]]),
    layer(
      "pages-are-separate",
      "^src/renderer/pages/([^/]+)/",
      { path: "^src/renderer/pages/", pathNot: "^src/renderer/pages/$1/" },
      "No page imports another: code that two pages share is a component, or belongs in base/.",
    ),
    layer(
      "examples-do-not-ship",
      "^src/renderer/(?!testing/|pages/gallery/)",
      { path: "^src/renderer/(testing|pages/gallery)/" },
      "Example data and the gallery are for development: nothing that ships imports them.",
    ),
    ...nothingLoose,
    layer(
      "nothing-imports-tests",
      "^(src|scripts)",
      { path: "(^tests/|\\.test\\.ts$)" },
      "Shipped code does not depend on tests.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.node.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".cjs", ".js", ".vue"] },
  },
};
