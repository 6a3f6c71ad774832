/** A run's curves by step and by epoch: what there is when it is opened, and what comes while it is watched. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { EpochMetrics, StepCurves } from "../../../contract/domain/training.ts";
import { client, useConnection } from "../../api/client.ts";
import { adaptiveThrottle } from "../../stores/adaptive-throttle.ts";
import { appendSteps, MAX_POINTS, pointsFrom, type StepPoints } from "../../charts/step-points.ts";

export interface RunCurves {
  epochs: ShallowRef<readonly EpochMetrics[]>;
  steps: ShallowRef<StepPoints>;
  /** Until the curves so far are there. */
  loading: ShallowRef<boolean>;
}

const NOTHING: StepPoints = { points: [], stretch: 1 };

export function useRunCurves(run: Ref<number>): RunCurves {
  const epochs = shallowRef<readonly EpochMetrics[]>([]);
  const steps = shallowRef<StepPoints>(NOTHING);
  const loading = shallowRef(true);
  /** What came while the curves so far were on their way. */
  let waiting: StepCurves[] | null = null;
  let latest = 0;

  // What is known, ahead of what is shown.
  let known: { epochs: EpochMetrics[]; steps: StepPoints } = { epochs: [], steps: NOTHING };
  const show = adaptiveThrottle(() => {
    epochs.value = [...known.epochs];
    steps.value = known.steps;
  });
  const add = (curves: StepCurves): void => {
    try {
      known.steps = appendSteps(known.steps, curves);
      show();
    } catch (error) {
      // Steps are missing: the connection was gone for a while.
      if (!(error instanceof RangeError)) throw error;
      void load();
    }
  };

  const load = async (): Promise<void> => {
    const mine = ++latest;
    waiting = [];
    try {
      const [ended, thinned] = await Promise.all([
        client.call("runs.epochs", { run: run.value }),
        client.call("runs.steps", { run: run.value, points: MAX_POINTS }),
      ]);
      if (mine !== latest) return;
      const came = waiting;
      waiting = null;
      known = { epochs: ended, steps: pointsFrom(thinned) };
      came.forEach(add);
      show();
      loading.value = false;
    } catch {
      // Said by whoever shows the run; asked for again when the connection is back.
      if (mine === latest) waiting = null;
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
      // Trained again from a checkpoint, an epoch takes the place of the one before.
      while ((known.epochs.at(-1)?.epoch ?? 0) >= metrics.epoch) known.epochs.pop();
      known.epochs.push(metrics);
      show();
    }),
  );
  // Taken up again, it may have been set back to its checkpoint.
  onScopeDispose(client.on("run.changed", ({ run: id }) => id === run.value && void load()));
  const { connected } = useConnection();
  watch(
    [run, connected],
    ([id], before) => {
      if (id !== before[0]) {
        known = { epochs: [], steps: NOTHING };
        loading.value = true;
        show();
      }
      if (connected.value) void load();
    },
    { immediate: true },
  );
  return { epochs, steps, loading };
}
