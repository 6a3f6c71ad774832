// Every rule here says why it is here. Layout is prettier's, layers are dependency-cruiser's.
import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";
import * as vueParser from "vue-eslint-parser";
import { vueScriptsParser } from "./scripts/test/vue-scripts.mjs";

/** Of both languages. */
const rules = {
  // A promise nobody waits for hides its failure.
  "@typescript-eslint/no-floating-promises": "error",
  // A value whose type nobody knows must not cross a boundary unchecked.
  "@typescript-eslint/no-explicit-any": "error",
  // `==` converts; two values of different types are never meant to be equal here.
  eqeqeq: "error",
  // A type import costs nothing at run time and can't make a cycle.
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  // Every case of a union is dealt with, so that a new one is not forgotten.
  "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  // Typed arrays are indexed inside their length by construction; `!` there says so. Elsewhere types don't need it.
  "@typescript-eslint/no-non-null-assertion": "off",
  // Names that start with _ are meant to be unused.
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
};

export default tseslint.config(
  { ignores: ["node_modules/", "out/", "dist/", "tests/golden/**/*.json"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        // One program for all: the renderer and the preload are checked by their own tsconfig.
        project: ["./tsconfig.node.json", "./tsconfig.renderer.json", "./tsconfig.preload.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules,
  },
  // Vue is used in the window alone: in all other files, the rules find nothing, and take a quarter of the time.
  ...vue.configs["flat/essential"].map((config) => ({ ...config, files: config.files ?? ["src/renderer/**"] })),
  {
    // What is unsafe in their types, vue-tsc says: only it knows what an imported component is.
    files: ["**/*.vue"],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: vueScriptsParser(import.meta.dirname, "tsconfig.renderer.json"),
        project: ["./tsconfig.renderer.json"],
        extraFileExtensions: [".vue"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      ...rules,
      // A component is written `<RunMark>`, which no element of HTML is called.
      "vue/multi-word-component-names": "off",
    },
  },
  {
    // Kernels must give the same numbers each time: no clock and no hidden randomness.
    files: ["src/pipeline/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Take a RandomStream (src/pipeline/random.ts) as an argument." },
        { object: "Date", property: "now", message: "The pipeline has no clock: take the time as an argument." },
        { object: "performance", property: "now", message: "The pipeline has no clock: time it from outside." },
      ],
    },
  },
);
