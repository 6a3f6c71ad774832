/** Training curves of a run by step and by epoch: those recorded so far, followed by those of the training as it runs. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { EpochMetrics, StepCurves } from "../../../contract/domain/training.ts";
import { client, useConnection } from "../../api/client.ts";
import { LatestRequest } from "../../base/latest-request.ts";
import { adaptiveThrottle } from "../../stores/adaptive-throttle.ts";
import { appendSteps, MAX_POINTS, pointsFrom, type StepPoints } from "../../charts/step-points.ts";

export interface RunCurves {
  epochs: ShallowRef<readonly EpochMetrics[]>;
  steps: ShallowRef<StepPoints>;
  /** Whether the recorded curves are still being requested: `epochs` and `steps` have them as soon as this is false. */
  loading: ShallowRef<boolean>;
  /** Why the latest request failed; null once a later request succeeds. */
  error: ShallowRef<ErrorReport | null>;
  reload: () => void;
}

const NO_STEPS: StepPoints = { points: [], stretch: 1 };

export function useRunCurves(run: Ref<number>): RunCurves {
  const epochs = shallowRef<readonly EpochMetrics[]>([]);
  const steps = shallowRef<StepPoints>(NO_STEPS);
  const loading = shallowRef(true);
  const error = shallowRef<ErrorReport | null>(null);
  /** Steps that arrive while the recorded curves are being requested. */
  let waiting: StepCurves[] | null = null;
  const latest = new LatestRequest();

  // The data that has arrived; the page shows it with a delay.
  let known: { epochs: EpochMetrics[]; steps: StepPoints } = { epochs: [], steps: NO_STEPS };
  const showNow = (): void => {
    epochs.value = [...known.epochs];
    steps.value = known.steps;
  };
  const show = adaptiveThrottle(showNow);
  const add = (curves: StepCurves): void => {
    try {
      known.steps = appendSteps(known.steps, curves);
      show();
    } catch (error) {
      // Steps are missing: the connection was lost for a while.
      if (!(error instanceof RangeError)) throw error;
      void load();
    }
  };

  const load = async (): Promise<void> => {
    const isLatest = latest.begin();
    waiting = [];
    try {
      const [ended, thinned] = await Promise.all([
        client.call("runs.epochs", { run: run.value }),
        client.call("runs.steps", { run: run.value, points: MAX_POINTS }),
      ]);
      if (!isLatest()) return;
      const arrived = waiting;
      waiting = null;
      known = { epochs: ended, steps: pointsFrom(thinned) };
      arrived.forEach(add);
      // At once: a page that stops loading before its data is shown would say that there is none.
      showNow();
      error.value = null;
      loading.value = false;
    } catch (reason) {
      if (!isLatest()) return;
      waiting = null;
      const report = reportError(reason);
      // The request is repeated when the connection is back.
      if (report.code !== "not-connected") error.value = report;
    }
  };

  onScopeDispose(
    client.on("run.steps", ({ run: id, curves }) => {
      if (id !== run.value) return;
      if (waiting === null) add(curves);
      else waiting.push(curves);
    }),
  );
  onScopeDispose(
    client.on("run.epoch", ({ run: id, metrics }) => {
      if (id !== run.value) return;
      // After resuming from a checkpoint, a repeated epoch replaces its earlier result.
      while ((known.epochs.at(-1)?.epoch ?? 0) >= metrics.epoch) known.epochs.pop();
      known.epochs.push(metrics);
      show();
    }),
  );
  // A resumed run may have been set back to its checkpoint.
  onScopeDispose(client.on("run.changed", ({ run: id }) => id === run.value && void load()));
  const { connected } = useConnection();
  watch(
    [run, connected],
    ([id], before) => {
      if (id !== before[0]) {
        known = { epochs: [], steps: NO_STEPS };
        loading.value = true;
        error.value = null;
        showNow();
      }
      if (connected.value) void load();
    },
    { immediate: true },
  );
  return { epochs, steps, loading, error, reload: () => void load() };
}
