import { expect, it } from "vitest";
import { mountComponent } from "../../../testing/mount-component.ts";
import EventChoice from "./event-choice.vue";
import { groupEvents } from "./events.ts";

it("shows an annotation by its meaning, under a caption that names what is listed", async () => {
  const groups = groupEvents(
    {
      samples: Uint32Array.of(100, 200, 300),
      symbols: ["N", "|", "|"],
      beats: Uint8Array.of(1, 0, 0),
      texts: ["", "", ""],
    },
    {
      episodes: [],
      pauses: [{ from: 100, to: 900 }],
      intervals: { samples: new Uint32Array(), seconds: new Float32Array() },
      heartRate: { binSeconds: 10, mean: new Float32Array(), lowest: new Float32Array(), highest: new Float32Array() },
    },
  );
  const { wrapper } = await mountComponent(EventChoice, { props: { groups, modelValue: "" } });
  const listed = wrapper.get('[role="group"][aria-label="Pauses and other annotations to step through"]');
  expect(listed.text()).toContain("Pauses and other annotations");
  expect(listed.findAll("button").map((chip) => chip.text().replaceAll(/\s+/g, " "))).toEqual([
    expect.stringMatching(/^Pause ?1/),
    expect.stringMatching(/^Artefact \(QRS-like\) ?2/),
  ]);
});
