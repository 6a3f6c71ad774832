/** Chooses the theme by the settings, else by the system, and sets its tokens on the page as CSS variables. */
import { usePreferredDark } from "@vueuse/core";
import { computed, watchEffect, type ComputedRef } from "vue";
import { useSettings } from "../stores/settings.ts";
import { fonts, tokens, type Tokens } from "./tokens.ts";

export function useTheme(): { dark: ComputedRef<boolean>; tokens: ComputedRef<Tokens> } {
  const preferred = usePreferredDark();
  const store = useSettings();
  const dark = computed(() => (store.settings.theme === "system" ? preferred.value : store.settings.theme === "dark"));
  return { dark, tokens: computed(() => tokens[dark.value ? "dark" : "light"]) };
}

/** Call it once, in the app. */
export function applyTheme(): void {
  const theme = useTheme();
  watchEffect(() => {
    const { style } = document.documentElement;
    style.setProperty("color-scheme", theme.dark.value ? "dark" : "light");
    style.setProperty("--font-body", fonts.body);
    style.setProperty("--font-mono", fonts.mono);
    for (const [name, value] of Object.entries<string>(theme.tokens.value))
      style.setProperty(`--${kebab(name)}`, value);
  });
}

/** `accentSoft` → `accent-soft` */
function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
