/**
 * Set-up steps of the test run, by the parts that its arguments name: unit tests and static checks need the packages
 * alone, and should not wait for a download of Python's tools.
 */

/** Parts as in scripts/test/choice.ts, with their steps beside the packages and Node. */
const stepsOfParts = {
  types: [],
  lint: [],
  format: [],
  layers: [],
  unit: [],
  components: [],
  integration: ["tensorflow", "kernels"],
  interop: ["tensorflow", "kernels", "python"],
  webassembly: [],
  e2e: ["tensorflow", "kernels", "browser"],
  recordings: ["tensorflow", "kernels", "browser"],
  reliability: ["tensorflow", "kernels"],
  machines: ["tensorflow", "kernels", "browser"],
};

/** Parts that only run where they are named. */
const stepsOfNamedParts = {
  windows: ["kernels", "windows"],
};

/**
 * Returns the steps for some arguments of `npm test`. Without a part, all parts may run: alone, or filtered by path.
 *
 * @param {readonly string[]} args
 */
export function testNeeds(args) {
  const all = Object.entries({ ...stepsOfParts, ...stepsOfNamedParts });
  const named = all.filter(([part]) => args.includes(part));
  const parts = named.length > 0 ? named : Object.entries(stepsOfParts);
  return ["packages", "node", ...new Set(parts.flatMap(([, steps]) => steps))];
}
