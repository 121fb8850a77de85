/*
 * How many 8-bit multiply-adds (unsigned by signed, into 32 bits) a CPU-second one core does in
 * registers: the limit of an int8 engine. Sixteen independent chains hide the latency of a dot
 * product. Prints the instruction, then a rate for each of seven rounds.
 */
#include <immintrin.h>
#include <stdio.h>
#include <time.h>

#define CHAINS 16
#define ROUNDS 7
#define CHAIN_LOOP _Pragma("GCC unroll 16") for (int i = 0; i < CHAINS; i++)

static volatile int factor = 0x01020304;
static volatile int sink;

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

__attribute__((target("avx512f,avx512vnni"))) static void vnni(long steps) {
  __m512i a[CHAINS], x = _mm512_set1_epi32(factor), y = _mm512_set1_epi32(factor);
  CHAIN_LOOP a[i] = _mm512_set1_epi32(i);
  for (long k = 0; k < steps; k++) {
    CHAIN_LOOP a[i] = _mm512_dpbusd_epi32(a[i], x, y);
  }
  CHAIN_LOOP sink += _mm512_reduce_add_epi32(a[i]);
}

/* Without VNNI a dot product takes three instructions: products by twos, by fours, the sum. */
__attribute__((target("avx2"))) static void avx2(long steps) {
  __m256i a[CHAINS], x = _mm256_set1_epi32(factor), ones = _mm256_set1_epi16(1);
  CHAIN_LOOP a[i] = _mm256_set1_epi32(i);
  for (long k = 0; k < steps; k++) {
    CHAIN_LOOP a[i] = _mm256_add_epi32(a[i], _mm256_madd_epi16(_mm256_maddubs_epi16(a[i], x), ones));
  }
  CHAIN_LOOP sink += _mm256_extract_epi32(a[i], 0);
}

static void measure(const char *name, void (*loop)(long), int bytes) {
  long steps = 4000000;
  puts(name);
  loop(steps);
  for (int round = 0; round < ROUNDS; round++) {
    double start = cpu_seconds();
    loop(steps);
    printf("%.0f\n", (double)steps * CHAINS * bytes / (cpu_seconds() - start));
  }
}

int main(void) {
  if (__builtin_cpu_supports("avx512vnni")) {
    measure("vpdpbusd, 512 bits", vnni, 64);
  } else if (__builtin_cpu_supports("avx2")) {
    measure("vpmaddubsw, 256 bits", avx2, 32);
  } else {
    fputs("this processor has no AVX2\n", stderr);
    return 1;
  }
  return 0;
}
