/** The datasets, requested again after each change. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useDatasets = defineStore("datasets", () =>
  freshList(
    () => client.call("datasets.list", {}),
    (changed) => client.on("datasets.changed", changed),
  ),
);
