/**
 * A shell without a workspace: answers the method map with example data, for component tests and the gallery. It takes
 * the place of Electron's preload, so that the components, the stores and the client are those of the app.
 */
import type { DesktopBridge } from "../../contract/api/desktop.ts";
import type { EventMessage } from "../../contract/api/events.ts";
import { methodNames, type MethodName } from "../../contract/api/method-names.ts";
import type { Reply } from "../../contract/api/messages.ts";
import type { Answer, Arguments } from "../../contract/api/methods.ts";
import { reportError } from "../../contract/domain/errors.ts";

export type ExampleAnswers = {
  [Name in MethodName]?: (args: Arguments<Name>) => Answer<Name> | Promise<Answer<Name>>;
};

export interface ExampleShell {
  bridge: DesktopBridge;
  /** Calls so far, oldest first. */
  calls: { name: MethodName; args: unknown }[];
  /** Replaces answers of the names given; the others stay. */
  answer(answers: ExampleAnswers): void;
  /** Forgets all calls, and every answer that was not given at the start. */
  reset(): void;
  /** Sends an event to the page. */
  send(message: EventMessage): void;
}

export function createExampleShell(initial: ExampleAnswers): ExampleShell {
  let answers = { ...initial };
  const calls: ExampleShell["calls"] = [];
  const listeners = new Set<(message: EventMessage) => void>();

  const reply = async (name: MethodName, args: unknown): Promise<Reply> => {
    calls.push({ name, args });
    const answer = answers[name] as ((args: unknown) => unknown) | undefined;
    try {
      if (answer === undefined) throw new Error(`No example answers ${name}. Add it to the example answers.`);
      return { ok: true, value: await answer(args) };
    } catch (error) {
      return { ok: false, error: reportError(error) };
    }
  };
  const methods = Object.fromEntries(
    methodNames.map((name) => [name, (args: unknown) => reply(name, args)]),
  ) as DesktopBridge["methods"];

  return {
    bridge: {
      methods,
      onEvent: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      onMenu: () => () => {},
      choose: () => Promise.resolve(null),
      openExport: () => Promise.resolve({ ok: true, value: null }),
      pathOf: () => "",
    },
    calls,
    answer: (more) => (answers = { ...answers, ...more }),
    reset: () => {
      answers = { ...initial };
      calls.length = 0;
    },
    send: (message) => listeners.forEach((listener) => listener(message)),
  };
}

/** Puts the shell where the client looks for one. Call it before `api/client.ts` is imported. */
export function installShell({ bridge }: ExampleShell): void {
  Object.defineProperty(window, "ectopy", { value: bridge, configurable: true });
}
