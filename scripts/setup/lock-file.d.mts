/** Types of lock-file.mjs, for its test. */
export interface LockedPackage {
  version?: string;
  name?: string;
  resolved?: string;
  optional?: boolean;
  os?: string | string[];
  cpu?: string | string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
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
export declare function reduceLock<T extends LockFile>(lock: T, names: readonly string[]): T;
export declare function withAddresses<T extends LockFile>(lock: T, registry: string): T;
