export class SetupError extends Error {
  fix: string;
}
export function say(text: string): void;
