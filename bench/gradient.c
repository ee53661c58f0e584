/*
 * The gradient passes of assembly/gradient-*.ts in plain C, for bench/gradient.ts: the same sums in double precision, one row
 * at a time, as one would write them; the compiler may vectorise, and fuse multiplications and additions.
 *
 *   gradient <image> dense|sparse|softmax <rowCount> <width> <outputs> <rows> <records> <recordBytes>
 *
 * image: the kernel memory from address 0. The weights stand in the records; gradients are cleared before a pass. Reads commands
 * from stdin:
 *   r          one pass; prints "<nanoseconds> <loss>"
 *   w <file>   writes the records after the last pass; prints "ok"
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double logistic(double u, double *p) {
  const double e = exp(-fabs(u));
  *p = u >= 0 ? e / (1 + e) : 1 / (1 + e);
  return (u < 0 ? -u : 0) + log1p(e);
}

__attribute__((noinline)) static double dense(const char *image, const uint32_t *rows, int rowCount, int width,
                                              const double *restrict w, double *restrict g) {
  double loss = 0;
  for (int i = 0; i < rowCount; i++) {
    const float *row = (const float *)(image + rows[i]), *x = row + 4;
    double m = 0, p;
    for (int j = 0; j < width; j++) m += w[j] * x[j];
    loss += row[1] * logistic(row[0] * m, &p);
    const double scale = -row[1] * row[0] * p;
    for (int j = 0; j < width; j++) g[j] += scale * x[j];
  }
  return loss;
}

typedef struct { double w, g; } Record;

__attribute__((noinline)) static double sparse(const char *image, const uint32_t *rows, int rowCount,
                                               Record *restrict records) {
  double loss = 0;
  for (int i = 0; i < rowCount; i++) {
    const float *row = (const float *)(image + rows[i]);
    const uint32_t *indices = (const uint32_t *)row + 4, count = 4 * ((const uint32_t *)row)[1];
    double m = 0, p;
    for (uint32_t j = 0; j < count; j++) m += records[indices[j]].w;
    loss += row[2] * logistic(row[0] * m, &p);
    const double scale = -row[2] * row[0] * p;
    for (uint32_t j = 0; j < count; j++) records[indices[j]].g += scale;
  }
  return loss;
}

__attribute__((noinline)) static double softmax(const char *image, const uint32_t *rows, int rowCount, int width,
                                                int outputs, const double *restrict w, double *restrict g) {
  double loss = 0, m[128];
  for (int i = 0; i < rowCount; i++) {
    const float *row = (const float *)(image + rows[i]), *x = row + 4;
    double top = -INFINITY, sum = 0;
    for (int k = 0; k < outputs; k++) {
      m[k] = 0;
      for (int j = 0; j < width; j++) m[k] += w[k * width + j] * x[j];
      if (m[k] > top) top = m[k];
    }
    const int label = (int)row[0];
    const double chosen = m[label];
    for (int k = 0; k < outputs; k++) sum += m[k] = exp(m[k] - top);
    loss += row[1] * (log(sum) + top - chosen);
    for (int k = 0; k < outputs; k++) {
      const double scale = row[1] * (m[k] / sum - (k == label));
      for (int j = 0; j < width; j++) g[k * width + j] += scale * x[j];
    }
  }
  return loss;
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  const size_t bytes = (size_t)ftell(file);
  rewind(file);
  char *image = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (!image || fread(image, 1, bytes, file) != bytes) return 1;
  fclose(file);
  const char form = argv[2][1];
  const int rowCount = atoi(argv[3]), width = atoi(argv[4]), outputs = atoi(argv[5]);
  const uint32_t *rows = (const uint32_t *)(image + strtoul(argv[6], 0, 10));
  char *records = image + strtoul(argv[7], 0, 10);
  const size_t recordBytes = strtoul(argv[8], 0, 10);
  double *w = (double *)records, *g = w + (size_t)width * outputs;

  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    if (line[0] == 'r') {
      if (form == 'p') for (size_t j = 0; j < recordBytes / sizeof(Record); j++) ((Record *)records)[j].g = 0;
      else memset(g, 0, recordBytes / 2);
      struct timespec start, end;
      clock_gettime(CLOCK_MONOTONIC, &start);
      const double loss = form == 'e'   ? dense(image, rows, rowCount, width, w, g)
                          : form == 'p' ? sparse(image, rows, rowCount, (Record *)records)
                                        : softmax(image, rows, rowCount, width, outputs, w, g);
      clock_gettime(CLOCK_MONOTONIC, &end);
      printf("%.0f %.17g\n", (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec), loss);
    } else if (line[0] == 'w') {
      line[strcspn(line, "\n")] = 0;
      FILE *out = fopen(line + 2, "wb");
      if (!out || fwrite(records, 1, recordBytes, out) != recordBytes) return 1;
      fclose(out);
      puts("ok");
    }
    fflush(stdout);
  }
  return 0;
}
