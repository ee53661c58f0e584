// Numbers written with leading zeros, such as 007: codes, not quantities.

/**
 * Whether a 0 that is followed by a digit begins a field, behind white space, a quote and a sign if there are any. Where the
 * fields begin is not known, so that the answer may be true because of something else: a time of day behind a date.
 *
 * @param start the two bytes before it tell whether a field begins there
 * @param end 16 bytes from here on are readable and hold no digit
 */
export function csvHoldsLeadingZero(start: usize, end: usize): bool {
  for (let p = start; p < end; p += 16) {
    const zeros = i8x16.eq(v128.load(p), i8x16.splat(48));
    const digits = i8x16.lt_u(i8x16.sub(v128.load(p, 1), i8x16.splat(48)), i8x16.splat(10));
    const pairs = v128.and(zeros, digits);
    if (!v128.any_true(pairs)) continue;
    const before = v128.load(p - 1);
    const signs = v128.or(i8x16.eq(before, i8x16.splat(43)), i8x16.eq(before, i8x16.splat(45)));
    const begins = v128.or(mayBegin(before), v128.and(signs, mayBegin(v128.load(p - 2))));
    if (v128.any_true(v128.and(pairs, begins))) return true;
  }
  return false;
}

/** Bytes that a field or its content begins behind: white space, quote, comma; and all that control, which costs nothing. */
// @ts-ignore: decorator
@inline
function mayBegin(before: v128): v128 {
  const spaces = i8x16.lt_u(before, i8x16.splat(33));
  return v128.or(spaces, v128.or(i8x16.eq(before, i8x16.splat(34)), i8x16.eq(before, i8x16.splat(44))));
}
