/** Handlers of runs, experiments and comparisons. */
import { announceItems } from "../../services/jobs/announce-items.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function runHandlers({
  services: { comparison, ensembles, events, explanations, names, removal, results, runs },
}: HandlerContext): HandlersOf<"runs"> {
  const changed = (run: number): null => {
    events.emit("run.changed", { run });
    return null;
  };
  const allChanged = (ids: readonly number[]): null => {
    for (const run of ids) changed(run);
    return null;
  };
  return {
    "runs.list": () => runs.list(),
    "runs.overview": ({ run }) => runs.overview(run),
    "runs.classMetrics": () => runs.classMetrics(),
    "runs.get": ({ run }) => results.run(run),
    "runs.epochs": ({ run }) => runs.epochs(run),
    "runs.steps": ({ run, points }) => runs.steps(run, points),
    "runs.evaluation": ({ run, set }) => runs.evaluation(run, set),
    "runs.byPatient": ({ run }) => comparison.byPatient(run),
    "runs.pooledByPatient": ({ runs: ids }) => comparison.pooledByPatient(ids),
    "runs.ec57": ({ run, from }) => comparison.ec57(run, from),
    "runs.calibration": ({ run, rate }) => comparison.calibration(run, rate),
    "runs.explainBeat": ({ run, ...query }) => explanations.explain(run, query),
    "runs.classShapes": ({ run }) => explanations.classShapes(run),
    "runs.looks": ({ run }) => runs.looks(run),
    "runs.log": ({ run }) => runs.log(run),
    "runs.members": ({ run }) => ensembles.members(run),
    "runs.makeEnsemble": async ({ runs: ids, name }) => {
      const made = await ensembles.make([...new Set(ids)], name);
      changed(made.run);
      return made;
    },
    "runs.files": ({ run }) => results.files(run),
    "runs.remark": ({ run, ...remarks }) => {
      runs.setRemarks(run, remarks);
      return changed(run);
    },
    "runs.remove": ({ run }) => {
      removal.remove("runs", run);
      return changed(run);
    },
    "runs.tag": ({ runs: ids, add, remove }) => {
      runs.tag(ids, { add, remove });
      return allChanged(ids);
    },
    "runs.removeAll": ({ runs: ids }) => {
      removal.removeAll("runs", ids);
      return allChanged(ids);
    },
    "runs.restoreAll": ({ runs: ids }) => announceItems(events, removal.restoreAll("runs", ids)),
    "runs.restore": ({ run }) => announceItems(events, removal.restore("runs", run)),
    "runs.rename": ({ run, name }) => {
      names.rename("runs", run, name);
      return changed(run);
    },
  };
}

export function experimentHandlers({
  services: { cluster, experiments, jobs, queue },
}: HandlerContext): HandlersOf<"experiments"> {
  return {
    "experiments.list": () => experiments.list(),
    "experiments.get": ({ experiment }) => experiments.get(experiment),
    "experiments.results": ({ experiment }) => experiments.results(experiment),
    "experiments.plan": ({ plan, settings, preparation }) => experiments.plan(plan, settings, preparation),
    "experiments.start": ({ executor: name, ...plan }) => {
      // Before anything is prepared.
      const executor = name === undefined ? null : cluster.executor(name);
      const title = `Experiment “${plan.name}”`;
      const job = jobs.start({ kind: "experiment", title }, async (watch) => {
        const { id, runs } = await experiments.add(plan, watch);
        if (executor !== null) await cluster.start(id, executor, watch);
        else for (const { run } of runs) queue.put(run);
        return id;
      });
      return { job };
    },
    "experiments.stop": async ({ experiment }) => {
      if (cluster.isOpen(experiment)) await cluster.cancel(experiment);
      // Last run first: otherwise each would start when the one before it stops.
      for (const { run } of experiments.get(experiment).runs.reverse()) queue.stop(run);
      return null;
    },
  };
}

export function comparisonHandlers({
  services: { comparison, results, testBeats },
}: HandlerContext): HandlersOf<"comparison"> {
  return {
    "comparison.runs": ({ runs }) => comparison.compare([...new Set(runs)]),
    "comparison.curves": ({ run }) => comparison.curves(run),
    "comparison.paired": ({ one, other }) => comparison.paired(one, other),
    "comparison.beats": ({ run, query }) => testBeats.find(results.run(run), query),
  };
}
