/**
 * Notices of what has ended: every run and every job with its time and a link, and the messages of this session. They are read from the
 * stored runs and jobs, not from events alone: none is lost while a page is closed or its connection is interrupted.
 */
import { useLocalStorage, useSessionStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { computed } from "vue";
import type { JobKind, JobSnapshot } from "../../contract/domain/jobs.ts";
import type { StoredItem } from "../../contract/domain/integrity.ts";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { runStatusText } from "../../contract/domain/training.ts";
import { formatMetric } from "../base/format.ts";
import { useJobs } from "./jobs.ts";
import { useRuns } from "./runs.ts";

export interface Notice {
  /** Identifies it over reloads, also in another workspace with the same numbers. */
  key: string;
  /** ISO 8601, UTC. */
  at: string;
  kind: "success" | "warning" | "error";
  title: string;
  text: string;
  /** Address of its page; null: none. */
  to: string | null;
  /** The damaged item, where it can be made again. */
  damaged?: StoredItem;
}

const MAX_NOTICES = 100;
const MAX_MESSAGES = 50;
const endedRuns: ReadonlySet<string> = new Set(["completed", "cancelled", "failed"]);

export const useNotices = defineStore("notices", () => {
  const runs = useRuns();
  const jobs = useJobs();
  // Messages may name folders: they are forgotten with the tab.
  const messages = useSessionStorage<Notice[]>("ectopy.notices", []);
  /** Time of the newest notice that the user has seen. */
  const seenUntil = useLocalStorage("ectopy.notices-seen", new Date().toISOString());
  const dismissed = useLocalStorage<string[]>("ectopy.notices-dismissed", []);

  const all = computed(() => {
    const gone = new Set(dismissed.value);
    return [...latestEnded(runs.items).flatMap(noticeOfRun), ...jobs.jobs.flatMap(noticeOfJob), ...messages.value]
      .filter(({ key }) => !gone.has(key))
      .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1))
      .slice(0, MAX_NOTICES);
  });
  const unread = computed(() => all.value.filter(({ at }) => at > seenUntil.value));
  const unreadKeys = computed(() => new Set(unread.value.map(({ key }) => key)));

  return {
    all,
    unread,
    /** Returns whether the notice of a run or a job is unread. */
    isUnread: (item: RunOverview | JobSnapshot): boolean => unreadKeys.value.has(keyOf(item)),
    markRead: (): void => {
      const [newest] = all.value;
      if (newest !== undefined && newest.at > seenUntil.value) seenUntil.value = newest.at;
    },
    dismiss: (...keys: string[]): void => {
      messages.value = messages.value.filter(({ key }) => !keys.includes(key));
      dismissed.value = [...dismissed.value, ...keys].slice(-10 * MAX_NOTICES);
    },
    keyOf,
    add: (kind: Notice["kind"], message: string): void => {
      const at = new Date().toISOString();
      const notice = { key: `message-${at}-${messages.value.length}`, at, kind, title: message, text: "", to: null };
      messages.value = [notice, ...messages.value].slice(0, MAX_MESSAGES);
    },
  };
});

/** Returns the ended runs among which the latest notices are: the list may hold ten thousand runs, newest first. */
function latestEnded(runs: readonly RunOverview[]): RunOverview[] {
  return runs.filter(({ status }) => endedRuns.has(status)).slice(0, 3 * MAX_NOTICES);
}

function keyOf(item: RunOverview | JobSnapshot): string {
  return `${"kind" in item ? "job" : "run"}-${item.id}-${item.finishedAt ?? ""}`;
}

function noticeOfRun(run: RunOverview): Notice[] {
  const { id, status, finishedAt, test, error } = run;
  if (finishedAt === null) return [];
  const failed = status === "failed";
  const text = failed
    ? [error?.message, error?.fix].filter((each) => each).join(" ")
    : test
      ? `Accuracy ${formatMetric(test.accuracy)}, macro F1 ${formatMetric(test.macroF1)} on the test set.`
      : "No result was stored.";
  const title = `Run ${id} ${runStatusText(status, test !== null)}`;
  return [
    {
      key: keyOf(run),
      at: finishedAt,
      kind: failed ? "error" : "success",
      title,
      text,
      to: `/${failed ? "training" : "runs"}/${id}`,
    },
  ];
}

function noticeOfJob(job: JobSnapshot): Notice[] {
  const { kind, state, title, finishedAt, error, subject } = job;
  // The page that started an inspection shows what it found.
  if (state === "running" || finishedAt === null || (kind === "inspect" && state === "done")) return [];
  const text =
    state === "interrupted"
      ? "Ectopy ended before the job finished."
      : [error?.message, error?.fix].filter((each) => each).join(" ");
  return [
    {
      key: keyOf(job),
      at: finishedAt,
      kind: state === "done" ? "success" : state === "cancelled" ? "warning" : "error",
      title: `${title}, ${state}`,
      text,
      to: state === "done" ? pageOf(kind, subject) : null,
      ...(error?.subject ? { damaged: error.subject } : {}),
    },
  ];
}

function pageOf(kind: JobKind, subject: number | null): string | null {
  if (kind === "check" || kind === "measure" || kind === "install" || kind === "executor") return "/settings";
  if (subject === null) return null;
  switch (kind) {
    case "inspect":
      return "/";
    case "import":
    case "sample":
    case "download":
    case "detect":
    case "classify":
      return `/recordings/${subject}`;
    case "prepare":
      return `/preparation/set/${subject}`;
    case "experiment":
      return `/experiments/${subject}`;
    case "export":
    case "test":
    case "fine-tune":
    case "learn":
      return `/runs/${subject}`;
  }
}
