/** Marks the latest of several requests, so that an older answer that arrives later is ignored. */

export class LatestRequest {
  #count = 0;

  /** Begins a request. @returns whether no later request has begun, and none was cancelled, since then */
  begin(): () => boolean {
    const mine = ++this.#count;
    return () => mine === this.#count;
  }

  /** Ignores the answer that is outstanding. */
  cancel(): void {
    this.#count++;
  }
}
