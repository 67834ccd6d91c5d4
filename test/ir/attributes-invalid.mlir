// RUN: sinter-opt %s --split-input-file --verify-diagnostics
// The dialect's attributes on functions and modules.

module attributes {sinter.model = "M"} {
  func.func private @good(!sinter.tensor<[B, T], f32> {sinter.name = "x", sinter.default = 1.0 : f64}) -> (!sinter.tensor<[B], f32> {sinter.name = "y"}) attributes {sinter.causal = "T"}
}
// -----
// expected-error @+1 {{unknown attribute "sinter.cause"}}
func.func private @f() attributes {sinter.cause = "T"}
// -----
// expected-error @+1 {{sinter.causal names "N", which no argument's shape binds}}
func.func private @f(!sinter.tensor<[2*N, B], f32>) attributes {sinter.causal = "N"}
// -----
// expected-error @+1 {{sinter.causal is a function's, and a string}}
func.func private @f() attributes {sinter.causal = 1 : i32}
// -----
// expected-error @+1 {{sinter.model is a module's, and a string}}
func.func private @f() attributes {sinter.model = "M"}
// -----
// expected-error @+1 {{argument 0 has "sinter.default" = "1"; sinter.name (a string), sinter.default (a float), sinter.state and sinter.begin (results' numbers) are known}}
func.func private @f(!sinter.tensor<[B], f32> {sinter.default = "1"})
// -----
// expected-error @+1 {{result 0 has "sinter.nam" = "y"; sinter.name (a string) is known}}
func.func private @f() -> (!sinter.tensor<[4], f32> {sinter.nam = "y"})
// -----
module {
  func.func private @good(!sinter.tensor<[Q, 16, 8], f32> {sinter.state = 0}, !sinter.tensor<[R, 4], f32> {sinter.begin = 3}) -> !sinter.tensor<[Q, 16, 8], f32> attributes {sinter.window = 4}
}
// -----
// expected-error @+1 {{argument 0 is the state of result 0, which is missing or of another type}}
func.func private @f(!sinter.tensor<[Q, 16, 8], f32> {sinter.state = 0}) -> !sinter.tensor<[B], f32>
// -----
// expected-error @+1 {{sinter.state is the number of a result}}
func.func private @f(!sinter.tensor<[B], f32> {sinter.state = "0"}) -> !sinter.tensor<[B], f32>
// -----
// expected-error @+1 {{sinter.window is a function's, and a number of rows}}
func.func private @f() attributes {sinter.window = 0}
