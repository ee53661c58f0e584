/** Steps after which the search for combinations is given up. */
const MAX_STEPS = 1_000_000;

/**
 * The combinations of one member of each list, in order of the lists.
 *
 * @param distinct leave out those that hold a member twice, and those that hold the same members as an earlier one
 * @returns undefined when there are more than `most`
 */
export function combinations<T>(
  lists: readonly (readonly T[])[],
  keyOf: (member: T) => string,
  distinct: boolean,
  most: number,
): T[][] | undefined {
  const keys = new Map<T, string>(lists.flat().map((member) => [member, keyOf(member)]));
  const found: T[][] = [];
  const known = new Set<string>();
  let steps = 0;

  /** @returns false when there are too many */
  function extend(chosen: readonly T[], chosenKeys: readonly string[]): boolean {
    if (++steps > MAX_STEPS) return false;
    if (chosen.length === lists.length) {
      if (distinct) {
        const key = JSON.stringify([...chosenKeys].sort());
        if (known.has(key)) return true;
        known.add(key);
      }
      found.push([...chosen]);
      return found.length <= most;
    }
    for (const member of lists[chosen.length]) {
      const key = keys.get(member) as string;
      if (distinct && chosenKeys.includes(key)) continue;
      if (!extend([...chosen, member], [...chosenKeys, key])) return false;
    }
    return true;
  }

  return extend([], []) ? found : undefined;
}
