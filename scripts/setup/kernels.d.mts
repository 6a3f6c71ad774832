/** Returns whether the kernels are missing and can be built without installing anything. */
export function canBuildNow(project: string): boolean;
