/** Process that reads the folders that a user names, one task at a time. It is ended where a folder does not answer. */
import { reportError } from "../../contract/domain/errors.ts";
import { openParentChannel } from "../../engine/processes/parent-channel.ts";
import { endOnUncaught } from "../../engine/processes/uncaught.ts";
import { listTree } from "./folder-tree.ts";
import { listFolder } from "./list-folder.ts";
import { checkPath } from "./named-paths.ts";
import { READY, type NamedPathsReply, type NamedPathsRequest } from "./named-paths-messages.ts";
import type { NamedPathsHandlers } from "./named-paths-tasks.ts";

const handlers: NamedPathsHandlers = {
  check: ({ path, purpose }) => checkPath(path, purpose),
  list: ({ folder }) => listFolder(folder),
  listTree: ({ path, shown }) => listTree(path, shown),
};

endOnUncaught();
const channel = openParentChannel();
channel.listen((message) => {
  const { task, input } = message as NamedPathsRequest;
  void Promise.resolve()
    .then(() => handlers[task](input as never))
    .then(
      (output): NamedPathsReply => ({ output }),
      (error: unknown): NamedPathsReply => ({ error: reportError(error) }),
    )
    .then((reply) => channel.send(reply));
});
void channel.send(READY);
