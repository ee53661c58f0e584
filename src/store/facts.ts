import type { Message } from './entity.js';

/** The JSON text of facts laid over others; `undefined` takes one away. */
export function mergedFacts(before: string, facts: Message): string {
  return JSON.stringify({ ...(JSON.parse(before) as Message), ...facts });
}
