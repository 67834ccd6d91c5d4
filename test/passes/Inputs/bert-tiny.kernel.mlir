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
  kernel.prepared @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.self.key.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.self.value.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
  kernel.prepared @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
  kernel.prepared @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
  kernel.prepared @"encoder.layer.*.attention.self.key.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
  kernel.prepared @"encoder.layer.*.attention.self.value.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
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
    %5 = kernel.read @"encoder.layer.*.attention.self.query.bias" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.self.key.bias" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.self.value.bias" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.attention.output.dense.bias" : !kernel.buffer<[2, 12], f32>
    %9 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.intermediate.dense.bias" : !kernel.buffer<[2, 20], f32>
    %12 = kernel.read @"encoder.layer.*.output.dense.bias" : !kernel.buffer<[2, 12], f32>
    %13 = kernel.read @"encoder.layer.*.output.LayerNorm.weight" : !kernel.buffer<[2, 12], f32>
    %14 = kernel.read @"encoder.layer.*.output.LayerNorm.bias" : !kernel.buffer<[2, 12], f32>
    %15 = kernel.read @"encoder.layer.*.attention.self.query.weight" : !kernel.buffer<[2, 12, 12], f32>
    %16 = kernel.move %15 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 12, 12], f32> -> !kernel.buffer<[2, 12, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.key.weight" : !kernel.buffer<[2, 12, 12], f32>
    %18 = kernel.move %17 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 12, 12], f32> -> !kernel.buffer<[2, 12, 12], f32, panels>
    %19 = kernel.read @"encoder.layer.*.attention.self.value.weight" : !kernel.buffer<[2, 12, 12], f32>
    %20 = kernel.move %19 at <(d0, d1, d2) -> (d0, d1, d2)> : !kernel.buffer<[2, 12, 12], f32> -> !kernel.buffer<[2, 12, 12], f32, panels>
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
    kernel.write @"encoder.layer.*.attention.self.query.bias.dense", %5 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.self.key.bias.dense", %6 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.self.value.bias.dense", %7 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.output.dense.bias.dense", %8 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.output.LayerNorm.weight.dense", %9 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.output.LayerNorm.bias.dense", %10 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.intermediate.dense.bias.dense", %11 : !kernel.buffer<[2, 20], f32>
    kernel.write @"encoder.layer.*.output.dense.bias.dense", %12 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.output.LayerNorm.weight.dense", %13 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.output.LayerNorm.bias.dense", %14 : !kernel.buffer<[2, 12], f32>
    kernel.write @"encoder.layer.*.attention.self.query.weight.panels", %16 : !kernel.buffer<[2, 12, 12], f32, panels>
    kernel.write @"encoder.layer.*.attention.self.key.weight.panels", %18 : !kernel.buffer<[2, 12, 12], f32, panels>
    kernel.write @"encoder.layer.*.attention.self.value.weight.panels", %20 : !kernel.buffer<[2, 12, 12], f32, panels>
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
    %5 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.self.key.bias.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.self.value.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %9 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %12 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %13 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %14 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %15 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.attention.self.key.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.value.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %18 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %19 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %20 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %21 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %22 = kernel.pointwise() {
      %27 = kernel.index 1 : i32
      kernel.yield %27 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %23 = kernel.gather %1[%22] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %24 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %25 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %24 at <(d0, d1, d2) -> (d0, d1, d2)>, %21 at <(d0, d1, d2) -> (d0, d1, d2)>, %23 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %27 = arith.addf %arg6, %arg7 : f32
      %28 = arith.addf %27, %arg5 : f32
      kernel.yield %28 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %27 = arith.addf %arg6, %arg7 : f32
      %28 = arith.addf %27, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %29 = arith.divf %arg8, %cst : f32
      %30 = arith.subf %28, %29 : f32
      %31 = arith.mulf %30, %30 : f32
      kernel.yield %31 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %27 = arith.addf %arg6, %arg7 : f32
      %28 = arith.addf %27, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %29 = arith.divf %arg8, %cst : f32
      %30 = arith.subf %28, %29 : f32
      %31 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %32 = arith.addf %31, %cst_0 : f32
      %33 = math.sqrt %32 : f32
      %34 = arith.divf %30, %33 : f32
      %35 = arith.mulf %34, %arg3 : f32
      %36 = arith.addf %35, %arg4 : f32
      kernel.yield %36 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %26 = kernel.repeat 2 carried(%25) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[12], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[20], f32>, %arg11: !kernel.buffer<[12], f32>, %arg12: !kernel.buffer<[12], f32>, %arg13: !kernel.buffer<[12], f32>, %arg14: !kernel.buffer<[12, 12], f32, panels>, %arg15: !kernel.buffer<[12, 12], f32, panels>, %arg16: !kernel.buffer<[12, 12], f32, panels>, %arg17: !kernel.buffer<[12, 12], f32, panels>, %arg18: !kernel.buffer<[20, 12], f32, panels>, %arg19: !kernel.buffer<[12, 20], f32, panels>):
      %27 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        kernel.yield %37 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %28 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg5 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        kernel.yield %37 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %29 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg16 at <() -> ()> extras(%arg6 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        kernel.yield %37 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %30 = kernel.attention batch 2 over [T, 4] %27 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %28 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %29 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg20: f32, %arg21: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %37 = arith.divf %arg20, %cst : f32
        kernel.yield %37 : f32
      } mask {
      ^bb0(%arg20: i32):
        %c0_i32 = arith.constant 0 : i32
        %37 = arith.cmpi ne, %arg20, %c0_i32 : i32
        kernel.yield %37 : i1
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %31 = kernel.move %30 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %32 = kernel.contract batch 0 %31 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg17 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        %38 = arith.addf %arg22, %37 : f32
        kernel.yield %38 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %33 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%32 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg8 at <(d0, d1, d2) -> (d2)>, %arg9 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %37 = arith.divf %arg23, %cst : f32
        %38 = arith.subf %arg20, %37 : f32
        %39 = arith.mulf %38, %38 : f32
        kernel.yield %39 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %37 = arith.divf %arg23, %cst : f32
        %38 = arith.subf %arg20, %37 : f32
        %39 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %40 = arith.addf %39, %cst_0 : f32
        %41 = math.sqrt %40 : f32
        %42 = arith.divf %38, %41 : f32
        %43 = arith.mulf %42, %arg21 : f32
        %44 = arith.addf %43, %arg22 : f32
        kernel.yield %44 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %34 = kernel.contract batch 0 %33 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg18 at <() -> ()> extras(%arg10 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %38 = arith.divf %37, %cst_0 : f32
        %39 = math.erf %38 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %40 = arith.mulf %cst_1, %37 : f32
        %41 = arith.addf %cst, %39 : f32
        %42 = arith.mulf %40, %41 : f32
        kernel.yield %42 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %35 = kernel.contract batch 0 %34 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg19 at <() -> ()> extras(%arg11 at <(d0, d1, d2) -> (d2)>, %33 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %37 = arith.addf %arg20, %arg21 : f32
        %38 = arith.addf %arg22, %37 : f32
        kernel.yield %38 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %36 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%35 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg12 at <(d0, d1, d2) -> (d2)>, %arg13 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %37 = arith.divf %arg23, %cst : f32
        %38 = arith.subf %arg20, %37 : f32
        %39 = arith.mulf %38, %38 : f32
        kernel.yield %39 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %37 = arith.divf %arg23, %cst : f32
        %38 = arith.subf %arg20, %37 : f32
        %39 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %40 = arith.addf %39, %cst_0 : f32
        %41 = math.sqrt %40 : f32
        %42 = arith.divf %38, %41 : f32
        %43 = arith.mulf %42, %arg21 : f32
        %44 = arith.addf %43, %arg22 : f32
        kernel.yield %44 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %36 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    return %26 : !kernel.buffer<[B, T, 12], f32>
  }
  func.func @pooled(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, 12], f32> {sinter.name = "pooled"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.self.key.bias.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.self.value.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %9 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %12 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %13 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %14 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %15 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.attention.self.key.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.value.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %18 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %19 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %20 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    %21 = kernel.read @pooler.dense.bias.dense : !kernel.buffer<[12], f32>
    %22 = kernel.read @pooler.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %23 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %24 = kernel.pointwise() {
      %30 = kernel.index 1 : i32
      kernel.yield %30 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %25 = kernel.gather %1[%24] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %26 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %27 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %26 at <(d0, d1, d2) -> (d0, d1, d2)>, %23 at <(d0, d1, d2) -> (d0, d1, d2)>, %25 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      kernel.yield %31 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %32 = arith.divf %arg8, %cst : f32
      %33 = arith.subf %31, %32 : f32
      %34 = arith.mulf %33, %33 : f32
      kernel.yield %34 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %32 = arith.divf %arg8, %cst : f32
      %33 = arith.subf %31, %32 : f32
      %34 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %35 = arith.addf %34, %cst_0 : f32
      %36 = math.sqrt %35 : f32
      %37 = arith.divf %33, %36 : f32
      %38 = arith.mulf %37, %arg3 : f32
      %39 = arith.addf %38, %arg4 : f32
      kernel.yield %39 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %28 = kernel.repeat 2 carried(%27) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[12], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[20], f32>, %arg11: !kernel.buffer<[12], f32>, %arg12: !kernel.buffer<[12], f32>, %arg13: !kernel.buffer<[12], f32>, %arg14: !kernel.buffer<[12, 12], f32, panels>, %arg15: !kernel.buffer<[12, 12], f32, panels>, %arg16: !kernel.buffer<[12, 12], f32, panels>, %arg17: !kernel.buffer<[12, 12], f32, panels>, %arg18: !kernel.buffer<[20, 12], f32, panels>, %arg19: !kernel.buffer<[12, 20], f32, panels>):
      %30 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %31 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg5 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %32 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg16 at <() -> ()> extras(%arg6 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %33 = kernel.attention batch 2 over [T, 4] %30 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %31 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %32 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg20: f32, %arg21: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %40 = arith.divf %arg20, %cst : f32
        kernel.yield %40 : f32
      } mask {
      ^bb0(%arg20: i32):
        %c0_i32 = arith.constant 0 : i32
        %40 = arith.cmpi ne, %arg20, %c0_i32 : i32
        kernel.yield %40 : i1
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %34 = kernel.move %33 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %35 = kernel.contract batch 0 %34 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg17 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %41 = arith.addf %arg22, %40 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %36 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%35 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg8 at <(d0, d1, d2) -> (d2)>, %arg9 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.mulf %41, %41 : f32
        kernel.yield %42 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %43 = arith.addf %42, %cst_0 : f32
        %44 = math.sqrt %43 : f32
        %45 = arith.divf %41, %44 : f32
        %46 = arith.mulf %45, %arg21 : f32
        %47 = arith.addf %46, %arg22 : f32
        kernel.yield %47 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %37 = kernel.contract batch 0 %36 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg18 at <() -> ()> extras(%arg10 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %41 = arith.divf %40, %cst_0 : f32
        %42 = math.erf %41 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %43 = arith.mulf %cst_1, %40 : f32
        %44 = arith.addf %cst, %42 : f32
        %45 = arith.mulf %43, %44 : f32
        kernel.yield %45 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %38 = kernel.contract batch 0 %37 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg19 at <() -> ()> extras(%arg11 at <(d0, d1, d2) -> (d2)>, %36 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %41 = arith.addf %arg22, %40 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %39 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%38 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg12 at <(d0, d1, d2) -> (d2)>, %arg13 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.mulf %41, %41 : f32
        kernel.yield %42 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %43 = arith.addf %42, %cst_0 : f32
        %44 = math.sqrt %43 : f32
        %45 = arith.divf %41, %44 : f32
        %46 = arith.mulf %45, %arg21 : f32
        %47 = arith.addf %46, %arg22 : f32
        kernel.yield %47 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %39 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %29 = kernel.contract batch 0 %28 at <(d0, d1) -> (d0, 0, d1)>, %22 at <() -> ()> extras(%21 at <(d0, d1) -> (d1)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %30 = arith.addf %arg3, %arg4 : f32
      %31 = math.tanh %30 : f32
      kernel.yield %31 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, 12], f32>
    return %29 : !kernel.buffer<[B, 12], f32>
  }
  func.func @embed(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, 12], f32> {sinter.name = "embedding"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.self.key.bias.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.self.value.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %9 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %12 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %13 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %14 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %15 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.attention.self.key.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.value.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %18 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %19 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %20 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %21 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %22 = kernel.pointwise() {
      %30 = kernel.index 1 : i32
      kernel.yield %30 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %23 = kernel.gather %1[%22] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %24 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %25 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %24 at <(d0, d1, d2) -> (d0, d1, d2)>, %21 at <(d0, d1, d2) -> (d0, d1, d2)>, %23 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      kernel.yield %31 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %32 = arith.divf %arg8, %cst : f32
      %33 = arith.subf %31, %32 : f32
      %34 = arith.mulf %33, %33 : f32
      kernel.yield %34 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %30 = arith.addf %arg6, %arg7 : f32
      %31 = arith.addf %30, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %32 = arith.divf %arg8, %cst : f32
      %33 = arith.subf %31, %32 : f32
      %34 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %35 = arith.addf %34, %cst_0 : f32
      %36 = math.sqrt %35 : f32
      %37 = arith.divf %33, %36 : f32
      %38 = arith.mulf %37, %arg3 : f32
      %39 = arith.addf %38, %arg4 : f32
      kernel.yield %39 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %26 = kernel.repeat 2 carried(%25) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[12], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[20], f32>, %arg11: !kernel.buffer<[12], f32>, %arg12: !kernel.buffer<[12], f32>, %arg13: !kernel.buffer<[12], f32>, %arg14: !kernel.buffer<[12, 12], f32, panels>, %arg15: !kernel.buffer<[12, 12], f32, panels>, %arg16: !kernel.buffer<[12, 12], f32, panels>, %arg17: !kernel.buffer<[12, 12], f32, panels>, %arg18: !kernel.buffer<[20, 12], f32, panels>, %arg19: !kernel.buffer<[12, 20], f32, panels>):
      %30 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %31 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg5 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %32 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg16 at <() -> ()> extras(%arg6 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        kernel.yield %40 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %33 = kernel.attention batch 2 over [T, 4] %30 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %31 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %32 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg20: f32, %arg21: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %40 = arith.divf %arg20, %cst : f32
        kernel.yield %40 : f32
      } mask {
      ^bb0(%arg20: i32):
        %c0_i32 = arith.constant 0 : i32
        %40 = arith.cmpi ne, %arg20, %c0_i32 : i32
        kernel.yield %40 : i1
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %34 = kernel.move %33 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %35 = kernel.contract batch 0 %34 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg17 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %41 = arith.addf %arg22, %40 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %36 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%35 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg8 at <(d0, d1, d2) -> (d2)>, %arg9 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.mulf %41, %41 : f32
        kernel.yield %42 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %43 = arith.addf %42, %cst_0 : f32
        %44 = math.sqrt %43 : f32
        %45 = arith.divf %41, %44 : f32
        %46 = arith.mulf %45, %arg21 : f32
        %47 = arith.addf %46, %arg22 : f32
        kernel.yield %47 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %37 = kernel.contract batch 0 %36 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg18 at <() -> ()> extras(%arg10 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %41 = arith.divf %40, %cst_0 : f32
        %42 = math.erf %41 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %43 = arith.mulf %cst_1, %40 : f32
        %44 = arith.addf %cst, %42 : f32
        %45 = arith.mulf %43, %44 : f32
        kernel.yield %45 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %38 = kernel.contract batch 0 %37 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg19 at <() -> ()> extras(%arg11 at <(d0, d1, d2) -> (d2)>, %36 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %40 = arith.addf %arg20, %arg21 : f32
        %41 = arith.addf %arg22, %40 : f32
        kernel.yield %41 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %39 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%38 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg12 at <(d0, d1, d2) -> (d2)>, %arg13 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.mulf %41, %41 : f32
        kernel.yield %42 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %40 = arith.divf %arg23, %cst : f32
        %41 = arith.subf %arg20, %40 : f32
        %42 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %43 = arith.addf %42, %cst_0 : f32
        %44 = math.sqrt %43 : f32
        %45 = arith.divf %41, %44 : f32
        %46 = arith.mulf %45, %arg21 : f32
        %47 = arith.addf %46, %arg22 : f32
        kernel.yield %47 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %39 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %27 = kernel.row domain [B, 12, T] reduced 1 [sum] per_row (%26 at <(d0, d1, d2) -> (d0, d2, d1)>, %arg1 at <(d0, d1, d2) -> (d0, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: i32):
      %30 = arith.sitofp %arg4 : i32 to f32
      %31 = arith.mulf %arg3, %30 : f32
      kernel.yield %31 : f32
    } finish {
    ^bb0(%arg3: f32):
      kernel.yield %arg3 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 1, 12], f32>
    %28 = kernel.row domain [B, 1, T] reduced 1 [sum] per_row (%arg1 at <(d0, d1, d2) -> (d0, d2)>) stage {
    ^bb0(%arg3: i32):
      %30 = arith.sitofp %arg3 : i32 to f32
      kernel.yield %30 : f32
    } finish {
    ^bb0(%arg3: f32):
      kernel.yield %arg3 : f32
    } : (!kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 1, 1], f32>
    %29 = kernel.row domain [B, 12] reduced 1 [sum] (%27 at <(d0, d1) -> (d0, 0, d1)>, %28 at <(d0, d1) -> (d0, 0, 0)>) stage {
    ^bb0(%arg3: f32, %arg4: f32):
      %cst = arith.constant 9.99999971E-10 : f32
      %30 = arith.maximumf %arg4, %cst : f32
      %31 = arith.divf %arg3, %30 : f32
      %32 = arith.mulf %31, %31 : f32
      kernel.yield %32 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32):
      %cst = arith.constant 9.99999971E-10 : f32
      %30 = arith.maximumf %arg4, %cst : f32
      %31 = arith.divf %arg3, %30 : f32
      %32 = math.sqrt %arg5 : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %33 = arith.maximumf %32, %cst_0 : f32
      %34 = arith.divf %31, %33 : f32
      kernel.yield %34 : f32
    } : (!kernel.buffer<[B, 1, 12], f32>, !kernel.buffer<[B, 1, 1], f32>) -> !kernel.buffer<[B, 12], f32>
    return %29 : !kernel.buffer<[B, 12], f32>
  }
  func.func @mlm(%arg0: !kernel.buffer<[B, T], i32> {sinter.name = "tokens"}, %arg1: !kernel.buffer<[B, T], i32> {sinter.default = 1.000000e+00 : f64, sinter.name = "mask"}, %arg2: !kernel.buffer<[B, T], i32> {sinter.default = 0.000000e+00 : f64, sinter.name = "types"}) -> (!kernel.buffer<[B, T, 37], f32> {sinter.name = "logits"}) {
    %0 = kernel.read @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
    %1 = kernel.read @embeddings.position_embeddings.weight.dense : !kernel.buffer<[16, 12], f32>
    %2 = kernel.read @embeddings.token_type_embeddings.weight.dense : !kernel.buffer<[2, 12], f32>
    %3 = kernel.read @embeddings.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %4 = kernel.read @embeddings.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %5 = kernel.read @"encoder.layer.*.attention.self.query.bias.dense" : !kernel.buffer<[2, 12], f32>
    %6 = kernel.read @"encoder.layer.*.attention.self.key.bias.dense" : !kernel.buffer<[2, 12], f32>
    %7 = kernel.read @"encoder.layer.*.attention.self.value.bias.dense" : !kernel.buffer<[2, 12], f32>
    %8 = kernel.read @"encoder.layer.*.attention.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %9 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %10 = kernel.read @"encoder.layer.*.attention.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %11 = kernel.read @"encoder.layer.*.intermediate.dense.bias.dense" : !kernel.buffer<[2, 20], f32>
    %12 = kernel.read @"encoder.layer.*.output.dense.bias.dense" : !kernel.buffer<[2, 12], f32>
    %13 = kernel.read @"encoder.layer.*.output.LayerNorm.weight.dense" : !kernel.buffer<[2, 12], f32>
    %14 = kernel.read @"encoder.layer.*.output.LayerNorm.bias.dense" : !kernel.buffer<[2, 12], f32>
    %15 = kernel.read @"encoder.layer.*.attention.self.query.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %16 = kernel.read @"encoder.layer.*.attention.self.key.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %17 = kernel.read @"encoder.layer.*.attention.self.value.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %18 = kernel.read @"encoder.layer.*.attention.output.dense.weight.panels" : !kernel.buffer<[2, 12, 12], f32, panels>
    %19 = kernel.read @"encoder.layer.*.intermediate.dense.weight.panels" : !kernel.buffer<[2, 20, 12], f32, panels>
    %20 = kernel.read @"encoder.layer.*.output.dense.weight.panels" : !kernel.buffer<[2, 12, 20], f32, panels>
    %21 = kernel.read @cls.predictions.transform.dense.bias.dense : !kernel.buffer<[12], f32>
    %22 = kernel.read @cls.predictions.transform.dense.weight.panels : !kernel.buffer<[12, 12], f32, panels>
    %23 = kernel.read @cls.predictions.transform.LayerNorm.weight.dense : !kernel.buffer<[12], f32>
    %24 = kernel.read @cls.predictions.transform.LayerNorm.bias.dense : !kernel.buffer<[12], f32>
    %25 = kernel.read @cls.predictions.bias.dense : !kernel.buffer<[37], f32>
    sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
    %26 = kernel.gather %0[%arg0] : !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %27 = kernel.pointwise() {
      %35 = kernel.index 1 : i32
      kernel.yield %35 : i32
    } : () -> !kernel.buffer<[B, T], i32>
    %28 = kernel.gather %1[%27] : !kernel.buffer<[16, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %29 = kernel.gather %2[%arg2] : !kernel.buffer<[2, 12], f32>, !kernel.buffer<[B, T], i32> -> !kernel.buffer<[B, T, 12], f32>
    %30 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%3 at <(d0, d1, d2) -> (d2)>, %4 at <(d0, d1, d2) -> (d2)>, %29 at <(d0, d1, d2) -> (d0, d1, d2)>, %26 at <(d0, d1, d2) -> (d0, d1, d2)>, %28 at <(d0, d1, d2) -> (d0, d1, d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %35 = arith.addf %arg6, %arg7 : f32
      %36 = arith.addf %35, %arg5 : f32
      kernel.yield %36 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32):
      %35 = arith.addf %arg6, %arg7 : f32
      %36 = arith.addf %35, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %37 = arith.divf %arg8, %cst : f32
      %38 = arith.subf %36, %37 : f32
      %39 = arith.mulf %38, %38 : f32
      kernel.yield %39 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32, %arg8: f32, %arg9: f32):
      %35 = arith.addf %arg6, %arg7 : f32
      %36 = arith.addf %35, %arg5 : f32
      %cst = arith.constant 1.200000e+01 : f32
      %37 = arith.divf %arg8, %cst : f32
      %38 = arith.subf %36, %37 : f32
      %39 = arith.divf %arg9, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %40 = arith.addf %39, %cst_0 : f32
      %41 = math.sqrt %40 : f32
      %42 = arith.divf %38, %41 : f32
      %43 = arith.mulf %42, %arg3 : f32
      %44 = arith.addf %43, %arg4 : f32
      kernel.yield %44 : f32
    } : (!kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %31 = kernel.repeat 2 carried(%30) stacked(%5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20) {
    ^bb0(%arg3: !kernel.buffer<[B, T, 12], f32>, %arg4: !kernel.buffer<[12], f32>, %arg5: !kernel.buffer<[12], f32>, %arg6: !kernel.buffer<[12], f32>, %arg7: !kernel.buffer<[12], f32>, %arg8: !kernel.buffer<[12], f32>, %arg9: !kernel.buffer<[12], f32>, %arg10: !kernel.buffer<[20], f32>, %arg11: !kernel.buffer<[12], f32>, %arg12: !kernel.buffer<[12], f32>, %arg13: !kernel.buffer<[12], f32>, %arg14: !kernel.buffer<[12, 12], f32, panels>, %arg15: !kernel.buffer<[12, 12], f32, panels>, %arg16: !kernel.buffer<[12, 12], f32, panels>, %arg17: !kernel.buffer<[12, 12], f32, panels>, %arg18: !kernel.buffer<[20, 12], f32, panels>, %arg19: !kernel.buffer<[12, 20], f32, panels>):
      %35 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg14 at <() -> ()> extras(%arg4 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        kernel.yield %45 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %36 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg15 at <() -> ()> extras(%arg5 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        kernel.yield %45 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %37 = kernel.contract batch 0 %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg16 at <() -> ()> extras(%arg6 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        kernel.yield %45 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %38 = kernel.attention batch 2 over [T, 4] %35 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %36 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>, %37 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> extras(%arg1 at <(d0, d1, d2, d3) -> (d0, d3)>) score {
      ^bb0(%arg20: f32, %arg21: i32):
        %cst = arith.constant 2.000000e+00 : f32
        %45 = arith.divf %arg20, %cst : f32
        kernel.yield %45 : f32
      } mask {
      ^bb0(%arg20: i32):
        %c0_i32 = arith.constant 0 : i32
        %45 = arith.cmpi ne, %arg20, %c0_i32 : i32
        kernel.yield %45 : i1
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[B, T], i32>) -> !kernel.buffer<[B, 3, T, 4], f32>
      %39 = kernel.move %38 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !kernel.buffer<[B, 3, T, 4], f32> -> !kernel.buffer<[B, T, 12], f32>
      %40 = kernel.contract batch 0 %39 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg17 at <() -> ()> extras(%arg7 at <(d0, d1, d2) -> (d2)>, %arg3 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        %46 = arith.addf %arg22, %45 : f32
        kernel.yield %46 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %41 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%40 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg8 at <(d0, d1, d2) -> (d2)>, %arg9 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %45 = arith.divf %arg23, %cst : f32
        %46 = arith.subf %arg20, %45 : f32
        %47 = arith.mulf %46, %46 : f32
        kernel.yield %47 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %45 = arith.divf %arg23, %cst : f32
        %46 = arith.subf %arg20, %45 : f32
        %47 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %48 = arith.addf %47, %cst_0 : f32
        %49 = math.sqrt %48 : f32
        %50 = arith.divf %46, %49 : f32
        %51 = arith.mulf %50, %arg21 : f32
        %52 = arith.addf %51, %arg22 : f32
        kernel.yield %52 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %42 = kernel.contract batch 0 %41 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg18 at <() -> ()> extras(%arg10 at <(d0, d1, d2) -> (d2)>) {
      ^bb0(%arg20: f32, %arg21: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        %cst = arith.constant 1.000000e+00 : f32
        %cst_0 = arith.constant 1.41421354 : f32
        %46 = arith.divf %45, %cst_0 : f32
        %47 = math.erf %46 : f32
        %cst_1 = arith.constant 5.000000e-01 : f32
        %48 = arith.mulf %cst_1, %45 : f32
        %49 = arith.addf %cst, %47 : f32
        %50 = arith.mulf %48, %49 : f32
        kernel.yield %50 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[20, 12], f32, panels>, !kernel.buffer<[20], f32>) -> !kernel.buffer<[B, T, 20], f32>
      %43 = kernel.contract batch 0 %42 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg19 at <() -> ()> extras(%arg11 at <(d0, d1, d2) -> (d2)>, %41 at <(d0, d1, d2) -> (d0, d1, d2)>) {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        %45 = arith.addf %arg20, %arg21 : f32
        %46 = arith.addf %arg22, %45 : f32
        kernel.yield %46 : f32
      } : (!kernel.buffer<[B, T, 20], f32>, !kernel.buffer<[12, 20], f32, panels>, !kernel.buffer<[12], f32>, !kernel.buffer<[B, T, 12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      %44 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%43 at <(d0, d1, d2) -> (d0, d1, d2)>, %arg12 at <(d0, d1, d2) -> (d2)>, %arg13 at <(d0, d1, d2) -> (d2)>) stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32):
        kernel.yield %arg20 : f32
      } stage {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %45 = arith.divf %arg23, %cst : f32
        %46 = arith.subf %arg20, %45 : f32
        %47 = arith.mulf %46, %46 : f32
        kernel.yield %47 : f32
      } finish {
      ^bb0(%arg20: f32, %arg21: f32, %arg22: f32, %arg23: f32, %arg24: f32):
        %cst = arith.constant 1.200000e+01 : f32
        %45 = arith.divf %arg23, %cst : f32
        %46 = arith.subf %arg20, %45 : f32
        %47 = arith.divf %arg24, %cst : f32
        %cst_0 = arith.constant 9.99999996E-13 : f32
        %48 = arith.addf %47, %cst_0 : f32
        %49 = math.sqrt %48 : f32
        %50 = arith.divf %46, %49 : f32
        %51 = arith.mulf %50, %arg21 : f32
        %52 = arith.addf %51, %arg22 : f32
        kernel.yield %52 : f32
      } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
      kernel.yield %44 : !kernel.buffer<[B, T, 12], f32>
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 20], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12], f32>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 12, 12], f32, panels>, !kernel.buffer<[2, 20, 12], f32, panels>, !kernel.buffer<[2, 12, 20], f32, panels>) -> !kernel.buffer<[B, T, 12], f32>
    %32 = kernel.contract batch 0 %31 at <(d0, d1, d2) -> (d0, d1, d2)>, %22 at <() -> ()> extras(%21 at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %35 = arith.addf %arg3, %arg4 : f32
      %cst = arith.constant 1.000000e+00 : f32
      %cst_0 = arith.constant 1.41421354 : f32
      %36 = arith.divf %35, %cst_0 : f32
      %37 = math.erf %36 : f32
      %cst_1 = arith.constant 5.000000e-01 : f32
      %38 = arith.mulf %cst_1, %35 : f32
      %39 = arith.addf %cst, %37 : f32
      %40 = arith.mulf %38, %39 : f32
      kernel.yield %40 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12, 12], f32, panels>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %33 = kernel.row domain [B, T, 12] reduced 1 [sum, sum] (%32 at <(d0, d1, d2) -> (d0, d1, d2)>, %23 at <(d0, d1, d2) -> (d2)>, %24 at <(d0, d1, d2) -> (d2)>) stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32):
      kernel.yield %arg3 : f32
    } stage {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32):
      %cst = arith.constant 1.200000e+01 : f32
      %35 = arith.divf %arg6, %cst : f32
      %36 = arith.subf %arg3, %35 : f32
      %37 = arith.mulf %36, %36 : f32
      kernel.yield %37 : f32
    } finish {
    ^bb0(%arg3: f32, %arg4: f32, %arg5: f32, %arg6: f32, %arg7: f32):
      %cst = arith.constant 1.200000e+01 : f32
      %35 = arith.divf %arg6, %cst : f32
      %36 = arith.subf %arg3, %35 : f32
      %37 = arith.divf %arg7, %cst : f32
      %cst_0 = arith.constant 9.99999996E-13 : f32
      %38 = arith.addf %37, %cst_0 : f32
      %39 = math.sqrt %38 : f32
      %40 = arith.divf %36, %39 : f32
      %41 = arith.mulf %40, %arg4 : f32
      %42 = arith.addf %41, %arg5 : f32
      kernel.yield %42 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[12], f32>, !kernel.buffer<[12], f32>) -> !kernel.buffer<[B, T, 12], f32>
    %34 = kernel.contract batch 0 %33 at <(d0, d1, d2) -> (d0, d1, d2)>, %0 at <() -> ()> extras(%25 at <(d0, d1, d2) -> (d2)>) {
    ^bb0(%arg3: f32, %arg4: f32):
      %35 = arith.addf %arg3, %arg4 : f32
      kernel.yield %35 : f32
    } : (!kernel.buffer<[B, T, 12], f32>, !kernel.buffer<[37, 12], f32, panels>, !kernel.buffer<[37], f32>) -> !kernel.buffer<[B, T, 37], f32>
    return %34 : !kernel.buffer<[B, T, 37], f32>
  }
}

