/**
 * Loaded before a program (`--import`): each SIGUSR2 throws an uncaught error, in the process of the command line only.
 */
if (process.send === undefined) {
  let faults = 0;
  process.on("SIGUSR2", () => {
    setImmediate(() => {
      throw new Error(`planted fault ${++faults}`);
    });
  });
}
