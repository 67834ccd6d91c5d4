// Elementwise kernels for sm_90; compile with --fmad=false.

extern "C" __global__ void pointwise_0(const float *in0, const float *in1, const unsigned char *in2, float *out0, long long B, long long T) {
  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 384 * B * T)
    return;
  const long long d2 = i % 384;
  const long long d1 = i / 384 % T;
  const long long d0 = i / 384 / T;
  const float v0 = in0[i];
  const float v1 = in1[d2];
  const bool v2 = in2[d0 * T + d1] != 0;
  const float v3 = v0 + v1;
  const float v4 = v3 * 0.70710677f;
  const float v5 = erff(v4);
  const float v6 = v5 + 1.0f;
  const float v7 = v3 * 0.5f;
  const float v8 = v7 * v6;
  const float v9 = v2 ? v8 : 0.0f;
  out0[i] = v9;
}

extern "C" __global__ void pointwise_1(const float *in0, float *out0, long long B, long long T) {
  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 384 * B * T)
    return;
  const long long d2 = i % 384;
  const long long d1 = i / 384 % T;
  const long long d0 = i / 384 / T;
  const float v0 = in0[((d0 * 12 + (d2 / 32)) * T + d1) * 32 + (d2 % 32)];
  out0[i] = v0;
}

extern "C" __global__ void pointwise_2(const int *in0, float *out0, unsigned char *out1, long long B, long long T) {
  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= B * T)
    return;
  const long long d1 = i % T;
  const long long d0 = i / T;
  const int v0 = in0[d0 * T + d1 * -1 + T - 1];
  const int v1 = (int)d1;
  const float v2 = (float)(2 * T + B * T);
  const int v3 = (-3) == 0 ? 0 : (-3) == -1 ? (int)(0u - (unsigned)v0) : v0 / (-3) - (v0 % (-3) != 0 && (v0 < 0) != ((-3) < 0));
  const int v4 = (int)((unsigned)v3 + (unsigned)v1);
  const float v5 = (float)v4;
  const float v6 = v5 / v2;
  const float v7 = v6 > v5 || v6 != v6 ? v6 : v5;
  const bool v8 = !(v7 < v2);
  out0[i] = v7;
  out1[i] = v8;
}

static __device__ long long floorDiv(long long a, long long b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static __device__ long long floorMod(long long a, long long b) {
  return a - b * floorDiv(a, b);
}
extern "C" __global__ void pointwise_3(const float *in0, float *out0, long long B, long long T) {
  const long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 384 * B * T)
    return;
  const long long d2 = i % 384;
  const long long d1 = i / 384 % T;
  const long long d0 = i / 384 / T;
  const float v0 = in0[(d0 * T + floorMod(d1 - 1, 7)) * 384 + floorDiv(d2 - d1, 2)];
  const float v1 = expf(v0);
  const float v2 = logf(v1);
  const float v3 = tanhf(v2);
  const float v4 = sinf(v3);
  const float v5 = cosf(v4);
  const float v6 = fabsf(v5);
  const float v7 = sqrtf(v6);
  const float v8 = powf(v7, v6);
  const float v9 = floorf(v8);
  const int v10 = (int)v9;
  const int v11 = (int)((unsigned)v10 - (unsigned)v10);
  const int v12 = (int)((unsigned)v11 * (unsigned)v10);
  const bool v13 = v12 < v10;
  const int v14 = (int)v13;
  const int v15 = v14 > v10 ? v14 : v10;
  const int v16 = v14 == 0 ? v15 : v14 == -1 ? 0 : v15 % v14;
  const float v17 = (float)v16;
  const float v18 = -v17;
  const float v19 = v18 < v8 || v18 != v18 ? v18 : v8;
  const float v20 = fmaf(v19, v18, v17);
  out0[i] = v20;
}
