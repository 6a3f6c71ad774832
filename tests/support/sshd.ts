/** A real sshd on loopback, with a private key, port and configuration; and the user's side of it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** Reason for skipping the tests; empty where they can run. */
export const noSshd =
  existsSync("/usr/sbin/sshd") && existsSync("/usr/bin/ssh")
    ? ""
    : "OpenSSH is not installed (apt-get install openssh-server openssh-client)";

export interface RunningSshd {
  /** Folder with a program `ssh` that uses the private key and port, to be put first in PATH. */
  programs: string;
  /** Name of the host. */
  host: string;
  stop(): Promise<void>;
}

export async function startSshd(): Promise<RunningSshd> {
  const folder = mkdtempSync(join(tmpdir(), "sshd-"));
  const port = await freePort();
  for (const name of ["host_key", "user_key"]) {
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
  }
  writeFileSync(join(folder, "authorized_keys"), readFileSync(join(folder, "user_key.pub")));
  const config = join(folder, "sshd_config");
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host_key
AuthorizedKeysFile ${folder}/authorized_keys
PidFile ${folder}/sshd.pid
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
`,
  );
  const [type, key] = readFileSync(join(folder, "host_key.pub"), "utf8").split(" ");
  writeFileSync(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${type} ${key}\n`);
  writeFileSync(
    join(folder, "ssh_config"),
    `Host node1
  HostName 127.0.0.1
  Port ${port}
  User ${userInfo().username}
  IdentityFile ${folder}/user_key
  IdentitiesOnly yes
  UserKnownHostsFile ${folder}/known_hosts
`,
  );
  const programs = join(folder, "bin");
  mkdirSync(programs);
  writeFileSync(join(programs, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/ssh_config "$@"\n`);
  chmodSync(join(programs, "ssh"), 0o755);
  mkdirSync("/run/sshd", { recursive: true });
  const daemon = spawn("/usr/sbin/sshd", ["-D", "-f", config, "-E", join(folder, "log")], { stdio: "ignore" });
  await reachable(port, join(folder, "log"));
  return {
    programs,
    host: "node1",
    stop: async () => {
      daemon.kill("SIGTERM");
      if (daemon.exitCode === null) await once(daemon, "close");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function reachable(port: number, log: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, "127.0.0.1");
      socket.on("connect", () => (socket.destroy(), resolve(true))).on("error", () => resolve(false));
    });
    if (connected) return;
    await wait(50);
  }
  throw new Error(`sshd did not start:\n${existsSync(log) ? readFileSync(log, "utf8") : ""}`);
}
