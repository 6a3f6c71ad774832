/**
 * Runs `work` for each item, for at most `limit` items at the same time. After the first error no other item is
 * started.
 * @param onError called once, at the first error, so that work in progress can be stopped
 * @throws the first error, after all work in progress has ended
 */
export async function forEachConcurrently<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, index: number) => Promise<void>,
  onError: () => void = () => {},
): Promise<void> {
  const errors: unknown[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && errors.length === 0) {
      const index = next++;
      try {
        await work(items[index], index);
      } catch (error) {
        if (errors.push(error) === 1) onError();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (errors.length > 0) throw errors[0];
}
