/** YAML as Python's MLflow reads it: version 1.1, in which `no`, `1:30` and a date are no texts unless they are quoted. */
import { stringify } from "yaml";

/** Long texts stay on one line. */
export function yamlText(value: object): string {
  return stringify(value, { version: "1.1", lineWidth: 0 });
}
