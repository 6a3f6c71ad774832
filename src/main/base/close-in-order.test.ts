import { expect, it } from "vitest";
import { closeInOrder } from "./close-in-order.ts";

it("runs each group after the one before it has ended", async () => {
  const order: string[] = [];
  const slow = async (): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    order.push("slow");
  };
  await closeInOrder([[slow, () => order.push("quick")], [() => order.push("last")]])();
  expect(order).toEqual(["quick", "slow", "last"]);
});

it("runs every step where one fails, then throws the first failure", async () => {
  const order: string[] = [];
  const fail = (message: string) => (): void => {
    order.push(message);
    throw new Error(message);
  };
  const close = closeInOrder([[fail("first")], [fail("second")], [() => order.push("last")]]);
  await expect(close()).rejects.toThrow("first");
  expect(order).toEqual(["first", "second", "last"]);
});

it("runs every step once, however often it is called", async () => {
  let count = 0;
  const close = closeInOrder([[() => count++]]);
  await Promise.all([close(), close()]);
  await close();
  expect(count).toBe(1);
});
