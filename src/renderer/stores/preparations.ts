/** The preparations, requested again after each change. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const usePreparations = defineStore("preparations", () =>
  freshList(
    () => client.call("preparations.list", {}),
    (changed) => client.on("preparations.changed", changed),
  ),
);
