/**
 * Runs before each file of component tests: the page finds an example shell, and no test sees another's answers or
 * elements.
 */
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach } from "vitest";
import { installShell } from "./example-shell.ts";
import { shell } from "./shell.ts";

installShell(shell);
enableAutoUnmount(afterEach);
afterEach(() => {
  shell.reset();
  document.body.innerHTML = "";
});
