/*
 * The logistic kernels of stage 1 in C, for bench/kernel.ts: dense rows with AVX2, sparse ones scalar, with and without
 * prefetching the next row's weights. Same memory layout as assembly/sgd-dense.ts and assembly/sgd-sparse.ts, single precision
 * weights, scalar code in double; the compiler may fuse multiplications and additions, which WebAssembly may not. The formulas
 * are those of the algorithm as they stand: of a dense row the rates by root and quotient in a sweep of their own, the penalty at
 * each step, and the implicit step by iteration. assembly/sgd-dense.ts gets the same numbers by other ways: kernel-series.c, in C.
 *
 *   kernel <image> dense|series|sparse|prefetching <rowCount> <width> <rows> <weights> <weightBytes> <l2> <scratchBytes>
 *
 * image: the kernel memory from address 0, so that addresses of the image are offsets. Reads commands from stdin:
 *   r          one pass from the weights of the image; prints "<nanoseconds> <loss>"
 *   w <file>   writes the weights of the last pass; prints "ok"
 */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel-loss.h"

typedef struct { float w, S, D, c; } Record;

double trainDenseSeries(const char *image, const uint32_t *rows, int rowCount, int width, float *weights, float l2,
                        float *scratch);

static inline double exponential(double x) {
  x = x < 700 ? x : 700;
  x = x > -700 ? x : -700;
  const double scaled = x * 1.4426950408889634;
  const double shifted = scaled + 6755399441055744.0;
  const double f = scaled - (shifted - 6755399441055744.0);
  const double f2 = f * f;
  const double low = 1.0 + f * 0.6931471805599453 + f2 * (0.2402265069591007 + f * 0.05550410866482158);
  const double high =
      0.009618129107628477 + f * 0.0013333558146428443 + f2 * (0.00015403530393381608 + f * 0.000015252733804059841);
  int64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (int64_t)((uint64_t)(bits + 1023) << 52);
  double power;
  memcpy(&power, &bits, 8);
  return (low + f2 * f2 * high) * power;
}

static inline float logisticCurvature(double p, float omega) {
  const double spread = p * (1 - p), square = p * p;
  const double h = spread > square ? spread : square;
  return omega * (float)(h > 0.01 ? h : 0.01);
}

static inline double implicitLogistic(double y, double u, double p, double s) {
  const double full = s * p;
  if (!(full > 1e-30)) return -y * p;
  const double scale = -y / s;
  const double bend = full * (1 - p);
  double d = (full * (1 + bend)) / (1 + bend * (2 + 0.5 * full));
  if (full > 0.5 || bend * (full * full) > 1.2e-4) {
    if (d > 4) {
      const double bound = (u < 0 ? -u : 0) + log(1 + s);
      if (d > bound) d = bound;
    }
    for (int i = 0; i < 40; i++) {
      const double x = exponential(u + d), dx = d * x;
      const double f = d - s + dx, f1 = 1 + x + dx, f2 = 2 * x + dx, f3 = 3 * x + dx, a = f1 * f1, b = f * f2;
      const double change = f * (2 * a - b) / (2 * f1 * (a - b) + f * f * f3 * (1.0 / 3.0)), square = change * change;
      d -= change;
      if (square * square <= 1e-3 * d) break;
    }
  }
  return d * scale;
}

/* dense, AVX2 */

static inline float sumLanes(__m256 a, __m256 b, __m256 c, __m256 d) {
  const __m256 e = _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
  __m128 f = _mm_add_ps(_mm256_castps256_ps128(e), _mm256_extractf128_ps(e, 1));
  f = _mm_add_ps(f, _mm_movehl_ps(f, f));
  return _mm_cvtss_f32(_mm_add_ss(f, _mm_shuffle_ps(f, f, 1)));
}

static inline float dot(const float *w, const float *x, int width) {
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  for (int j = 0; j < width; j += 32)
    for (int k = 0; k < 4; k++)
      sums[k] = _mm256_add_ps(sums[k], _mm256_mul_ps(_mm256_loadu_ps(w + j + 8 * k), _mm256_loadu_ps(x + j + 8 * k)));
  return sumLanes(sums[0], sums[1], sums[2], sums[3]);
}

static inline float curve(float h, float l2, const float *x, const float *c, float *S, float *fade, float *move, int width) {
  const __m256 hs = _mm256_set1_ps(h), l2s = _mm256_set1_ps(l2), one = _mm256_set1_ps(1), four = _mm256_set1_ps(4);
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  for (int j = 0; j < width; j += 32)
    for (int k = 0; k < 4; k++) {
      const int at = j + 8 * k;
      const __m256 value = _mm256_loadu_ps(x + at), square = _mm256_mul_ps(value, value);
      const __m256 sum = _mm256_add_ps(_mm256_loadu_ps(S + at), _mm256_mul_ps(hs, square));
      _mm256_storeu_ps(S + at, sum);
      const __m256 a = _mm256_add_ps(sum, four), q = _mm256_sqrt_ps(a);
      const __m256 present = _mm256_and_ps(_mm256_loadu_ps(c + at), _mm256_cmp_ps(value, _mm256_setzero_ps(), _CMP_NEQ_UQ));
      const __m256 b = _mm256_mul_ps(l2s, present), qb = _mm256_mul_ps(q, b);
      const __m256 inverse = _mm256_div_ps(one, _mm256_add_ps(a, qb));
      const __m256 faded = _mm256_mul_ps(qb, inverse);
      const __m256 rx = _mm256_mul_ps(_mm256_mul_ps(_mm256_add_ps(q, b), value), inverse);
      _mm256_storeu_ps(fade + at, faded);
      _mm256_storeu_ps(move + at, _mm256_sub_ps(rx, _mm256_mul_ps(rx, faded)));
      sums[k] = _mm256_add_ps(sums[k], _mm256_mul_ps(rx, value));
    }
  return sumLanes(sums[0], sums[1], sums[2], sums[3]);
}

static inline float updateThenDot(float ag, float t1, const float *next, float *w, float *D, const float *fade,
                                  const float *move, int width) {
  const __m256 ags = _mm256_set1_ps(ag), t1s = _mm256_set1_ps(t1);
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  for (int j = 0; j < width; j += 32)
    for (int k = 0; k < 4; k++) {
      const int at = j + 8 * k;
      const __m256 old = _mm256_loadu_ps(w + at);
      const __m256 faded = _mm256_mul_ps(old, _mm256_loadu_ps(fade + at));
      const __m256 v = _mm256_sub_ps(old, _mm256_add_ps(faded, _mm256_mul_ps(ags, _mm256_loadu_ps(move + at))));
      _mm256_storeu_ps(w + at, v);
      _mm256_storeu_ps(D + at, _mm256_add_ps(_mm256_loadu_ps(D + at), _mm256_mul_ps(t1s, _mm256_sub_ps(v, old))));
      sums[k] = _mm256_add_ps(sums[k], _mm256_mul_ps(v, _mm256_loadu_ps(next + at)));
    }
  return sumLanes(sums[0], sums[1], sums[2], sums[3]);
}

__attribute__((noinline)) static double trainDense(const char *image, const uint32_t *rows, int rowCount, int width,
                                                   float *weights, float l2, float *fade) {
  float *w = weights + width, *S = w + width, *D = S + width, *move = fade + width;
  const float *x = (const float *)(image + rows[0]) + 4;
  double margin = dot(w, x, width);
  openLosses();
  for (int i = 0; i < rowCount; i++) {
    const double target = x[-4];
    const float omega = x[-3];
    const float *next = i + 1 < rowCount ? (const float *)(image + rows[i + 1]) + 4 : x;
    if (omega == 0) {
      margin = dot(w, next, width);
      x = next;
      continue;
    }
    const double u = target * margin, odds = exponential(-u), p = odds / (1 + odds);
    addLogisticLoss(u, odds, omega);
    const double s = curve(logisticCurvature(p, omega), l2, x, weights, S, fade, move, width);
    const double ag = omega * implicitLogistic(target, u, p, omega * s);
    margin = updateThenDot((float)ag, (float)i, next, w, D, fade, move, width);
    x = next;
  }
  return closeLosses();
}

/* sparse, scalar, values all 1 */

static inline double trainSparse(int prefetch, const char *image, const uint32_t *rows, int rowCount, Record *weights,
                                 float l2, float *r) {
  openLosses();
  for (int i = 0; i < rowCount; i++) {
    const char *row = image + rows[i];
    const double target = *(const float *)row;
    const float omega = ((const float *)row)[2];
    if (omega == 0) continue;
    const uint32_t count = 4 * *(const uint32_t *)(row + 4), *indices = (const uint32_t *)(row + 16);
    float sum = 0;
    for (uint32_t j = 0; j < count; j++) sum += weights[indices[j]].w;
    if (prefetch) {
      const uint32_t *next = (const uint32_t *)(image + rows[i + 1 < rowCount ? i + 1 : i]);
      for (uint32_t j = 0; j < 4 * next[1]; j++) __builtin_prefetch(weights + next[4 + j]);
    }
    const double u = target * sum, odds = exponential(-u), p = odds / (1 + odds);
    addLogisticLoss(u, odds, omega);
    const float h = logisticCurvature(p, omega);
    float s = 0;
    for (uint32_t j = 0; j < count; j++) {
      Record *record = weights + indices[j];
      const float S = record->S + h;
      record->S = S;
      r[j] = 1 / sqrtf(4 + S);
      s += r[j];
    }
    const float ag = (float)(omega * implicitLogistic(target, u, p, omega * s)), t1 = (float)i;
    for (uint32_t j = 0; j < count; j++) {
      Record *record = weights + indices[j];
      const float old = record->w, v = (old - ag * r[j]) / (1 + r[j] * record->c * l2);
      record->D += t1 * (v - old);
      record->w = v;
    }
    weights[0] = (Record){0, 1e30f, 0, 0};
  }
  return closeLosses();
}

__attribute__((noinline)) static double trainPlain(const char *image, const uint32_t *rows, int rowCount, Record *weights,
                                                   float l2, float *r) {
  return trainSparse(0, image, rows, rowCount, weights, l2, r);
}

__attribute__((noinline)) static double trainPrefetching(const char *image, const uint32_t *rows, int rowCount,
                                                         Record *weights, float l2, float *r) {
  return trainSparse(1, image, rows, rowCount, weights, l2, r);
}

int main(int argc, char **argv) {
  if (argc != 10) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  const size_t bytes = (size_t)ftell(file);
  rewind(file);
  char *image = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!image || fread(image, 1, bytes, file) != bytes) return 1;
  fclose(file);
  const int dense = !strcmp(argv[2], "dense"), series = !strcmp(argv[2], "series");
  const int prefetching = !strcmp(argv[2], "prefetching");
  const int rowCount = atoi(argv[3]), width = atoi(argv[4]);
  const uint32_t *rows = (const uint32_t *)(image + strtoul(argv[5], 0, 10));
  const char *initial = image + strtoul(argv[6], 0, 10);
  const size_t weightBytes = strtoul(argv[7], 0, 10);
  const float l2 = (float)atof(argv[8]);
  char *weights = aligned_alloc(4096, (weightBytes + 4095) / 4096 * 4096);
  float *scratch = aligned_alloc(4096, (strtoul(argv[9], 0, 10) + 4095) / 4096 * 4096);

  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    if (line[0] == 'r') {
      memcpy(weights, initial, weightBytes);
      struct timespec start, end;
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
      const double loss = dense    ? trainDense(image, rows, rowCount, width, (float *)weights, l2, scratch)
                          : series ? trainDenseSeries(image, rows, rowCount, width, (float *)weights, l2, scratch)
                          : prefetching ? trainPrefetching(image, rows, rowCount, (Record *)weights, l2, scratch)
                                        : trainPlain(image, rows, rowCount, (Record *)weights, l2, scratch);
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
      printf("%.0f %.17g\n", (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec), loss);
    } else if (line[0] == 'w') {
      line[strcspn(line, "\n")] = 0;
      FILE *out = fopen(line + 2, "wb");
      if (!out || fwrite(weights, 1, weightBytes, out) != weightBytes) return 1;
      fclose(out);
      puts("ok");
    }
    fflush(stdout);
  }
  return 0;
}
