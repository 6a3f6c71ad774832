/** The installers that `npm run dist` makes: a deb must name a homepage, which only the packager can set. */

export interface TargetChoice {
  /** Targets named on the command line; none: those of the configuration. */
  named: readonly string[];
  /** Linux targets of the configuration. */
  linux: readonly string[];
  platform: NodeJS.Platform;
  homepage: string | undefined;
}

const FIX = "Set ECTOPY_HOMEPAGE to the packager's address, such as https://example.org/ectopy.";

/**
 * Returns the targets to make; an empty list means those of the configuration.
 * @param warn called if the deb is left out
 * @throws Error if a deb is named and no homepage is set
 */
export function chooseTargets(
  { named, linux, platform, homepage }: TargetChoice,
  warn: (message: string) => void,
): string[] {
  if (platform !== "linux" || homepage !== undefined) return [...named];
  if (named.includes("deb")) throw new Error(`A deb names a homepage, and none is set. ${FIX}`);
  if (named.length > 0) return [...named];
  warn(`No deb is made: it names a homepage, and none is set. ${FIX}`);
  return linux.filter((target) => target !== "deb");
}
