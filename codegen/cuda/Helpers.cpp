// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Device functions that printed kernels call. The mathematics and the folds are operation for operation those of
// codegen/cpu/Math.cpp and codegen/cpu/Row.cpp, so that both backends give the same bits.
#include "codegen/cuda/Expressions.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace sinter::cuda {

namespace {
struct Helper {
  const char *name, *text;
};
} // namespace

/// In the order of definition: a text calls only those before it.
static const Helper helpers[] = {
    {"floorDiv", R"(static __device__ long long floorDiv(long long a, long long b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
)"},
    {"floorMod", R"(static __device__ long long floorMod(long long a, long long b) {
  return a - b * floorDiv(a, b);
}
)"},
    {"toInt", R"(// Toward zero; past the ends the nearest end, NaN is 0.
static __device__ int toInt(float x) {
  return fabsf(x) < 2147483648.0f ? (int)x : x > 0.0f ? 2147483647 : x < 0.0f ? -2147483647 - 1 : 0;
}
)"},
    {"scaledExp2", R"(// 2^(n + r), |r| <= 1/2; n is in the low bits of t.
static __device__ float scaledExp2(float t, float r) {
  float p = 0x1.41fbbcp-13f;
  p = fmaf(p, r, 0x1.5f3e52p-10f);
  p = fmaf(p, r, 0x1.3b2d4cp-7f);
  p = fmaf(p, r, 0x1.c6aee8p-5f);
  p = fmaf(p, r, 0x1.ebfbdcp-3f);
  p = fmaf(p, r, 0x1.62e430p-1f);
  p = fmaf(p, r, 1.0f);
  return __int_as_float((int)((unsigned)__float_as_int(p) + ((unsigned)__float_as_int(t) << 23)));
}
)"},
    {"sinterExp", R"(// e^x: infinity above 88.72, 0 where the result would be subnormal.
static __device__ float sinterExp(float x) {
  const float t = fmaf(x, 0x1.715476p+0f, 12582912.0f);
  const float n = t - 12582912.0f;
  const float r = fmaf(x, 0x1.4ae0c0p-26f, fmaf(x, 0x1.715476p+0f, -n));
  const float y = x < 88.72283935546875f ? scaledExp2(t, r) : x + __int_as_float(0x7f800000);
  return x < -87.33654f ? 0.0f : y;
}
)"},
    {"sinterExp2", R"(static __device__ float sinterExp2(float x) {
  const float t = x + 12582912.0f;
  const float r = x - (t - 12582912.0f);
  const float y = x < 128.0f ? scaledExp2(t, r) : x + __int_as_float(0x7f800000);
  return x < -126.0f ? 0.0f : y;
}
)"},
    {"sinterTanh", R"(// Near 0: x + x z P(z). Else 1 - 2 / (e^2|x| + 1).
static __device__ float sinterTanh(float x) {
  const float a = fabsf(x);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = fmaf(p, z, 2.06390887954e-2f);
  p = fmaf(p, z, -5.37397155531e-2f);
  p = fmaf(p, z, 1.33314422036e-1f);
  p = fmaf(p, z, -3.33332819422e-1f);
  const float near = fmaf(p * z, a, a);
  const float far = 1.0f - 2.0f / (sinterExp(a + a) + 1.0f);
  return copysignf(a < 0.625f ? near : far, x);
}
)"},
    {"sinterErf", R"(// Near 0: x + x P(x^2). Else 1 - e^(t Q(t) - t) with t = min(|x|, 4).
static __device__ float sinterErf(float x) {
  const float a = fabsf(x);
  const float z = x * x;
  float p = -5.96761703e-4f;
  p = fmaf(p, z, 4.99119423e-3f);
  p = fmaf(p, z, -2.67681349e-2f);
  p = fmaf(p, z, 1.12819925e-1f);
  p = fmaf(p, z, -3.76125336e-1f);
  p = fmaf(p, z, 1.28379166e-1f);
  const float near = fmaf(p, x, x);
  const float t = a > 4.0f ? 4.0f : a;
  float q = -1.72853470e-5f;
  q = fmaf(q, t, 3.83197126e-4f);
  q = fmaf(q, t, -3.88396438e-3f);
  q = fmaf(q, t, 2.42546219e-2f);
  q = fmaf(q, t, -1.06777877e-1f);
  q = fmaf(q, t, -6.34846687e-1f);
  q = fmaf(q, t, -1.28717512e-1f);
  const float far = 1.0f - sinterExp(fmaf(q, t, -t));
  return a > 0.927734375f ? copysignf(far, x) : near;
}
)"},
    {"sinterLog", R"(// x = m 2^n with sqrt(1/2) <= m < sqrt(2); log(1 + r) = r - r^2 / 2 + r^3 P(r).
static __device__ float sinterLog(float x) {
  const bool isSmall = x < 0x1p-126f;
  const int word = (int)((unsigned)__float_as_int(isSmall ? x * 0x1p25f : x) - 0x3f3504f3u);
  const float m = __int_as_float((word & 0x007fffff) + 0x3f3504f3);
  const float n = (float)(word >> 23) - (isSmall ? 25.0f : 0.0f);
  const float r = m - 1.0f;
  const float square = r * r;
  float p = 7.0376836292e-2f;
  p = fmaf(p, r, -1.1514610310e-1f);
  p = fmaf(p, r, 1.1676998740e-1f);
  p = fmaf(p, r, -1.2420140846e-1f);
  p = fmaf(p, r, 1.4249322787e-1f);
  p = fmaf(p, r, -1.6668057665e-1f);
  p = fmaf(p, r, 2.0000714765e-1f);
  p = fmaf(p, r, -2.4999993993e-1f);
  p = fmaf(p, r, 3.3333331174e-1f);
  float tail = p * r * square;
  tail = fmaf(n, -2.12194440e-4f, tail);
  tail = fmaf(square, -0.5f, tail);
  const float y = fmaf(n, 0.693359375f, r + tail);
  const float infinity = __int_as_float(0x7f800000);
  return x == 0.0f ? -infinity : x < 0.0f ? __int_as_float(0x7fc00000) : x < infinity ? y : x;
}
)"},
    {"plus", R"(inline __device__ float plus(float a, float b) { return a + b; }
inline __device__ int plus(int a, int b) { return (int)((unsigned)a + (unsigned)b); }
)"},
    {"larger", R"(// NaN beats numbers.
template <typename T> static __device__ T larger(T best, T next) {
  return next > best || next != next ? next : best;
}
)"},
    {"smaller", R"(// NaN beats numbers.
template <typename T> static __device__ T smaller(T best, T next) {
  return next < best || next != next ? next : best;
}
)"},
    {"takeLarger", R"(// The first of equal ones, and the first NaN.
template <typename T> static __device__ void takeLarger(T &best, int &place, T next, int nextPlace) {
  const bool isLarger = next > best || (next != next && best == best);
  const bool isSmaller = best > next || (best != best && next == next);
  if (isLarger || (!isSmaller && nextPlace < place)) {
    best = next;
    place = nextPlace;
  }
}
)"},
    {"foldSum", R"(// The 16 lanes of a row fold their partial results 8, 4, 2, 1; each lane gets the whole.
template <typename T> static __device__ T foldSum(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = plus(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}
)"},
    {"foldMax", R"(template <typename T> static __device__ T foldMax(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = larger(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}
)"},
    {"foldMin", R"(template <typename T> static __device__ T foldMin(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = smaller(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}
)"},
    {"foldArgMax", R"(template <typename T> static __device__ int foldArgMax(T best, int place, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2) {
    const T next = __shfl_down_sync(lanes, best, half, 16);
    const int nextPlace = __shfl_down_sync(lanes, place, half, 16);
    takeLarger(best, place, next, nextPlace);
  }
  return __shfl_sync(lanes, place, 0, 16);
}
)"},
};

bool usesName(StringRef code, StringRef name) {
  for (size_t at = code.find(name); at != StringRef::npos; at = code.find(name, at + 1)) {
    bool startsWord = at == 0 || !llvm::isAlnum(code[at - 1]);
    if (startsWord && (at + name.size() == code.size() || !llvm::isAlnum(code[at + name.size()])))
      return true;
  }
  return false;
}

std::string helpersFor(StringRef code) {
  // Backwards, so that what a helper calls is seen after the helper.
  SmallVector<const Helper *> used;
  std::string text = code.str();
  for (const Helper &helper : llvm::reverse(helpers))
    if (usesName(text, helper.name)) {
      used.push_back(&helper);
      text += helper.text;
    }
  std::string result;
  for (const Helper *helper : llvm::reverse(used))
    result += std::string("\n") + helper->text;
  return result;
}

} // namespace sinter::cuda
