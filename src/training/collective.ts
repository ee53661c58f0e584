import type { ModelType } from '../model/types.js';
import type { Penalty } from './penalty.js';
import type { Preconditioner } from './preconditioner.js';
import type { SampledRows } from './sampled-rows.js';
import type { Vectors } from './vectors.js';

/** So many rows with the mean move count beside the sampled ones that contain a feature: of rare features the sample tells little. */
const MEAN_ROWS = 3;

/** What the collective direction is made of. */
export interface CollectiveInput {
  readonly vectors: Vectors;
  /** Where the second derivatives are taken; one output. */
  readonly weights: Float64Array;
  /** The diagonal of the Hessian there, without penalties. */
  readonly curvature: Float64Array;
  readonly penalty: Penalty;
  /** Sparse rows. */
  readonly sample: SampledRows;
  readonly type: ModelType;
}

/**
 * A preconditioner P that does not see how features act together, with the Hessian along one direction put right: that in which
 * all features move at once.
 *
 * Where rows contain many features of which none is frequent, as texts do, H is close to a diagonal but along s = P diag(H), where
 * its curvature is as many times that of P^-1 as a row has features that the penalty leaves free: along all other directions the
 * two are within a small factor. With y = Hs
 *
 *     P' = (I - s y'/s'y) P (I - y s'/s'y) + s s'/s'y
 *
 * which is the update of BFGS by a step s, and maps y to s.
 *
 * Of y the rows that contain feature j tell (Hs)_j = h_j u_j, u_j the mean of x's over them, each times l'': that mean is taken
 * from the sample, h_j from `curvature`.
 *
 * Nicolaides, Deflation of Conjugate Gradients (1987); Nocedal, Wright, Numerical Optimization, section 6.1
 *
 * @throws the signal's reason when it is aborted
 */
export async function collectivePreconditioner(
  precondition: Preconditioner,
  input: CollectiveInput,
): Promise<Preconditioner> {
  const { vectors, curvature, penalty, sample, type, weights } = input;
  const step = vectors.take();
  const change = vectors.copy(curvature);
  precondition(change, step);
  const { products, diagonal, move, curvature: mean } = await sample.curvatureProducts(type, weights, step);
  const fill = MEAN_ROWS * mean;
  for (let i = 0; i < change.length; i++) {
    const rows = diagonal[i] + fill;
    change[i] = rows > 0 ? (curvature[i] * (products[i] + fill * move)) / rows : 0;
  }
  penalty.smoothGradient(vectors, step, change, change);
  const product = vectors.dot(step, change);
  if (!(product > 0)) {
    vectors.give(step, change);
    return precondition;
  }
  const rest = vectors.take();
  return (vector, result) => {
    const along = vectors.dot(step, vector) / product;
    vectors.addScaled(rest, vector, -along, change);
    precondition(rest, result);
    vectors.addScaled(result, result, along - vectors.dot(change, result) / product, step);
  };
}
