const LANES = 16;
const ROWS = 32;
/** The kernel's shuffle puts 0 where a lane is out of range. */
const NO_LANE = 0x80;

/**
 * Lanes that hold the digits of a decimal, for a vector that begins with its `count` characters: [count][whole] moves them to
 * the end, the one before which there are `whole` digits, the point, left out. `whole` = `count`: there is no point. A point
 * without digits is kept, so that it is no number.
 *
 * @returns u8[17][32][16]
 */
export function digitShuffles(): Uint8Array {
  const shuffles = new Uint8Array((LANES + 1) * ROWS * LANES).fill(NO_LANE);
  for (let count = 1; count <= LANES; count++) {
    for (let whole = 0; whole <= count; whole++) {
      const lanes = Array.from({ length: count }, (_, lane) => lane).filter((lane) => lane !== whole || count === 1);
      shuffles.set(lanes, (count * ROWS + whole + 1) * LANES - lanes.length);
    }
  }
  return shuffles;
}
