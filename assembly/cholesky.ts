// Cholesky factors of the blocks of the Hessian, f64[size][size] row major, in place: A = L L'.

/** Sum of a b over `bytes` of each, even and odd elements apart. */
// @ts-ignore: decorator
@inline
function product(a: usize, b: usize, bytes: usize): f64 {
  let sums = f64x2.splat(0);
  const end = a + (bytes & ~15);
  for (; a < end; a += 16, b += 16) sums = f64x2.add(sums, f64x2.mul(v128.load(a), v128.load(b)));
  let even = f64x2.extract_lane(sums, 0);
  if (bytes & 8) even += load<f64>(a) * load<f64>(b);
  return even + f64x2.extract_lane(sums, 1);
}

export function factorise(matrix: usize, size: i32, least: f64): void {
  const bytes = (<usize>size) << 3;
  const end = matrix + <usize>size * bytes;
  let floor: f64 = 0;
  for (let at = matrix; at < end; at += bytes + 8) floor = max(floor, load<f64>(at));
  floor = floor > 0 ? floor * least : 1;
  let i: usize = 0;
  for (let row = matrix; row < end; row += bytes, i += 8) {
    let j: usize = 0;
    for (let other = matrix; other < row; other += bytes, j += 8) {
      store<f64>(row + j, (load<f64>(row + j) - product(row, other, j)) / load<f64>(other + j));
    }
    store<f64>(row + i, sqrt(max(floor, load<f64>(row + i) - product(row, row, i))));
  }
}

export function solve(factor: usize, size: i32, b: usize): void {
  const bytes = (<usize>size) << 3;
  let row = factor;
  for (let i: usize = 0; i < bytes; i += 8, row += bytes) {
    store<f64>(b + i, (load<f64>(b + i) - product(row, b, i)) / load<f64>(row + i));
  }
  for (let i = bytes; i > 0; ) {
    i -= 8;
    row -= bytes;
    const x = load<f64>(b + i) / load<f64>(row + i);
    store<f64>(b + i, x);
    for (let j: usize = 0; j < i; j += 8) store<f64>(b + j, load<f64>(b + j) - load<f64>(row + j) * x);
  }
}
