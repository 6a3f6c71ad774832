/**
 * Colours and fonts of the style sheets, Naive UI and the charts. Each text colour reaches a contrast of 4.5:1 on its
 * backgrounds, each line that carries meaning 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */

// A type, not an interface: only the properties of a type can be iterated by name.
export type Tokens = {
  /** Backgrounds of the page, of raised surfaces and of the navigation. */
  ground: string;
  surface: string;
  sunken: string;
  ink: string;
  faint: string;
  /** Decorative lines of surfaces (`line`), and edges of fields, which must be visible (`edge`). */
  line: string;
  edge: string;
  accent: string;
  accentHover: string;
  accentPressed: string;
  /** Text on the accent. */
  onAccent: string;
  accentSoft: string;
  success: string;
  warning: string;
  danger: string;
  /**
   * ECG paper: background, lines of the small and of the large squares. They carry no text and lie behind the trace.
   */
  paper: string;
  paperFine: string;
  paperCoarse: string;
};

export const tokens: Record<"light" | "dark", Tokens> = {
  light: {
    ground: "#fafaf9",
    surface: "#ffffff",
    sunken: "#f2f3f2",
    ink: "#1b2024",
    faint: "#59636c",
    line: "#e1e4e5",
    edge: "#868f96",
    accent: "#0b6e75",
    accentHover: "#085d63",
    accentPressed: "#064b50",
    onAccent: "#ffffff",
    accentSoft: "#e2f0f0",
    success: "#2b7540",
    warning: "#8f5a00",
    danger: "#b3261e",
    paper: "#fffaf8",
    paperFine: "#f8e6e1",
    paperCoarse: "#efc9c0",
  },
  dark: {
    ground: "#15181a",
    surface: "#1c2023",
    sunken: "#111315",
    ink: "#e7e9ea",
    faint: "#9aa5ad",
    line: "#2e3438",
    edge: "#737d85",
    accent: "#5cc4cb",
    accentHover: "#7ad2d8",
    accentPressed: "#46aab1",
    onAccent: "#0c1516",
    accentSoft: "#1b3234",
    success: "#6cc184",
    warning: "#e3a94a",
    danger: "#f28b82",
    paper: "#17191b",
    paperFine: "#25282b",
    paperCoarse: "#3a4045",
  },
};

export const fonts = {
  body: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  mono: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
};
