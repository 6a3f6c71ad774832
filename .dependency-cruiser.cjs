// Who may import whom. The house is drawn in docs/architecture.md; each rule's comment is the message a breach shows.
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
 * @param {string} house
 * @param {string[][]} floors
 */
const floors = (house, floors) =>
  floors.flatMap((rooms, floor) => {
    const above = floors.slice(0, floor).flat();
    return rooms.map((room) => {
      const barred = [...above, ...rooms.filter((other) => other !== room)];
      return layer(
        `${house}-${room}-imports-downwards`,
        `^src/${house}/${room}(/|\\.)`,
        { path: `^src/${house}/(${barred.join("|")})(/|\\.)` },
        `Folders of src/${house}/ import those below them: ${floors.map((each) => each.join(", ")).join(" > ")}.`,
      );
    });
  });

/** Folders that hold folders and these files alone. */
const entryFiles = {
  engine: [],
  renderer: ["main.ts", "env.d.ts", "vue-files.d.ts"],
  "main/services": ["compose.ts"],
};

const nothingLoose = Object.entries(entryFiles).map(([house, files]) => ({
  name: `${house}-holds-folders`,
  severity: "error",
  comment: `Directly in src/${house}/ lie folders and entry files alone. See docs/architecture.md.`,
  from: {},
  to: { path: `^src/${house}/[^/]+$`, pathNot: files.map((file) => `^src/${house}/${file.replaceAll(".", "\\.")}$`) },
}));

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
    ...floors("contract", [["api"], ["settings"], ["domain"], ["text"]]),
    ...floors("engine", [
      ["processes"],
      ["training"],
      ["layers", "optimizers", "exchange"],
      ["graph"],
      ["networks", "tensorflow"],
    ]),
    ...floors("main", [["cli"], ["server", "shell"], ["api"], ["services"], ["workers"], ["store"], ["base"]]),
    ...floors("main/services", [
      ["compose"],
      ["reports"],
      ["experiments", "exports"],
      ["runs", "training", "downloads"],
      ["preparations", "hardware", "datasets"],
      ["models", "workspace", "figures", "jobs"],
    ]),
    ...floors("renderer", [["app"], ["pages"], ["components"], ["charts"], ["theme"], ["stores"], ["base"], ["api"]]),
    layer(
      "pages-stand-alone",
      "^src/renderer/pages/([^/]+)/",
      { path: "^src/renderer/pages/", pathNot: "^src/renderer/pages/$1/" },
      "No page imports another: what two pages share is a component, or lies in base/.",
    ),
    ...nothingLoose,
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
