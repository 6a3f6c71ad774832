/** Tests the channel over Electron's port; every training process of the integration tests uses Node's channel. */
import { expect, it } from "vitest";
import { overPort, type NumberedMessage, type PortMessage } from "./parent-channel.ts";

function port() {
  const posted: NumberedMessage[] = [];
  let receive: (event: { data: PortMessage }) => void = () => {};
  return {
    posted,
    say: (data: PortMessage) => receive({ data }),
    postMessage: (message: NumberedMessage) => void posted.push(message),
    on: (_event: "message", listener: typeof receive) => void (receive = listener),
  };
}

it("resolves a sent message when that message is acknowledged", async () => {
  const ends = port();
  const line = overPort(ends);
  const arrived: string[] = [];
  const first = line.send({ loss: NaN }).then(() => arrived.push("first"));
  const second = line.send("last words").then(() => arrived.push("second"));
  expect(ends.posted).toEqual([
    { number: 0, message: { loss: NaN } },
    { number: 1, message: "last words" },
  ]);
  ends.say({ received: 1 });
  await second;
  expect(arrived).toEqual(["second"]);
  ends.say({ received: 0 });
  await first;
  expect(arrived).toEqual(["second", "first"]);
});

it("passes on messages, but not acknowledgements", () => {
  const ends = port();
  const line = overPort(ends);
  const received: unknown[] = [];
  line.listen((message) => received.push(message));
  ends.say({ message: { type: "pause" } });
  ends.say({ received: 7 });
  expect(received).toEqual([{ type: "pause" }]);
});
