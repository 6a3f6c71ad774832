/** Handlers of networks, of models trained elsewhere, and of training. */
import { basename } from "node:path";
import type { NetworkShape } from "../../../contract/domain/networks.ts";
import { partsOf, type SpeedQuestion, type StepSettings } from "../../../contract/domain/step-speed.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { describeNetwork } from "../../../engine/networks/describe-network.ts";
import { fullPath } from "../../base/user-path.ts";
import { announceItems } from "../../services/jobs/announce-items.ts";
import type { JobPlan, JobWatch } from "../../services/jobs/jobs.ts";
import { withThreads, type HandlerContext, type HandlersOf } from "./handler-context.ts";

export function networkHandlers({ services, preferences }: HandlerContext): HandlersOf<"networks"> {
  const { jobs, events, networks, removal, hardware } = services;
  const changed = (): null => {
    events.emit("networks.changed", null);
    return null;
  };
  const measured = (question: SpeedQuestion): { settings: StepSettings; shape: NetworkShape } => {
    const { settings, shape } = partsOf(question);
    return { settings: withThreads(settings, preferences), shape };
  };
  return {
    "networks.list": () => networks.list(),
    "networks.save": ({ id, network }) => {
      const saved = networks.save(id, network);
      changed();
      return saved;
    },
    "networks.remove": ({ network }) => {
      removal.remove("networks", network);
      return changed();
    },
    "networks.restore": ({ network }) => {
      networks.checkRestorable(network);
      return announceItems(events, removal.restore("networks", network));
    },
    "networks.speed": (question) => {
      const { settings, shape } = measured(question);
      return hardware.speed(settings, shape);
    },
    "networks.speeds": ({ questions }) => hardware.speeds(questions.map(measured)),
    "networks.measure": (question) => {
      const { settings, shape } = measured(question);
      const title = `Benchmark of ${networkOf(settings.network).name}`;
      return {
        job: jobs.start({ kind: "measure", title }, async (watch) => {
          await hardware.measureSpeed(settings, shape, watch);
          return null;
        }),
      };
    },
    "networks.describe": ({ network, ...shape }) => describeNetwork(network, shape),
  };
}

export function modelHandlers({
  services: { jobs, events, training, userFiles },
}: HandlerContext): HandlersOf<"models"> {
  return {
    "models.test": async ({ path: given, preparation, classes, acceptDifferences }) => {
      const { path } = await userFiles.check(fullPath(given), "model");
      const plan: JobPlan = { kind: "test", title: `Evaluation of ${basename(path)}` };
      const test = async ({ progress, signal, setSubject }: JobWatch): Promise<number> => {
        let run: number | undefined;
        const announce = (): void => {
          if (run !== undefined) events.emit("run.changed", { run });
        };
        try {
          const { id } = await training.testImported(path, preparation, {
            classes,
            acceptDifferences,
            onAdded: (added) => setSubject((run = added)),
            onBegun: announce,
            onEvaluating: progress,
            signal,
          });
          return id;
        } finally {
          announce();
        }
      };
      return { job: jobs.start(plan, test) };
    },
    "models.describe": ({ path, preparation }) => training.describeImported(fullPath(path), preparation),
  };
}

export function trainingHandlers({
  services: { cluster, events, fineTuning, jobs, queue },
  preferences,
}: HandlerContext): HandlersOf<"training"> {
  return {
    "training.queue": () => queue.state,
    "training.start": ({ preparation, settings }) => ({
      run: queue.add(preparation, withThreads(settings, preferences)).id,
    }),
    "training.fineTune": (choice) => ({
      job: jobs.start(
        { kind: "fine-tune", title: `Fine-tuning of run ${choice.run} on ${choice.record}` },
        async (watch) => {
          const run = await fineTuning.add(choice, watch);
          events.emit("preparations.changed", null);
          queue.put(run.id);
          return run.id;
        },
      ),
    }),
    "training.pause": ({ run }) => {
      queue.pause(run);
      return null;
    },
    "training.resume": ({ run }) => {
      queue.resume(run);
      return null;
    },
    "training.stop": async ({ run }) => {
      if (cluster.trains(run)) await cluster.cancelRun(run);
      else queue.stop(run);
      return null;
    },
  };
}
