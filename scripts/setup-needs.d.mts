export declare function setupNeeds(args: readonly string[]): string[];
