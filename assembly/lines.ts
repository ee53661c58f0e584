// Lines of batch predictions: the twin of src/prediction/lines.ts and the quick part of src/prediction/format.ts.

const COMMA: u32 = 44;
const POINT: u32 = 46;
const ZERO: u32 = 48;
const LINE_FEED: u32 = 10;

/** Closer than this to half way between two texts, the rounding of the scaled score could decide. */
const DOUBT: f64 = 1e-6;

/**
 * Write one line per row: the label, the answer, the scores.
 *
 * scores    f64[count][outputs]
 * labels    u8[count]  0, 1, or 2: an empty field; 0: no such field
 * answers   1: write 1 where the first score is at least cutOff, else 0; 0: no such field
 * powers    f64[23]    powers of ten
 * to        room for count * (4 + 16 outputs) bytes
 * done      u32        written: rows whose lines are there; the next one has a score that is not written here
 * returns   end of the lines
 */
export function writeLines(
  scores: usize,
  count: i32,
  outputs: i32,
  labels: usize,
  answers: i32,
  cutOff: f64,
  powers: usize,
  to: usize,
  done: usize,
): usize {
  const stride = <usize>outputs << 3;
  let row = 0;
  for (; row < count; row++) {
    let end = to;
    if (labels) {
      const label = <u32>load<u8>(labels + row);
      store<u8>(end, ZERO + label);
      end = put(end + <usize>(label < 2), COMMA);
    }
    if (answers) {
      store<u8>(end, ZERO + <u32>(load<f64>(scores) >= cutOff));
      end = put(end + 1, COMMA);
    }
    const past = scores + stride;
    for (; scores < past; scores += 8) {
      end = writeScore(end, load<f64>(scores), powers);
      if (!end) break;
      end = put(end, COMMA);
    }
    if (!end) break;
    store<u8>(end - 1, LINE_FEED);
    to = end;
  }
  store<u32>(done, row);
  return to;
}

// @ts-ignore: decorator
@inline
function put(at: usize, byte: u32): usize {
  store<u8>(at, byte);
  return at + 1;
}

/** Returns the end, or 0 for a score that the host is to write. */
function writeScore(at: usize, value: f64, powers: usize): usize {
  const single = <f64>(<f32>value);
  const size = abs(single);
  if (size == 0) return put(put(put(at, ZERO), 69), ZERO);
  if (!(size >= 1e-16 && size < 1e16)) return 0;
  let exponent = size < 1 ? -1 : 0;
  if (size < 1) {
    while (size * power(powers, -exponent) < 1) exponent--;
  } else {
    while (size >= power(powers, exponent + 1)) exponent++;
  }
  const shift = 6 - exponent;
  const scaled = shift >= 0 ? size * power(powers, shift) : size / power(powers, -shift);
  const whole = floor(scaled);
  const part = scaled - whole;
  if (abs(part - 0.5) < DOUBT) return 0;
  const digits = part > 0.5 ? whole + 1 : whole;
  if (digits < 1e6 || digits >= 1e7) return 0;
  if (single < 0) at = put(at, 45);
  return writeExponent(writeDigits(at, <u32>digits), exponent);
}

// @ts-ignore: decorator
@inline
function power(powers: usize, exponent: i32): f64 {
  return load<f64>(powers + (<usize>exponent << 3));
}

/** Seven digits, a point behind the first, without trailing zeros. */
// @ts-ignore: decorator
@inline
function writeDigits(at: usize, digits: u32): usize {
  const upper = digits / 10_000;
  const lower = digits - upper * 10_000;
  const first = upper / 100;
  const third = lower / 100;
  store<u8>(at, ZERO + first);
  store<u8>(at, POINT, 1);
  writePair(at + 2, upper - first * 100);
  writePair(at + 4, third);
  writePair(at + 6, lower - third * 100);
  let end = at + 8;
  while (<u32>load<u8>(end - 1) == ZERO) end--;
  return <u32>load<u8>(end - 1) == POINT ? end - 1 : end;
}

// @ts-ignore: decorator
@inline
function writePair(at: usize, pair: u32): void {
  const tens = (pair * 103) >>> 10;
  store<u16>(at, (ZERO + tens) | ((ZERO + pair - tens * 10) << 8));
}

// @ts-ignore: decorator
@inline
function writeExponent(at: usize, exponent: i32): usize {
  at = put(at, 69);
  if (exponent < 0) at = put(at, 45);
  const size = <u32>abs(exponent);
  if (size >= 10) at = put(at, ZERO + 1);
  return put(at, ZERO + (size >= 10 ? size - 10 : size));
}
