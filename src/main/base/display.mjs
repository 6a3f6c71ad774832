/** Plain JavaScript, because the set-up imports it too and may run on a Node that cannot strip types. */

/** Returns whether windows can be shown. Over SSH there is often no display, or no user in front of it. */
export function hasDisplay() {
  const { env, platform } = process;
  if (platform === "win32") return true;
  if (platform === "darwin") return env.SSH_CONNECTION === undefined;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
