// Vectors as long as the weights, double precision: what L-BFGS does with them. Each function reads and writes every vector once.
//
// Contract and order of sums: src/kernel/vector-kernel.ts.

/** Of each vector, per turn of a loop. */
const TURN_BYTES: usize = 32;

// @ts-ignore: decorator
@inline
function sumOf(low: v128, high: v128): f64 {
  const first = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  return first + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
}

/** Where the last whole turn ends. */
// @ts-ignore: decorator
@inline
function turnsEnd(from: usize, count: u32): usize {
  return from + ((<usize>count & ~3) << 3);
}

// @ts-ignore: decorator
@inline
function add(low: v128, x: f64): v128 {
  return f64x2.replace_lane(low, 0, f64x2.extract_lane(low, 0) + x);
}

export function dotVectors(a: usize, b: usize, count: u32): f64 {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a < end; a += TURN_BYTES, b += TURN_BYTES) {
    low = f64x2.add(low, f64x2.mul(v128.load(a), v128.load(b)));
    high = f64x2.add(high, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  for (; a < past; a += 8, b += 8) low = add(low, load<f64>(a) * load<f64>(b));
  return sumOf(low, high);
}

export function addScaledThenDot(a: usize, scale: f64, b: usize, c: usize, count: u32): f64 {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  const s = f64x2.splat(scale);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a < end; a += TURN_BYTES, b += TURN_BYTES, c += TURN_BYTES) {
    const x = f64x2.add(v128.load(a), f64x2.mul(s, v128.load(b)));
    const y = f64x2.add(v128.load(a, 16), f64x2.mul(s, v128.load(b, 16)));
    v128.store(a, x);
    v128.store(a, y, 16);
    low = f64x2.add(low, f64x2.mul(x, v128.load(c)));
    high = f64x2.add(high, f64x2.mul(y, v128.load(c, 16)));
  }
  for (; a < past; a += 8, b += 8, c += 8) {
    const x = load<f64>(a) + scale * load<f64>(b);
    store<f64>(a, x);
    low = add(low, x * load<f64>(c));
  }
  return sumOf(low, high);
}

export function scaleThenDot(a: usize, scale: f64, b: usize, count: u32): f64 {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  const s = f64x2.splat(scale);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a < end; a += TURN_BYTES, b += TURN_BYTES) {
    const x = f64x2.mul(v128.load(a), s);
    const y = f64x2.mul(v128.load(a, 16), s);
    v128.store(a, x);
    v128.store(a, y, 16);
    low = f64x2.add(low, f64x2.mul(x, v128.load(b)));
    high = f64x2.add(high, f64x2.mul(y, v128.load(b, 16)));
  }
  for (; a < past; a += 8, b += 8) {
    const x = load<f64>(a) * scale;
    store<f64>(a, x);
    low = add(low, x * load<f64>(b));
  }
  return sumOf(low, high);
}

export function addScaled(result: usize, a: usize, scale: f64, b: usize, count: u32): void {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  const s = f64x2.splat(scale);
  for (; a < end; a += TURN_BYTES, b += TURN_BYTES, result += TURN_BYTES) {
    v128.store(result, f64x2.add(v128.load(a), f64x2.mul(s, v128.load(b))));
    v128.store(result, f64x2.add(v128.load(a, 16), f64x2.mul(s, v128.load(b, 16))), 16);
  }
  for (; a < past; a += 8, b += 8, result += 8) store<f64>(result, load<f64>(a) + scale * load<f64>(b));
}

export function multiplyVectors(result: usize, a: usize, b: usize, count: u32): void {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  for (; a < end; a += TURN_BYTES, b += TURN_BYTES, result += TURN_BYTES) {
    v128.store(result, f64x2.mul(v128.load(a), v128.load(b)));
    v128.store(result, f64x2.mul(v128.load(a, 16), v128.load(b, 16)), 16);
  }
  for (; a < past; a += 8, b += 8, result += 8) store<f64>(result, load<f64>(a) * load<f64>(b));
}

export function divideVector(result: usize, a: usize, divisor: f64, count: u32): void {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  const d = f64x2.splat(divisor);
  for (; a < end; a += TURN_BYTES, result += TURN_BYTES) {
    v128.store(result, f64x2.div(v128.load(a), d));
    v128.store(result, f64x2.div(v128.load(a, 16), d), 16);
  }
  for (; a < past; a += 8, result += 8) store<f64>(result, load<f64>(a) / divisor);
}

export function largestSize(a: usize, count: u32): f64 {
  const past = a + (<usize>count << 3);
  const end = turnsEnd(a, count);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a < end; a += TURN_BYTES) {
    low = f64x2.max(low, f64x2.abs(v128.load(a)));
    high = f64x2.max(high, f64x2.abs(v128.load(a, 16)));
  }
  for (; a < past; a += 8) low = f64x2.max(low, f64x2.abs(f64x2.splat(load<f64>(a))));
  low = f64x2.max(low, high);
  return max(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
}

export function takeSums(from: usize, stride: usize, sums: usize, sumStride: usize, count: u32): void {
  for (; count > 0; count--, from += stride, sums += sumStride) {
    store<f64>(sums, load<f64>(sums) + load<f64>(from));
    store<f64>(from, 0);
  }
}
