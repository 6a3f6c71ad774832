/**
 * Steps of `npm run setup`: all of them, or those that its arguments name, with the packages that these need.
 */

/** Steps that need a package of the tests; the others manage with those of the app. */
const needAllPackages = ["packages", "tensorflow"];

/**
 * @param {readonly string[]} args names of steps
 * @returns {string[]}
 */
export function setupNeeds(args) {
  if (args.length === 0) return ["packages", "node", "electron", "tensorflow", "kernels", "python", "browser"];
  const packages = args.some((step) => needAllPackages.includes(step)) ? "packages" : "app-packages";
  return [...new Set([packages, "node", ...args])];
}
