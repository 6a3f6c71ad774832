/** What a page in a browser asks of the server by HTTP, beside its socket: uploads, and addresses for other browsers. */
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
    throw new EctopyError(
      "not-connected",
      "Ectopy could not be reached.",
      "Look whether it still runs, and try again.",
      {
        cause,
      },
    );
  }
  if (!reply.ok) throw errorFromReport(reply.error);
  return reply.value as T;
}
