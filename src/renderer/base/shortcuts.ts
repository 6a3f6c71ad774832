/** Keyboard shortcuts: each is registered while its screen is shown, and listed by `?`. */
import { onScopeDispose, shallowReactive } from "vue";

export interface Shortcut {
  /** As shown: `Alt+1`, `?`, `n`. */
  keys: string;
  /** What it does, in words. */
  does: string;
  run: () => void;
}

const shortcuts = shallowReactive<Shortcut[]>([]);

export function listShortcuts(): readonly Shortcut[] {
  return shortcuts;
}

/** For as long as the component that calls it is there. */
export function useShortcut(keys: string, does: string, run: () => void): void {
  const shortcut = { keys, does, run };
  shortcuts.push(shortcut);
  onScopeDispose(() => shortcuts.splice(shortcuts.indexOf(shortcut), 1));
}

/** To be called once, by the app. The latest registered comes first: a dialog's before its screen's. */
export function listenForShortcuts(): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || (isTyping(event.target) && !event.altKey)) return;
    const keys = keysOf(event);
    const shortcut = shortcuts.findLast((each) => each.keys === keys);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  };
  window.addEventListener("keydown", listen);
  onScopeDispose(() => window.removeEventListener("keydown", listen));
}

function keysOf({ altKey, ctrlKey, metaKey, code, key }: KeyboardEvent): string {
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  // With Alt, some layouts write another character.
  const name = altKey && digit !== undefined ? digit : key;
  return [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", name].filter((part) => part !== "").join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
