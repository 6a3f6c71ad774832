/** The bytes on this machine of each PhysioNet database whose download has started, fresh. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useDownloads = defineStore("downloads", () =>
  freshList(
    () => client.call("downloads.list", {}),
    (changed) => client.on("job.changed", ({ kind, state }) => kind === "download" && state !== "running" && changed()),
  ),
);
