/** The used part of WebAssembly's interface: Node's types lack it, and those of browsers would bring a page's globals. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: Record<string, unknown>;
  }

  class Memory {
    constructor(sizes: { initial: number; maximum: number; shared: true });
    /** A new object after each growth; former ones stay valid. */
    readonly buffer: SharedArrayBuffer;
  }
}
