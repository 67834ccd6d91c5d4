// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// Dimensions, types and index maps that are refused.

// expected-error @+1 {{the element type must be f32, i32 or i1, but is 'f64'}}
func.func private @f(!sinter.tensor<[B], f64>)
// -----
// expected-error @+1 {{a dimension must be at least 1, but is 0}}
func.func private @f(!sinter.tensor<[B, 0], f32>)
// -----
// expected-error @+1 {{dimension is too large, or divides by a number below 1}}
func.func private @f(!sinter.tensor<[floordiv(T, 0)], f32>)
// -----
// expected-error @+1 {{dimension is too large, or divides by a number below 1}}
func.func private @f(!sinter.tensor<[9223372036854775807*T*2], f32>)
// -----
// expected-error @+1 {{expected a dimension: a symbol, an integer, floordiv(a, b) or min(a, b)}}
func.func private @f(!sinter.tensor<[T + ], f32>)
// -----
// expected-error @+1 {{panels need two axes, but the shape is [8]}}
func.func private @f(!kernel.buffer<[8], f32, panels>)
// -----
// expected-error @+1 {{panels hold floats, not 'i32'}}
func.func private @f(!kernel.buffer<[8, 8], i32, panels>)
// -----
// expected-error @+1 {{a dimension must be at least 1, but is -1}}
func.func private @f(!kernel.buffer<[-1], f32>)
// -----
// expected-error @+1 {{the element type must be f32, bf16, f16, i32 or i1, but is 'i8'}}
func.func private @f(!kernel.buffer<[1], i8>)
// -----
// expected-error @+1 {{the map has 1 symbols, but 0 dimensions stand for them}}
func.func private @f() attributes {map = #sinter.map<(d0)[s0] -> (d0 + s0)>}
// -----
// expected-error @+1 {{the map divides by a number below 1}}
func.func private @f() attributes {map = #sinter.map<(d0)[s0] -> (d0 floordiv s0), [0]>}
