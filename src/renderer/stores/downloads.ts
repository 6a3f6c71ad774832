/** What is there of each database that was begun to be fetched, fresh. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useDownloads = defineStore("downloads", () =>
  freshList(
    () => client.call("downloads.list", {}),
    (changed) => client.on("job.changed", ({ kind, state }) => kind === "download" && state !== "running" && changed()),
  ),
);
