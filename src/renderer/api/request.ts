/** HTTP requests of a page in a browser, for what its socket does not do: uploads, and addresses for other browsers. */
import { EctopyError, errorFromReport } from "../../contract/domain/errors.ts";
import type { Reply } from "../../contract/api/messages.ts";

/** @throws EctopyError as the server reports it; `not-connected` */
export async function request<T>(
  method: "POST" | "PUT",
  address: string,
  body: Blob | string | null = null,
  signal: AbortSignal | null = null,
): Promise<T> {
  let reply: Reply;
  try {
    const response = await fetch(address, { method, body, signal });
    reply = (await response.json()) as Reply;
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    throw new EctopyError("not-connected", "Ectopy can't be reached.", "Check that Ectopy is running, and try again.", {
      cause,
    });
  }
  if (!reply.ok) throw errorFromReport(reply.error);
  return reply.value as T;
}
