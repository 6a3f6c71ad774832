/** The state of the download of each PhysioNet database, requested again after each change. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useDownloads = defineStore("downloads", () =>
  freshList(
    () => client.call("downloads.list", {}),
    (changed) => client.on("job.changed", ({ kind, state }) => kind === "download" && state !== "running" && changed()),
  ),
);
