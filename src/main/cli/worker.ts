/** Entry point of the worker's archive (`ectopy pack-worker`), which has no other command. */
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// With the cache, Node strips the types once, not at each start. The training processes find it by the variable.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
enableCompileCache(process.env.NODE_COMPILE_CACHE);
const { main } = await import("./worker-program.ts");
process.exitCode = await main(process.argv.slice(2));
