/** The state of an experiment on other machines, updated after each collection. */
import { onScopeDispose, type Ref } from "vue";
import { client } from "../../api/client.ts";
import { useQuery, type Query } from "../../base/use-query.ts";
import type { ClusterExperimentState } from "../../../contract/domain/cluster.ts";

export function useCluster(id: Ref<number>): Query<ClusterExperimentState | null> {
  const query = useQuery(
    () => ({ experiment: id.value }),
    (input) => client.call("cluster.state", input),
  );
  onScopeDispose(
    client.on("cluster.changed", ({ experiment }) => {
      if (experiment === id.value) void query.reload();
    }),
  );
  return query;
}
