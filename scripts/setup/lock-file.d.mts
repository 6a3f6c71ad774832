/** Types of lock-file.mjs, for its test. */
export interface LockedPackage {
  version?: string;
  optional?: boolean;
  os?: string | string[];
  cpu?: string | string[];
}
export interface LockFile {
  packages: Record<string, LockedPackage>;
}
export interface Machine {
  platform: string;
  arch: string;
}
export declare function packagesFor(lock: LockFile, machine: Machine): string[];
export declare function matchesLock(lock: LockFile, installed: LockFile | undefined, machine: Machine): boolean;
