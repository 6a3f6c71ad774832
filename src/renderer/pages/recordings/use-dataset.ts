/** A dataset with its recordings, requested again whenever a dataset changes. */
import type { DatasetDetails } from "../../../contract/domain/datasets.ts";
import { client } from "../../api/client.ts";
import { useQuery, type Query } from "../../base/use-query.ts";

export interface DatasetState extends Pick<Query<DatasetDetails>, "error" | "reload"> {
  /** Null before the first answer, and where the dataset does not exist. */
  details: Query<DatasetDetails>["data"];
}

/** @param id number of the dataset; null: none */
export function useDataset(id: () => number | null): DatasetState {
  const {
    data: details,
    error,
    reload,
  } = useQuery(
    () => {
      const dataset = id();
      return dataset === null ? null : { dataset };
    },
    (input) => client.call("datasets.get", input),
    { refreshOn: (changed) => client.on("datasets.changed", changed) },
  );
  return { details, error, reload };
}
