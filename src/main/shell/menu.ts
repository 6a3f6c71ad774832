/** The application menu: global commands with their shortcuts. Commands of a page are sent to the page. */
import { app, shell, type MenuItemConstructorOptions } from "electron";
import { channels, type MenuCommand } from "../../contract/api/desktop.ts";
import { screenList } from "../../contract/api/screens.ts";
import type { AppWindow } from "./window.ts";

export function menuTemplate(window: AppWindow, mac: boolean): MenuItemConstructorOptions[] {
  const ask = (command: MenuCommand) => (): void => {
    window.show();
    window.send(channels.menu, command);
  };
  const settings: MenuItemConstructorOptions = {
    label: "Settings…",
    accelerator: "CmdOrCtrl+,",
    click: ask({ go: "/settings" }),
  };
  const screens = screenList.map(({ title, path }, i) => ({
    label: title,
    accelerator: `CmdOrCtrl+${i + 1}`,
    click: ask({ go: path }),
  }));
  return [
    ...(mac
      ? [
          {
            label: app.name,
            submenu: [
              { role: "about" },
              { type: "separator" },
              settings,
              { type: "separator" },
              { role: "hide" },
              { role: "hideOthers" },
              { role: "unhide" },
              { type: "separator" },
              { role: "quit" },
            ],
          } satisfies MenuItemConstructorOptions,
        ]
      : []),
    {
      label: "File",
      submenu: [
        { label: "Import a folder…", accelerator: "CmdOrCtrl+O", click: ask({ import: "folder" }) },
        { label: "Import a file…", accelerator: "CmdOrCtrl+Shift+O", click: ask({ import: "file" }) },
        { type: "separator" },
        ...(mac ? [{ role: "close" } as const] : [settings, { type: "separator" } as const, { role: "quit" } as const]),
      ],
    },
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        ...screens,
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
    {
      role: "help",
      submenu: [
        {
          label: "MIT-BIH Arrhythmia Database",
          click: () => void shell.openExternal("https://physionet.org/content/mitdb/"),
        },
        ...(mac ? [] : [{ role: "about" } as const]),
      ],
    },
  ];
}
