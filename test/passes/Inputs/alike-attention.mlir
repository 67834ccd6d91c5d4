module attributes {sinter.model = "Alike"} {
  func.func @no_sum_over_queries(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [1] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, 1, T], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [1] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, 1, T], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.contract %8, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_unnormalized(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.contract %2, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %3 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_sum_of_others(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.view %arg0 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %4 = sinter.contract %arg1, %3 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %2, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.contract %8, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_sink(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %4 = sinter.contract %arg0, %3 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.add %7, %6 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.view %8 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %10 = sinter.div %2, %9 : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.contract %10, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %11 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_squared_sum(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.contract %2, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %5 = sinter.contract %arg0, %4 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %6 = sinter.exp %5 : !sinter.tensor<[B, T, T], f32>
    %7 = sinter.sum %6 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.pow %7, %8 : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.div %3, %10 : !sinter.tensor<[B, T, 6], f32>
    return %11 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_sigmoid(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.neg %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.exp %2 : !sinter.tensor<[B, T, T], f32>
    %4 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.add %4, %3 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %7 = sinter.div %6, %5 : !sinter.tensor<[B, T, T], f32>
    %8 = sinter.contract %7, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_temperature_in_one(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.contract %2, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %4 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %5 = sinter.contract %arg0, %4 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %6 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %7 = sinter.mul %6, %5 : !sinter.tensor<[B, T, T], f32>
    %8 = sinter.exp %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.sum %8 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %11 = sinter.div %3, %10 : !sinter.tensor<[B, T, 6], f32>
    return %11 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_normalized_scores(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.mul %1, %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.sum %2 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.dim T : !sinter.tensor<[], f32>
    %5 = sinter.view %4 at <(d0, d1, d2) -> ()> : !sinter.tensor<[], f32> -> !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.div %3, %5 : !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.constant [1.000000e-02] : !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.add %6, %7 : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.sqrt %8 : !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %11 = sinter.div %1, %10 : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.max %11 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %14 = sinter.sub %11, %13 : !sinter.tensor<[B, T, T], f32>
    %15 = sinter.exp %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.sum %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.div %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.contract %18, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %19 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_softmax_of_softmax(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.max %8 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %11 = sinter.sub %8, %10 : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.exp %11 : !sinter.tensor<[B, T, T], f32>
    %13 = sinter.sum %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.div %12, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.contract %15, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %16 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_mask_in_one(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.view %arg0 at <(d0, d1, d2) -> (d0, d1, d2)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %4 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %5 = sinter.compare gt %3, %4 : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 1], i1>
    %6 = sinter.cast %5 : !sinter.tensor<[B, T, 1], i1> to !sinter.tensor<[B, T, 1], i32>
    %7 = sinter.view %arg0 at <(d0, d1, d2) -> (d0, d1, d2)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.constant [1.000000e+00] : !sinter.tensor<[B, T, 1], f32>
    %9 = sinter.compare gt %7, %8 : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 1], i1>
    %10 = sinter.cast %9 : !sinter.tensor<[B, T, 1], i1> to !sinter.tensor<[B, T, 1], i32>
    %11 = sinter.compare eq %6, %10 : !sinter.tensor<[B, T, 1], i32> -> !sinter.tensor<[B, T, 1], i1>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], i1> -> !sinter.tensor<[B, T, T], i1>
    %13 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %14 = sinter.select %12, %2, %13 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %15 = sinter.contract %14, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %16 = sinter.sum %2 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %18 = sinter.div %15, %17 : !sinter.tensor<[B, T, 6], f32>
    return %18 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_shift_of_keys(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [1] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, 1, T], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.contract %5, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %7 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.sub %1, %8 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.exp %9 : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.div %6, %12 : !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @no_weights_wanted(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "y"}, !sinter.tensor<[B, T, T], f32> {sinter.name = "w"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.contract %8, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %9, %8 : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, T, T], f32>
  }
  func.func @is_plain(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.contract %8, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_divided_last(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.constant [5.000000e-01] : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.mul %1, %2 : !sinter.tensor<[B, T, T], f32>
    %4 = sinter.exp %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.contract %4, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %6 = sinter.sum %4 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, 6], f32>
    return %8 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_of_itself(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg0 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.contract %8, %arg0 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %9 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_capped(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.constant [2.000000e+01] : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.div %1, %2 : !sinter.tensor<[B, T, T], f32>
    %4 = sinter.tanh %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.constant [2.000000e+01] : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.mul %5, %4 : !sinter.tensor<[B, T, T], f32>
    %7 = sinter.max %6 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.sub %6, %8 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.exp %9 : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %12 = sinter.view %11 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %13 = sinter.div %10, %12 : !sinter.tensor<[B, T, T], f32>
    %14 = sinter.contract %13, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %14 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_with_weak_mask(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %10 = sinter.constant [-1.000000e+04] : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.select %9, %8, %10 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %12 = sinter.max %11 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %14 = sinter.sub %11, %13 : !sinter.tensor<[B, T, T], f32>
    %15 = sinter.exp %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.sum %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.div %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.contract %18, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %19 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_with_added_weak_mask(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %4 = sinter.iota : !sinter.tensor<[T], i32>
    %5 = sinter.view %4 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %6 = sinter.view %3 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %7 = sinter.view %5 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %8 = sinter.compare le %6, %7 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %9 = sinter.cast %8 : !sinter.tensor<[T, T], i1> to !sinter.tensor<[T, T], f32>
    %10 = sinter.constant [1.000000e+00] : !sinter.tensor<[T, T], f32>
    %11 = sinter.sub %10, %9 : !sinter.tensor<[T, T], f32>
    %12 = sinter.constant [-1.000000e+09] : !sinter.tensor<[T, T], f32>
    %13 = sinter.mul %11, %12 : !sinter.tensor<[T, T], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.add %1, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.max %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.sub %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.exp %18 : !sinter.tensor<[B, T, T], f32>
    %20 = sinter.sum %19 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %21 = sinter.view %20 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %22 = sinter.div %19, %21 : !sinter.tensor<[B, T, T], f32>
    %23 = sinter.contract %22, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %23 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %10 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.select %9, %8, %10 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %12 = sinter.max %11 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %14 = sinter.sub %11, %13 : !sinter.tensor<[B, T, T], f32>
    %15 = sinter.exp %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.sum %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.div %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.contract %18, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %19 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_by_addition(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %4 = sinter.iota : !sinter.tensor<[T], i32>
    %5 = sinter.view %4 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %6 = sinter.view %3 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %7 = sinter.view %5 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %8 = sinter.compare le %6, %7 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %9 = sinter.cast %8 : !sinter.tensor<[T, T], i1> to !sinter.tensor<[T, T], f32>
    %10 = sinter.constant [1.000000e+00] : !sinter.tensor<[T, T], f32>
    %11 = sinter.sub %10, %9 : !sinter.tensor<[T, T], f32>
    %12 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[T, T], f32>
    %13 = sinter.mul %11, %12 : !sinter.tensor<[T, T], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.add %1, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.max %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.sub %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.exp %18 : !sinter.tensor<[B, T, T], f32>
    %20 = sinter.sum %19 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %21 = sinter.view %20 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %22 = sinter.div %19, %21 : !sinter.tensor<[B, T, T], f32>
    %23 = sinter.contract %22, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %23 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_twice(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.iota : !sinter.tensor<[T], i32>
    %8 = sinter.view %7 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %9 = sinter.iota : !sinter.tensor<[T], i32>
    %10 = sinter.view %9 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %11 = sinter.view %8 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %12 = sinter.view %10 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %13 = sinter.add %11, %12 : !sinter.tensor<[T, T], i32>
    %14 = sinter.constant [2.000000e+00] : !sinter.tensor<[T, T], i32>
    %15 = sinter.mod %13, %14 : !sinter.tensor<[T, T], i32>
    %16 = sinter.constant [0.000000e+00] : !sinter.tensor<[T, T], i32>
    %17 = sinter.compare eq %15, %16 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %18 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %19 = sinter.contract %arg0, %18 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %20 = sinter.view %17 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %21 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %22 = sinter.select %20, %19, %21 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %23 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %24 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %25 = sinter.select %23, %22, %24 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %26 = sinter.max %25 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %27 = sinter.view %26 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %28 = sinter.sub %25, %27 : !sinter.tensor<[B, T, T], f32>
    %29 = sinter.exp %28 : !sinter.tensor<[B, T, T], f32>
    %30 = sinter.sum %29 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %31 = sinter.view %30 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %32 = sinter.div %29, %31 : !sinter.tensor<[B, T, T], f32>
    %33 = sinter.contract %32, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %33 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_twice_apart(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.iota : !sinter.tensor<[T], i32>
    %8 = sinter.view %7 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %9 = sinter.iota : !sinter.tensor<[T], i32>
    %10 = sinter.view %9 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %11 = sinter.view %8 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %12 = sinter.view %10 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %13 = sinter.add %11, %12 : !sinter.tensor<[T, T], i32>
    %14 = sinter.constant [2.000000e+00] : !sinter.tensor<[T, T], i32>
    %15 = sinter.mod %13, %14 : !sinter.tensor<[T, T], i32>
    %16 = sinter.constant [0.000000e+00] : !sinter.tensor<[T, T], i32>
    %17 = sinter.compare eq %15, %16 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %18 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %19 = sinter.contract %arg0, %18 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %20 = sinter.view %17 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %21 = sinter.constant [-1.000000e+31] : !sinter.tensor<[B, T, T], f32>
    %22 = sinter.select %20, %19, %21 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %23 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %24 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %25 = sinter.select %23, %22, %24 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %26 = sinter.max %25 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %27 = sinter.view %26 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %28 = sinter.sub %25, %27 : !sinter.tensor<[B, T, T], f32>
    %29 = sinter.exp %28 : !sinter.tensor<[B, T, T], f32>
    %30 = sinter.sum %29 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %31 = sinter.view %30 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %32 = sinter.div %29, %31 : !sinter.tensor<[B, T, T], f32>
    %33 = sinter.contract %32, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %33 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_by_two_sums(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %4 = sinter.iota : !sinter.tensor<[T], i32>
    %5 = sinter.view %4 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %6 = sinter.view %3 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %7 = sinter.view %5 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %8 = sinter.compare le %6, %7 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %9 = sinter.cast %8 : !sinter.tensor<[T, T], i1> to !sinter.tensor<[T, T], f32>
    %10 = sinter.constant [1.000000e+00] : !sinter.tensor<[T, T], f32>
    %11 = sinter.sub %10, %9 : !sinter.tensor<[T, T], f32>
    %12 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[T, T], f32>
    %13 = sinter.mul %11, %12 : !sinter.tensor<[T, T], f32>
    %14 = sinter.constant [4.000000e+00] : !sinter.tensor<[T, T], f32>
    %15 = sinter.div %13, %14 : !sinter.tensor<[T, T], f32>
    %16 = sinter.view %15 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %17 = sinter.add %1, %16 : !sinter.tensor<[B, T, T], f32>
    %18 = sinter.iota : !sinter.tensor<[T], i32>
    %19 = sinter.view %18 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %20 = sinter.iota : !sinter.tensor<[T], i32>
    %21 = sinter.view %20 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %22 = sinter.view %19 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %23 = sinter.view %21 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %24 = sinter.add %22, %23 : !sinter.tensor<[T, T], i32>
    %25 = sinter.constant [2.000000e+00] : !sinter.tensor<[T, T], i32>
    %26 = sinter.mod %24, %25 : !sinter.tensor<[T, T], i32>
    %27 = sinter.constant [0.000000e+00] : !sinter.tensor<[T, T], i32>
    %28 = sinter.compare eq %26, %27 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %29 = sinter.cast %28 : !sinter.tensor<[T, T], i1> to !sinter.tensor<[T, T], f32>
    %30 = sinter.constant [1.000000e+00] : !sinter.tensor<[T, T], f32>
    %31 = sinter.sub %30, %29 : !sinter.tensor<[T, T], f32>
    %32 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[T, T], f32>
    %33 = sinter.mul %31, %32 : !sinter.tensor<[T, T], f32>
    %34 = sinter.constant [4.000000e+00] : !sinter.tensor<[T, T], f32>
    %35 = sinter.div %33, %34 : !sinter.tensor<[T, T], f32>
    %36 = sinter.view %35 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %37 = sinter.add %17, %36 : !sinter.tensor<[B, T, T], f32>
    %38 = sinter.max %37 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %39 = sinter.view %38 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %40 = sinter.sub %37, %39 : !sinter.tensor<[B, T, T], f32>
    %41 = sinter.exp %40 : !sinter.tensor<[B, T, T], f32>
    %42 = sinter.sum %41 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %43 = sinter.view %42 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %44 = sinter.div %41, %43 : !sinter.tensor<[B, T, T], f32>
    %45 = sinter.contract %44, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %45 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_and_biased(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.add %1, %arg3 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.iota : !sinter.tensor<[T], i32>
    %4 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %5 = sinter.iota : !sinter.tensor<[T], i32>
    %6 = sinter.view %5 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %7 = sinter.view %4 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %8 = sinter.view %6 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %9 = sinter.compare le %7, %8 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %10 = sinter.constant [0.000000e+00] : !sinter.tensor<[T, T], f32>
    %11 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[T, T], f32>
    %12 = sinter.select %9, %10, %11 : !sinter.tensor<[T, T], i1>, !sinter.tensor<[T, T], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %14 = sinter.add %2, %13 : !sinter.tensor<[B, T, T], f32>
    %15 = sinter.max %14 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %16 = sinter.view %15 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %17 = sinter.sub %14, %16 : !sinter.tensor<[B, T, T], f32>
    %18 = sinter.exp %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.sum %18 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %20 = sinter.view %19 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %21 = sinter.div %18, %20 : !sinter.tensor<[B, T, T], f32>
    %22 = sinter.contract %21, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %22 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_over_a_bias(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.add %8, %arg3 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %11 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.select %10, %9, %11 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %13 = sinter.max %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.sub %12, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.exp %15 : !sinter.tensor<[B, T, T], f32>
    %17 = sinter.sum %16 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %18 = sinter.view %17 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %19 = sinter.div %16, %18 : !sinter.tensor<[B, T, T], f32>
    %20 = sinter.contract %19, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %20 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_hidden_beside_a_bias(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.add %8, %arg3 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %11 = sinter.constant [-1.000000e+30] : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.select %10, %9, %11 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %13 = sinter.max %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.sub %12, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.exp %15 : !sinter.tensor<[B, T, T], f32>
    %17 = sinter.sum %16 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %18 = sinter.view %17 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %19 = sinter.div %16, %18 : !sinter.tensor<[B, T, T], f32>
    %20 = sinter.contract %19, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %20 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_hidden(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %10 = sinter.constant [-1.000000e+30] : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.select %9, %8, %10 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %12 = sinter.max %11 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %13 = sinter.view %12 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %14 = sinter.sub %11, %13 : !sinter.tensor<[B, T, T], f32>
    %15 = sinter.exp %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.sum %15 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %17 = sinter.view %16 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %18 = sinter.div %15, %17 : !sinter.tensor<[B, T, T], f32>
    %19 = sinter.contract %18, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %19 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_hidden_twice(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.iota : !sinter.tensor<[T], i32>
    %8 = sinter.view %7 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %9 = sinter.iota : !sinter.tensor<[T], i32>
    %10 = sinter.view %9 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %11 = sinter.view %8 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %12 = sinter.view %10 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %13 = sinter.add %11, %12 : !sinter.tensor<[T, T], i32>
    %14 = sinter.constant [2.000000e+00] : !sinter.tensor<[T, T], i32>
    %15 = sinter.mod %13, %14 : !sinter.tensor<[T, T], i32>
    %16 = sinter.constant [0.000000e+00] : !sinter.tensor<[T, T], i32>
    %17 = sinter.compare eq %15, %16 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %18 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %19 = sinter.contract %arg0, %18 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %20 = sinter.view %17 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %21 = sinter.constant [-3.4028234663852886E+38] : !sinter.tensor<[B, T, T], f32>
    %22 = sinter.select %20, %19, %21 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %23 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %24 = sinter.constant [-1.000000e+30] : !sinter.tensor<[B, T, T], f32>
    %25 = sinter.select %23, %22, %24 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %26 = sinter.max %25 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %27 = sinter.view %26 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %28 = sinter.sub %25, %27 : !sinter.tensor<[B, T, T], f32>
    %29 = sinter.exp %28 : !sinter.tensor<[B, T, T], f32>
    %30 = sinter.sum %29 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %31 = sinter.view %30 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %32 = sinter.div %29, %31 : !sinter.tensor<[B, T, T], f32>
    %33 = sinter.contract %32, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %33 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_product(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.exp %1 : !sinter.tensor<[B, T, T], f32>
    %3 = sinter.iota : !sinter.tensor<[T], i32>
    %4 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %5 = sinter.iota : !sinter.tensor<[T], i32>
    %6 = sinter.view %5 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %7 = sinter.view %4 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %8 = sinter.view %6 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %9 = sinter.compare le %7, %8 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %10 = sinter.cast %9 : !sinter.tensor<[T, T], i1> to !sinter.tensor<[T, T], f32>
    %11 = sinter.view %10 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %12 = sinter.mul %2, %11 : !sinter.tensor<[B, T, T], f32>
    %13 = sinter.contract %12, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %14 = sinter.sum %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %15 = sinter.view %14 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 6], f32>
    %16 = sinter.div %13, %15 : !sinter.tensor<[B, T, 6], f32>
    return %16 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_masked_exponential(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.exp %8 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %11 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.select %10, %9, %11 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %13 = sinter.sum %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.div %12, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.contract %15, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %16 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_dropped(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.iota : !sinter.tensor<[T], i32>
    %1 = sinter.view %0 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[1, T], i32>
    %2 = sinter.iota : !sinter.tensor<[T], i32>
    %3 = sinter.view %2 at <(d0, d1) -> (d0)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[T, 1], i32>
    %4 = sinter.view %1 at <(d0, d1) -> (0, d1)> : !sinter.tensor<[1, T], i32> -> !sinter.tensor<[T, T], i32>
    %5 = sinter.view %3 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[T, 1], i32> -> !sinter.tensor<[T, T], i32>
    %6 = sinter.compare le %4, %5 : !sinter.tensor<[T, T], i32> -> !sinter.tensor<[T, T], i1>
    %7 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %8 = sinter.contract %arg0, %7 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %9 = sinter.max %8 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %11 = sinter.sub %8, %10 : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.exp %11 : !sinter.tensor<[B, T, T], f32>
    %13 = sinter.sum %12 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %14 = sinter.view %13 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %15 = sinter.div %12, %14 : !sinter.tensor<[B, T, T], f32>
    %16 = sinter.constant [9.000000e-01] : !sinter.tensor<[B, T, T], f32>
    %17 = sinter.div %15, %16 : !sinter.tensor<[B, T, T], f32>
    %18 = sinter.view %6 at <(d0, d1, d2) -> (d1, d2)> : !sinter.tensor<[T, T], i1> -> !sinter.tensor<[B, T, T], i1>
    %19 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %20 = sinter.select %18, %17, %19 : !sinter.tensor<[B, T, T], i1>, !sinter.tensor<[B, T, T], f32>
    %21 = sinter.contract %20, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %21 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_squared_after(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.max %1 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %3 = sinter.view %2 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.sub %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.exp %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.sum %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.div %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.constant [2.000000e+00] : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.pow %8, %9 : !sinter.tensor<[B, T, T], f32>
    %11 = sinter.contract %10, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %11 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_relative(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %3 = sinter.contract %arg2, %2 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.add %1, %3 : !sinter.tensor<[B, T, T], f32>
    %5 = sinter.max %4 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %6 = sinter.view %5 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %7 = sinter.sub %4, %6 : !sinter.tensor<[B, T, T], f32>
    %8 = sinter.exp %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.sum %8 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %10 = sinter.view %9 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %11 = sinter.div %8, %10 : !sinter.tensor<[B, T, T], f32>
    %12 = sinter.contract %11, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %12 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_symmetric(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    %0 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %1 = sinter.contract %arg0, %0 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %2 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %3 = sinter.contract %arg0, %2 "abc,acd->abd" : !sinter.tensor<[B, T, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, T], f32>
    %5 = sinter.add %1, %4 : !sinter.tensor<[B, T, T], f32>
    %6 = sinter.max %5 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %7 = sinter.view %6 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %8 = sinter.sub %5, %7 : !sinter.tensor<[B, T, T], f32>
    %9 = sinter.exp %8 : !sinter.tensor<[B, T, T], f32>
    %10 = sinter.sum %9 axes [2] : !sinter.tensor<[B, T, T], f32> -> !sinter.tensor<[B, T, 1], f32>
    %11 = sinter.view %10 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, T], f32>
    %12 = sinter.div %9, %11 : !sinter.tensor<[B, T, T], f32>
    %13 = sinter.contract %12, %arg2 "abc,acd->abd" : !sinter.tensor<[B, T, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    return %13 : !sinter.tensor<[B, T, 6], f32>
  }
  func.func @is_asked_once(%arg0: !sinter.tensor<[B, T, 6], f32> {sinter.name = "q"}, %arg1: !sinter.tensor<[B, T, 6], f32> {sinter.name = "k"}, %arg2: !sinter.tensor<[B, T, 6], f32> {sinter.name = "v"}, %arg3: !sinter.tensor<[B, T, T], f32> {sinter.name = "b"}) -> (!sinter.tensor<[B, T, 6], f32> {sinter.name = "out"}) {
    sinter.check T - 1 ge 0, "a slice ends behind an axis of {0}" [T]
    %0 = sinter.view %arg0 at <(d0, d1, d2) -> (d0, d1, d2)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %1 = sinter.view %arg1 at <(d0, d1, d2) -> (d0, d2, d1)> : !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 6, T], f32>
    %2 = sinter.contract %0, %1 "abc,acd->abd" : !sinter.tensor<[B, 1, 6], f32>, !sinter.tensor<[B, 6, T], f32> -> !sinter.tensor<[B, 1, T], f32>
    %3 = sinter.max %2 axes [2] : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, 1, 1], f32>
    %4 = sinter.view %3 at <(d0, d1, d2) -> (d0, 0, 0)> : !sinter.tensor<[B, 1, 1], f32> -> !sinter.tensor<[B, 1, T], f32>
    %5 = sinter.sub %2, %4 : !sinter.tensor<[B, 1, T], f32>
    %6 = sinter.exp %5 : !sinter.tensor<[B, 1, T], f32>
    %7 = sinter.sum %6 axes [2] : !sinter.tensor<[B, 1, T], f32> -> !sinter.tensor<[B, 1, 1], f32>
    %8 = sinter.view %7 at <(d0, d1, d2) -> (d0, 0, 0)> : !sinter.tensor<[B, 1, 1], f32> -> !sinter.tensor<[B, 1, T], f32>
    %9 = sinter.div %6, %8 : !sinter.tensor<[B, 1, T], f32>
    %10 = sinter.contract %9, %arg2 "abc,acd->abd" : !sinter.tensor<[B, 1, T], f32>, !sinter.tensor<[B, T, 6], f32> -> !sinter.tensor<[B, 1, 6], f32>
    %11 = sinter.constant [0.000000e+00] : !sinter.tensor<[B, T, 6], f32>
    %12 = sinter.mul %11, %arg0 : !sinter.tensor<[B, T, 6], f32>
    %13 = sinter.view %10 at <(d0, d1, d2) -> (d0, 0, d2)> : !sinter.tensor<[B, 1, 6], f32> -> !sinter.tensor<[B, T, 6], f32>
    %14 = sinter.add %13, %12 : !sinter.tensor<[B, T, 6], f32>
    return %14 : !sinter.tensor<[B, T, 6], f32>
  }
}
