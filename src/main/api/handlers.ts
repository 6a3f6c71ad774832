/** What answers each method of the map (src/contract/methods.ts). Thin: the work is the services'. */
import { basename } from "node:path";
import { DEFAULT_SEED } from "../../contract/defaults.ts";
import { networkOf } from "../../contract/network-presets.ts";
import { downloadTitle, physioNetDatabases } from "../../contract/physionet.ts";
import type { MethodName } from "../../contract/method-names.ts";
import { modelFormatNames, type ExportReport } from "../../contract/exports.ts";
import type { Answer, CheckedArguments, StartedJob } from "../../contract/methods.ts";
import { describeNetwork } from "../../engine/networks/describe-network.ts";
import { thinSteps } from "../../pipeline/evaluation/thin-steps.ts";
import { planRuns } from "../services/experiments/plan-runs.ts";
import type { EventHub } from "../services/event-hub.ts";
import type { RunReport } from "../services/exports/mlflow/export-runs.ts";
import type { SignIns } from "../services/exports/sign-ins.ts";
import type { JobService, JobWatch } from "../services/jobs.ts";
import { appInfo, listFolder, machineInfo, measureSpeed, workspaceInfo } from "../services/machine.ts";
import type { StartProcess } from "../services/processes/start-process.ts";
import type { Services } from "../services/compose.ts";
import type { RunQueue } from "../services/run-queue.ts";
import { withoutUndefined } from "../without-undefined.ts";
import type { PreferenceStore } from "../store/preferences.ts";
import type { Workspace } from "../store/workspace.ts";

export type Handlers = {
  [Name in MethodName]: (args: CheckedArguments<Name>) => Answer<Name> | Promise<Answer<Name>>;
};

export interface HandlerParts {
  workspace: Workspace;
  services: Services;
  jobs: JobService;
  queue: RunQueue;
  events: EventHub;
  preferences: PreferenceStore;
  startProcess: StartProcess;
  signIns: SignIns;
}

export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...aboutTheApp(parts),
    ...jobHandlers(parts),
    ...datasetHandlers(parts),
    ...downloadHandlers(parts),
    ...recordingHandlers(parts),
    ...preparationHandlers(parts),
    ...modelHandlers(parts),
    ...trainingHandlers(parts),
    ...runHandlers(parts),
    ...experimentHandlers(parts),
    ...comparisonHandlers(parts),
    ...exportHandlers(parts),
  };
}

type Some<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;

function aboutTheApp({
  workspace,
  jobs,
  preferences,
  events,
  startProcess,
}: HandlerParts): Some<"app" | "machine" | "workspace" | "files" | "settings"> {
  return {
    "app.info": appInfo,
    "machine.info": machineInfo,
    "machine.measure": ({ networks }) => ({
      job: jobs.start({ kind: "measure", title: "Measurement of this machine" }, async ({ progress, signal }) => {
        for (const [done, network] of networks.entries()) {
          progress({ stage: `Timing the ${network.toUpperCase()}`, done, total: networks.length, unit: "networks" });
          const speed = await measureSpeed(network, startProcess, signal);
          const settings = preferences.read();
          const others = settings.speeds.filter((known) => known.network !== network);
          preferences.write({ ...settings, speeds: [...others, speed] });
          events.emit("settings.changed", preferences.read());
        }
        return null;
      }),
    }),
    "workspace.info": () => workspaceInfo(workspace.folder),
    "files.list": ({ folder }) => listFolder(folder),
    "settings.get": () => preferences.read(),
    "settings.set": (change) => {
      preferences.write({ ...preferences.read(), ...withoutUndefined(change) });
      const settings = preferences.read();
      events.emit("settings.changed", settings);
      return settings;
    },
  };
}

function jobHandlers({ jobs }: HandlerParts): Some<"jobs"> {
  return {
    "jobs.list": () => jobs.list(),
    "jobs.cancel": ({ job }) => {
      jobs.cancel(job);
      return null;
    },
    "jobs.dismiss": ({ job }) => {
      jobs.dismiss(job);
      return null;
    },
  };
}

function datasetHandlers({ services, jobs, events }: HandlerParts): Some<"datasets"> {
  const changed = (): null => {
    events.emit("datasets.changed", null);
    return null;
  };
  return {
    "datasets.list": () => services.results.datasets(),
    "datasets.get": ({ dataset }) => services.results.dataset(dataset),
    "datasets.import": ({ path, name }) => ({
      job: startImport({ services, jobs, events }, path, name),
    }),
    "datasets.makeSample": ({ seed = DEFAULT_SEED }) => ({
      job: jobs.start({ kind: "sample", title: "Sample recordings" }, async (watch) => {
        const { dataset } = await services.datasets.makeSample(seed, watch);
        changed();
        return dataset.id;
      }),
    }),
    "datasets.remove": ({ dataset }) => {
      services.removal.remove("datasets", dataset);
      return changed();
    },
    "datasets.restore": ({ dataset }) => {
      services.removal.restore("datasets", dataset);
      return changed();
    },
  };
}

/** @param after called when it has ended, however it ended */
export function startImport(
  { services, jobs, events }: Pick<HandlerParts, "services" | "jobs" | "events">,
  path: string,
  name?: string,
  after: () => Promise<void> = () => Promise.resolve(),
) {
  return jobs.start({ kind: "import", title: `Import of ${name ?? basename(path)}` }, async (watch) => {
    try {
      const { dataset } = await services.datasets.importFrom(path, { ...watch, ...withoutUndefined({ name }) });
      events.emit("datasets.changed", null);
      return dataset.id;
    } finally {
      await after();
    }
  });
}

function downloadHandlers({ services: { downloads }, jobs, events }: HandlerParts): Some<"downloads"> {
  return {
    "downloads.list": () => downloads.list(),
    "downloads.start": ({ name }) => ({
      job: jobs.start({ kind: "download", title: downloadTitle(physioNetDatabases[name]) }, async (watch) => {
        const { dataset } = await downloads.download(name, watch);
        events.emit("datasets.changed", null);
        return dataset.id;
      }),
    }),
    "downloads.discard": async ({ name }) => {
      await downloads.discard(name);
      return null;
    },
  };
}

function recordingHandlers({ services: { recordings } }: HandlerParts): Some<"recordings"> {
  return {
    "recordings.signal": ({ dataset, record, from, to }) =>
      recordings.read("signal", { ...recordings.locate(dataset, record), from, to }),
    "recordings.envelope": ({ dataset, record, ...rest }) =>
      recordings.read("envelope", { ...recordings.locate(dataset, record), ...rest }),
    "recordings.denoised": ({ dataset, record, from, to, lead, ...settings }) =>
      recordings.read("denoised", { ...recordings.locate(dataset, record), from, to, lead, settings }),
    "recordings.annotations": ({ dataset, record }) =>
      recordings.read("annotations", recordings.locate(dataset, record)),
  };
}

function preparationHandlers({ services, jobs, events }: HandlerParts): Some<"preparations"> {
  const { preparations, recordings, removal, results } = services;
  const changed = (): null => {
    events.emit("preparations.changed", null);
    return null;
  };
  let preview = new AbortController();
  return {
    "preparations.list": () => results.preparations(),
    "preparations.get": ({ preparation }) => results.preparation(preparation),
    "preparations.previewBeat": ({ dataset, record, settings, beat, label }) =>
      recordings.read("previewBeat", { ...recordings.locate(dataset, record), settings, beat, label }),
    "preparations.preview": ({ dataset, settings }) => {
      // Only the latest settings are wanted: what was asked before is given up.
      preview.abort();
      preview = new AbortController();
      return preparations.preview(dataset, settings, preview.signal);
    },
    "preparations.prepare": ({ dataset, settings }) => {
      const { name } = results.dataset(dataset).dataset;
      return {
        job: jobs.start({ kind: "prepare", title: `Preparation of ${name}` }, async (watch) => {
          const { preparation } = await preparations.prepare(dataset, settings, watch);
          changed();
          return preparation.id;
        }),
      };
    },
    "preparations.remove": ({ preparation }) => {
      removal.remove("preparations", preparation);
      return changed();
    },
    "preparations.restore": ({ preparation }) => {
      removal.restore("preparations", preparation);
      return changed();
    },
  };
}

function modelHandlers(parts: HandlerParts): Some<"models"> {
  const { services, jobs, events, preferences } = parts;
  const { models, removal, hardware, training } = services;
  const changed = (): null => {
    events.emit("models.changed", null);
    return null;
  };
  return {
    "models.list": () => models.list(),
    "models.save": ({ model, network }) => {
      const saved = models.save(model, network);
      changed();
      return saved;
    },
    "models.remove": ({ model }) => {
      removal.remove("models", model);
      return changed();
    },
    "models.restore": ({ model }) => {
      models.checkRestorable(model);
      removal.restore("models", model);
      return changed();
    },
    "models.speed": ({ windowLength, classes, ...settings }) =>
      hardware.speed(withThreads(settings, preferences), { windowLength, classes }),
    "models.measure": ({ windowLength, classes, ...settings }) => ({
      job: jobs.start(
        { kind: "measure", title: `Measurement of ${networkOf(settings.network).name}` },
        async (watch) => {
          await hardware.measureSpeed(withThreads(settings, preferences), { windowLength, classes }, watch);
          return null;
        },
      ),
    }),
    "models.test": ({ path, preparation }) => ({
      job: jobs.start(
        { kind: "test", title: `Test of ${basename(path)}` },
        async ({ progress, signal, setSubject }) => {
          let run: number | undefined;
          const tell = (): void => {
            if (run !== undefined) events.emit("run.changed", { run });
          };
          try {
            const { id } = await training.testImported(path, preparation, {
              onAdded: (added) => setSubject((run = added)),
              onBegun: tell,
              onEvaluating: progress,
              signal,
            });
            return id;
          } finally {
            tell();
          }
        },
      ),
    }),
    "models.describe": ({ network, ...shape }) => describeNetwork(network, shape),
  };
}

function trainingHandlers({ queue, preferences }: HandlerParts): Some<"training"> {
  return {
    "training.queue": () => queue.state,
    "training.start": ({ preparation, settings }) => ({
      run: queue.add(preparation, withThreads(settings, preferences)).id,
    }),
    "training.pause": ({ run }) => {
      queue.pause(run);
      return null;
    },
    "training.resume": ({ run }) => {
      queue.resume(run);
      return null;
    },
    "training.stop": ({ run }) => {
      queue.stop(run);
      return null;
    },
  };
}

function runHandlers({ workspace, services: { results, removal }, events }: HandlerParts): Some<"runs"> {
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
    "runs.restore": ({ run }) => {
      removal.restore("runs", run);
      return changed(run);
    },
  };
}

function experimentHandlers({ services: { experiments }, jobs, queue }: HandlerParts): Some<"experiments"> {
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

function comparisonHandlers({ services: { comparison, results, testBeats } }: HandlerParts): Some<"comparison"> {
  return {
    "comparison.runs": ({ runs }) => comparison.compare([...new Set(runs)]),
    "comparison.curves": ({ run }) => comparison.curves(run),
    "comparison.paired": ({ one, other }) => comparison.paired(one, other),
    "comparison.beats": ({ run, query }) => testBeats.find(results.run(run), query),
  };
}

/** What is left open is as the user has it for the whole app. */
function withThreads<T extends { threads: number }>(settings: T, preferences: PreferenceStore): T {
  return settings.threads === 0 ? { ...settings, threads: preferences.read().threads } : settings;
}

function exportHandlers({ services, jobs, events, signIns }: HandlerParts): Some<"exports"> {
  /** Where it went, once it is there. */
  const start = (title: string, work: (watch: JobWatch) => Promise<RunReport[]>): StartedJob => ({
    job: jobs.start({ kind: "export", title }, async (watch) => {
      const reports = await work(watch);
      events.emit("notice", { message: told(reports) });
      return reports.length === 1 ? reports[0].run : null;
    }),
  });
  /** All runs in one folder. */
  const together = (
    what: string,
    runs: readonly number[],
    work: (ids: number[], watch: JobWatch) => Promise<ExportReport>,
  ): StartedJob => {
    const ids = [...new Set(runs)];
    const title = `${what} of ${counted(ids)}`;
    return {
      job: jobs.start({ kind: "export", title }, async (watch) => {
        const { place, outcome, hint } = await work(ids, watch);
        const asBefore = outcome === "unchanged" ? ", as before" : "";
        events.emit("notice", { message: `${title}${asBefore}: ${place}. ${hint}` });
        return ids.length === 1 ? ids[0] : null;
      }),
    };
  };
  return {
    "exports.model": ({ runs, format, folder }) =>
      start(`Export of ${counted(runs)} as ${modelFormatNames[format]}`, (watch) =>
        services.exports.models(runs, format, folder, watch),
      ),
    "exports.mlflow": ({ runs, kept, ...target }) =>
      start(`Export of ${counted(runs)} to MLflow`, async (watch) => {
        const credentials = kept ? await signIns.find(target.place) : target.credentials;
        return services.exports.mlflow(runs, { ...target, credentials }, watch);
      }),
    "exports.signIns": () => signIns.list(),
    "exports.keepSignIn": async ({ address, credentials }) => {
      await signIns.keep(address, credentials);
      return null;
    },
    "exports.forgetSignIn": ({ address }) => {
      signIns.forget(address);
      return null;
    },
    "exports.report": ({ runs, folder, pdf }) =>
      together("Report", runs, (ids, watch) => services.reports.report(ids, folder, { pdf }, watch)),
    "exports.figures": ({ runs, folder, ...size }) =>
      together("Figures", runs, (ids, watch) => services.reports.figures(ids, folder, size, watch)),
    "exports.csv": ({ runs, folder }) =>
      together("Tables", runs, (ids, watch) => services.reports.csv(ids, folder, watch)),
  };
}

function counted(runs: readonly number[]): string {
  return runs.length === 1 ? `run ${runs[0]}` : `${runs.length} runs`;
}

function told(reports: readonly RunReport[]): string {
  const [{ place, hint }] = reports;
  const unchanged = reports.filter(({ outcome }) => outcome === "unchanged").length;
  const asBefore = unchanged === 0 ? "" : unchanged === reports.length ? ", as before" : ` (${unchanged} as before)`;
  const what = reports.length === 1 ? `Run ${reports[0].run} is` : `${reports.length} runs are`;
  return `${what} exported${asBefore}: ${place}. ${hint}`;
}
