/** The line over Electron's port; over Node's channel, every training process of the tests goes. */
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

it("has sent a message once it was acknowledged, and no other", async () => {
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

it("hears what is said, and not the acknowledgements", () => {
  const ends = port();
  const line = overPort(ends);
  const heard: unknown[] = [];
  line.listen((message) => heard.push(message));
  ends.say({ message: { type: "pause" } });
  ends.say({ received: 7 });
  expect(heard).toEqual([{ type: "pause" }]);
});
