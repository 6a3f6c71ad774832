/** The citation of Ectopy (CITATION.cff), read at build time. */
import source from "../../../CITATION.cff?raw";

/** Returns a value of the file's first level; the file needs no other form of YAML there. */
function valueOf(key: string): string {
  return new RegExp(`^${key}: (.+)$`, "m").exec(source)?.[1].trim() ?? "";
}

const authors = [...(/^authors:\n((?: +.*\n)+)/m.exec(source)?.[1] ?? "").matchAll(/name: (.+)/g)].map(([, name]) =>
  name.trim(),
);

/** `Ectopy contributors. Ectopy (version 0.1.0). Software. Apache-2.0.` */
export const citation = `${authors.join(", ")}. ${valueOf("title")} (version ${valueOf("version")}). Software. ${valueOf("license")}.`;

/** Why to cite, and what else, in one sentence. */
export const citationMessage = valueOf("message");
