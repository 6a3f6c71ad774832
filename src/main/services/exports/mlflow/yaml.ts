/** YAML as Python's MLflow reads and writes it: version 1.1, in which `no`, `1:30` and a date are no texts unless they are quoted. */
import { parse, stringify } from "yaml";

/** Long texts stay on one line. */
export function yamlText(value: object): string {
  return stringify(value, { version: "1.1", lineWidth: 0 });
}

/** @throws Error where it is no YAML */
export function readYaml(text: string): unknown {
  return parse(text, { version: "1.1" });
}
