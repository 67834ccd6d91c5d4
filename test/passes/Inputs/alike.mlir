module attributes {sinter.model = "Alike"} {
  func.func @no_two_exponentials(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg1 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.div %0, %3 : !sinter.tensor<[B, T, 6], f32>
    return %4 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_shift_by_another_axis(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.max %arg0 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %1 = sinter.view %0 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sub %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sub %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.exp %6 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.sum %7 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.div %3, %9 : !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_numerator_masked(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.compare gt %arg1, %0 : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], i1>
    %2 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.select %1, %2, %3 : !sinter.tensor<[B, T, 6], i1>, !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %4, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_sum_masked(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.compare gt %arg1, %1 : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], i1>
    %3 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.select %2, %3, %4 : !sinter.tensor<[B, T, 6], i1>, !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %0, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_sink(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.add %3, %2 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_clamped_sum(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.maximum %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_log_softmax_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg1 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.log %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    return %4 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_log_softmax_of_half(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.div %arg0, %0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.sum %2 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.log %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sub %1, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_lse_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg1 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.log %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_temperature_in_one(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.mul %1, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_squared_sum(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.pow %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_root_of_sum(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.sqrt %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %0, %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_softplus_normalized(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.add %1, %0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.log %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.add %5, %4 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.log %6 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.sum %7 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.div %3, %9 : !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_two_axes(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.sum %2 axes [1] : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, 1, 1], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, 0, 0)> : !sinter.tensor<[B, 1, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %0, %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_eps_outside(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.sqrt %8 : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.add %9, %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %4, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_variance_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg1, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.div %5, %6 : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.sub %arg0, %8 : !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.div %11, %12 : !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %15 = sinter.add %13, %14 : !sinter.tensor<[B, T, 1], f32>
    %16 = sinter.sqrt %15 : !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %18 = sinter.div %9, %17 : !sinter.tensor<[B, T, 6], f32>
    return %18 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_uncentred_over_deviation(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.add %8, %9 : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.sqrt %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %arg0, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_second_moment(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.add %8, %9 : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.sqrt %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %4, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_rms_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.sqrt %5 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %arg1, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_mean_of_absolutes(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.abs %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.view %5 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.div %arg0, %6 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_unit_length_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.sqrt %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.maximum %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %arg1, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_unit_length_limited(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.sqrt %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [1.000000e+01] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.minimum %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_unit_length_squared(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.maximum %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %arg0, %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_length_by_sum(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.abs %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.maximum %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %arg0, %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_negative_eps(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-03] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.sub %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.sqrt %5 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %arg0, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_third_power(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.abs %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [3.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.pow %0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.sum %2 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.div %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.add %5, %6 : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.sqrt %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.div %arg0, %9 : !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_cube_root(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.constant [0.33333333333333331] : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.pow %5, %6 : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.div %arg0, %8 : !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_clamped_variance(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.div %9, %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.div %12, %13 : !sinter.tensor<[B, T, 1], f32>
    %15 = sinter.mul %11, %14 : !sinter.tensor<[B, T, 1], f32>
    %16 = sinter.sub %8, %15 : !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %18 = sinter.maximum %16, %17 : !sinter.tensor<[B, T, 1], f32>
    %19 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %20 = sinter.add %18, %19 : !sinter.tensor<[B, T, 1], f32>
    %21 = sinter.sqrt %20 : !sinter.tensor<[B, T, 1], f32>
    %22 = sinter.view %21 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %23 = sinter.div %4, %22 : !sinter.tensor<[B, T, 6], f32>
    return %23 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_bias_by_row(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 1], f32> {sinter.name = "r"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.mul %arg1, %arg1 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.add %5, %6 : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.sqrt %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.div %arg0, %9 : !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_gelu_quick(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [1.702000e+00] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.neg %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.add %4, %3 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.div %6, %5 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.mul %arg0, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_gelu_wrong_root(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [1.7320508075688772] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.div %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.erf %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.add %5, %4 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %1, %6 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_gelu_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.div %arg1, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.erf %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.add %5, %4 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %1, %6 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_gelu_minus(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.div %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.erf %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sub %5, %4 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %1, %6 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_gelu_rounded(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [3.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.pow %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [4.471500e-02] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %3 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.add %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.constant [8.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.mul %7, %6 : !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.tanh %8 : !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.add %10, %9 : !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.mul %1, %11 : !sinter.tensor<[B, T, 6], f32>
    return %12 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_cube_of_another(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.pow %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [4.471500e-02] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %3 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.add %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.constant [0.79788456080286541] : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.mul %7, %6 : !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.tanh %8 : !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.add %10, %9 : !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.mul %1, %11 : !sinter.tensor<[B, T, 6], f32>
    return %12 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_glu(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.neg %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.add %2, %1 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %4, %3 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.mul %arg1, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_softplus_gate(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.add %1, %0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.mul %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %3, %4 : !sinter.tensor<[B, T, 6], f32>
    return %5 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_huge_constant(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [9.9999999999999997E+37] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.add %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.constant [9.9999999999999997E+37] : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %2, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.add %4, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.exp %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.sum %6 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.div %0, %8 : !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_over_tokens(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.max %arg0 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %1 = sinter.view %0 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sub %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %3, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_by_two(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [1.4426950408889634] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %arg0, %0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.pow %2, %1 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %3, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_masked(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.compare gt %arg1, %0 : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], i1>
    %2 = sinter.constant [-3.400000e+38] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.select %1, %arg0, %2 : !sinter.tensor<[B, T, 6], i1>, !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.max %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sub %3, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.exp %6 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.sum %7 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.div %7, %9 : !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_of_softmax(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.view %0 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sub %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %3, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.max %6 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.sub %6, %8 : !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.exp %9 : !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %10, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_then_mask(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.compare gt %arg1, %0 : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], i1>
    %2 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.select %1, %8, %9 : !sinter.tensor<[B, T, 6], i1>, !sinter.tensor<[B, T, 6], f32>
    return %10 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_softmax_twice_used(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.view %0 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sub %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %3, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %6, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %10 = sinter.sub %arg0, %9 : !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.exp %10 : !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.sum %11 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %14 = sinter.div %11, %13 : !sinter.tensor<[B, T, 6], f32>
    %15 = sinter.constant [1.250000e+00] : !sinter.tensor<[B, T, 6], f32>
    %16 = sinter.mul %15, %14 : !sinter.tensor<[B, T, 6], f32>
    %17 = sinter.add %7, %16 : !sinter.tensor<[B, T, 6], f32>
    return %17 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_layer_norm_sample_variance(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [5.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.add %8, %9 : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.sqrt %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %4, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_layer_norm_eps_zero(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.sqrt %8 : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.div %4, %10 : !sinter.tensor<[B, T, 6], f32>
    return %11 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_layer_norm_of_residual(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}, %arg2: !sinter.tensor<[6], f32> {sinter.name = "w"}, %arg3: !sinter.tensor<[6], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.add %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.add %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sum %1 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.div %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sub %0, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %6, %6 : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.sum %7 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.div %8, %9 : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.add %10, %11 : !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.sqrt %12 : !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %15 = sinter.div %6, %14 : !sinter.tensor<[B, T, 6], f32>
    %16 = sinter.view %arg2 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %17 = sinter.mul %15, %16 : !sinter.tensor<[B, T, 6], f32>
    %18 = sinter.view %arg3 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %19 = sinter.add %17, %18 : !sinter.tensor<[B, T, 6], f32>
    %20 = sinter.add %arg0, %19 : !sinter.tensor<[B, T, 6], f32>
    return %20 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_rms_norm_wrong_count(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.constant [7.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.div %0, %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.mul %4, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.div %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.add %8, %9 : !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.sqrt %10 : !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %4, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_rms_norm_over_tokens(%arg0: !sinter.tensor<[7, 5, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[7, 5, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[7, 5, 6], f32>
    %1 = sinter.sum %0 axes [1] : !sinter.tensor<[7, 5, 6], f32> -> !sinter.tensor<[7, 1, 6], f32>
    %2 = sinter.constant [5.000000e+00] : !sinter.tensor<[7, 1, 6], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[7, 1, 6], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[7, 1, 6], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[7, 1, 6], f32>
    %6 = sinter.sqrt %5 : !sinter.tensor<[7, 1, 6], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[7, 1, 6], f32> -> !sinter.tensor<[7, 5, 6], f32>
    %8 = sinter.div %arg0, %7 : !sinter.tensor<[7, 5, 6], f32>
    return %8 : !sinter.tensor<[7, 5, 6], f32>
  }
  func.func @is_rms_norm_gated(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}, %arg2: !sinter.tensor<[6], f32> {sinter.name = "w"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.mul %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.mul %1, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.mul %2, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.div %4, %5 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.add %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.sqrt %8 : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.div %0, %10 : !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.view %arg2 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.mul %11, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_rms_norm_gemma(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[6], f32> {sinter.name = "w"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.constant [6.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.add %3, %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.sqrt %5 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %arg0, %7 : !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.constant [1.000000e+00] : !sinter.tensor<[6], f32>
    %10 = sinter.add %9, %arg1 : !sinter.tensor<[6], f32>
    %11 = sinter.view %10 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.mul %8, %11 : !sinter.tensor<[B, T, 6], f32>
    return %12 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_gelu_of_product(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.mul %1, %0 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.mul %arg0, %arg1 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %3, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.erf %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.add %7, %6 : !sinter.tensor<[B, T, 6], f32>
    %9 = sinter.mul %2, %8 : !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_silu_swiglu(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.neg %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.exp %0 : !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.add %2, %1 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.div %4, %3 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.mul %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.mul %6, %arg1 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_log_softmax(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.max %arg0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %1 = sinter.view %0 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %2 = sinter.sub %arg0, %1 : !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sum %3 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.log %4 : !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.view %5 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.sub %2, %6 : !sinter.tensor<[B, T, 6], f32>
    return %7 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_log_softmax_over_tokens(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.exp %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %2 = sinter.log %1 : !sinter.tensor<[B, 1, 6], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.sub %arg0, %3 : !sinter.tensor<[B, T, 6], f32>
    return %4 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_unit_length(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %1 = sinter.sum %0 axes [2] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %2 = sinter.sqrt %1 : !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.maximum %2, %3 : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.div %arg0, %5 : !sinter.tensor<[B, T, 6], f32>
    return %6 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_layer_norm_of_tokens(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.sum %arg0 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %1 = sinter.dim T : !sinter.tensor<[], f32>
    %2 = sinter.view %1 at <(d0, d1, d2) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %3 = sinter.div %0, %2 : !sinter.tensor<[B, 1, 6], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.sub %arg0, %4 : !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.mul %5, %5 : !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.sum %6 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %8 = sinter.dim T : !sinter.tensor<[], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %10 = sinter.div %7, %9 : !sinter.tensor<[B, 1, 6], f32>
    %11 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, 1, 6], f32>
    %12 = sinter.add %10, %11 : !sinter.tensor<[B, 1, 6], f32>
    %13 = sinter.sqrt %12 : !sinter.tensor<[B, 1, 6], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %15 = sinter.div %5, %14 : !sinter.tensor<[B, T, 6], f32>
    return %15 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_rms_norm_of_tokens(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "x"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.dim T : !sinter.tensor<[], f32>
    %1 = sinter.sqrt %0 : !sinter.tensor<[], f32>
    %2 = sinter.view %1 at <(d0, d1, d2) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, T, 6], f32>
    %3 = sinter.mul %arg0, %2 : !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.mul %arg0, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %5 = sinter.sum %4 axes [1] : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %6 = sinter.dim T : !sinter.tensor<[], f32>
    %7 = sinter.constant [1.000000e-02] : !sinter.tensor<[], f32>
    %8 = sinter.mul %6, %7 : !sinter.tensor<[], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %10 = sinter.add %5, %9 : !sinter.tensor<[B, 1, 6], f32>
    %11 = sinter.sqrt %10 : !sinter.tensor<[B, 1, 6], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %3, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
}
