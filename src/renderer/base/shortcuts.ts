/** Keyboard shortcuts: each is registered while its screen is shown; `?` lists them. */
import { onScopeDispose, shallowReactive } from "vue";

export interface Shortcut {
  /** The keys as displayed: `Alt+1`, `?`, `n`. */
  keys: string;
  /** Text in the list of shortcuts. */
  description: string;
  run: () => void;
  /** Whether it works while the user types into a field, too. */
  whileTyping: boolean;
}

const shortcuts = shallowReactive<Shortcut[]>([]);

export function listShortcuts(): readonly Shortcut[] {
  return shortcuts;
}

/** Registers a shortcut until the calling component is unmounted. */
export function useShortcut(
  keys: string,
  description: string,
  run: () => void,
  { whileTyping = false }: { whileTyping?: boolean } = {},
): void {
  const shortcut = { keys, description, run, whileTyping };
  shortcuts.push(shortcut);
  onScopeDispose(() => shortcuts.splice(shortcuts.indexOf(shortcut), 1));
}

/** Call it once, in the app. The shortcut registered last wins: a dialog takes precedence over its screen. */
export function listenForShortcuts(): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const keys = keysOf(event);
    const shortcut = shortcuts.findLast((each) => each.keys === keys);
    if (!shortcut || (isTyping(event.target) && !event.altKey && !shortcut.whileTyping)) return;
    event.preventDefault();
    shortcut.run();
  };
  window.addEventListener("keydown", listen);
  onScopeDispose(() => window.removeEventListener("keydown", listen));
}

function keysOf({ altKey, ctrlKey, metaKey, shiftKey, code, key }: KeyboardEvent): string {
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  // With Alt, some layouts produce another character.
  const name = altKey && digit !== undefined ? digit : key;
  // A character changes with Shift; the arrows don't.
  const shift = shiftKey && key.startsWith("Arrow") ? "Shift" : "";
  return [ctrlKey || metaKey ? "Ctrl" : "", altKey ? "Alt" : "", shift, name].filter((part) => part !== "").join("+");
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
