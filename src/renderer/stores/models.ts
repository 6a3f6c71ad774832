/** The saved networks, fresh. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useModels = defineStore("models", () =>
  freshList(
    () => client.call("models.list", {}),
    (changed) => client.on("models.changed", changed),
  ),
);
