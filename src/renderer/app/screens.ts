/**
 * The screens: each combines an entry of the contract's list (src/contract/api/screens.ts) with its routes
 * (pages/<screen>/routes.ts) and the icon of the same name. A new screen is a line there and a line here.
 */
import type { RouteRecordRaw } from "vue-router";
import { screenList, type ScreenName } from "../../contract/api/screens.ts";
import { compareRoutes } from "../pages/compare/routes.ts";
import { experimentsRoutes } from "../pages/experiments/routes.ts";
import { helpRoutes } from "../pages/help/routes.ts";
import { homeRoutes } from "../pages/home/routes.ts";
import { modelRoutes } from "../pages/model/routes.ts";
import { preparationRoutes } from "../pages/preparation/routes.ts";
import { recordingsRoutes } from "../pages/recordings/routes.ts";
import { runsRoutes } from "../pages/runs/routes.ts";
import { settingsRoutes } from "../pages/settings/routes.ts";
import { trainingRoutes } from "../pages/training/routes.ts";

export interface Screen {
  name: ScreenName;
  title: string;
  /** Address of the screen's first page. */
  path: string;
  routes: readonly RouteRecordRaw[];
}

const routes: Record<ScreenName, readonly RouteRecordRaw[]> = {
  home: homeRoutes,
  recordings: recordingsRoutes,
  preparation: preparationRoutes,
  model: modelRoutes,
  training: trainingRoutes,
  runs: [...runsRoutes, ...compareRoutes],
  experiments: experimentsRoutes,
  settings: settingsRoutes,
  help: helpRoutes,
};

export const screens: readonly Screen[] = screenList.map((screen) => ({ ...screen, routes: routes[screen.name] }));
