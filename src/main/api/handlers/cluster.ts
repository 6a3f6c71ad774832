/** Handlers of executors and of experiments on other machines. */
import type { TestedExecutor } from "../../../contract/domain/cluster.ts";
import { testExecutor } from "../../services/cluster/test-executor.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function executorHandlers({ services: { cluster, jobs } }: HandlerContext): HandlersOf<"executors"> {
  const tested = new Map<string, TestedExecutor>();
  return {
    "executors.test": ({ executor: name }) => {
      const executor = cluster.executor(name);
      const job = jobs.start({ kind: "executor", title: `Test of ${name}` }, async (watch) => {
        tested.delete(name);
        const { owner, device, seconds } = await testExecutor(executor, watch);
        const { host, job: number } = owner;
        tested.set(name, { name, host, job: number, device: device.kernels ?? device.description, seconds });
        return null;
      });
      return { job };
    },
    "executors.tested": () => [...tested.values()],
  };
}

export function clusterHandlers({ services: { cluster, queue } }: HandlerContext): HandlersOf<"cluster"> {
  return {
    "cluster.sending": ({ preparation }) => cluster.sending(preparation),
    "cluster.state": ({ experiment }) => cluster.state(experiment),
    "cluster.logs": ({ experiment }) => cluster.logs(experiment),
    "cluster.collect": () => cluster.collect(),
    "cluster.cancelRun": async ({ run }) => {
      await cluster.cancelRun(run);
      return null;
    },
    "cluster.startWorkers": async ({ experiment }) => {
      await cluster.startWorkers(experiment);
      return null;
    },
    "cluster.takeBack": async ({ experiment }) => {
      const runs = await cluster.takeBack(experiment);
      for (const run of runs) queue.resume(run);
      return runs;
    },
    "cluster.deleteFolder": async ({ experiment }) => {
      await cluster.deleteFolder(experiment);
      return null;
    },
  };
}
