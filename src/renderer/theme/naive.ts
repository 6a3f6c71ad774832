/** The app's theme for Naive UI. */
import { darkTheme, type GlobalTheme, type GlobalThemeOverrides } from "naive-ui";
import { fonts, tokens } from "./tokens.ts";

export function naiveTheme(dark: boolean): GlobalTheme | null {
  return dark ? darkTheme : null;
}

export function naiveOverrides(dark: boolean): GlobalThemeOverrides {
  const t = tokens[dark ? "dark" : "light"];
  const button = {
    colorPrimary: t.accent,
    textColorPrimary: t.onAccent,
    textColorHoverPrimary: t.onAccent,
    textColorPressedPrimary: t.onAccent,
    textColorFocusPrimary: t.onAccent,
    textColorDisabledPrimary: t.onAccent,
  };
  return {
    common: {
      fontFamily: fonts.body,
      fontFamilyMono: fonts.mono,
      fontSize: "14px",
      borderRadius: "6px",
      borderRadiusSmall: "4px",
      primaryColor: t.accent,
      primaryColorHover: t.accentHover,
      primaryColorPressed: t.accentPressed,
      primaryColorSuppl: t.accent,
      infoColor: t.accent,
      infoColorHover: t.accentHover,
      infoColorPressed: t.accentPressed,
      infoColorSuppl: t.accent,
      successColor: t.success,
      warningColor: t.warning,
      errorColor: t.danger,
      bodyColor: t.ground,
      cardColor: t.surface,
      modalColor: t.surface,
      popoverColor: t.surface,
      tableColor: t.surface,
      tableHeaderColor: t.sunken,
      textColorBase: t.ink,
      textColor1: t.ink,
      textColor2: t.ink,
      textColor3: t.faint,
      placeholderColor: t.faint,
      borderColor: t.edge,
      dividerColor: t.line,
    },
    Button: button,
    // A field needs a visible edge in the dark theme too.
    Input: { border: `1px solid ${t.edge}`, color: t.surface, colorFocus: t.surface },
    // The same in both themes: Naive UI fills the chosen button in the dark theme alone.
    Radio: {
      buttonColor: t.surface,
      buttonColorActive: t.accentSoft,
      buttonTextColorActive: t.accent,
      buttonBorderColorActive: t.accent,
    },
    DataTable: {
      thTextColor: t.faint,
      thFontWeight: "600",
      tdPaddingMedium: "10px 12px",
      thPaddingMedium: "10px 12px",
    },
  };
}
