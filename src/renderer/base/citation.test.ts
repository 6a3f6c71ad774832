import { expect, it } from "vitest";
import { parse } from "yaml";
import source from "../../../CITATION.cff?raw";
import { citation, citationMessage } from "./citation.ts";

it("has the authors, the version and the licence of CITATION.cff", () => {
  const file = parse(source) as {
    message: string;
    title: string;
    version: string;
    license: string;
    authors: { name: string }[];
  };
  const authors = file.authors.map(({ name }) => name).join(", ");
  expect(citation).toBe(`${authors}. ${file.title} (version ${file.version}). Software. ${file.license}.`);
  expect(citationMessage).toBe(file.message);
});
