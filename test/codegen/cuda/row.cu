// Elementwise and row kernels for sm_90; compile with --fmad=false.

// 2^(n + r), |r| <= 1/2; n is in the low bits of t.
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

// e^x: infinity above 88.72, 0 where the result would be subnormal.
static __device__ float sinterExp(float x) {
  const float t = fmaf(x, 0x1.715476p+0f, 12582912.0f);
  const float n = t - 12582912.0f;
  const float r = fmaf(x, 0x1.4ae0c0p-26f, fmaf(x, 0x1.715476p+0f, -n));
  const float y = x < 88.72283935546875f ? scaledExp2(t, r) : x + __int_as_float(0x7f800000);
  return x < -87.33654f ? 0.0f : y;
}

// x = m 2^n with sqrt(1/2) <= m < sqrt(2); log(1 + r) = r - r^2 / 2 + r^3 P(r).
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

inline __device__ float plus(float a, float b) { return a + b; }
inline __device__ int plus(int a, int b) { return (int)((unsigned)a + (unsigned)b); }

// NaN beats numbers.
template <typename T> static __device__ T larger(T best, T next) {
  return next > best || next != next ? next : best;
}

// NaN beats numbers.
template <typename T> static __device__ T smaller(T best, T next) {
  return next < best || next != next ? next : best;
}

// The first of equal ones, and the first NaN.
template <typename T> static __device__ void takeLarger(T &best, int &place, T next, int nextPlace) {
  const bool isLarger = next > best || (next != next && best == best);
  const bool isSmaller = best > next || (best != best && next == next);
  if (isLarger || (!isSmaller && nextPlace < place)) {
    best = next;
    place = nextPlace;
  }
}

// The 16 lanes of a row fold their partial results 8, 4, 2, 1; each lane gets the whole.
template <typename T> static __device__ T foldSum(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = plus(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}

template <typename T> static __device__ T foldMax(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = larger(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}

template <typename T> static __device__ T foldMin(T partial, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2)
    partial = smaller(partial, __shfl_down_sync(lanes, partial, half, 16));
  return __shfl_sync(lanes, partial, 0, 16);
}

template <typename T> static __device__ int foldArgMax(T best, int place, unsigned lanes) {
  for (int half = 8; half > 0; half /= 2) {
    const T next = __shfl_down_sync(lanes, best, half, 16);
    const int nextPlace = __shfl_down_sync(lanes, place, half, 16);
    takeLarger(best, place, next, nextPlace);
  }
  return __shfl_sync(lanes, place, 0, 16);
}

extern "C" __global__ void row_0(const float *in0, const unsigned char *in1, float *out0, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= B)
    return;
  float r0 = -__int_as_float(0x7f800000);
  for (long long d1 = lane; d1 < T; d1 += 16) {
    const float v0 = in0[i * T + d1];
    const bool v1 = in1[d1] != 0;
    const float v2 = v1 ? v0 : (-3.4028235e+38f);
    r0 = larger(r0, v2);
  }
  r0 = foldMax(r0, lanes);
  float r1 = 0.0f;
  for (long long d1 = lane; d1 < T; d1 += 16) {
    const float v3 = in0[i * T + d1];
    const bool v4 = in1[d1] != 0;
    const float v5 = v4 ? v3 : (-3.4028235e+38f);
    const float v6 = v5 - r0;
    const float v7 = sinterExp(v6);
    r1 = plus(r1, v7);
  }
  r1 = foldSum(r1, lanes);
  for (long long d1 = lane; d1 < T; d1 += 16) {
    const float v8 = in0[i * T + d1];
    const bool v9 = in1[d1] != 0;
    const float v10 = v9 ? v8 : (-3.4028235e+38f);
    const float v11 = v10 - r0;
    const float v12 = sinterExp(v11);
    const float v13 = v12 / r1;
    out0[i * T + d1] = v13;
  }
}

extern "C" __global__ void row_1(const float *in0, const float *in1, const float *in2, const float *in3, float *out0, float *out1, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= B * T)
    return;
  float r0 = 0.0f;
  for (long long d2 = lane; d2 < 40; d2 += 16) {
    const float v0 = in0[i * 40 + d2];
    const float v1 = in1[i * 40 + d2];
    const float v2 = v0 + v1;
    r0 = plus(r0, v2);
  }
  r0 = foldSum(r0, lanes);
  float r1 = 0.0f;
  for (long long d2 = lane; d2 < 40; d2 += 16) {
    const float v3 = in0[i * 40 + d2];
    const float v4 = in1[i * 40 + d2];
    const float v5 = v3 + v4;
    const float v6 = (float)40;
    const float v7 = r0 / v6;
    const float v8 = v5 - v7;
    const float v9 = v8 * v8;
    r1 = plus(r1, v9);
  }
  r1 = foldSum(r1, lanes);
  for (long long d2 = lane; d2 < 40; d2 += 16) {
    const float v10 = in0[i * 40 + d2];
    const float v11 = in1[i * 40 + d2];
    const float v12 = in2[d2];
    const float v13 = in3[d2];
    const float v14 = v10 + v11;
    const float v15 = (float)40;
    const float v16 = r0 / v15;
    const float v17 = v14 - v16;
    const float v18 = r1 / v15;
    const float v19 = v18 + 1e-05f;
    const float v20 = sqrtf(v19);
    const float v21 = v17 / v20;
    const float v22 = v21 * v12;
    const float v23 = v22 + v13;
    out0[i * 40 + d2] = v23;
    out1[i * 40 + d2] = v14;
  }
}

extern "C" __global__ void row_2(const float *in0, const float *in1, const float *in2, float *out0, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= 2 * B)
    return;
  const long long d0 = i / 2;
  float r0 = 0.0f;
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v0 = in0[i * T + d2];
    const float v1 = v0 * v0;
    r0 = plus(r0, v1);
  }
  r0 = foldSum(r0, lanes);
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v2 = in0[i * T + d2];
    const float v3 = in1[d2];
    const float v4 = in2[d0];
    const float v5 = (float)T;
    const float v6 = r0 / v5;
    const float v7 = v6 + 1e-06f;
    const float v8 = 1.0f / sqrtf(v7);
    const float v9 = v2 * v8;
    const float v10 = v9 * v3;
    const float v11 = v10 * v4;
    out0[i * T + d2] = v11;
  }
}

extern "C" __global__ void row_3(const float *in0, float *out0, float *out1, int *out2, int *out3, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= 2 * B)
    return;
  const long long d1 = i % 2;
  const long long d0 = i / 2;
  float r0 = 0.0f;
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v0 = in0[i * T + d2];
    r0 = plus(r0, v0);
  }
  r0 = foldSum(r0, lanes);
  float r1 = -__int_as_float(0x7f800000);
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v1 = in0[i * T + d2];
    r1 = larger(r1, v1);
  }
  r1 = foldMax(r1, lanes);
  float r2 = __int_as_float(0x7f800000);
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v2 = in0[i * T + d2];
    r2 = smaller(r2, v2);
  }
  r2 = foldMin(r2, lanes);
  float best3 = -__int_as_float(0x7f800000);
  int r3 = 2147483647;
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v3 = in0[i * T + d2];
    takeLarger(best3, r3, v3, (int)(d2));
  }
  r3 = foldArgMax(best3, r3, lanes);
  if (lane != 0)
    return;
  const int v4 = (int)d1;
  const int v5 = (int)d0;
  const int v6 = (int)((unsigned)v4 + (unsigned)v5);
  const float v7 = r1 - r2;
  out0[i] = r0;
  out1[i] = v7;
  out2[i] = r3;
  out3[i] = v6;
}

extern "C" __global__ void row_4(const float *in0, float *out0, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= B)
    return;
  float r0 = -__int_as_float(0x7f800000);
  for (long long d1 = lane; d1 < T; d1 += 16) {
    const float v0 = in0[i * T + d1];
    r0 = larger(r0, v0);
  }
  r0 = foldMax(r0, lanes);
  float r1 = 0.0f;
  for (long long d1 = lane; d1 < T; d1 += 16) {
    const float v1 = in0[i * T + d1];
    const float v2 = v1 - r0;
    const float v3 = sinterExp(v2);
    r1 = plus(r1, v3);
  }
  r1 = foldSum(r1, lanes);
  if (lane != 0)
    return;
  const float v4 = sinterLog(r1);
  const float v5 = v4 + r0;
  out0[i] = v5;
}

extern "C" __global__ void row_5(const float *in0, const unsigned char *in1, float *out0, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= 5 * B)
    return;
  const long long d1 = i % 5;
  const long long d0 = i / 5;
  float r0 = 0.0f;
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const float v0 = in0[(d0 * T + d2) * 5 + d1];
    const bool v1 = in1[d0 * T + d2] != 0;
    const float v2 = v1 ? v0 : 0.0f;
    r0 = plus(r0, v2);
  }
  r0 = foldSum(r0, lanes);
  float r1 = 0.0f;
  for (long long d2 = lane; d2 < T; d2 += 16) {
    const bool v3 = in1[d0 * T + d2] != 0;
    const float v4 = (float)v3;
    r1 = plus(r1, v4);
  }
  r1 = foldSum(r1, lanes);
  if (lane != 0)
    return;
  const float v5 = r1 > 1.0f || r1 != r1 ? r1 : 1.0f;
  const float v6 = r0 / v5;
  out0[i] = v6;
}

extern "C" __global__ void row_6(const int *in0, int *out0, long long B, long long T) {
  const long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 16;
  const int lane = threadIdx.x % 16;
  const unsigned lanes = 0xffffu << (threadIdx.x & 16);
  if (i >= B)
    return;
  int r0 = 0;
  for (long long d1 = 0; d1 < 3; ++d1)
    for (long long d2 = lane; d2 < T; d2 += 16) {
      const int v0 = in0[(i * 3 + d1) * T + d2];
      r0 = plus(r0, v0);
    }
  r0 = foldSum(r0, lanes);
  int best1 = -2147483647 - 1;
  int r1 = 2147483647;
  for (long long d1 = 0; d1 < 3; ++d1)
    for (long long d2 = lane; d2 < T; d2 += 16) {
      const int v1 = in0[(i * 3 + d1) * T + d2];
      takeLarger(best1, r1, v1, (int)(d1 * T + d2));
    }
  r1 = foldArgMax(best1, r1, lanes);
  int r2 = -2147483647 - 1;
  for (long long d1 = 0; d1 < 3; ++d1)
    for (long long d2 = lane; d2 < T; d2 += 16) {
      const int v2 = in0[(i * 3 + d1) * T + d2];
      r2 = larger(r2, v2);
    }
  r2 = foldMax(r2, lanes);
  int r3 = 2147483647;
  for (long long d1 = 0; d1 < 3; ++d1)
    for (long long d2 = lane; d2 < T; d2 += 16) {
      const int v3 = in0[(i * 3 + d1) * T + d2];
      r3 = smaller(r3, v3);
    }
  r3 = foldMin(r3, lanes);
  for (long long d1 = 0; d1 < 3; ++d1)
    for (long long d2 = lane; d2 < T; d2 += 16) {
      const int v4 = (int)d1;
      const int v5 = (int)d2;
      const int v6 = (int)((unsigned)r0 + (unsigned)v4);
      const int v7 = (int)((unsigned)v6 * (unsigned)r1);
      const int v8 = (int)((unsigned)v7 - (unsigned)v5);
      const int v9 = (int)((unsigned)r2 - (unsigned)r3);
      const int v10 = (int)((unsigned)v8 + (unsigned)v9);
      out0[(i * 3 + d1) * T + d2] = v10;
    }
}
