export function testNeeds(args: readonly string[]): string[];
