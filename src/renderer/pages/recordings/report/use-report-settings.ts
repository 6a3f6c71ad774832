/** Settings of a recording's report, which are those of the last report until they are changed. */
import { computed, ref, type WritableComputedRef } from "vue";
import type { ReportSettings } from "../../../../contract/domain/recording-report.ts";
import { useSettings } from "../../../stores/settings.ts";

export function useReportSettings(): {
  settings: WritableComputedRef<ReportSettings>;
  institution: WritableComputedRef<string>;
} {
  const store = useSettings();
  /** What this page has changed: shown before the answer that it is stored. */
  const changed = ref<{ settings?: ReportSettings; institution?: string }>({});
  const current = computed(() => ({ ...store.settings.recordingReport, ...changed.value }));
  function change(part: { settings?: ReportSettings; institution?: string }): void {
    changed.value = { ...changed.value, ...part };
    const { settings, institution } = current.value;
    void store.change({ recordingReport: { settings, institution: institution.trim() } });
  }
  return {
    settings: computed({ get: () => current.value.settings, set: (settings) => change({ settings }) }),
    institution: computed({ get: () => current.value.institution, set: (institution) => change({ institution }) }),
  };
}
