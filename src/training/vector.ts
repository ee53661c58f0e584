// Sums of products are taken in four sums side by side, element i in sum i % 4.

/** sum a b */
export function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

/** a += scale b, in place; returns sum a c. */
export function addScaledThenDot(a: Float64Array, scale: number, b: Float64Array, c: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    const a0 = a[i] + scale * b[i];
    const a1 = a[i + 1] + scale * b[i + 1];
    const a2 = a[i + 2] + scale * b[i + 2];
    const a3 = a[i + 3] + scale * b[i + 3];
    a[i] = a0;
    a[i + 1] = a1;
    a[i + 2] = a2;
    a[i + 3] = a3;
    s0 += a0 * c[i];
    s1 += a1 * c[i + 1];
    s2 += a2 * c[i + 2];
    s3 += a3 * c[i + 3];
  }
  for (; i < a.length; i++) {
    a[i] += scale * b[i];
    s0 += a[i] * c[i];
  }
  return s0 + s1 + (s2 + s3);
}

/** a *= scale, in place; returns sum a b. */
export function scaleThenDot(a: Float64Array, scale: number, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    const a0 = a[i] * scale;
    const a1 = a[i + 1] * scale;
    const a2 = a[i + 2] * scale;
    const a3 = a[i + 3] * scale;
    a[i] = a0;
    a[i + 1] = a1;
    a[i + 2] = a2;
    a[i + 3] = a3;
    s0 += a0 * b[i];
    s1 += a1 * b[i + 1];
    s2 += a2 * b[i + 2];
    s3 += a3 * b[i + 3];
  }
  for (; i < a.length; i++) {
    a[i] *= scale;
    s0 += a[i] * b[i];
  }
  return s0 + s1 + (s2 + s3);
}

/** a = -a, in place. */
export function negate(a: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = -a[i];
}

/** a = -(a + scale b), in place. */
export function subtractFromOpposite(a: Float64Array, scale: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = -(a[i] + scale * b[i]);
}

/** a - b */
export function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] - b[i];
  return result;
}

/** The largest absolute element; NaN if one is. */
export function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]));
  return most;
}
