/** Loaded before a program (`--import`): each SIGUSR2 throws an error that nothing catches, in its command line's process alone. */
if (process.send === undefined) {
  let faults = 0;
  process.on("SIGUSR2", () => {
    setImmediate(() => {
      throw new Error(`planted fault ${++faults}`);
    });
  });
}
