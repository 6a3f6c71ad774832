/**
 * Runs before each file of component tests: the page finds an example shell, and no test sees another's answers or
 * elements.
 */
import { disableAutoUnmount, enableAutoUnmount } from "@vue/test-utils";
import { afterEach } from "vitest";
import { installShell } from "./example-shell.ts";
import { shell } from "./shell.ts";

installShell(shell);
// The library is shared by the files of a process, and accepts one call.
disableAutoUnmount();
enableAutoUnmount(afterEach);
afterEach(() => {
  shell.reset();
  document.body.innerHTML = "";
});
