/** Of runs: each, several as an experiment, and side by side. */
import { thinSteps } from "../../../pipeline/evaluation/thin-steps.ts";
import { planRuns } from "../../services/experiments/plan-runs.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import { tellOfItems } from "../tell-of-items.ts";
import type { HandlerParts, Some } from "./handler-parts.ts";

export function runHandlers({ workspace, services: { results, removal }, events }: HandlerParts): Some<"runs"> {
  const changed = (run: number): null => {
    events.emit("run.changed", { run });
    return null;
  };
  return {
    "runs.list": () => workspace.runOverviews.list(),
    "runs.overview": ({ run }) => workspace.runOverviews.find(run) ?? null,
    "runs.get": ({ run }) => results.run(run),
    "runs.epochs": ({ run }) => workspace.runs.epochs(results.known(run)),
    "runs.steps": ({ run, points }) => thinSteps(workspace.runs.steps(results.known(run)), points),
    "runs.evaluation": ({ run, part }) => workspace.runs.evaluation(results.known(run), part),
    "runs.log": ({ run }) => workspace.runLog.ofRun(results.known(run)),
    "runs.files": ({ run }) => results.files(run),
    "runs.remark": ({ run, ...remarks }) => {
      results.known(run);
      workspace.remarks.set(run, { ...workspace.remarks.find(run), ...withoutUndefined(remarks) });
      return changed(run);
    },
    "runs.remove": ({ run }) => {
      removal.remove("runs", run);
      return changed(run);
    },
    "runs.restore": ({ run }) => tellOfItems(events, removal.restore("runs", run)),
  };
}

export function experimentHandlers({ services: { experiments }, jobs, queue }: HandlerParts): Some<"experiments"> {
  return {
    "experiments.list": () => experiments.list(),
    "experiments.get": ({ experiment }) => experiments.get(experiment),
    "experiments.plan": ({ plan, settings }) => planRuns(plan, settings),
    "experiments.start": (wanted) => ({
      job: jobs.start({ kind: "experiment", title: `Experiment “${wanted.name}”` }, async (watch) => {
        const { id, runs } = await experiments.add(wanted, watch);
        for (const { run } of runs) queue.put(run);
        return id;
      }),
    }),
    "experiments.stop": ({ experiment }) => {
      // The last first: else each would begin as the one before it ends.
      for (const { run } of experiments.get(experiment).runs.reverse()) queue.stop(run);
      return null;
    },
  };
}

export function comparisonHandlers({ services: { comparison, results, testBeats } }: HandlerParts): Some<"comparison"> {
  return {
    "comparison.runs": ({ runs }) => comparison.compare([...new Set(runs)]),
    "comparison.curves": ({ run }) => comparison.curves(run),
    "comparison.paired": ({ one, other }) => comparison.paired(one, other),
    "comparison.beats": ({ run, query }) => testBeats.find(results.run(run), query),
  };
}
