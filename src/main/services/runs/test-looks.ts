/** Looks at a test set, with the settings that were changed between them. */
import type { SettingValue, TestLook } from "../../../contract/domain/test-looks.ts";
import { networkTitle } from "../../../contract/settings/network-presets.ts";
import type { StoredLook } from "../../store/test-looks.ts";
import { settingsOf } from "./setting-rows.ts";

/** @param looks oldest first */
export function testLooks(looks: readonly StoredLook[]): TestLook[] {
  const settings = looks.map((look) => settingsOf(look.settings));
  return looks.map(({ settings: given, ...look }, i) => ({
    ...look,
    network: networkTitle(given.training),
    changes: i === 0 ? [] : changesBetween(settings[i - 1], settings[i]),
  }));
}

function changesBetween(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): SettingValue[] {
  const names = new Set([...before.keys(), ...now.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => ({ name, value: now.get(name) ?? null }));
}
