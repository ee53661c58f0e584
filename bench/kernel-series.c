/*
 * Logistic stage 1 on dense rows as assembly/sgd-dense.ts and assembly/sgd-dense-sweeps.ts do it, formula for formula, in C with
 * AVX2 and fused multiplications and additions: what those files would be with eight lanes and an optimising compiler. Their
 * comments explain the formulas. No L1 penalty, and L2 penalties so slight that they are applied every 64 steps.
 */
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#include "kernel-loss.h"

#define SQRT2 1.4142135623730951

/* e^x as assembly/link.ts has it: relative error below 3e-9. */
static inline double exponential(double x) {
  x = x < 700 ? x : 700;
  x = x > -700 ? x : -700;
  const double scaled = x * 1.4426950408889634;
  const double shifted = scaled + 6755399441055744.0;
  const double f = scaled - (shifted - 6755399441055744.0);
  const double f2 = f * f;
  const double low =
      1.0000000005541665 + f * 0.69314720573726729 + f2 * (0.24022646890634122 + f * 0.055503287769656205);
  const double high = 0.009618488957126619 + f * 0.0013399931219156391 + f2 * 0.00015345811998534185;
  int64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (int64_t)((uint64_t)(bits + 1023) << 52);
  double power;
  memcpy(&power, &bits, 8);
  return (low + f2 * f2 * high) * power;
}

static inline double logisticCurvature(double p, double omega) {
  const double h = p * (p > 0.5 ? p : 1 - p);
  return omega * (h > 0.01 ? h : 0.01);
}

__attribute__((noinline)) static double iterated(double u, double z, double b, double s) {
  double d = (z * (1 + b)) / (1 + b * (2 + 0.5 * z));
  if (d > 4) {
    const double bound = (u < 0 ? -u : 0) + log(1 + s);
    if (d > bound) d = bound;
  }
  for (int i = 0; i < 40; i++) {
    const double x = exponential(u + d), dx = d * x;
    const double f = d - s + dx, f1 = 1 + x + dx, f2 = 2 * x + dx, f3 = 3 * x + dx, a = f1 * f1, c = f * f2;
    const double change = (f * (2 * a - c)) / (2 * f1 * (a - c) + f * f * f3 * (1.0 / 3.0)), square = change * change;
    d -= change;
    if (square * square <= 1e-3 * d) break;
  }
  return d;
}

static inline double implicitLogistic(double y, double u, double p, double s) {
  const double z = s * p, b = z * (1 - p);
  if (z > 0.5) return (-y / s) * iterated(u, z, b, s);
  const double above = 1 + b * (3.0193980 + 0.85982682 * z + 0.94930377 * b);
  const double below =
      1 + b * (4.0185340 + z * (1.3663371 + 0.17247626 * z) + b * (2.9733987 + 0.75794293 * z));
  return (-y * p * above) / below;
}

/* q = 1 / sqrt(2 (4 + S)) */
static inline __m128 rates(__m128 S) {
  const __m256d a = _mm256_add_pd(_mm256_cvtps_pd(S), _mm256_set1_pd(4));
  return _mm256_cvtpd_ps(_mm256_div_pd(_mm256_set1_pd(1), _mm256_sqrt_pd(_mm256_add_pd(a, a))));
}

static void openRates(const float *S, float *q, int width) {
  for (int j = 0; j < width; j += 4) _mm_storeu_ps(q + j, rates(_mm_loadu_ps(S + j)));
}

/* S = 1 / (2 q^2) - 4 where q has changed */
static void closeRates(float *S, const float *q, int width) {
  for (int j = 0; j < width; j += 4) {
    const __m128 old = _mm_loadu_ps(S + j), rate = _mm_loadu_ps(q + j);
    const __m256d r = _mm256_cvtps_pd(rate);
    const __m128 sum = _mm256_cvtpd_ps(
        _mm256_sub_pd(_mm256_div_pd(_mm256_set1_pd(0.5), _mm256_mul_pd(r, r)), _mm256_set1_pd(4)));
    _mm_storeu_ps(S + j, _mm_blendv_ps(sum, old, _mm_cmpeq_ps(rate, rates(old))));
  }
}

static inline float sumLanes(__m256 a) {
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
  b = _mm_add_ps(b, _mm_movehl_ps(b, b));
  return _mm_cvtss_f32(_mm_add_ss(b, _mm_shuffle_ps(b, b, 1)));
}

/* What the next step needs: w . x, sum q x^2, sum q^3 x^4, and the largest p^2 of each lane. */
typedef struct { __m256 margin, s, bend, most; } Sums;
typedef struct { float margin, s, bend; __m256 most; } Seen;

static inline Sums noSums(void) {
  const __m256 zero = _mm256_setzero_ps();
  return (Sums){zero, zero, zero, zero};
}

/* Adds eight features n of the row looked at, of weights w and rates q; writes p. */
static inline void addFeatures(Sums *sums, __m256 w, __m256 q, __m256 n, float *p) {
  const __m256 qn = _mm256_mul_ps(q, n), share = _mm256_mul_ps(qn, n), square = _mm256_mul_ps(qn, qn);
  _mm256_storeu_ps(p, qn);
  sums->margin = _mm256_fmadd_ps(w, n, sums->margin);
  sums->s = _mm256_add_ps(sums->s, share);
  sums->bend = _mm256_fmadd_ps(share, square, sums->bend);
  sums->most = _mm256_max_ps(square, sums->most);
}

static inline Seen total(Sums a, Sums b) {
  return (Seen){sumLanes(_mm256_add_ps(a.margin, b.margin)), sumLanes(_mm256_add_ps(a.s, b.s)),
                sumLanes(_mm256_add_ps(a.bend, b.bend)), _mm256_max_ps(a.most, b.most)};
}

static Seen look(const float *x, const float *w, const float *q, float *p, int width) {
  Sums sums = noSums();
  for (int j = 0; j < width; j += 8)
    addFeatures(&sums, _mm256_loadu_ps(w + j), _mm256_loadu_ps(q + j), _mm256_loadu_ps(x + j), p + j);
  return total(sums, noSums());
}

static inline int changesMuch(__m256 h, __m256 most) {
  return _mm256_movemask_ps(_mm256_cmp_ps(_mm256_mul_ps(h, most), _mm256_set1_ps(0.0078125f), _CMP_GT_OQ));
}

__attribute__((noinline)) static float curve(float h, const float *x, float *q, float *p, int width) {
  const __m256 twice = _mm256_set1_ps(h + h), one = _mm256_set1_ps(1);
  __m256 sum = _mm256_setzero_ps();
  for (int j = 0; j < width; j += 8) {
    const __m256 old = _mm256_loadu_ps(p + j);
    const __m256 factor =
        _mm256_div_ps(one, _mm256_sqrt_ps(_mm256_fmadd_ps(twice, _mm256_mul_ps(old, old), one)));
    const __m256 qx = _mm256_mul_ps(old, factor);
    _mm256_storeu_ps(q + j, _mm256_mul_ps(_mm256_loadu_ps(q + j), factor));
    _mm256_storeu_ps(p + j, qx);
    sum = _mm256_fmadd_ps(qx, _mm256_loadu_ps(x + j), sum);
  }
  return sumLanes(sum);
}

static void fade(float t1, float *w, float *D, const float *b, const float *q, int width) {
  const __m256 steps = _mm256_set1_ps(64), t1s = _mm256_set1_ps(t1);
  for (int j = 0; j < width; j += 8) {
    const __m256 old = _mm256_loadu_ps(w + j), decay = _mm256_mul_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(b + j));
    const __m256 change = _mm256_mul_ps(_mm256_mul_ps(steps, old), decay);
    _mm256_storeu_ps(w + j, _mm256_sub_ps(old, change));
    _mm256_storeu_ps(D + j, _mm256_fnmadd_ps(t1s, change, _mm256_loadu_ps(D + j)));
  }
}

/* The update of the row that p belongs to, and `look` at row `next`, sixteen features at a time. */
static inline Seen updateThenLook(__m256 h, float step, float t1, const float *next, float *w, float *D, float *q,
                                  float *p, int width) {
  const __m256 one = _mm256_set1_ps(1), middle = _mm256_set1_ps(0.816496580927726f);
  const __m256 us = _mm256_mul_ps(h, _mm256_set1_ps(1.224744871391589f));
  const __m256 steps = _mm256_set1_ps(step), t1s = _mm256_set1_ps(t1);
  Sums sums[2] = {noSums(), noSums()};
  for (int j = 0; j < width; j += 16)
    for (int k = 0; k < 2; k++) {
      const int at = j + 8 * k;
      const __m256 old = _mm256_loadu_ps(p + at), u = _mm256_mul_ps(us, _mm256_mul_ps(old, old));
      const __m256 factor = _mm256_fnmadd_ps(u, _mm256_sub_ps(middle, u), one);
      const __m256 rate = _mm256_mul_ps(_mm256_loadu_ps(q + at), factor);
      const __m256 change = _mm256_mul_ps(_mm256_mul_ps(steps, old), factor);
      const __m256 weight = _mm256_sub_ps(_mm256_loadu_ps(w + at), change);
      _mm256_storeu_ps(q + at, rate);
      _mm256_storeu_ps(w + at, weight);
      _mm256_storeu_ps(D + at, _mm256_fnmadd_ps(t1s, change, _mm256_loadu_ps(D + at)));
      addFeatures(sums + k, weight, rate, _mm256_loadu_ps(next + at), p + at);
    }
  return total(sums[0], sums[1]);
}

/* width: a multiple of 16; weights: c, w, S, D; scratch: f32[3 width]. Steps count from 1. */
double trainDenseSeries(const char *image, const uint32_t *rows, int rowCount, int width, float *weights, float l2,
                        float *scratch) {
  float *w = weights + width, *S = w + width, *D = S + width, *b = scratch, *q = b + width, *p = q + width;
  for (int j = 0; j < width; j++) b[j] = (float)(SQRT2 * l2) * weights[j];
  openRates(S, q, width);
  const float *x = (const float *)(image + rows[0]) + 4;
  Seen seen = look(x, w, q, p, width);
  openLosses();
  for (int i = 0; i < rowCount; i++) {
    const float t1 = (float)i;
    if ((i + 1) % 64 == 0) fade(t1, w, D, b, q, width);
    const double target = x[-4], omega = x[-3];
    const float *next = i + 1 < rowCount ? (const float *)(image + rows[i + 1]) + 4 : x;
    if (omega == 0) {
      seen = look(next, w, q, p, width);
      x = next;
      continue;
    }
    const double u = target * seen.margin, odds = exponential(-u), wrong = odds / (1 + odds);
    const double h = logisticCurvature(wrong, omega), scale = SQRT2 * omega;
    __m256 hs = _mm256_set1_ps((float)h);
    double s = scale * (seen.s - h * seen.bend);
    if (changesMuch(hs, seen.most)) {
      s = scale * curve((float)h, x, q, p, width);
      hs = _mm256_setzero_ps();
    }
    addLogisticLoss(u, odds, omega);
    const double ag = implicitLogistic(target * scale, u, wrong, s);
    seen = updateThenLook(hs, (float)ag, t1, next, w, D, q, p, width);
    x = next;
  }
  closeRates(S, q, width);
  return closeLosses();
}
