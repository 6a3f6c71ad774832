/** Writes YAML for Python's MLflow: version 1.1, in which `no`, `1:30` and dates are texts only in quotes. */
import { stringify } from "yaml";

/** Keeps long texts on one line. */
export function yamlText(value: object): string {
  return stringify(value, { version: "1.1", lineWidth: 0 });
}
