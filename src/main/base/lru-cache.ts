/** Cache that keeps the most recently used values, up to a fixed number. */
export class LruCache<Key, Value> {
  readonly #values = new Map<Key, Value>();
  readonly #maxValues: number;

  constructor(maxValues: number) {
    this.#maxValues = maxValues;
  }

  /**
   * Returns the value of a key; computes and keeps it if it is not in the cache. Nothing is kept if `compute` throws.
   */
  get(key: Key, compute: () => Value): Value {
    const value = this.#values.has(key) ? this.#values.get(key)! : compute();
    // A map keeps the order of insertion: the first key is the least recently used one.
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#maxValues) this.#values.delete(this.#values.keys().next().value!);
    return value;
  }
}
