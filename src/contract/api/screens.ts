/** Screens in the order of the navigation and of the menu. Alt+1 opens the first one, Ctrl+1 in Electron's menu. */
export const screenList = [
  { name: "home", title: "Home", path: "/" },
  { name: "recordings", title: "Recordings", path: "/recordings" },
  { name: "preparation", title: "Preparation", path: "/preparation" },
  { name: "model", title: "Model", path: "/model" },
  { name: "training", title: "Training", path: "/training" },
  { name: "runs", title: "Runs", path: "/runs" },
  { name: "experiments", title: "Experiments", path: "/experiments" },
  { name: "settings", title: "Settings", path: "/settings" },
  { name: "help", title: "Help", path: "/help" },
] as const;
export type ScreenName = (typeof screenList)[number]["name"];
