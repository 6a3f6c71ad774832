/**
 * The screens, in the order of the navigation. A screen brings its own routes (pages/<screen>/routes.ts) and is added here with
 * its icon; it appears in the navigation, gets the next Alt+digit, and is in Electron's menu by its number.
 */
import type { RouteRecordRaw } from "vue-router";
import { homeRoutes } from "../pages/home/routes.ts";
import { runsRoutes } from "../pages/runs/routes.ts";
import { settingsRoutes } from "../pages/settings/routes.ts";
import type { IconName } from "../components/icons.ts";

export interface Screen {
  title: string;
  /** Address of its first page. */
  path: string;
  icon: IconName;
  routes: readonly RouteRecordRaw[];
}

export const screens: readonly Screen[] = [
  { title: "Home", path: "/", icon: "home", routes: homeRoutes },
  { title: "Runs", path: "/runs", icon: "runs", routes: runsRoutes },
  { title: "Settings", path: "/settings", icon: "settings", routes: settingsRoutes },
];
