/**
 * A request to the shell that follows its input. The answer of the latest request wins, whichever answer arrives last.
 *
 *     const { data, error, loading, reload } = useQuery(
 *       () => (id.value === null ? null : { dataset: id.value }),
 *       (input) => client.call("datasets.get", input),
 *     );
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import { useConnection } from "../api/client.ts";
import { LatestRequest } from "./latest-request.ts";

export interface Query<Answer> {
  /** The latest answer; null before the first answer, and while there is no input. */
  data: ShallowRef<Answer | null>;
  /** Whether an answer is outstanding, also while the request is delayed or the connection is lost. */
  loading: ShallowRef<boolean>;
  /** Why the latest request failed; null once a later request succeeds. */
  error: ShallowRef<ErrorReport | null>;
  /** Repeats the request at once and keeps the data meanwhile. Resolves when the request has ended. */
  reload: () => Promise<void>;
}

export interface QueryOptions<Input> {
  /** Whether the data of the previous input stays until the answer for the new one. By default, the data is dropped. */
  keepData?: (now: Input, before: Input) => boolean;
  /**
   * Delay after a change that keeps the data, in ms. The first request starts at once, as does one that drops the data.
   */
  debounceMs?: number;
  /**
   * Subscribes to changes of the answer; each calls back and repeats the request. Returns the function that
   * unsubscribes.
   */
  refreshOn?: (changed: () => void) => () => void;
}

/**
 * Requests an answer now, after each change of the input, and when the connection is back. Call it in the set-up of a
 * component or a store: it stops with its scope.
 * @param input what to request, as JSON values; null: nothing. Inputs with the same JSON are the same input.
 * @param load requests the answer; what it throws becomes the error, except a lost connection, which the frame shows
 */
export function useQuery<Input, Answer>(
  input: () => Input | null,
  load: (input: Input) => Promise<Answer>,
  { keepData = () => false, debounceMs = 0, refreshOn }: QueryOptions<Input> = {},
): Query<Answer> {
  const data = shallowRef<Answer | null>(null) as ShallowRef<Answer | null>;
  const loading = shallowRef(false);
  const error = shallowRef<ErrorReport | null>(null);
  const { connected } = useConnection();
  const latest = new LatestRequest();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let previous: Input | null = null;

  const cancel = (): void => {
    latest.cancel();
    clearTimeout(timer);
  };

  const request = async (of: Input): Promise<void> => {
    cancel();
    const isLatest = latest.begin();
    loading.value = true;
    try {
      const answer = await load(of);
      if (!isLatest()) return;
      data.value = answer;
      error.value = null;
    } catch (reason) {
      if (!isLatest()) return;
      const report = reportError(reason);
      // The request is repeated when the connection is back.
      if (report.code === "not-connected") return;
      error.value = report;
    }
    loading.value = false;
  };

  const reload = async (): Promise<void> => {
    const now = input();
    if (now !== null && connected.value) await request(now);
  };

  watch(
    [() => JSON.stringify(input()), connected],
    () => {
      cancel();
      const now = input();
      const kept = now !== null && previous !== null && (isSame(now, previous) || keepData(now, previous));
      const isDelayed = kept && !isSame(now, previous);
      previous = now;
      if (!kept) [data.value, error.value] = [null, null];
      loading.value = now !== null;
      if (now === null || !connected.value) return;
      if (isDelayed && debounceMs > 0) timer = setTimeout(() => void request(now), debounceMs);
      else void request(now);
    },
    { immediate: true },
  );
  if (refreshOn) onScopeDispose(refreshOn(() => void reload()));
  onScopeDispose(cancel);
  return { data, loading, error, reload };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
