module {
  sinter.parameter @embeddings.word_embeddings.weight ["embeddings.word_embeddings.weight"] : !sinter.tensor<[37, 12], f32>
  sinter.parameter @embeddings.position_embeddings.weight ["embeddings.position_embeddings.weight"] : !sinter.tensor<[16, 12], f32>
  sinter.parameter @embeddings.token_type_embeddings.weight ["embeddings.token_type_embeddings.weight"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @embeddings.LayerNorm.weight ["embeddings.LayerNorm.weight"] : !sinter.tensor<[12], f32>
  sinter.parameter @embeddings.LayerNorm.bias ["embeddings.LayerNorm.bias"] : !sinter.tensor<[12], f32>
  sinter.parameter @pooler.dense.weight ["pooler.dense.weight"] : !sinter.tensor<[12, 12], f32>
  sinter.parameter @pooler.dense.bias ["pooler.dense.bias"] : !sinter.tensor<[12], f32>
  sinter.parameter @cls.predictions.transform.dense.weight ["cls.predictions.transform.dense.weight"] : !sinter.tensor<[12, 12], f32>
  sinter.parameter @cls.predictions.transform.dense.bias ["cls.predictions.transform.dense.bias"] : !sinter.tensor<[12], f32>
  sinter.parameter @cls.predictions.transform.LayerNorm.weight ["cls.predictions.transform.LayerNorm.weight"] : !sinter.tensor<[12], f32>
  sinter.parameter @cls.predictions.transform.LayerNorm.bias ["cls.predictions.transform.LayerNorm.bias"] : !sinter.tensor<[12], f32>
  sinter.parameter @cls.predictions.bias ["cls.predictions.bias"] : !sinter.tensor<[37], f32>
  sinter.parameter @"encoder.layer.*.attention.self.query.weight" stacked ["encoder.layer.0.attention.self.query.weight", "encoder.layer.1.attention.self.query.weight"] : !sinter.tensor<[2, 12, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.self.query.bias" stacked ["encoder.layer.0.attention.self.query.bias", "encoder.layer.1.attention.self.query.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.self.key.weight" stacked ["encoder.layer.0.attention.self.key.weight", "encoder.layer.1.attention.self.key.weight"] : !sinter.tensor<[2, 12, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.self.key.bias" stacked ["encoder.layer.0.attention.self.key.bias", "encoder.layer.1.attention.self.key.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.self.value.weight" stacked ["encoder.layer.0.attention.self.value.weight", "encoder.layer.1.attention.self.value.weight"] : !sinter.tensor<[2, 12, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.self.value.bias" stacked ["encoder.layer.0.attention.self.value.bias", "encoder.layer.1.attention.self.value.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.output.dense.weight" stacked ["encoder.layer.0.attention.output.dense.weight", "encoder.layer.1.attention.output.dense.weight"] : !sinter.tensor<[2, 12, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.output.dense.bias" stacked ["encoder.layer.0.attention.output.dense.bias", "encoder.layer.1.attention.output.dense.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.output.LayerNorm.weight" stacked ["encoder.layer.0.attention.output.LayerNorm.weight", "encoder.layer.1.attention.output.LayerNorm.weight"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.attention.output.LayerNorm.bias" stacked ["encoder.layer.0.attention.output.LayerNorm.bias", "encoder.layer.1.attention.output.LayerNorm.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.intermediate.dense.weight" stacked ["encoder.layer.0.intermediate.dense.weight", "encoder.layer.1.intermediate.dense.weight"] : !sinter.tensor<[2, 20, 12], f32>
  sinter.parameter @"encoder.layer.*.intermediate.dense.bias" stacked ["encoder.layer.0.intermediate.dense.bias", "encoder.layer.1.intermediate.dense.bias"] : !sinter.tensor<[2, 20], f32>
  sinter.parameter @"encoder.layer.*.output.dense.weight" stacked ["encoder.layer.0.output.dense.weight", "encoder.layer.1.output.dense.weight"] : !sinter.tensor<[2, 12, 20], f32>
  sinter.parameter @"encoder.layer.*.output.dense.bias" stacked ["encoder.layer.0.output.dense.bias", "encoder.layer.1.output.dense.bias"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.output.LayerNorm.weight" stacked ["encoder.layer.0.output.LayerNorm.weight", "encoder.layer.1.output.LayerNorm.weight"] : !sinter.tensor<[2, 12], f32>
  sinter.parameter @"encoder.layer.*.output.LayerNorm.bias" stacked ["encoder.layer.0.output.LayerNorm.bias", "encoder.layer.1.output.LayerNorm.bias"] : !sinter.tensor<[2, 12], f32>
  kernel.prepared @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
  kernel.prepared @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
  kernel.prepared @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
  kernel.prepared @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
  kernel.prepared @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 36, 12], f32, panels>
  kernel.prepared @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 36], f32>
  kernel.prepared @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
  kernel.prepared @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
  kernel.prepared @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
  kernel.prepared @pooler.dense.bias.dense : !kernel.buffer<[12], f32>
  kernel.prepared @pooler.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
  kernel.prepared @cls.predictions.transform.dense.bias.dense : !kernel.buffer<[12], f32>
  kernel.prepared @cls.predictions.transform.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
  kernel.prepared @cls.predictions.transform.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
  kernel.prepared @cls.predictions.transform.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
  kernel.prepared @cls.predictions.bias.dense : !kernel.buffer<[37], f32>
  kernel.prepared @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
  func.func @prepare() {
    %0 = kernel.read @embeddings.word_embeddings.weight : !kernel.buffer<[37, 12], f32>
    %1 = kernel.read @embeddings.position_embeddings.weight : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.output.dense.bias" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.intermediate.dense.bias" : !kernel.buffer<[2, 20], f32>
    %9 = kernel.read @"encoder.layer.*.output.dense.bias" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.output.LayerNorm.weight" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.output.LayerNorm.bias" : !kernel.buffer<[2, 12], f32>
    %12 = kernel.read @"encoder.layer.*.attention.self.query.weight" : !kernel.buffer<[2, 12, 12], f32>
    %13 = kernel.read @"encoder.layer.*.attention.self.key.weight" : !kernel.buffer<[2, 12, 12], f32>
    %14 = kernel.read @"encoder.layer.*.attention.self.value.weight" : !kernel.buffer<[2, 12, 12], f32>
    %15 = kernel.pointwise(%12 at <(d0, d1, d2) -> (d0, d1 mod 12, d2)>, %13 at <(d0, d1, d2) -> (d0, d1 mod 12, d2)>, %14 at <(d0, d1, d2) -> (d0, d1 mod 12, d2)>) {
    ^bb0(%arg0: f32, %arg1: f32, %arg2: f32):
      %37 = kernel.index 1 : i32
      %c24_i32 = arith.constant 24 : i32
      %38 = arith.cmpi slt, %37, %c24_i32 : i32
      %39 = arith.select %38, %arg1, %arg2 : f32
      %c12_i32 = arith.constant 12 : i32
      %40 = arith.cmpi slt, %37, %c12_i32 : i32
      %41 = arith.select %40, %arg0, %39 : f32
      kernel.yield %41 : f32
    } : (!kernel.buffer<[2, 12, 12], f32>, !kernel.buffer<[2, 12, 12], f32>, !kernel.buffer<[2, 12, 12], f32>) -> !kernel.buffer<[2, 36, 12], f32>
    %16 = kernel.move %15 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 36, 12], f32> -> !kernel.buffer<[2, 36, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.query.bias" : !kernel.buffer<[2, 12], f32>
    %18 = kernel.read @"encoder.layer.*.attention.self.key.bias" : !kernel.buffer<[2, 12], f32>
    %19 = kernel.read @"encoder.layer.*.attention.self.value.bias" : !kernel.buffer<[2, 12], f32>
    %20 = kernel.pointwise(%17 at <(d0, d1) -> (d0, d1 mod 12)>, %18 at <(d0, d1) -> (d0, d1 mod 12)>, %19 at <(d0, d1) -> (d0, d1 mod 12)>) {
    ^bb0(%arg0: f32, %arg1: f32, %arg2: f32):
      %37 = kernel.index 1 : i32
      %c24_i32 = arith.constant 24 : i32
      %38 = arith.cmpi slt, %37, %c24_i32 : i32
      %39 = arith.select %38, %arg1, %arg2 : f32
      %c12_i32 = arith.constant 12 : i32
      %40 = arith.cmpi slt, %37, %c12_i32 : i32
      %41 = arith.select %40, %arg0, %39 : f32
      kernel.yield %41 : f32
    } : (!kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>) -> !kernel.buffer<[2, 36], f32>
    %21 = kernel.read @"encoder.layer.*.attention.output.dense.weight" : !kernel.buffer<[2, 12, 12], f32>
    %22 = kernel.move %21 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 12, 12], f32> -> !kernel.buffer<[2, 12, 12], f32, panels>
    %23 = kernel.read @"encoder.layer.*.intermediate.dense.weight" : !kernel.buffer<[2, 20, 12], f32>
    %24 = kernel.move %23 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 20, 12], f32> -> !kernel.buffer<[2, 20, 12], f32, panels>
    %25 = kernel.read @"encoder.layer.*.output.dense.weight" : !kernel.buffer<[2, 12, 20], f32>
    %26 = kernel.move %25 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 12, 20], f32> -> !kernel.buffer<[2, 12, 20], f32, panels>
    kernel.write @embeddings.position_embeddings.weight.dense, %1 : !kernel.buffer<[16, 12], f32>
    kernel.write @embeddings.token_type_embeddings.weight.dense, %2 : !kernel.buffer<[2, 12], f32>
    kernel.write @embeddings.LayerNorm.weight.dense, %3 : !kernel.buffer<[12], f32>
    kernel.write @embeddings.LayerNorm.bias.dense, %4 : !kernel.buffer<[12], f32>
    kernel.write @"encoder.layer.*.attention.output.dense.bias.dense", %5 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.output.LayerNorm.weight.dense", %6 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.output.LayerNorm.bias.dense", %7 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.intermediate.dense.bias.dense", %8 : !kernel.buffer<[2, 20], f32>
    kernel.write @"encoder.layer.*.output.dense.bias.dense", %9 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.output.LayerNorm.weight.dense", %10 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.output.LayerNorm.bias.dense", %11 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.self.query.weight.panels", %16 : !kernel.buffer<[2, 36, 12], f32, panels>
    kernel.write @"encoder.layer.*.attention.self.query.bias.dense", %20 : !kernel.buffer<[2, 36], f32>
    kernel.write @"encoder.layer.*.attention.output.dense.weight.panels", %22 : !kernel.buffer<[2, 12, 12], f32, panels>
    kernel.write @"encoder.layer.*.intermediate.dense.weight.panels", %24 : !kernel.buffer<[2, 20, 12], f32, panels>
    kernel.write @"encoder.layer.*.output.dense.weight.panels", %26 : !kernel.buffer<[2, 12, 20], f32, panels>
    %27 = kernel.read @pooler.dense.bias : !kernel.buffer<[12], f32>
    %28 = kernel.read @pooler.dense.weight : !kernel.buffer<[12, 12], f32>
    %29 = kernel.move %28 at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[12, 12], f32> -> !kernel.buffer<[12, 12], f32, panels>
    kernel.write @pooler.dense.bias.dense, %27 : !kernel.buffer<[12], f32>
    kernel.write @pooler.dense.weight.panels, %29 : !kernel.buffer<[12, 12], f32, panels>
    %30 = kernel.read @cls.predictions.transform.dense.bias : !kernel.buffer<[12], f32>
    %31 = kernel.read @cls.predictions.transform.dense.weight : !kernel.buffer<[12, 12], f32>
    %32 = kernel.move %31 at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[12, 12], f32> -> !kernel.buffer<[12, 12], f32, panels>
    %33 = kernel.read @cls.predictions.transform.LayerNorm.weight : !kernel.buffer<[12], f32>
    %34 = kernel.read @cls.predictions.transform.LayerNorm.bias : !kernel.buffer<[12], f32>
    %35 = kernel.read @cls.predictions.bias : !kernel.buffer<[37], f32>
    %36 = kernel.move %0 at <(d0, d1) -> (d0, d1)> : !kernel.buffer<[37, 12], f32> -> !kernel.buffer<[37, 12], f32, panels>
    kernel.write @cls.predictions.transform.dense.bias.dense, %30 : !kernel.buffer<[12], f32>
    kernel.write @cls.predictions.transform.dense.weight.panels, %32 : !kernel.buffer<[12, 12], f32, panels>
    kernel.write @cls.predictions.transform.LayerNorm.weight.dense, %33 : !kernel.buffer<[12], f32>
    kernel.write @cls.predictions.transform.LayerNorm.bias.dense, %34 : !kernel.buffer<[12], f32>
    kernel.write @cls.predictions.bias.dense, %35 : !kernel.buffer<[37], f32>
    kernel.write @embeddings.word_embeddings.weight.panels, %36 : !kernel.buffer<[37, 12], f32, panels>
    return
  }
  func.func @forward(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, T, 12], f32> {sinter.name = "hidden"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %9 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %12 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 36, 12], f32, panels>
    %13 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 36], f32>
    %14 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %15 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %17 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %18 = kernel.pointwise() {
      %23 = kernel.index 1 : i32
      kernel.yield %23 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %19 = kernel.gather %1[%18] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %20 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %21 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %20 at <(d0, d1, d2) -> (d0, d1, d2)>, %17 at <(d0, d1, d2) -> (d0, d1, d2)>, %19 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %23 = arith.addf %arg6, %arg7 : f32
      %24 = arith.addf %23, %arg5 : f32
      kernel.yield %24 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %23 = arith.addf %arg6, %arg7 : f32
      %24 = arith.addf %23, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %25 = arith.divf %arg8, %cst : f32
      %26 = arith.subf %24, %25 : f32
      %27 = arith.mulf %26, %26 : f32
      kernel.yield %27 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %23 = arith.addf %arg6, %arg7 : f32
      %24 = arith.addf %23, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %25 = arith.divf %arg8, %cst : f32
      %26 = arith.subf %24, %25 : f32
      %27 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %28 = arith.addf %27, %cst_0 : f32
      %29 = math.sqrt %28 : f32
      %30 = arith.divf %26, %29 : f32
      %31 = arith.mulf %30, %arg3 : f32
      %32 = arith.addf %31, %arg4 : f32
      kernel.yield %32 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %22 = kernel.repeat 2 carried(%21) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[20], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[12], f32>, %arg11: !kernel.buffer<[36, 12], f32, panels>, %arg12: !kernel.buffer<[36], f32>, %arg13: !kernel.buffer<[12, 12], f32, panels>, %arg14: !kernel.buffer<[20, 12], f32, panels>, %arg15: !kernel.buffer<[12, 20], f32, panels>):
      %23 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg11 at <() -> ()> extras(%arg12 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %31 = arith.addf %arg16, %arg17 : f32
        kernel.yield %31 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[36, 12], f32, panels>, !kernel.buffer<[36], f32>) -> !kernel.buffer<[B, T, 36], f32>
      %24 = kernel.attention batch 2 over [T, 4] %23 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %23 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 12)>, %23 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 24)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg16: f32, %arg17: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %31 = arith.divf %arg16, %cst : f32
        kernel.yield %31 : f32
      } mask {
      ^bb0(%arg16: i32):
        %c0_i32 = arith.constant 0 : i32
        %31 = arith.cmpi ne, %arg16, %c0_i32 : i32
        kernel.yield %31 : i1
      } : (!kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %25 = kernel.move %24 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %26 = kernel.contract batch 0 %25 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg13 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %31 = arith.addf %arg16, %arg17 : f32
        %32 = arith.addf %arg18, %31 : f32
        kernel.yield %32 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %27 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%26 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg5 at <(d0, d1, d2) -> (d2)>, %arg6 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %31 = arith.divf %arg19, %cst : f32
        %32 = arith.subf %arg16, %31 : f32
        %33 = arith.mulf %32, %32 : f32
        kernel.yield %33 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %31 = arith.divf %arg19, %cst : f32
        %32 = arith.subf %arg16, %31 : f32
        %33 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %34 = arith.addf %33, %cst_0 : f32
        %35 = math.sqrt %34 : f32
        %36 = arith.divf %32, %35 : f32
        %37 = arith.mulf %36, %arg17 : f32
        %38 = arith.addf %37, %arg18 : f32
        kernel.yield %38 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %28 = kernel.contract batch 0 %27 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %31 = arith.addf %arg16, %arg17 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %32 = arith.divf %31, %cst_0 : f32
        %33 = math.erf %32 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %34 = arith.mulf %cst_1, %31 : f32
        %35 = arith.addf %cst, %33 : f32
        %36 = arith.mulf %34, %35 : f32
        kernel.yield %36 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %29 = kernel.contract batch 0 %28 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg8 at <(d0, d1, d2) -> (d2)>, %27 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %31 = arith.addf %arg16, %arg17 : f32
        %32 = arith.addf %arg18, %31 : f32
        kernel.yield %32 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %30 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%29 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg9 at <(d0, d1, d2) -> (d2)>, %arg10 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %31 = arith.divf %arg19, %cst : f32
        %32 = arith.subf %arg16, %31 : f32
        %33 = arith.mulf %32, %32 : f32
        kernel.yield %33 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %31 = arith.divf %arg19, %cst : f32
        %32 = arith.subf %arg16, %31 : f32
        %33 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %34 = arith.addf %33, %cst_0 : f32
        %35 = math.sqrt %34 : f32
        %36 = arith.divf %32, %35 : f32
        %37 = arith.mulf %36, %arg17 : f32
        %38 = arith.addf %37, %arg18 : f32
        kernel.yield %38 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %30 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 36, 12], f32, panels>, !kernel.buffer<[2, 36], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    return %22 : !kernel.buffer<[B, T, 12], f32>
  }
  func.func @pooled(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, 12], f32> {sinter.name = "pooled"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %9 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %12 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 36, 12], f32, panels>
    %13 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 36], f32>
    %14 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %15 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    %17 = kernel.read @pooler.dense.bias.dense : !kernel.buffer<[12], f32>
    %18 = kernel.read @pooler.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %19 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %20 = kernel.pointwise() {
      %26 = kernel.index 1 : i32
      kernel.yield %26 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %21 = kernel.gather %1[%20] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %22 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %23 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %22 at <(d0, d1, d2) -> (d0, d1, d2)>, %19 at <(d0, d1, d2) -> (d0, d1, d2)>, %21 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      kernel.yield %27 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %28 = arith.divf %arg8, %cst : f32
      %29 = arith.subf %27, %28 : f32
      %30 = arith.mulf %29, %29 : f32
      kernel.yield %30 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %28 = arith.divf %arg8, %cst : f32
      %29 = arith.subf %27, %28 : f32
      %30 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %31 = arith.addf %30, %cst_0 : f32
      %32 = math.sqrt %31 : f32
      %33 = arith.divf %29, %32 : f32
      %34 = arith.mulf %33, %arg3 : f32
      %35 = arith.addf %34, %arg4 : f32
      kernel.yield %35 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %24 = kernel.repeat 2 carried(%23) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[20], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[12], f32>, %arg11: !kernel.buffer<[36, 12], f32, panels>, %arg12: !kernel.buffer<[36], f32>, %arg13: !kernel.buffer<[12, 12], f32, panels>, %arg14: !kernel.buffer<[20, 12], f32, panels>, %arg15: !kernel.buffer<[12, 20], f32, panels>):
      %26 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg11 at <() -> ()> extras(%arg12 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        kernel.yield %34 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[36, 12], f32, panels>, !kernel.buffer<[36], f32>) -> !kernel.buffer<[B, T, 36], f32>
      %27 = kernel.attention batch 2 over [T, 4] %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 12)>, %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 24)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg16: f32, %arg17: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %34 = arith.divf %arg16, %cst : f32
        kernel.yield %34 : f32
      } mask {
      ^bb0(%arg16: i32):
        %c0_i32 = arith.constant 0 : i32
        %34 = arith.cmpi ne, %arg16, %c0_i32 : i32
        kernel.yield %34 : i1
      } : (!kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %28 = kernel.move %27 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %29 = kernel.contract batch 0 %28 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg13 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %35 = arith.addf %arg18, %34 : f32
        kernel.yield %35 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %30 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%29 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg5 at <(d0, d1, d2) -> (d2)>, %arg6 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.mulf %35, %35 : f32
        kernel.yield %36 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %37 = arith.addf %36, %cst_0 : f32
        %38 = math.sqrt %37 : f32
        %39 = arith.divf %35, %38 : f32
        %40 = arith.mulf %39, %arg17 : f32
        %41 = arith.addf %40, %arg18 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %31 = kernel.contract batch 0 %30 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %35 = arith.divf %34, %cst_0 : f32
        %36 = math.erf %35 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %37 = arith.mulf %cst_1, %34 : f32
        %38 = arith.addf %cst, %36 : f32
        %39 = arith.mulf %37, %38 : f32
        kernel.yield %39 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %32 = kernel.contract batch 0 %31 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg8 at <(d0, d1, d2) -> (d2)>, %30 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %35 = arith.addf %arg18, %34 : f32
        kernel.yield %35 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %33 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%32 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg9 at <(d0, d1, d2) -> (d2)>, %arg10 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.mulf %35, %35 : f32
        kernel.yield %36 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %37 = arith.addf %36, %cst_0 : f32
        %38 = math.sqrt %37 : f32
        %39 = arith.divf %35, %38 : f32
        %40 = arith.mulf %39, %arg17 : f32
        %41 = arith.addf %40, %arg18 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %33 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 36, 12], f32, panels>, !kernel.buffer<[2, 36], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %25 = kernel.contract batch 0 %24 at <(d0, d1) -> (d0, 0, d1)>, %18 at <() -> ()> extras(%17 at <(d0, d1) -> (d1)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %26 = arith.addf %arg3, %arg4 : f32
      %27 = math.tanh %26 : f32
      kernel.yield %27 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, 12], f32>
    return %25 : !kernel.buffer<[B, 12], f32>
  }
  func.func @embed(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, 12], f32> {sinter.name = "embedding"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %9 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %12 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 36, 12], f32, panels>
    %13 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 36], f32>
    %14 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %15 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %17 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %18 = kernel.pointwise() {
      %26 = kernel.index 1 : i32
      kernel.yield %26 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %19 = kernel.gather %1[%18] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %20 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %21 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %20 at <(d0, d1, d2) -> (d0, d1, d2)>, %17 at <(d0, d1, d2) -> (d0, d1, d2)>, %19 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      kernel.yield %27 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %28 = arith.divf %arg8, %cst : f32
      %29 = arith.subf %27, %28 : f32
      %30 = arith.mulf %29, %29 : f32
      kernel.yield %30 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %26 = arith.addf %arg6, %arg7 : f32
      %27 = arith.addf %26, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %28 = arith.divf %arg8, %cst : f32
      %29 = arith.subf %27, %28 : f32
      %30 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %31 = arith.addf %30, %cst_0 : f32
      %32 = math.sqrt %31 : f32
      %33 = arith.divf %29, %32 : f32
      %34 = arith.mulf %33, %arg3 : f32
      %35 = arith.addf %34, %arg4 : f32
      kernel.yield %35 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %22 = kernel.repeat 2 carried(%21) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[20], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[12], f32>, %arg11: !kernel.buffer<[36, 12], f32, panels>, %arg12: !kernel.buffer<[36], f32>, %arg13: !kernel.buffer<[12, 12], f32, panels>, %arg14: !kernel.buffer<[20, 12], f32, panels>, %arg15: !kernel.buffer<[12, 20], f32, panels>):
      %26 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg11 at <() -> ()> extras(%arg12 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        kernel.yield %34 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[36, 12], f32, panels>, !kernel.buffer<[36], f32>) -> !kernel.buffer<[B, T, 36], f32>
      %27 = kernel.attention batch 2 over [T, 4] %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 12)>, %26 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 24)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg16: f32, %arg17: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %34 = arith.divf %arg16, %cst : f32
        kernel.yield %34 : f32
      } mask {
      ^bb0(%arg16: i32):
        %c0_i32 = arith.constant 0 : i32
        %34 = arith.cmpi ne, %arg16, %c0_i32 : i32
        kernel.yield %34 : i1
      } : (!kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %28 = kernel.move %27 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %29 = kernel.contract batch 0 %28 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg13 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %35 = arith.addf %arg18, %34 : f32
        kernel.yield %35 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %30 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%29 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg5 at <(d0, d1, d2) -> (d2)>, %arg6 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.mulf %35, %35 : f32
        kernel.yield %36 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %37 = arith.addf %36, %cst_0 : f32
        %38 = math.sqrt %37 : f32
        %39 = arith.divf %35, %38 : f32
        %40 = arith.mulf %39, %arg17 : f32
        %41 = arith.addf %40, %arg18 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %31 = kernel.contract batch 0 %30 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %35 = arith.divf %34, %cst_0 : f32
        %36 = math.erf %35 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %37 = arith.mulf %cst_1, %34 : f32
        %38 = arith.addf %cst, %36 : f32
        %39 = arith.mulf %37, %38 : f32
        kernel.yield %39 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %32 = kernel.contract batch 0 %31 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg8 at <(d0, d1, d2) -> (d2)>, %30 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %34 = arith.addf %arg16, %arg17 : f32
        %35 = arith.addf %arg18, %34 : f32
        kernel.yield %35 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %33 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%32 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg9 at <(d0, d1, d2) -> (d2)>, %arg10 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.mulf %35, %35 : f32
        kernel.yield %36 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %34 = arith.divf %arg19, %cst : f32
        %35 = arith.subf %arg16, %34 : f32
        %36 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %37 = arith.addf %36, %cst_0 : f32
        %38 = math.sqrt %37 : f32
        %39 = arith.divf %35, %38 : f32
        %40 = arith.mulf %39, %arg17 : f32
        %41 = arith.addf %40, %arg18 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %33 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 36, 12], f32, panels>, !kernel.buffer<[2, 36], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %23 = kernel.row domain [B, 12, T] reduced 1 [sum] per_row (%22 at <(d0, d1, d2) -> (d0, d2, d1)>, %arg1 at <(d0, d1, d2) -> (d0, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: i32):
      %26 = arith.sitofp %arg4 : i32 to f32
      %27 = arith.mulf %arg3, %26 : f32
      kernel.yield %27 : f32
    } finish {
    ^bb0(%arg3: f32):
      kernel.yield %arg3 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 1, 12], f32>
    %24 = kernel.row domain [B, 1, T] reduced 1 [sum] per_row (%arg1 at <(d0, d1, d2) -> (d0, d2)>) stage {
    ^bb0(%arg3: i32):
      %26 = arith.sitofp %arg3 : i32 to f32
      kernel.yield %26 : f32
    } finish {
    ^bb0(%arg3: f32):
      kernel.yield %arg3 : f32
    } : (!kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 1, 1], f32>
    %25 = kernel.row domain [B, 12] reduced 1 [sum] (%23 at <(d0, d1) -> (d0, 0, d1)>, %24 at <(d0, d1) -> (d0, 0, 0)>) stage {
    ^bb0(%arg3: f32, %arg4: f32):
      %cst = arith.constant 9.99999971E-10 : f32
      %26 = arith.maximumf %arg4, %cst : f32
      %27 = arith.divf %arg3, %26 : f32
      %28 = arith.mulf %27, %27 : f32
      kernel.yield %28 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32):
      %cst = arith.constant 9.99999971E-10 : f32
      %26 = arith.maximumf %arg4, %cst : f32
      %27 = arith.divf %arg3, %26 : f32
      %28 = math.sqrt %arg5 : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %29 = arith.maximumf %28, %cst_0 : f32
      %30 = arith.divf %27, %29 : f32
      kernel.yield %30 : f32
    } : (!kernel.buffer<[B, 1, 12], f32>, !kernel.buffer<[B, 1, 1], f32>) -> !kernel.buffer<[B, 12], f32>
    return %25 : !kernel.buffer<[B, 12], f32>
  }
  func.func @mlm(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, T, 37], f32> {sinter.name = "logits"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %9 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %12 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 36, 12], f32, panels>
    %13 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 36], f32>
    %14 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %15 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    %17 = kernel.read @cls.predictions.transform.dense.bias.dense : !kernel.buffer<[12], f32>
    %18 = kernel.read @cls.predictions.transform.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
    %19 = kernel.read @cls.predictions.transform.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %20 = kernel.read @cls.predictions.transform.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %21 = kernel.read @cls.predictions.bias.dense : !kernel.buffer<[37], f32>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %22 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %23 = kernel.pointwise() {
      %31 = kernel.index 1 : i32
      kernel.yield %31 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %24 = kernel.gather %1[%23] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %25 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %26 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %25 at <(d0, d1, d2) -> (d0, d1, d2)>, %22 at <(d0, d1, d2) -> (d0, d1, d2)>, %24 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %31 = arith.addf %arg6, %arg7 : f32
      %32 = arith.addf %31, %arg5 : f32
      kernel.yield %32 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %31 = arith.addf %arg6, %arg7 : f32
      %32 = arith.addf %31, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %33 = arith.divf %arg8, %cst : f32
      %34 = arith.subf %32, %33 : f32
      %35 = arith.mulf %34, %34 : f32
      kernel.yield %35 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %31 = arith.addf %arg6, %arg7 : f32
      %32 = arith.addf %31, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %33 = arith.divf %arg8, %cst : f32
      %34 = arith.subf %32, %33 : f32
      %35 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %36 = arith.addf %35, %cst_0 : f32
      %37 = math.sqrt %36 : f32
      %38 = arith.divf %34, %37 : f32
      %39 = arith.mulf %38, %arg3 : f32
      %40 = arith.addf %39, %arg4 : f32
      kernel.yield %40 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %27 = kernel.repeat 2 carried(%26) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[20], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[12], f32>, %arg11: !kernel.buffer<[36, 12], f32, panels>, %arg12: !kernel.buffer<[36], f32>, %arg13: !kernel.buffer<[12, 12], f32, panels>, %arg14: !kernel.buffer<[20, 12], f32, panels>, %arg15: !kernel.buffer<[12, 20], f32, panels>):
      %31 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg11 at <() -> ()> extras(%arg12 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %39 = arith.addf %arg16, %arg17 : f32
        kernel.yield %39 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[36, 12], f32, panels>, !kernel.buffer<[36], f32>) -> !kernel.buffer<[B, T, 36], f32>
      %32 = kernel.attention batch 2 over [T, 4] %31 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %31 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 12)>, %31 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3 + 24)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg16: f32, %arg17: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %39 = arith.divf %arg16, %cst : f32
        kernel.yield %39 : f32
      } mask {
      ^bb0(%arg16: i32):
        %c0_i32 = arith.constant 0 : i32
        %39 = arith.cmpi ne, %arg16, %c0_i32 : i32
        kernel.yield %39 : i1
      } : (!kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T, 36], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %33 = kernel.move %32 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %34 = kernel.contract batch 0 %33 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg13 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %39 = arith.addf %arg16, %arg17 : f32
        %40 = arith.addf %arg18, %39 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %35 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%34 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg5 at <(d0, d1, d2) -> (d2)>, %arg6 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %39 = arith.divf %arg19, %cst : f32
        %40 = arith.subf %arg16, %39 : f32
        %41 = arith.mulf %40, %40 : f32
        kernel.yield %41 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %39 = arith.divf %arg19, %cst : f32
        %40 = arith.subf %arg16, %39 : f32
        %41 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %42 = arith.addf %41, %cst_0 : f32
        %43 = math.sqrt %42 : f32
        %44 = arith.divf %40, %43 : f32
        %45 = arith.mulf %44, %arg17 : f32
        %46 = arith.addf %45, %arg18 : f32
        kernel.yield %46 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %36 = kernel.contract batch 0 %35 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg16: f32, %arg17: f32):
        %39 = arith.addf %arg16, %arg17 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %40 = arith.divf %39, %cst_0 : f32
        %41 = math.erf %40 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %42 = arith.mulf %cst_1, %39 : f32
        %43 = arith.addf %cst, %41 : f32
        %44 = arith.mulf %42, %43 : f32
        kernel.yield %44 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %37 = kernel.contract batch 0 %36 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg8 at <(d0, d1, d2) -> (d2)>, %35 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        %39 = arith.addf %arg16, %arg17 : f32
        %40 = arith.addf %arg18, %39 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %38 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%37 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg9 at <(d0, d1, d2) -> (d2)>, %arg10 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32):
        kernel.yield %arg16 : f32
      } stage {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %39 = arith.divf %arg19, %cst : f32
        %40 = arith.subf %arg16, %39 : f32
        %41 = arith.mulf %40, %40 : f32
        kernel.yield %41 : f32
      } finish {
      ^bb0(%arg16: f32, %arg17: f32, %arg18: f32, %arg19: f32, %arg20: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %39 = arith.divf %arg19, %cst : f32
        %40 = arith.subf %arg16, %39 : f32
        %41 = arith.divf %arg20, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %42 = arith.addf %41, %cst_0 : f32
        %43 = math.sqrt %42 : f32
        %44 = arith.divf %40, %43 : f32
        %45 = arith.mulf %44, %arg17 : f32
        %46 = arith.addf %45, %arg18 : f32
        kernel.yield %46 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %38 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 36, 12], f32, panels>, !kernel.buffer<[2, 36], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %28 = kernel.contract batch 0 %27 at <(d0, d1, d2) -> (d0, d1, d2)>, %18 at <() -> ()> extras(%17 at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %31 = arith.addf %arg3, %arg4 : f32
      %cst = arith.constant 1.000000e+00 : f32
      %cst_0 = arith.constant 1.41421354 : f32
      %32 = arith.divf %31, %cst_0 : f32
      %33 = math.erf %32 : f32
      %cst_1 = arith.constant 5.000000e-01 : f32
      %34 = arith.mulf %cst_1, %31 : f32
      %35 = arith.addf %cst, %33 : f32
      %36 = arith.mulf %34, %35 : f32
      kernel.yield %36 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %29 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%28 at <(d0, d1, d2) -> (d0, d1, d2)>, %19 at <(d0, d1, d2) -> (d2)>, %20 at <(d0, d1, d2) -> (d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32):
      kernel.yield %arg3 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32):
      %cst = arith.constant 1.200000e+01 : f32
      %31 = arith.divf %arg6, %cst : f32
      %32 = arith.subf %arg3, %31 : f32
      %33 = arith.mulf %32, %32 : f32
      kernel.yield %33 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %cst = arith.constant 1.200000e+01 : f32
      %31 = arith.divf %arg6, %cst : f32
      %32 = arith.subf %arg3, %31 : f32
      %33 = arith.divf %arg7, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %34 = arith.addf %33, %cst_0 : f32
      %35 = math.sqrt %34 : f32
      %36 = arith.divf %32, %35 : f32
      %37 = arith.mulf %36, %arg4 : f32
      %38 = arith.addf %37, %arg5 : f32
      kernel.yield %38 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %30 = kernel.contract batch 0 %29 at <(d0, d1, d2) -> (d0, d1, d2)>, %0 at <() -> ()> extras(%21 at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %31 = arith.addf %arg3, %arg4 : f32
      kernel.yield %31 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[37], f32>) -> !kernel.buffer<[B, T, 37], f32>
    return %30 : !kernel.buffer<[B, T, 37], f32>
  }
}

