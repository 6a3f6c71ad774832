/** Beats of each class. */
import { orderLabels, type ClassMap } from "../../contract/domain/class-maps.ts";

/** Counts the beats of each class that occurs, in the order of the class numbers. @param labels class label of each beat */
export function countClasses(classMap: ClassMap, labels: readonly string[]): { label: string; beats: number }[] {
  return orderLabels(classMap, labels).map((label) => ({
    label,
    beats: labels.filter((other) => other === label).length,
  }));
}
