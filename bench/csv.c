/*
 * The tokenizer of assembly/csv*.ts for NUMERIC and CATEGORICAL columns in C, for bench/csv.ts: bytes are copied to an input
 * buffer, checked to be UTF-8, their delimiters indexed, digits converted by one shuffle, values looked up by keys of 8
 * bytes; the records of a window column by column, numbers four or two at a time. Vectors have 16 bytes as in WebAssembly, with
 * -DWIDE 32 where they may. Records with quotes end the program.
 *
 *   csv <data> <tables> <kinds>
 *
 * tables: u64[2][651] powers of five, forms u8[17][2][16][32], u8[17][16][32], u8[33][128]; kinds: n or c per column. Reads
 * commands from stdin:
 *   r          one pass; prints "<nanoseconds of CPU time> <rows>"
 *   w <file>   one pass, then the values, column by column: f64 or u32; prints "ok"
 */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUT = 384 * 1024, SLACK = 128, WINDOW = 8192, RECORDS = 64, RECORD = 102400, INDEX = RECORD + WINDOW, BLOCK = 4096 };
enum { START = 32 };

static void fail(const char *message) {
  fprintf(stderr, "csv: %s\n", message);
  exit(1);
}

static uint64_t word(const void *p) {
  uint64_t value;
  memcpy(&value, p, 8);
  return value;
}

/* Columns */

typedef struct {
  char kind;
  int isLong;
  void *values;
  uint32_t *slots;
  uint32_t mask, size, capacity;
  uint32_t *starts;
  uint64_t *keys;
  char *arena;
  uint32_t arenaBytes;
  char *kept;
  size_t keptBytes;
} Column;

static Column *columns;
static uint32_t columnCount;
static double offsets[BLOCK], lineNumbers[BLOCK];
static uint8_t rejected[BLOCK];
static int keeps;

/* Numbers */

static const uint64_t (*powers)[2];
typedef struct { uint8_t lanes[16]; double divisors[2]; } Form;
typedef struct { uint8_t mask[16], lanes[16]; double factors[2][4]; uint8_t free[32]; } LongForm;
static const Form (*shortForms)[2][16], (*forms)[16];
static const LongForm *longForms;

static const double TENS[23] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22};

/* csv-eisel-lemire.ts */
static int normalDouble(uint64_t w, int q, double *value) {
  if (q < -342 || q > 308) return 0;
  const int zeros = __builtin_clzll(w);
  w <<= zeros;
  const unsigned __int128 product = (unsigned __int128)w * powers[q + 342][0];
  uint64_t high = product >> 64, low = product;
  if ((high & 0x1ff) == 0x1ff) {
    const uint64_t more = ((unsigned __int128)w * powers[q + 342][1]) >> 64;
    low += more;
    if (more > low) high++;
  }
  if (low == UINT64_MAX && (q < -27 || q > 55)) return 0;
  const int top = high >> 63;
  uint64_t mantissa = high >> (top + 9);
  int exponent = (((152170 + 65536) * q) >> 16) + 63 + top - zeros + 1023;
  if (exponent <= 0) return 0;
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << (top + 9) == high) mantissa--;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 1ull << 53) {
    mantissa = 1ull << 52;
    exponent++;
  }
  if (exponent >= 2047) return 0;
  const uint64_t bits = (mantissa & ~(1ull << 52)) | (uint64_t)exponent << 52;
  memcpy(value, &bits, 8);
  return 1;
}

static inline int odd(__m128i digits) { return _mm_movemask_epi8(_mm_adds_epu8(digits, _mm_set1_epi8(127 - 9))); }
static inline uint32_t pointsIn(__m128i bytes) { return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))); }

static inline __m128i fourDigits(__m128i digits) {
  const __m128i pairs = _mm_srli_epi16(_mm_mullo_epi16(digits, _mm_set1_epi16(2561)), 8);
  return _mm_madd_epi16(pairs, _mm_set1_epi32(0x10064));
}

static inline __m128i load(const char *p) { return _mm_loadu_si128((const void *)p); }

static inline __m128i ordered(__m128i digits, const uint8_t *lanes) {
  return _mm_shuffle_epi8(digits, _mm_loadu_si128((const void *)lanes));
}

static inline __m128i digitsBy(const Form *form, __m128i bytes) {
  return ordered(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), form->lanes);
}

static inline __m128d pair(const double *a, const double *b) { return _mm_loadh_pd(_mm_load_sd(a), b); }

/* Lanes 0, 2 and 1, 3 */
static inline __m128d even(__m128i values) { return _mm_cvtepi32_pd(_mm_shuffle_epi32(values, _MM_SHUFFLE(2, 0, 2, 0))); }
static inline __m128d uneven(__m128i values) { return _mm_cvtepi32_pd(_mm_shuffle_epi32(values, _MM_SHUFFLE(3, 1, 3, 1))); }

static inline const Form *shortFormOf(__m128i bytes, const char *start, size_t length) {
  return &shortForms[_lzcnt_u32(pointsIn(bytes)) - 16][*start == '-'][length];
}

/* csv-short.ts: fields of at most eight digits or none, four at a time. Returns how many were read before four with another. */
static uint32_t readShort(const char *input, const uint32_t *ends, size_t stride, uint32_t count, double *values) {
  const uint32_t *first = ends - 1;
  uint32_t i = 0;
  do {
    const uint32_t *second = first + stride, *third = second + stride, *fourth = third + stride;
    const size_t a = first[0], b = second[0], c = third[0], d = fourth[0];
    const size_t aEnd = first[1], bEnd = second[1], cEnd = third[1], dEnd = fourth[1];
    if (((aEnd - a) | (bEnd - b) | (cEnd - c) | (dEnd - d)) >= 16) return i;
    const __m128i aBytes = load(input + aEnd - 16), bBytes = load(input + bEnd - 16);
    const __m128i cBytes = load(input + cEnd - 16), dBytes = load(input + dEnd - 16);
    const Form *aForm = shortFormOf(aBytes, input + a + 1, aEnd - a), *bForm = shortFormOf(bBytes, input + b + 1, bEnd - b);
    const Form *cForm = shortFormOf(cBytes, input + c + 1, cEnd - c), *dForm = shortFormOf(dBytes, input + d + 1, dEnd - d);
    const __m128i ab = _mm_unpackhi_epi64(digitsBy(aForm, aBytes), digitsBy(bForm, bBytes));
    const __m128i cd = _mm_unpackhi_epi64(digitsBy(cForm, cBytes), digitsBy(dForm, dBytes));
    if (odd(_mm_max_epu8(ab, cd))) return i;
    const __m128i fours = _mm_packs_epi32(fourDigits(ab), fourDigits(cd));
    const __m128i eights = _mm_madd_epi16(fours, _mm_set1_epi32(0x12710));
    const __m128d low = _mm_cvtepi32_pd(eights), high = _mm_cvtepi32_pd(_mm_unpackhi_epi64(eights, eights));
    _mm_storeu_pd(values + i, _mm_div_pd(low, pair(aForm->divisors, bForm->divisors)));
    _mm_storeu_pd(values + i + 2, _mm_div_pd(high, pair(cForm->divisors, dForm->divisors)));
    i += 4;
    first = fourth + stride;
    if (i < count && i + 4 > count) {
      first -= (i + 4 - count) * stride;
      i = count - 4;
    }
  } while (i < count);
  return count;
}

/* csv-digits.ts: fields of 1 to 16 characters, two at a time. */
static uint32_t readDecimals(const char *input, const uint32_t *ends, size_t stride, uint32_t count, double *values) {
  const uint32_t *first = ends - 1;
  uint32_t i = 0;
  do {
    const uint32_t *second = first + stride;
    const size_t a = first[0], b = second[0], aEnd = first[1], bEnd = second[1];
    const size_t aSign = input[a + 1] == '-', bSign = input[b + 1] == '-';
    const size_t aCount = aEnd - 1 - a - aSign, bCount = bEnd - 1 - b - bSign;
    if (((aCount - 1) | (bCount - 1)) >= 16) return i;
    const __m128i aBytes = load(input + aEnd - 16), bBytes = load(input + bEnd - 16);
    const Form *aForm = &forms[_lzcnt_u32(pointsIn(aBytes)) - 16][aCount - 1];
    const Form *bForm = &forms[_lzcnt_u32(pointsIn(bBytes)) - 16][bCount - 1];
    const __m128i aDigits = digitsBy(aForm, aBytes), bDigits = digitsBy(bForm, bBytes);
    if (odd(_mm_max_epu8(aDigits, bDigits))) return i;
    const __m128i fours = _mm_packs_epi32(fourDigits(aDigits), fourDigits(bDigits));
    const __m128i eights = _mm_madd_epi16(fours, _mm_set1_epi32(0x12710));
    const __m128d sums = _mm_add_pd(_mm_mul_pd(even(eights), _mm_set1_pd(1e8)), uneven(eights));
    _mm_storeu_pd(values + i, _mm_div_pd(sums, pair(&aForm->divisors[aSign], &bForm->divisors[bSign])));
    i += 2;
    first = second + stride;
    if (i + 1 == count) {
      first -= stride;
      i--;
    }
  } while (i < count);
  return count;
}

static const uint8_t LAST_LANES[48] = {[32] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

static inline const LongForm *longFormOf(__m128i head, __m128i tail) {
  const uint32_t points = _mm_movemask_epi8(_mm_cmpeq_epi8(head, _mm_set1_epi8('.' - '0')));
  return &longForms[_lzcnt_u32(points | pointsIn(tail) << 16)];
}

static inline __m128i headOf(const char *p, size_t count) {
  return _mm_and_si128(_mm_sub_epi8(load(p), _mm_set1_epi8('0')), load((const char *)LAST_LANES + count));
}

static inline __m128i tailDigits(const char *p, __m128i tail, const LongForm *form) {
  const __m128i mask = _mm_loadu_si128((const void *)form->mask);
  return _mm_sub_epi8(_mm_blendv_epi8(load(p + 15), tail, mask), _mm_set1_epi8('0'));
}

/* Which of the two fields at which readLong ended it has not read: bits 0 and 1; or, for their length: */
enum { BOTH_UNREAD = 4 };
static unsigned unread;

/* csv-long.ts: fields of 17 to 24 characters, two at a time. */
static uint32_t readLong(const char *input, const uint32_t *ends, size_t stride, uint32_t count, double *values) {
  const __m128i beyond = _mm_set1_epi64x(0x7676767f7f7f7f7f);
  const uint32_t *first = ends - 1;
  uint32_t i = 0;
  do {
    const uint32_t *second = first + stride;
    const size_t a = first[0], b = second[0];
    const char *p = input + first[1] - 32, *q = input + second[1] - 32;
    const size_t aSign = input[a + 1] == '-', bSign = input[b + 1] == '-';
    const size_t aCount = first[1] - 1 - a - aSign, bCount = second[1] - 1 - b - bSign;
    if (((aCount - 17) | (bCount - 17)) >= 8) {
      unread = BOTH_UNREAD;
      return i;
    }
    const __m128i aHead = headOf(p, aCount), bHead = headOf(q, bCount), aTail = load(p + 16), bTail = load(q + 16);
    const LongForm *aForm = longFormOf(aHead, aTail), *bForm = longFormOf(bHead, bTail);
    const __m128i aDigits = tailDigits(p, aTail, aForm), bDigits = tailDigits(q, bTail, bForm);
    const __m128i heads = _mm_unpackhi_epi64(ordered(aHead, aForm->lanes), ordered(bHead, bForm->lanes));
    const __m128i most = _mm_adds_epu8(_mm_max_epu8(aDigits, bDigits), _mm_set1_epi8(127 - 9));
    const int invalid = _mm_movemask_epi8(_mm_or_si128(most, _mm_adds_epu8(heads, beyond)));
    const __m128i fours = _mm_packs_epi32(fourDigits(aDigits), fourDigits(bDigits));
    const __m128i eights = _mm_madd_epi16(fours, _mm_set1_epi32(0x12710));
    const __m128d upper = _mm_add_pd(_mm_mul_pd(uneven(fourDigits(heads)), _mm_set1_pd(1e8)), even(eights));
    const double *aFactors = aForm->factors[aSign], *bFactors = bForm->factors[bSign];
    const __m128d sum = _mm_mul_pd(upper, pair(aFactors, bFactors));
    const __m128d lower = _mm_mul_pd(uneven(eights), pair(aFactors + 2, bFactors + 2));
    const __m128d rest = _mm_add_pd(_mm_mul_pd(upper, pair(aFactors + 1, bFactors + 1)), lower);
    const __m128d least = _mm_add_pd(sum, _mm_mul_pd(rest, _mm_set1_pd(1 - 0x1p-50)));
    const __m128d greatest = _mm_add_pd(sum, _mm_mul_pd(rest, _mm_set1_pd(1 + 0x1p-50)));
    _mm_storeu_pd(values + i, least);
    const int unsure = _mm_movemask_pd(_mm_cmpneq_pd(least, greatest));
    if (invalid | unsure) {
      const int head = _mm_movemask_epi8(_mm_adds_epu8(heads, beyond));
      unread = unsure | ((odd(aDigits) | (head & 255)) != 0) | ((odd(bDigits) | head >> 8) != 0) << 1;
      return i;
    }
    i += 2;
    first = second + stride;
    if (i + 1 == count) {
      first -= stride;
      i--;
    }
  } while (i < count);
  return count;
}

/* [-] digits [. digits] [e [sign] digits]; what remains is left to the C library. */
static void storeOther(const char *input, const uint32_t *ends, double *target) {
  const char *const start = input + ends[-1] + 1, *const end = input + *ends;
  const char *p = start + (*start == '-');
  uint64_t mantissa = 0;
  int digits = 0, exponent = 0;
  for (; (unsigned)(*p - '0') < 10; p++, digits++) mantissa = mantissa * 10 + (*p - '0');
  if (*p == '.')
    for (p++; (unsigned)(*p - '0') < 10; p++, digits++, exponent--) mantissa = mantissa * 10 + (*p - '0');
  if (digits > 0 && digits <= 19 && *p == 'e') {
    const int minus = p[1] == '-';
    p += 1 + (p[1] == '-' || p[1] == '+');
    int power = 0;
    for (; (unsigned)(*p - '0') < 10 && power < 1000; p++) power = power * 10 + (*p - '0');
    exponent += minus ? -power : power;
  }
  if (p == end && digits > 0 && digits <= 19 && mantissa != 0) {
    int known = 1;
    if (mantissa < 1ull << 53 && exponent >= -22 && exponent <= 22) {
      const double whole = (int64_t)mantissa;
      *target = exponent < 0 ? whole / TENS[-exponent] : whole * TENS[exponent];
    } else {
      known = normalDouble(mantissa, exponent, target);
    }
    if (*start == '-') *target = -*target;
    if (known) return;
  }
  *target = start == end ? NAN : strtod(start, NULL);
}

static void readNumbers(const char *input, const uint32_t *ends, size_t stride, uint32_t count, double *values, int *lastLong) {
  int fours = !*lastLong, isLong = *lastLong;
  for (uint32_t i = 0; i < count;) {
    if (fours && count - i >= 4) {
      const uint32_t read = readShort(input, ends + i * stride, stride, count - i, values + i);
      fours = read > 0;
      i += read;
      if (i == count) return;
    }
    const uint32_t part = fours && count - i > 4 ? i + 4 : count;
    if (part - i >= 2) {
      i += (isLong ? readLong : readDecimals)(input, ends + i * stride, stride, part - i, values + i);
      if (i == part) continue;
    }
    const uint32_t behind = part - i > 2 ? i + 2 : part;
    if (isLong && unread < BOTH_UNREAD && part - i >= 2) {
      for (unsigned left = unread; left != 0; left &= left - 1) {
        const uint32_t other = i + __builtin_ctz(left);
        storeOther(input, ends + other * stride, values + other);
      }
      i = behind;
      continue;
    }
    for (; i < behind; i++) {
      const uint32_t *end = ends + i * stride;
      if (end[0] - end[-1] >= 18 && readLong(input, end, 0, 2, values + i)) isLong = 1;
      else if (readDecimals(input, end, 0, 2, values + i)) isLong = 0;
      else storeOther(input, end, values + i);
    }
  }
  *lastLong = isLong;
}

/* Categories: csv-dictionary.ts */

static const uint64_t SPREADER = 0x94d049bb133111eb, MIXER = 0xbf58476d1ce4e5b9, NO_BYTES = UINT64_MAX;
static const uint64_t BEHIND[9] = {UINT64_MAX, 0xffffffffffffff00, 0xffffffffffff0000, 0xffffffffff000000, 0xffffffff00000000,
    0xffffff0000000000, 0xffff000000000000, 0xff00000000000000, 0};

static inline uint64_t rotate(uint64_t x) { return x << 29 | x >> 35; }
static inline uint64_t shortKey(const char *text, uint32_t length) { return word(text) | BEHIND[length]; }

static uint64_t longKey(const char *text, uint32_t length) {
  const char *const last = text + length - 8;
  uint64_t hash = rotate((word(text) ^ length) * SPREADER);
  for (text += 8; text < last; text += 8) hash = rotate(hash ^ word(text) * SPREADER) * MIXER;
  hash = rotate(hash ^ word(last) * SPREADER) * MIXER;
  return (hash & ~0xffull) | 0xfe;
}

/* mask + 1 slots, a power of two */
static inline uint32_t homeOf(const Column *c, uint64_t key) { return key * SPREADER >> (_lzcnt_u32(c->mask) + 32); }

static uint32_t freeSlot(const Column *c, uint32_t i) {
  const uint32_t kept = homeOf(c, NO_BYTES);
  while (c->slots[i] || i == kept) i = (i + 1) & c->mask;
  return i;
}

static void growCodes(Column *c) {
  const uint32_t slots = c->mask + 1 < 65536 ? 4 * (c->mask + 1) : 2 * (c->mask + 1);
  free(c->slots);
  c->slots = calloc(slots, sizeof *c->slots);
  c->mask = slots - 1;
  c->capacity = slots / 2;
  c->starts = realloc(c->starts, sizeof *c->starts * (c->capacity + 1));
  c->keys = realloc(c->keys, sizeof *c->keys * (c->capacity + 1));
  for (uint32_t code = 1; code < c->size; code++) c->slots[freeSlot(c, homeOf(c, c->keys[code]))] = code;
}

static uint32_t insert(Column *c, const char *text, uint32_t length, uint64_t key) {
  if (c->size == c->capacity) growCodes(c);
  const uint32_t start = c->starts[c->size];
  while (c->arenaBytes - start < length + 8) c->arena = realloc(c->arena, c->arenaBytes *= 4);
  memcpy(c->arena + start, text, length);
  c->starts[c->size + 1] = start + length;
  c->keys[c->size] = key;
  c->slots[freeSlot(c, homeOf(c, key))] = c->size;
  return c->size++;
}

static int isText(const Column *c, uint32_t code, const char *text, uint32_t length) {
  if (c->starts[code + 1] - c->starts[code] != length) return 0;
  const char *const known = c->arena + c->starts[code];
  for (uint32_t i = 0; i < length - 8; i += 8) {
    if (word(known + i) != word(text + i)) return 0;
  }
  return word(known + length - 8) == word(text + length - 8);
}

static __attribute__((noinline)) uint32_t intern(Column *c, const char *text, uint32_t length) {
  if (length == 0) return 0;
  const uint64_t key = length <= 8 ? shortKey(text, length) : longKey(text, length);
  const uint32_t kept = homeOf(c, NO_BYTES);
  for (uint32_t i = homeOf(c, key);; i = (i + 1) & c->mask) {
    const uint32_t code = c->slots[i];
    if (code == 0 && i != kept) return insert(c, text, length, key);
    if (code != 0 && c->keys[code] == key && (length <= 8 || isText(c, code, text, length))) return code;
  }
}

static void internAll(Column *c, const char *input, const uint32_t *ends, size_t stride, uint32_t count, uint32_t *codes) {
  uint32_t i = 0;
  while (i < count) {
    const uint32_t *const slots = c->slots, shift = _lzcnt_u32(c->mask) + 32;
    const uint64_t *const keys = c->keys;
    const char *text;
    uint32_t length;
    for (;;) {
      text = input + ends[-1] + 1;
      length = ends[0] - ends[-1] - 1;
      if (length > 8) break;
      const uint64_t key = shortKey(text, length);
      const uint32_t code = slots[key * SPREADER >> shift];
      if (keys[code] != key) break;
      codes[i++] = code;
      ends += stride;
      if (i == count) return;
    }
    codes[i++] = intern(c, text, length);
    ends += stride;
  }
}

/* Records: csv-index.ts, csv-record.ts */

#ifdef WIDE
typedef struct { __m256i a, b; } Bytes64;
typedef __m256i Counts;

static inline Bytes64 load64(const char *p) {
  return (Bytes64){_mm256_loadu_si256((const void *)p), _mm256_loadu_si256((const void *)(p + 32))};
}

static inline Bytes64 equal64(Bytes64 x, char byte) {
  const __m256i all = _mm256_set1_epi8(byte);
  return (Bytes64){_mm256_cmpeq_epi8(x.a, all), _mm256_cmpeq_epi8(x.b, all)};
}

static inline Bytes64 or64(Bytes64 x, Bytes64 y) { return (Bytes64){_mm256_or_si256(x.a, y.a), _mm256_or_si256(x.b, y.b)}; }

static inline uint64_t bits64(Bytes64 x) {
  return (uint32_t)_mm256_movemask_epi8(x.a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(x.b) << 32;
}

static inline int any64(Bytes64 x) { return _mm256_movemask_epi8(_mm256_or_si256(x.a, x.b)); }

static inline Counts addCounts(Counts counts, Bytes64 set) {
  return _mm256_sub_epi16(counts, _mm256_maddubs_epi16(_mm256_set1_epi8(1), _mm256_add_epi8(set.a, set.b)));
}

static inline uint32_t sumOf(Counts counts) {
  const __m256i pairs = _mm256_madd_epi16(counts, _mm256_set1_epi16(1));
  uint32_t lanes[8], sum = 0;
  _mm256_storeu_si256((void *)lanes, pairs);
  for (int i = 0; i < 8; i++) sum += lanes[i];
  return sum;
}
#else
typedef struct { __m128i a, b, c, d; } Bytes64;
typedef __m128i Counts;

static inline Bytes64 load64(const char *p) { return (Bytes64){load(p), load(p + 16), load(p + 32), load(p + 48)}; }

static inline Bytes64 equal64(Bytes64 x, char byte) {
  const __m128i all = _mm_set1_epi8(byte);
  return (Bytes64){_mm_cmpeq_epi8(x.a, all), _mm_cmpeq_epi8(x.b, all), _mm_cmpeq_epi8(x.c, all), _mm_cmpeq_epi8(x.d, all)};
}

static inline Bytes64 or64(Bytes64 x, Bytes64 y) {
  return (Bytes64){_mm_or_si128(x.a, y.a), _mm_or_si128(x.b, y.b), _mm_or_si128(x.c, y.c), _mm_or_si128(x.d, y.d)};
}

static inline uint64_t bits16(__m128i x) { return (uint32_t)_mm_movemask_epi8(x); }
static inline uint64_t bits64(Bytes64 x) { return bits16(x.a) | bits16(x.b) << 16 | bits16(x.c) << 32 | bits16(x.d) << 48; }

static inline int any64(Bytes64 x) {
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(x.a, x.b), _mm_or_si128(x.c, x.d)));
}

static inline Counts addCounts(Counts counts, Bytes64 set) {
  const __m128i fours = _mm_add_epi8(_mm_add_epi8(set.a, set.b), _mm_add_epi8(set.c, set.d));
  return _mm_sub_epi16(counts, _mm_maddubs_epi16(_mm_set1_epi8(1), fours));
}

static inline uint32_t sumOf(Counts counts) {
  const __m128i fours = _mm_madd_epi16(counts, _mm_set1_epi16(1));
  const __m128i twos = _mm_add_epi32(fours, _mm_unpackhi_epi64(fours, fours));
  return _mm_cvtsi128_si32(twos) + _mm_extract_epi32(twos, 1);
}
#endif

static uint32_t delimiters[1 + INDEX + 128], windowBytes = WINDOW;

static inline uint32_t listEnds(uint64_t ends, uint32_t at, uint32_t next) {
  const uint32_t behind = next + __builtin_popcountll(ends);
  for (; next < behind; next += 8) {
    for (int i = 0; i < 8; i++) {
      delimiters[next + i] = at + (uint32_t)_tzcnt_u64(ends);
      ends &= ends - 1;
    }
  }
  return behind;
}

/*
 * Offsets of the delimiters of the records from `p` on, that before the first one too; returns how many records, each of which
 * ends before `limit`.
 */
static uint32_t indexRecords(const char *input, uint32_t p, uint32_t limit) {
  const uint32_t end = p + windowBytes > limit ? limit + 2 : p + windowBytes;
  Counts counts = {0};
  uint32_t count = 0, next = 1, at = p;
  delimiters[0] = p - 1;
  do {
    const Bytes64 bytes = load64(input + at), feeds = equal64(bytes, '\n'), quotes = equal64(bytes, '"');
    const uint64_t ends = bits64(or64(feeds, equal64(bytes, ',')));
    if (any64(quotes)) {
      const uint64_t before = (1ull << __builtin_ctzll(bits64(quotes))) - 1;
      next = listEnds(ends & before, at, next);
      count = __builtin_popcountll(bits64(feeds) & before);
      at += __builtin_ctzll(bits64(quotes));
      if (at < limit) fail("a quote");
      break;
    }
    counts = addCounts(counts, feeds);
    next = listEnds(ends, at, next);
    at += 64;
  } while (at < end);
  const uint32_t isBehind = delimiters[next - 1] == limit;
  count += sumOf(counts) - isBehind;
  if (next - isBehind <= count * columnCount) fail("a record with another number of fields");
  for (uint32_t i = 1; i <= count; i++) {
    const uint32_t feed = delimiters[i * columnCount], before = delimiters[(i - 1) * columnCount];
    if (input[feed] != '\n' || feed - before > RECORD + 1) fail("a record with another number of fields, or too long");
  }
  if (count == 0) return 0;
  windowBytes = (delimiters[count * columnCount] + 1 - p) / count * RECORDS;
  windowBytes = windowBytes < WINDOW ? WINDOW : windowBytes < INDEX ? windowBytes : INDEX;
  return count;
}

/* Records that follow one another; `ends` is the first delimiter of the first of them. */
static void readRecords(const char *input, const uint32_t *ends, uint32_t count, uint32_t row) {
  for (uint32_t i = 0; i < columnCount; i++, ends++) {
    Column *c = &columns[i];
    if (c->kind == 'n') {
      readNumbers(input, ends, columnCount, count, (double *)c->values + row, &c->isLong);
      continue;
    }
    internAll(c, input, ends, columnCount, count, (uint32_t *)c->values + row);
  }
}

static void keepBlock(uint32_t rows) {
  for (uint32_t i = 0; keeps && i < columnCount; i++) {
    Column *c = &columns[i];
    const size_t bytes = rows * (c->kind == 'n' ? 8 : 4);
    c->kept = realloc(c->kept, c->keptBytes + bytes);
    memcpy(c->kept + c->keptBytes, c->values, bytes);
    c->keptBytes += bytes;
  }
}

/* utf8.ts */
static size_t validBytes(const char *bytes, size_t length) {
  size_t p = 0;
  while (p < length) {
    if (p + 64 <= length && !any64(load64(bytes + p))) p += 64;
    else if ((signed char)bytes[p] >= 0) p++;
    else fail("not ASCII");
  }
  return p;
}

static uint64_t parse(const char *data, size_t length) {
  /* Records begin behind some bytes: an offset is before the first, and a vector that ends with its first field is readable. */
  static char input[INPUT + SLACK];
  uint32_t filled = START, row = 0;
  uint64_t rows = 0;
  size_t base = 1 - START;
  for (size_t taken = 0; taken < length;) {
    const size_t part = length - taken < INPUT - filled ? length - taken : INPUT - filled;
    memcpy(input + filled, data + taken, part);
    validBytes(input + filled, part);
    filled += part;
    taken += part;
    memset(input + filled, '\n', SLACK);
    input[filled + 1] = '"';
    uint32_t p = START;
    for (;;) {
      const uint32_t found = indexRecords(input, p, filled);
      if (found == 0) break;
      for (uint32_t done = 0; done < found;) {
        const uint32_t count = found - done < BLOCK - row ? found - done : BLOCK - row;
        const uint32_t *ends = delimiters + 1 + done * columnCount;
        readRecords(input, ends, count, row);
        for (uint32_t i = 0; i < count; i++, row++) {
          offsets[row] = base + ends[(size_t)i * columnCount - 1];
          lineNumbers[row] = ++rows;
          rejected[row] = 0;
        }
        done += count;
        if (row < BLOCK) continue;
        keepBlock(row);
        row = 0;
      }
      p = delimiters[found * columnCount] + 1;
    }
    memmove(input + START, input + p, filled - p);
    filled -= p - START;
    base += p - START;
  }
  keepBlock(row);
  return rows;
}

static char *readFile(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  fseek(file, 0, SEEK_END);
  *length = ftell(file);
  rewind(file);
  char *bytes = malloc(*length + SLACK);
  if (fread(bytes, 1, *length, file) != *length) fail(path);
  fclose(file);
  return bytes;
}

static void openColumns(const char *kinds) {
  columnCount = strlen(kinds);
  columns = calloc(columnCount, sizeof(Column));
  for (uint32_t i = 0; i < columnCount; i++) {
    Column *c = &columns[i];
    *c = (Column){.kind = kinds[i], .values = malloc(BLOCK * 8 + 64), .mask = 15, .size = 1, .arenaBytes = 256};
    c->arena = malloc(c->arenaBytes);
    growCodes(c);
    c->keys[0] = NO_BYTES;
    c->starts[0] = c->starts[1] = 0;
  }
}

int main(int argc, char **argv) {
  if (argc != 4) fail("csv <data> <tables> <kinds>");
  size_t length, tableBytes;
  const char *data = readFile(argv[1], &length);
  const char *tables = readFile(argv[2], &tableBytes);
  powers = (const void *)tables;
  tables += 651 * 16;
  shortForms = (const void *)tables;
  forms = (const void *)(tables += 17 * sizeof *shortForms);
  longForms = (const void *)(tables += 17 * sizeof *forms);
  openColumns(argv[3]);
  char command[4096];
  while (fgets(command, sizeof command, stdin)) {
    struct timespec before, after;
    keeps = command[0] == 'w';
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    const uint64_t rows = parse(data, length);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    if (keeps) {
      command[strcspn(command, "\n")] = 0;
      FILE *file = fopen(command + 2, "wb");
      for (uint32_t i = 0; i < columnCount; i++) fwrite(columns[i].kept, 1, columns[i].keptBytes, file);
      fclose(file);
      printf("ok\n");
    } else {
      printf("%.0f %lu\n", (after.tv_sec - before.tv_sec) * 1e9 + (after.tv_nsec - before.tv_nsec), (unsigned long)rows);
    }
    fflush(stdout);
  }
  return 0;
}
