/** The app's icons: strokes on a grid of 24, one path each. */
export const icons = {
  home: "M3 11.5 12 4l9 7.5M5.5 10v9.5h13V10M10 19.5v-5h4v5",
  recordings: "M2 13h4l2-7 4 13 3-9 1.5 3H22",
  preparation: "M4 6h16M4 12h16M4 18h16M8 4v4M15 10v4M10 16v4",
  model: "M5 5v14M12 3v18M19 7v10M5 8l7-3M5 16l7 3M12 7l7 3M12 17l7-3",
  training: "M4 20V4M4 20h16M7 8c2 7 5 9 12 9.5",
  runs: "M4 5h16M4 10h16M4 15h16M4 20h16M9 5v15",
  experiments: "M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.3 2h12.4a1.5 1.5 0 0 0 1.3-2L14 9V3M7.5 14.5h9",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9.3 9.3a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.2.9-1.2 1.9M12 16.8v.1",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.3 15.3 20.5 20.5",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  check: "M5 12.5 10 17.5 19 7",
  warning: "M12 4 21.5 20H2.5zM12 10v4.5M12 17.2v.1",
  dash: "M7 12h10",
  close: "M6 6l12 12M18 6 6 18",
  folder: "M3 6.5h6l2 2.5h10v10H3z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  up: "M12 20V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  pencil: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
} as const;

export type IconName = keyof typeof icons;
