// Averages of the weights over steps, without touching weights that do not change: after T steps
//
//   w_1 + .. + w_T = T w_T - D        D = sum over steps s of (s - 1) (w_s - w_(s-1))
//
// Polyak, Juditsky (1992); lazily as in Xu (2011)

/** sum += steps w - D, D = 0 for one weight. */
// @ts-ignore: decorator
@inline
function fold(w: usize, D: usize, steps: f64, sum: usize): void {
  store<f64>(sum, load<f64>(sum) + (steps * <f64>load<f32>(w) - <f64>load<f32>(D)));
  store<f32>(D, 0);
}

export function foldAveragesSparse(weights: usize, featureCount: i32, outputs: i32, steps: u32, sums: usize): void {
  const padded: usize = outputs == 1 ? 4 : ((<usize>outputs + 3) / 4) * 16;
  const recordBytes: usize = outputs == 1 ? 16 : 16 + 3 * padded;
  const first = outputs == 1 ? weights : weights + 16;
  for (let feature = 0; feature < featureCount; feature++) {
    let w = first + <usize>feature * recordBytes;
    for (let k = 0; k < outputs; k++, w += 4, sums += 8) fold(w, w + 2 * padded, <f64>steps, sums);
  }
}

export function foldAveragesDense(weights: usize, width: i32, outputs: i32, steps: u32, sums: usize): void {
  const bytes = (<usize>width) << 2;
  let w = weights + bytes;
  for (let k = 0; k < outputs; k++, w += 2 * bytes) {
    for (let j = 0; j < width; j++, w += 4, sums += 8) fold(w, w + 2 * bytes, <f64>steps, sums);
  }
}
