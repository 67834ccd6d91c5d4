// BertModel with two layers and odd sizes, as the frontend emits it: gathers, layer norm and softmax from primitives,
// masks by compare and select, gelu with erf, a repeat over stacked parameters. What becomes of it, kernel by kernel,
// is bert-tiny.kernel.mlir beside this file: `sinter-opt --sinter-pipeline bert-tiny.mlir` gives it word for word.
//
// RUN: sinter-opt --sinter-pipeline %s | diff %S/Inputs/bert-tiny.kernel.mlir -
// RUN: sinter-opt --sinter-pipeline %s | sinter-opt | diff %S/Inputs/bert-tiny.kernel.mlir -
// RUN: sinter-opt --sinter-pipeline %s | FileCheck %s

// Attention is one kernel, layer norm one row, residuals and gelu are epilogues; every
// parameter is stored once, the tied table in panels.
// CHECK-COUNT-1: kernel.prepared @embeddings.word_embeddings.weight.panels : !kernel.buffer<[37, 12], f32, panels>
// CHECK-NOT: kernel.prepared @embeddings.word_embeddings.weight.dense
// CHECK-LABEL: func.func @prepare()
// CHECK-LABEL: func.func @forward(
// CHECK-NOT: kernel.read {{.*}}weight :
// CHECK: kernel.row domain [B, T, 12] reduced 1 [sum, sum]
// CHECK: kernel.repeat 2
// CHECK-COUNT-3: kernel.contract batch 0
// CHECK: kernel.attention batch 2 over [T, 4] {{.*}} at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)>
// CHECK: } mask {
// CHECK: kernel.yield {{.*}} : i1
// CHECK: kernel.contract batch 0 {{.*}} extras(
// CHECK: kernel.row domain [B, T, 12] reduced 1 [sum, sum]
// CHECK: math.erf
// CHECK: kernel.contract batch 0
// CHECK: kernel.row domain [B, T, 12] reduced 1 [sum, sum]
// CHECK-NEXT: ^bb0
// CHECK-NOT: kernel.pointwise
// CHECK: return
// CHECK-LABEL: func.func @mlm(
// CHECK: kernel.gather {{.*}} !kernel.buffer<[37, 12], f32, panels>

sinter.parameter @"embeddings.word_embeddings.weight" ["embeddings.word_embeddings.weight"] : !sinter.tensor<[37, 12], f32>
sinter.parameter @"embeddings.position_embeddings.weight" ["embeddings.position_embeddings.weight"] : !sinter.tensor<[16, 12], f32>
sinter.parameter @"embeddings.token_type_embeddings.weight" ["embeddings.token_type_embeddings.weight"] : !sinter.tensor<[2, 12], f32>
sinter.parameter @"embeddings.LayerNorm.weight" ["embeddings.LayerNorm.weight"] : !sinter.tensor<[12], f32>
sinter.parameter @"embeddings.LayerNorm.bias" ["embeddings.LayerNorm.bias"] : !sinter.tensor<[12], f32>
sinter.parameter @"pooler.dense.weight" ["pooler.dense.weight"] : !sinter.tensor<[12, 12], f32>
sinter.parameter @"pooler.dense.bias" ["pooler.dense.bias"] : !sinter.tensor<[12], f32>
sinter.parameter @"cls.predictions.transform.dense.weight" ["cls.predictions.transform.dense.weight"] : !sinter.tensor<[12, 12], f32>
sinter.parameter @"cls.predictions.transform.dense.bias" ["cls.predictions.transform.dense.bias"] : !sinter.tensor<[12], f32>
sinter.parameter @"cls.predictions.transform.LayerNorm.weight" ["cls.predictions.transform.LayerNorm.weight"] : !sinter.tensor<[12], f32>
sinter.parameter @"cls.predictions.transform.LayerNorm.bias" ["cls.predictions.transform.LayerNorm.bias"] : !sinter.tensor<[12], f32>
sinter.parameter @"cls.predictions.bias" ["cls.predictions.bias"] : !sinter.tensor<[37], f32>
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

func.func @forward(%tokens: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}, %mask: !sinter.tensor<[B, T], i32> {sinter.default = 1.0 : f64, sinter.name = "mask"},
    %types: !sinter.tensor<[B, T], i32> {sinter.default = 0.0 : f64, sinter.name = "types"}) -> (!sinter.tensor<[B, T, 12], f32> {sinter.name = "hidden"}) {
  sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
  %1 = sinter.read @"embeddings.word_embeddings.weight" : !sinter.tensor<[37, 12], f32>
  %2 = sinter.gather %1[%tokens] : !sinter.tensor<[37, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %3 = sinter.iota : !sinter.tensor<[T], i32>
  %4 = sinter.read @"embeddings.position_embeddings.weight" : !sinter.tensor<[16, 12], f32>
  %5 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, T], i32>
  %6 = sinter.gather %4[%5] : !sinter.tensor<[16, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %7 = sinter.read @"embeddings.token_type_embeddings.weight" : !sinter.tensor<[2, 12], f32>
  %8 = sinter.gather %7[%types] : !sinter.tensor<[2, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %9 = sinter.add %2, %6 : !sinter.tensor<[B, T, 12], f32>
  %10 = sinter.add %9, %8 : !sinter.tensor<[B, T, 12], f32>
  %11 = sinter.read @"embeddings.LayerNorm.weight" : !sinter.tensor<[12], f32>
  %12 = sinter.read @"embeddings.LayerNorm.bias" : !sinter.tensor<[12], f32>
  %13 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %14 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %15 = sinter.div %13, %14 : !sinter.tensor<[B, T, 1], f32>
  %16 = sinter.view %15 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %17 = sinter.sub %10, %16 : !sinter.tensor<[B, T, 12], f32>
  %18 = sinter.mul %17, %17 : !sinter.tensor<[B, T, 12], f32>
  %19 = sinter.sum %18 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %20 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %21 = sinter.div %19, %20 : !sinter.tensor<[B, T, 1], f32>
  %22 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
  %23 = sinter.add %21, %22 : !sinter.tensor<[B, T, 1], f32>
  %24 = sinter.sqrt %23 : !sinter.tensor<[B, T, 1], f32>
  %25 = sinter.view %24 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %26 = sinter.div %17, %25 : !sinter.tensor<[B, T, 12], f32>
  %27 = sinter.view %11 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %28 = sinter.mul %26, %27 : !sinter.tensor<[B, T, 12], f32>
  %29 = sinter.view %12 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %30 = sinter.add %28, %29 : !sinter.tensor<[B, T, 12], f32>
  %31 = sinter.read @"encoder.layer.*.attention.self.query.weight" : !sinter.tensor<[2, 12, 12], f32>
  %32 = sinter.read @"encoder.layer.*.attention.self.query.bias" : !sinter.tensor<[2, 12], f32>
  %33 = sinter.read @"encoder.layer.*.attention.self.key.weight" : !sinter.tensor<[2, 12, 12], f32>
  %34 = sinter.read @"encoder.layer.*.attention.self.key.bias" : !sinter.tensor<[2, 12], f32>
  %35 = sinter.read @"encoder.layer.*.attention.self.value.weight" : !sinter.tensor<[2, 12, 12], f32>
  %36 = sinter.read @"encoder.layer.*.attention.self.value.bias" : !sinter.tensor<[2, 12], f32>
  %37 = sinter.read @"encoder.layer.*.attention.output.dense.weight" : !sinter.tensor<[2, 12, 12], f32>
  %38 = sinter.read @"encoder.layer.*.attention.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %39 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %40 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %41 = sinter.read @"encoder.layer.*.intermediate.dense.weight" : !sinter.tensor<[2, 20, 12], f32>
  %42 = sinter.read @"encoder.layer.*.intermediate.dense.bias" : !sinter.tensor<[2, 20], f32>
  %43 = sinter.read @"encoder.layer.*.output.dense.weight" : !sinter.tensor<[2, 12, 20], f32>
  %44 = sinter.read @"encoder.layer.*.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %45 = sinter.read @"encoder.layer.*.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %46 = sinter.read @"encoder.layer.*.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %47 = sinter.repeat 2 carried(%30) stacked(%31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46) {
  ^bb0(%64: !sinter.tensor<[B, T, 12], f32>, %48: !sinter.tensor<[12, 12], f32>, %49: !sinter.tensor<[12], f32>, %50: !sinter.tensor<[12, 12], f32>, %51: !sinter.tensor<[12], f32>, %52: !sinter.tensor<[12, 12], f32>, %53: !sinter.tensor<[12], f32>, %54: !sinter.tensor<[12, 12], f32>, %55: !sinter.tensor<[12], f32>, %56: !sinter.tensor<[12], f32>, %57: !sinter.tensor<[12], f32>, %58: !sinter.tensor<[20, 12], f32>, %59: !sinter.tensor<[20], f32>, %60: !sinter.tensor<[12, 20], f32>, %61: !sinter.tensor<[12], f32>, %62: !sinter.tensor<[12], f32>, %63: !sinter.tensor<[12], f32>):
    %65 = sinter.view %48 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %66 = sinter.contract %64, %65 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %67 = sinter.view %49 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %68 = sinter.add %66, %67 : !sinter.tensor<[B, T, 12], f32>
    %69 = sinter.view %68 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %70 = sinter.view %50 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %71 = sinter.contract %64, %70 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %72 = sinter.view %51 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %73 = sinter.add %71, %72 : !sinter.tensor<[B, T, 12], f32>
    %74 = sinter.view %73 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %75 = sinter.view %52 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %76 = sinter.contract %64, %75 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %77 = sinter.view %53 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %78 = sinter.add %76, %77 : !sinter.tensor<[B, T, 12], f32>
    %79 = sinter.view %78 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %80 = sinter.view %74 at <(d0, d1, d2, d3) -> (d0, d1, d3, d2)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, 4, T], f32>
    %81 = sinter.contract %69, %80 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, 4], f32>, !sinter.tensor<[B, 3, 4, T], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %82 = sinter.constant [2.0] : !sinter.tensor<[B, 3, T, T], f32>
    %83 = sinter.div %81, %82 : !sinter.tensor<[B, 3, T, T], f32>
    %84 = sinter.view %mask at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, 1, 1, T], i32>
    %85 = sinter.constant [0.0] : !sinter.tensor<[B, 1, 1, T], i32>
    %86 = sinter.compare ne %84, %85 : !sinter.tensor<[B, 1, 1, T], i32> -> !sinter.tensor<[B, 1, 1, T], i1>
    %87 = sinter.view %86 at <(d0, d1, d2, d3) -> (d0, 0, 0, d3)> : !sinter.tensor<[B, 1, 1, T], i1> -> !sinter.tensor<[B, 3, T, T], i1>
    %88 = sinter.constant [-3.4028234663852886e+38] : !sinter.tensor<[B, 3, T, T], f32>
    %89 = sinter.select %87, %83, %88 : !sinter.tensor<[B, 3, T, T], i1>, !sinter.tensor<[B, 3, T, T], f32>
    %90 = sinter.max %89 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %91 = sinter.view %90 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %92 = sinter.sub %89, %91 : !sinter.tensor<[B, 3, T, T], f32>
    %93 = sinter.exp %92 : !sinter.tensor<[B, 3, T, T], f32>
    %94 = sinter.sum %93 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %95 = sinter.view %94 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %96 = sinter.div %93, %95 : !sinter.tensor<[B, 3, T, T], f32>
    %97 = sinter.contract %96, %79 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, T], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %98 = sinter.view %97 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
    %99 = sinter.view %54 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %100 = sinter.contract %98, %99 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %101 = sinter.view %55 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %102 = sinter.add %100, %101 : !sinter.tensor<[B, T, 12], f32>
    %103 = sinter.add %64, %102 : !sinter.tensor<[B, T, 12], f32>
    %104 = sinter.sum %103 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %105 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %106 = sinter.div %104, %105 : !sinter.tensor<[B, T, 1], f32>
    %107 = sinter.view %106 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %108 = sinter.sub %103, %107 : !sinter.tensor<[B, T, 12], f32>
    %109 = sinter.mul %108, %108 : !sinter.tensor<[B, T, 12], f32>
    %110 = sinter.sum %109 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %111 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %112 = sinter.div %110, %111 : !sinter.tensor<[B, T, 1], f32>
    %113 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %114 = sinter.add %112, %113 : !sinter.tensor<[B, T, 1], f32>
    %115 = sinter.sqrt %114 : !sinter.tensor<[B, T, 1], f32>
    %116 = sinter.view %115 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %117 = sinter.div %108, %116 : !sinter.tensor<[B, T, 12], f32>
    %118 = sinter.view %56 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %119 = sinter.mul %117, %118 : !sinter.tensor<[B, T, 12], f32>
    %120 = sinter.view %57 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %121 = sinter.add %119, %120 : !sinter.tensor<[B, T, 12], f32>
    %122 = sinter.view %58 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[12, 20], f32>
    %123 = sinter.contract %121, %122 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %124 = sinter.view %59 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %125 = sinter.add %123, %124 : !sinter.tensor<[B, T, 20], f32>
    %126 = sinter.constant [0.5] : !sinter.tensor<[B, T, 20], f32>
    %127 = sinter.mul %126, %125 : !sinter.tensor<[B, T, 20], f32>
    %128 = sinter.constant [1.0] : !sinter.tensor<[B, T, 20], f32>
    %129 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 20], f32>
    %130 = sinter.div %125, %129 : !sinter.tensor<[B, T, 20], f32>
    %131 = sinter.erf %130 : !sinter.tensor<[B, T, 20], f32>
    %132 = sinter.add %128, %131 : !sinter.tensor<[B, T, 20], f32>
    %133 = sinter.mul %127, %132 : !sinter.tensor<[B, T, 20], f32>
    %134 = sinter.view %60 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[20, 12], f32>
    %135 = sinter.contract %133, %134 "abc,cd->abd" : !sinter.tensor<[B, T, 20], f32>, !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %136 = sinter.view %61 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %137 = sinter.add %135, %136 : !sinter.tensor<[B, T, 12], f32>
    %138 = sinter.add %121, %137 : !sinter.tensor<[B, T, 12], f32>
    %139 = sinter.sum %138 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %140 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %141 = sinter.div %139, %140 : !sinter.tensor<[B, T, 1], f32>
    %142 = sinter.view %141 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %143 = sinter.sub %138, %142 : !sinter.tensor<[B, T, 12], f32>
    %144 = sinter.mul %143, %143 : !sinter.tensor<[B, T, 12], f32>
    %145 = sinter.sum %144 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %146 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %147 = sinter.div %145, %146 : !sinter.tensor<[B, T, 1], f32>
    %148 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %149 = sinter.add %147, %148 : !sinter.tensor<[B, T, 1], f32>
    %150 = sinter.sqrt %149 : !sinter.tensor<[B, T, 1], f32>
    %151 = sinter.view %150 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %152 = sinter.div %143, %151 : !sinter.tensor<[B, T, 12], f32>
    %153 = sinter.view %62 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %154 = sinter.mul %152, %153 : !sinter.tensor<[B, T, 12], f32>
    %155 = sinter.view %63 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %156 = sinter.add %154, %155 : !sinter.tensor<[B, T, 12], f32>
    sinter.yield %156 : !sinter.tensor<[B, T, 12], f32>
  } : (!sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 20, 12], f32>, !sinter.tensor<[2, 20], f32>, !sinter.tensor<[2, 12, 20], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>) -> !sinter.tensor<[B, T, 12], f32>
  return %47 : !sinter.tensor<[B, T, 12], f32>
}

func.func @pooled(%tokens: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}, %mask: !sinter.tensor<[B, T], i32> {sinter.default = 1.0 : f64, sinter.name = "mask"},
    %types: !sinter.tensor<[B, T], i32> {sinter.default = 0.0 : f64, sinter.name = "types"}) -> (!sinter.tensor<[B, 12], f32> {sinter.name = "pooled"}) {
  sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
  %1 = sinter.read @"embeddings.word_embeddings.weight" : !sinter.tensor<[37, 12], f32>
  %2 = sinter.gather %1[%tokens] : !sinter.tensor<[37, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %3 = sinter.iota : !sinter.tensor<[T], i32>
  %4 = sinter.read @"embeddings.position_embeddings.weight" : !sinter.tensor<[16, 12], f32>
  %5 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, T], i32>
  %6 = sinter.gather %4[%5] : !sinter.tensor<[16, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %7 = sinter.read @"embeddings.token_type_embeddings.weight" : !sinter.tensor<[2, 12], f32>
  %8 = sinter.gather %7[%types] : !sinter.tensor<[2, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %9 = sinter.add %2, %6 : !sinter.tensor<[B, T, 12], f32>
  %10 = sinter.add %9, %8 : !sinter.tensor<[B, T, 12], f32>
  %11 = sinter.read @"embeddings.LayerNorm.weight" : !sinter.tensor<[12], f32>
  %12 = sinter.read @"embeddings.LayerNorm.bias" : !sinter.tensor<[12], f32>
  %13 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %14 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %15 = sinter.div %13, %14 : !sinter.tensor<[B, T, 1], f32>
  %16 = sinter.view %15 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %17 = sinter.sub %10, %16 : !sinter.tensor<[B, T, 12], f32>
  %18 = sinter.mul %17, %17 : !sinter.tensor<[B, T, 12], f32>
  %19 = sinter.sum %18 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %20 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %21 = sinter.div %19, %20 : !sinter.tensor<[B, T, 1], f32>
  %22 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
  %23 = sinter.add %21, %22 : !sinter.tensor<[B, T, 1], f32>
  %24 = sinter.sqrt %23 : !sinter.tensor<[B, T, 1], f32>
  %25 = sinter.view %24 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %26 = sinter.div %17, %25 : !sinter.tensor<[B, T, 12], f32>
  %27 = sinter.view %11 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %28 = sinter.mul %26, %27 : !sinter.tensor<[B, T, 12], f32>
  %29 = sinter.view %12 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %30 = sinter.add %28, %29 : !sinter.tensor<[B, T, 12], f32>
  %31 = sinter.read @"encoder.layer.*.attention.self.query.weight" : !sinter.tensor<[2, 12, 12], f32>
  %32 = sinter.read @"encoder.layer.*.attention.self.query.bias" : !sinter.tensor<[2, 12], f32>
  %33 = sinter.read @"encoder.layer.*.attention.self.key.weight" : !sinter.tensor<[2, 12, 12], f32>
  %34 = sinter.read @"encoder.layer.*.attention.self.key.bias" : !sinter.tensor<[2, 12], f32>
  %35 = sinter.read @"encoder.layer.*.attention.self.value.weight" : !sinter.tensor<[2, 12, 12], f32>
  %36 = sinter.read @"encoder.layer.*.attention.self.value.bias" : !sinter.tensor<[2, 12], f32>
  %37 = sinter.read @"encoder.layer.*.attention.output.dense.weight" : !sinter.tensor<[2, 12, 12], f32>
  %38 = sinter.read @"encoder.layer.*.attention.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %39 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %40 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %41 = sinter.read @"encoder.layer.*.intermediate.dense.weight" : !sinter.tensor<[2, 20, 12], f32>
  %42 = sinter.read @"encoder.layer.*.intermediate.dense.bias" : !sinter.tensor<[2, 20], f32>
  %43 = sinter.read @"encoder.layer.*.output.dense.weight" : !sinter.tensor<[2, 12, 20], f32>
  %44 = sinter.read @"encoder.layer.*.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %45 = sinter.read @"encoder.layer.*.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %46 = sinter.read @"encoder.layer.*.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %47 = sinter.repeat 2 carried(%30) stacked(%31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46) {
  ^bb0(%64: !sinter.tensor<[B, T, 12], f32>, %48: !sinter.tensor<[12, 12], f32>, %49: !sinter.tensor<[12], f32>, %50: !sinter.tensor<[12, 12], f32>, %51: !sinter.tensor<[12], f32>, %52: !sinter.tensor<[12, 12], f32>, %53: !sinter.tensor<[12], f32>, %54: !sinter.tensor<[12, 12], f32>, %55: !sinter.tensor<[12], f32>, %56: !sinter.tensor<[12], f32>, %57: !sinter.tensor<[12], f32>, %58: !sinter.tensor<[20, 12], f32>, %59: !sinter.tensor<[20], f32>, %60: !sinter.tensor<[12, 20], f32>, %61: !sinter.tensor<[12], f32>, %62: !sinter.tensor<[12], f32>, %63: !sinter.tensor<[12], f32>):
    %65 = sinter.view %48 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %66 = sinter.contract %64, %65 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %67 = sinter.view %49 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %68 = sinter.add %66, %67 : !sinter.tensor<[B, T, 12], f32>
    %69 = sinter.view %68 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %70 = sinter.view %50 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %71 = sinter.contract %64, %70 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %72 = sinter.view %51 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %73 = sinter.add %71, %72 : !sinter.tensor<[B, T, 12], f32>
    %74 = sinter.view %73 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %75 = sinter.view %52 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %76 = sinter.contract %64, %75 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %77 = sinter.view %53 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %78 = sinter.add %76, %77 : !sinter.tensor<[B, T, 12], f32>
    %79 = sinter.view %78 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %80 = sinter.view %74 at <(d0, d1, d2, d3) -> (d0, d1, d3, d2)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, 4, T], f32>
    %81 = sinter.contract %69, %80 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, 4], f32>, !sinter.tensor<[B, 3, 4, T], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %82 = sinter.constant [2.0] : !sinter.tensor<[B, 3, T, T], f32>
    %83 = sinter.div %81, %82 : !sinter.tensor<[B, 3, T, T], f32>
    %84 = sinter.view %mask at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, 1, 1, T], i32>
    %85 = sinter.constant [0.0] : !sinter.tensor<[B, 1, 1, T], i32>
    %86 = sinter.compare ne %84, %85 : !sinter.tensor<[B, 1, 1, T], i32> -> !sinter.tensor<[B, 1, 1, T], i1>
    %87 = sinter.view %86 at <(d0, d1, d2, d3) -> (d0, 0, 0, d3)> : !sinter.tensor<[B, 1, 1, T], i1> -> !sinter.tensor<[B, 3, T, T], i1>
    %88 = sinter.constant [-3.4028234663852886e+38] : !sinter.tensor<[B, 3, T, T], f32>
    %89 = sinter.select %87, %83, %88 : !sinter.tensor<[B, 3, T, T], i1>, !sinter.tensor<[B, 3, T, T], f32>
    %90 = sinter.max %89 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %91 = sinter.view %90 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %92 = sinter.sub %89, %91 : !sinter.tensor<[B, 3, T, T], f32>
    %93 = sinter.exp %92 : !sinter.tensor<[B, 3, T, T], f32>
    %94 = sinter.sum %93 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %95 = sinter.view %94 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %96 = sinter.div %93, %95 : !sinter.tensor<[B, 3, T, T], f32>
    %97 = sinter.contract %96, %79 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, T], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %98 = sinter.view %97 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
    %99 = sinter.view %54 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %100 = sinter.contract %98, %99 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %101 = sinter.view %55 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %102 = sinter.add %100, %101 : !sinter.tensor<[B, T, 12], f32>
    %103 = sinter.add %64, %102 : !sinter.tensor<[B, T, 12], f32>
    %104 = sinter.sum %103 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %105 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %106 = sinter.div %104, %105 : !sinter.tensor<[B, T, 1], f32>
    %107 = sinter.view %106 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %108 = sinter.sub %103, %107 : !sinter.tensor<[B, T, 12], f32>
    %109 = sinter.mul %108, %108 : !sinter.tensor<[B, T, 12], f32>
    %110 = sinter.sum %109 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %111 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %112 = sinter.div %110, %111 : !sinter.tensor<[B, T, 1], f32>
    %113 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %114 = sinter.add %112, %113 : !sinter.tensor<[B, T, 1], f32>
    %115 = sinter.sqrt %114 : !sinter.tensor<[B, T, 1], f32>
    %116 = sinter.view %115 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %117 = sinter.div %108, %116 : !sinter.tensor<[B, T, 12], f32>
    %118 = sinter.view %56 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %119 = sinter.mul %117, %118 : !sinter.tensor<[B, T, 12], f32>
    %120 = sinter.view %57 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %121 = sinter.add %119, %120 : !sinter.tensor<[B, T, 12], f32>
    %122 = sinter.view %58 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[12, 20], f32>
    %123 = sinter.contract %121, %122 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %124 = sinter.view %59 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %125 = sinter.add %123, %124 : !sinter.tensor<[B, T, 20], f32>
    %126 = sinter.constant [0.5] : !sinter.tensor<[B, T, 20], f32>
    %127 = sinter.mul %126, %125 : !sinter.tensor<[B, T, 20], f32>
    %128 = sinter.constant [1.0] : !sinter.tensor<[B, T, 20], f32>
    %129 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 20], f32>
    %130 = sinter.div %125, %129 : !sinter.tensor<[B, T, 20], f32>
    %131 = sinter.erf %130 : !sinter.tensor<[B, T, 20], f32>
    %132 = sinter.add %128, %131 : !sinter.tensor<[B, T, 20], f32>
    %133 = sinter.mul %127, %132 : !sinter.tensor<[B, T, 20], f32>
    %134 = sinter.view %60 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[20, 12], f32>
    %135 = sinter.contract %133, %134 "abc,cd->abd" : !sinter.tensor<[B, T, 20], f32>, !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %136 = sinter.view %61 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %137 = sinter.add %135, %136 : !sinter.tensor<[B, T, 12], f32>
    %138 = sinter.add %121, %137 : !sinter.tensor<[B, T, 12], f32>
    %139 = sinter.sum %138 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %140 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %141 = sinter.div %139, %140 : !sinter.tensor<[B, T, 1], f32>
    %142 = sinter.view %141 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %143 = sinter.sub %138, %142 : !sinter.tensor<[B, T, 12], f32>
    %144 = sinter.mul %143, %143 : !sinter.tensor<[B, T, 12], f32>
    %145 = sinter.sum %144 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %146 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %147 = sinter.div %145, %146 : !sinter.tensor<[B, T, 1], f32>
    %148 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %149 = sinter.add %147, %148 : !sinter.tensor<[B, T, 1], f32>
    %150 = sinter.sqrt %149 : !sinter.tensor<[B, T, 1], f32>
    %151 = sinter.view %150 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %152 = sinter.div %143, %151 : !sinter.tensor<[B, T, 12], f32>
    %153 = sinter.view %62 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %154 = sinter.mul %152, %153 : !sinter.tensor<[B, T, 12], f32>
    %155 = sinter.view %63 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %156 = sinter.add %154, %155 : !sinter.tensor<[B, T, 12], f32>
    sinter.yield %156 : !sinter.tensor<[B, T, 12], f32>
  } : (!sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 20, 12], f32>, !sinter.tensor<[2, 20], f32>, !sinter.tensor<[2, 12, 20], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>) -> !sinter.tensor<[B, T, 12], f32>
  %157 = sinter.view %47 at <(d0, d1) -> (d0, 0, d1)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 12], f32>
  %158 = sinter.read @"pooler.dense.weight" : !sinter.tensor<[12, 12], f32>
  %159 = sinter.read @"pooler.dense.bias" : !sinter.tensor<[12], f32>
  %160 = sinter.view %158 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
  %161 = sinter.contract %157, %160 "ac,cd->ad" : !sinter.tensor<[B, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, 12], f32>
  %162 = sinter.view %159 at <(d0, d1) -> (d1)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, 12], f32>
  %163 = sinter.add %161, %162 : !sinter.tensor<[B, 12], f32>
  %164 = sinter.tanh %163 : !sinter.tensor<[B, 12], f32>
  return %164 : !sinter.tensor<[B, 12], f32>
}

func.func @embed(%tokens: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}, %mask: !sinter.tensor<[B, T], i32> {sinter.default = 1.0 : f64, sinter.name = "mask"},
    %types: !sinter.tensor<[B, T], i32> {sinter.default = 0.0 : f64, sinter.name = "types"}) -> (!sinter.tensor<[B, 12], f32> {sinter.name = "embedding"}) {
  sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
  %1 = sinter.read @"embeddings.word_embeddings.weight" : !sinter.tensor<[37, 12], f32>
  %2 = sinter.gather %1[%tokens] : !sinter.tensor<[37, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %3 = sinter.iota : !sinter.tensor<[T], i32>
  %4 = sinter.read @"embeddings.position_embeddings.weight" : !sinter.tensor<[16, 12], f32>
  %5 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, T], i32>
  %6 = sinter.gather %4[%5] : !sinter.tensor<[16, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %7 = sinter.read @"embeddings.token_type_embeddings.weight" : !sinter.tensor<[2, 12], f32>
  %8 = sinter.gather %7[%types] : !sinter.tensor<[2, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %9 = sinter.add %2, %6 : !sinter.tensor<[B, T, 12], f32>
  %10 = sinter.add %9, %8 : !sinter.tensor<[B, T, 12], f32>
  %11 = sinter.read @"embeddings.LayerNorm.weight" : !sinter.tensor<[12], f32>
  %12 = sinter.read @"embeddings.LayerNorm.bias" : !sinter.tensor<[12], f32>
  %13 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %14 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %15 = sinter.div %13, %14 : !sinter.tensor<[B, T, 1], f32>
  %16 = sinter.view %15 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %17 = sinter.sub %10, %16 : !sinter.tensor<[B, T, 12], f32>
  %18 = sinter.mul %17, %17 : !sinter.tensor<[B, T, 12], f32>
  %19 = sinter.sum %18 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %20 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %21 = sinter.div %19, %20 : !sinter.tensor<[B, T, 1], f32>
  %22 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
  %23 = sinter.add %21, %22 : !sinter.tensor<[B, T, 1], f32>
  %24 = sinter.sqrt %23 : !sinter.tensor<[B, T, 1], f32>
  %25 = sinter.view %24 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %26 = sinter.div %17, %25 : !sinter.tensor<[B, T, 12], f32>
  %27 = sinter.view %11 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %28 = sinter.mul %26, %27 : !sinter.tensor<[B, T, 12], f32>
  %29 = sinter.view %12 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %30 = sinter.add %28, %29 : !sinter.tensor<[B, T, 12], f32>
  %31 = sinter.read @"encoder.layer.*.attention.self.query.weight" : !sinter.tensor<[2, 12, 12], f32>
  %32 = sinter.read @"encoder.layer.*.attention.self.query.bias" : !sinter.tensor<[2, 12], f32>
  %33 = sinter.read @"encoder.layer.*.attention.self.key.weight" : !sinter.tensor<[2, 12, 12], f32>
  %34 = sinter.read @"encoder.layer.*.attention.self.key.bias" : !sinter.tensor<[2, 12], f32>
  %35 = sinter.read @"encoder.layer.*.attention.self.value.weight" : !sinter.tensor<[2, 12, 12], f32>
  %36 = sinter.read @"encoder.layer.*.attention.self.value.bias" : !sinter.tensor<[2, 12], f32>
  %37 = sinter.read @"encoder.layer.*.attention.output.dense.weight" : !sinter.tensor<[2, 12, 12], f32>
  %38 = sinter.read @"encoder.layer.*.attention.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %39 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %40 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %41 = sinter.read @"encoder.layer.*.intermediate.dense.weight" : !sinter.tensor<[2, 20, 12], f32>
  %42 = sinter.read @"encoder.layer.*.intermediate.dense.bias" : !sinter.tensor<[2, 20], f32>
  %43 = sinter.read @"encoder.layer.*.output.dense.weight" : !sinter.tensor<[2, 12, 20], f32>
  %44 = sinter.read @"encoder.layer.*.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %45 = sinter.read @"encoder.layer.*.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %46 = sinter.read @"encoder.layer.*.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %47 = sinter.repeat 2 carried(%30) stacked(%31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46) {
  ^bb0(%64: !sinter.tensor<[B, T, 12], f32>, %48: !sinter.tensor<[12, 12], f32>, %49: !sinter.tensor<[12], f32>, %50: !sinter.tensor<[12, 12], f32>, %51: !sinter.tensor<[12], f32>, %52: !sinter.tensor<[12, 12], f32>, %53: !sinter.tensor<[12], f32>, %54: !sinter.tensor<[12, 12], f32>, %55: !sinter.tensor<[12], f32>, %56: !sinter.tensor<[12], f32>, %57: !sinter.tensor<[12], f32>, %58: !sinter.tensor<[20, 12], f32>, %59: !sinter.tensor<[20], f32>, %60: !sinter.tensor<[12, 20], f32>, %61: !sinter.tensor<[12], f32>, %62: !sinter.tensor<[12], f32>, %63: !sinter.tensor<[12], f32>):
    %65 = sinter.view %48 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %66 = sinter.contract %64, %65 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %67 = sinter.view %49 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %68 = sinter.add %66, %67 : !sinter.tensor<[B, T, 12], f32>
    %69 = sinter.view %68 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %70 = sinter.view %50 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %71 = sinter.contract %64, %70 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %72 = sinter.view %51 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %73 = sinter.add %71, %72 : !sinter.tensor<[B, T, 12], f32>
    %74 = sinter.view %73 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %75 = sinter.view %52 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %76 = sinter.contract %64, %75 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %77 = sinter.view %53 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %78 = sinter.add %76, %77 : !sinter.tensor<[B, T, 12], f32>
    %79 = sinter.view %78 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %80 = sinter.view %74 at <(d0, d1, d2, d3) -> (d0, d1, d3, d2)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, 4, T], f32>
    %81 = sinter.contract %69, %80 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, 4], f32>, !sinter.tensor<[B, 3, 4, T], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %82 = sinter.constant [2.0] : !sinter.tensor<[B, 3, T, T], f32>
    %83 = sinter.div %81, %82 : !sinter.tensor<[B, 3, T, T], f32>
    %84 = sinter.view %mask at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, 1, 1, T], i32>
    %85 = sinter.constant [0.0] : !sinter.tensor<[B, 1, 1, T], i32>
    %86 = sinter.compare ne %84, %85 : !sinter.tensor<[B, 1, 1, T], i32> -> !sinter.tensor<[B, 1, 1, T], i1>
    %87 = sinter.view %86 at <(d0, d1, d2, d3) -> (d0, 0, 0, d3)> : !sinter.tensor<[B, 1, 1, T], i1> -> !sinter.tensor<[B, 3, T, T], i1>
    %88 = sinter.constant [-3.4028234663852886e+38] : !sinter.tensor<[B, 3, T, T], f32>
    %89 = sinter.select %87, %83, %88 : !sinter.tensor<[B, 3, T, T], i1>, !sinter.tensor<[B, 3, T, T], f32>
    %90 = sinter.max %89 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %91 = sinter.view %90 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %92 = sinter.sub %89, %91 : !sinter.tensor<[B, 3, T, T], f32>
    %93 = sinter.exp %92 : !sinter.tensor<[B, 3, T, T], f32>
    %94 = sinter.sum %93 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %95 = sinter.view %94 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %96 = sinter.div %93, %95 : !sinter.tensor<[B, 3, T, T], f32>
    %97 = sinter.contract %96, %79 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, T], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %98 = sinter.view %97 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
    %99 = sinter.view %54 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %100 = sinter.contract %98, %99 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %101 = sinter.view %55 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %102 = sinter.add %100, %101 : !sinter.tensor<[B, T, 12], f32>
    %103 = sinter.add %64, %102 : !sinter.tensor<[B, T, 12], f32>
    %104 = sinter.sum %103 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %105 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %106 = sinter.div %104, %105 : !sinter.tensor<[B, T, 1], f32>
    %107 = sinter.view %106 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %108 = sinter.sub %103, %107 : !sinter.tensor<[B, T, 12], f32>
    %109 = sinter.mul %108, %108 : !sinter.tensor<[B, T, 12], f32>
    %110 = sinter.sum %109 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %111 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %112 = sinter.div %110, %111 : !sinter.tensor<[B, T, 1], f32>
    %113 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %114 = sinter.add %112, %113 : !sinter.tensor<[B, T, 1], f32>
    %115 = sinter.sqrt %114 : !sinter.tensor<[B, T, 1], f32>
    %116 = sinter.view %115 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %117 = sinter.div %108, %116 : !sinter.tensor<[B, T, 12], f32>
    %118 = sinter.view %56 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %119 = sinter.mul %117, %118 : !sinter.tensor<[B, T, 12], f32>
    %120 = sinter.view %57 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %121 = sinter.add %119, %120 : !sinter.tensor<[B, T, 12], f32>
    %122 = sinter.view %58 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[12, 20], f32>
    %123 = sinter.contract %121, %122 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %124 = sinter.view %59 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %125 = sinter.add %123, %124 : !sinter.tensor<[B, T, 20], f32>
    %126 = sinter.constant [0.5] : !sinter.tensor<[B, T, 20], f32>
    %127 = sinter.mul %126, %125 : !sinter.tensor<[B, T, 20], f32>
    %128 = sinter.constant [1.0] : !sinter.tensor<[B, T, 20], f32>
    %129 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 20], f32>
    %130 = sinter.div %125, %129 : !sinter.tensor<[B, T, 20], f32>
    %131 = sinter.erf %130 : !sinter.tensor<[B, T, 20], f32>
    %132 = sinter.add %128, %131 : !sinter.tensor<[B, T, 20], f32>
    %133 = sinter.mul %127, %132 : !sinter.tensor<[B, T, 20], f32>
    %134 = sinter.view %60 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[20, 12], f32>
    %135 = sinter.contract %133, %134 "abc,cd->abd" : !sinter.tensor<[B, T, 20], f32>, !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %136 = sinter.view %61 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %137 = sinter.add %135, %136 : !sinter.tensor<[B, T, 12], f32>
    %138 = sinter.add %121, %137 : !sinter.tensor<[B, T, 12], f32>
    %139 = sinter.sum %138 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %140 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %141 = sinter.div %139, %140 : !sinter.tensor<[B, T, 1], f32>
    %142 = sinter.view %141 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %143 = sinter.sub %138, %142 : !sinter.tensor<[B, T, 12], f32>
    %144 = sinter.mul %143, %143 : !sinter.tensor<[B, T, 12], f32>
    %145 = sinter.sum %144 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %146 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %147 = sinter.div %145, %146 : !sinter.tensor<[B, T, 1], f32>
    %148 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %149 = sinter.add %147, %148 : !sinter.tensor<[B, T, 1], f32>
    %150 = sinter.sqrt %149 : !sinter.tensor<[B, T, 1], f32>
    %151 = sinter.view %150 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %152 = sinter.div %143, %151 : !sinter.tensor<[B, T, 12], f32>
    %153 = sinter.view %62 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %154 = sinter.mul %152, %153 : !sinter.tensor<[B, T, 12], f32>
    %155 = sinter.view %63 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %156 = sinter.add %154, %155 : !sinter.tensor<[B, T, 12], f32>
    sinter.yield %156 : !sinter.tensor<[B, T, 12], f32>
  } : (!sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 20, 12], f32>, !sinter.tensor<[2, 20], f32>, !sinter.tensor<[2, 12, 20], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>) -> !sinter.tensor<[B, T, 12], f32>
  %157 = sinter.cast %mask : !sinter.tensor<[B, T], i32> to !sinter.tensor<[B, T], f32>
  %158 = sinter.view %157 at <(d0, d1, d2) -> (d0, d1)> : !sinter.tensor<[B, T], f32> -> !sinter.tensor<[B, T, 1], f32>
  %159 = sinter.view %158 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %160 = sinter.mul %47, %159 : !sinter.tensor<[B, T, 12], f32>
  %161 = sinter.sum %160 axes [1] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 1, 12], f32>
  %162 = sinter.view %161 at <(d0, d1) -> (d0, 0, d1)> : !sinter.tensor<[B, 1, 12], f32> -> !sinter.tensor<[B, 12], f32>
  %163 = sinter.sum %158 axes [1] : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, 1, 1], f32>
  %164 = sinter.view %163 at <(d0, d1) -> (d0, 0, d1)> : !sinter.tensor<[B, 1, 1], f32> -> !sinter.tensor<[B, 1], f32>
  %165 = sinter.constant [1.0e-09] : !sinter.tensor<[B, 1], f32>
  %166 = sinter.maximum %164, %165 : !sinter.tensor<[B, 1], f32>
  %167 = sinter.view %166 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 12], f32>
  %168 = sinter.div %162, %167 : !sinter.tensor<[B, 12], f32>
  %169 = sinter.mul %168, %168 : !sinter.tensor<[B, 12], f32>
  %170 = sinter.sum %169 axes [1] : !sinter.tensor<[B, 12], f32> -> !sinter.tensor<[B, 1], f32>
  %171 = sinter.sqrt %170 : !sinter.tensor<[B, 1], f32>
  %172 = sinter.constant [1.0e-12] : !sinter.tensor<[B, 1], f32>
  %173 = sinter.maximum %171, %172 : !sinter.tensor<[B, 1], f32>
  %174 = sinter.view %173 at <(d0, d1) -> (d0, 0)> : !sinter.tensor<[B, 1], f32> -> !sinter.tensor<[B, 12], f32>
  %175 = sinter.div %168, %174 : !sinter.tensor<[B, 12], f32>
  return %175 : !sinter.tensor<[B, 12], f32>
}

func.func @mlm(%tokens: !sinter.tensor<[B, T], i32> {sinter.name = "tokens"}, %mask: !sinter.tensor<[B, T], i32> {sinter.default = 1.0 : f64, sinter.name = "mask"},
    %types: !sinter.tensor<[B, T], i32> {sinter.default = 0.0 : f64, sinter.name = "types"}) -> (!sinter.tensor<[B, T, 37], f32> {sinter.name = "logits"}) {
  sinter.check T le 16, "{0} tokens, but this model has 16 positions" [T]
  %1 = sinter.read @"embeddings.word_embeddings.weight" : !sinter.tensor<[37, 12], f32>
  %2 = sinter.gather %1[%tokens] : !sinter.tensor<[37, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %3 = sinter.iota : !sinter.tensor<[T], i32>
  %4 = sinter.read @"embeddings.position_embeddings.weight" : !sinter.tensor<[16, 12], f32>
  %5 = sinter.view %3 at <(d0, d1) -> (d1)> : !sinter.tensor<[T], i32> -> !sinter.tensor<[B, T], i32>
  %6 = sinter.gather %4[%5] : !sinter.tensor<[16, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %7 = sinter.read @"embeddings.token_type_embeddings.weight" : !sinter.tensor<[2, 12], f32>
  %8 = sinter.gather %7[%types] : !sinter.tensor<[2, 12], f32>, !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, T, 12], f32>
  %9 = sinter.add %2, %6 : !sinter.tensor<[B, T, 12], f32>
  %10 = sinter.add %9, %8 : !sinter.tensor<[B, T, 12], f32>
  %11 = sinter.read @"embeddings.LayerNorm.weight" : !sinter.tensor<[12], f32>
  %12 = sinter.read @"embeddings.LayerNorm.bias" : !sinter.tensor<[12], f32>
  %13 = sinter.sum %10 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %14 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %15 = sinter.div %13, %14 : !sinter.tensor<[B, T, 1], f32>
  %16 = sinter.view %15 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %17 = sinter.sub %10, %16 : !sinter.tensor<[B, T, 12], f32>
  %18 = sinter.mul %17, %17 : !sinter.tensor<[B, T, 12], f32>
  %19 = sinter.sum %18 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %20 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %21 = sinter.div %19, %20 : !sinter.tensor<[B, T, 1], f32>
  %22 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
  %23 = sinter.add %21, %22 : !sinter.tensor<[B, T, 1], f32>
  %24 = sinter.sqrt %23 : !sinter.tensor<[B, T, 1], f32>
  %25 = sinter.view %24 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %26 = sinter.div %17, %25 : !sinter.tensor<[B, T, 12], f32>
  %27 = sinter.view %11 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %28 = sinter.mul %26, %27 : !sinter.tensor<[B, T, 12], f32>
  %29 = sinter.view %12 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %30 = sinter.add %28, %29 : !sinter.tensor<[B, T, 12], f32>
  %31 = sinter.read @"encoder.layer.*.attention.self.query.weight" : !sinter.tensor<[2, 12, 12], f32>
  %32 = sinter.read @"encoder.layer.*.attention.self.query.bias" : !sinter.tensor<[2, 12], f32>
  %33 = sinter.read @"encoder.layer.*.attention.self.key.weight" : !sinter.tensor<[2, 12, 12], f32>
  %34 = sinter.read @"encoder.layer.*.attention.self.key.bias" : !sinter.tensor<[2, 12], f32>
  %35 = sinter.read @"encoder.layer.*.attention.self.value.weight" : !sinter.tensor<[2, 12, 12], f32>
  %36 = sinter.read @"encoder.layer.*.attention.self.value.bias" : !sinter.tensor<[2, 12], f32>
  %37 = sinter.read @"encoder.layer.*.attention.output.dense.weight" : !sinter.tensor<[2, 12, 12], f32>
  %38 = sinter.read @"encoder.layer.*.attention.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %39 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %40 = sinter.read @"encoder.layer.*.attention.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %41 = sinter.read @"encoder.layer.*.intermediate.dense.weight" : !sinter.tensor<[2, 20, 12], f32>
  %42 = sinter.read @"encoder.layer.*.intermediate.dense.bias" : !sinter.tensor<[2, 20], f32>
  %43 = sinter.read @"encoder.layer.*.output.dense.weight" : !sinter.tensor<[2, 12, 20], f32>
  %44 = sinter.read @"encoder.layer.*.output.dense.bias" : !sinter.tensor<[2, 12], f32>
  %45 = sinter.read @"encoder.layer.*.output.LayerNorm.weight" : !sinter.tensor<[2, 12], f32>
  %46 = sinter.read @"encoder.layer.*.output.LayerNorm.bias" : !sinter.tensor<[2, 12], f32>
  %47 = sinter.repeat 2 carried(%30) stacked(%31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46) {
  ^bb0(%64: !sinter.tensor<[B, T, 12], f32>, %48: !sinter.tensor<[12, 12], f32>, %49: !sinter.tensor<[12], f32>, %50: !sinter.tensor<[12, 12], f32>, %51: !sinter.tensor<[12], f32>, %52: !sinter.tensor<[12, 12], f32>, %53: !sinter.tensor<[12], f32>, %54: !sinter.tensor<[12, 12], f32>, %55: !sinter.tensor<[12], f32>, %56: !sinter.tensor<[12], f32>, %57: !sinter.tensor<[12], f32>, %58: !sinter.tensor<[20, 12], f32>, %59: !sinter.tensor<[20], f32>, %60: !sinter.tensor<[12, 20], f32>, %61: !sinter.tensor<[12], f32>, %62: !sinter.tensor<[12], f32>, %63: !sinter.tensor<[12], f32>):
    %65 = sinter.view %48 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %66 = sinter.contract %64, %65 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %67 = sinter.view %49 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %68 = sinter.add %66, %67 : !sinter.tensor<[B, T, 12], f32>
    %69 = sinter.view %68 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %70 = sinter.view %50 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %71 = sinter.contract %64, %70 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %72 = sinter.view %51 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %73 = sinter.add %71, %72 : !sinter.tensor<[B, T, 12], f32>
    %74 = sinter.view %73 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %75 = sinter.view %52 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %76 = sinter.contract %64, %75 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %77 = sinter.view %53 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %78 = sinter.add %76, %77 : !sinter.tensor<[B, T, 12], f32>
    %79 = sinter.view %78 at <(d0, d1, d2, d3) -> (d0, d2, d1 * 4 + d3)> : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %80 = sinter.view %74 at <(d0, d1, d2, d3) -> (d0, d1, d3, d2)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, 4, T], f32>
    %81 = sinter.contract %69, %80 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, 4], f32>, !sinter.tensor<[B, 3, 4, T], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %82 = sinter.constant [2.0] : !sinter.tensor<[B, 3, T, T], f32>
    %83 = sinter.div %81, %82 : !sinter.tensor<[B, 3, T, T], f32>
    %84 = sinter.view %mask at <(d0, d1, d2, d3) -> (d0, d3)> : !sinter.tensor<[B, T], i32> -> !sinter.tensor<[B, 1, 1, T], i32>
    %85 = sinter.constant [0.0] : !sinter.tensor<[B, 1, 1, T], i32>
    %86 = sinter.compare ne %84, %85 : !sinter.tensor<[B, 1, 1, T], i32> -> !sinter.tensor<[B, 1, 1, T], i1>
    %87 = sinter.view %86 at <(d0, d1, d2, d3) -> (d0, 0, 0, d3)> : !sinter.tensor<[B, 1, 1, T], i1> -> !sinter.tensor<[B, 3, T, T], i1>
    %88 = sinter.constant [-3.4028234663852886e+38] : !sinter.tensor<[B, 3, T, T], f32>
    %89 = sinter.select %87, %83, %88 : !sinter.tensor<[B, 3, T, T], i1>, !sinter.tensor<[B, 3, T, T], f32>
    %90 = sinter.max %89 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %91 = sinter.view %90 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %92 = sinter.sub %89, %91 : !sinter.tensor<[B, 3, T, T], f32>
    %93 = sinter.exp %92 : !sinter.tensor<[B, 3, T, T], f32>
    %94 = sinter.sum %93 axes [3] : !sinter.tensor<[B, 3, T, T], f32> -> !sinter.tensor<[B, 3, T, 1], f32>
    %95 = sinter.view %94 at <(d0, d1, d2, d3) -> (d0, d1, d2, 0)> : !sinter.tensor<[B, 3, T, 1], f32> -> !sinter.tensor<[B, 3, T, T], f32>
    %96 = sinter.div %93, %95 : !sinter.tensor<[B, 3, T, T], f32>
    %97 = sinter.contract %96, %79 "abcd,abde->abce" : !sinter.tensor<[B, 3, T, T], f32>, !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, 3, T, 4], f32>
    %98 = sinter.view %97 at <(d0, d1, d2) -> (d0, d2 floordiv 4, d1, d2 mod 4)> : !sinter.tensor<[B, 3, T, 4], f32> -> !sinter.tensor<[B, T, 12], f32>
    %99 = sinter.view %54 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
    %100 = sinter.contract %98, %99 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %101 = sinter.view %55 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %102 = sinter.add %100, %101 : !sinter.tensor<[B, T, 12], f32>
    %103 = sinter.add %64, %102 : !sinter.tensor<[B, T, 12], f32>
    %104 = sinter.sum %103 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %105 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %106 = sinter.div %104, %105 : !sinter.tensor<[B, T, 1], f32>
    %107 = sinter.view %106 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %108 = sinter.sub %103, %107 : !sinter.tensor<[B, T, 12], f32>
    %109 = sinter.mul %108, %108 : !sinter.tensor<[B, T, 12], f32>
    %110 = sinter.sum %109 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %111 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %112 = sinter.div %110, %111 : !sinter.tensor<[B, T, 1], f32>
    %113 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %114 = sinter.add %112, %113 : !sinter.tensor<[B, T, 1], f32>
    %115 = sinter.sqrt %114 : !sinter.tensor<[B, T, 1], f32>
    %116 = sinter.view %115 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %117 = sinter.div %108, %116 : !sinter.tensor<[B, T, 12], f32>
    %118 = sinter.view %56 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %119 = sinter.mul %117, %118 : !sinter.tensor<[B, T, 12], f32>
    %120 = sinter.view %57 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %121 = sinter.add %119, %120 : !sinter.tensor<[B, T, 12], f32>
    %122 = sinter.view %58 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[12, 20], f32>
    %123 = sinter.contract %121, %122 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %124 = sinter.view %59 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[20], f32> -> !sinter.tensor<[B, T, 20], f32>
    %125 = sinter.add %123, %124 : !sinter.tensor<[B, T, 20], f32>
    %126 = sinter.constant [0.5] : !sinter.tensor<[B, T, 20], f32>
    %127 = sinter.mul %126, %125 : !sinter.tensor<[B, T, 20], f32>
    %128 = sinter.constant [1.0] : !sinter.tensor<[B, T, 20], f32>
    %129 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 20], f32>
    %130 = sinter.div %125, %129 : !sinter.tensor<[B, T, 20], f32>
    %131 = sinter.erf %130 : !sinter.tensor<[B, T, 20], f32>
    %132 = sinter.add %128, %131 : !sinter.tensor<[B, T, 20], f32>
    %133 = sinter.mul %127, %132 : !sinter.tensor<[B, T, 20], f32>
    %134 = sinter.view %60 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 20], f32> -> !sinter.tensor<[20, 12], f32>
    %135 = sinter.contract %133, %134 "abc,cd->abd" : !sinter.tensor<[B, T, 20], f32>, !sinter.tensor<[20, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %136 = sinter.view %61 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %137 = sinter.add %135, %136 : !sinter.tensor<[B, T, 12], f32>
    %138 = sinter.add %121, %137 : !sinter.tensor<[B, T, 12], f32>
    %139 = sinter.sum %138 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %140 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %141 = sinter.div %139, %140 : !sinter.tensor<[B, T, 1], f32>
    %142 = sinter.view %141 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %143 = sinter.sub %138, %142 : !sinter.tensor<[B, T, 12], f32>
    %144 = sinter.mul %143, %143 : !sinter.tensor<[B, T, 12], f32>
    %145 = sinter.sum %144 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
    %146 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
    %147 = sinter.div %145, %146 : !sinter.tensor<[B, T, 1], f32>
    %148 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
    %149 = sinter.add %147, %148 : !sinter.tensor<[B, T, 1], f32>
    %150 = sinter.sqrt %149 : !sinter.tensor<[B, T, 1], f32>
    %151 = sinter.view %150 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
    %152 = sinter.div %143, %151 : !sinter.tensor<[B, T, 12], f32>
    %153 = sinter.view %62 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %154 = sinter.mul %152, %153 : !sinter.tensor<[B, T, 12], f32>
    %155 = sinter.view %63 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
    %156 = sinter.add %154, %155 : !sinter.tensor<[B, T, 12], f32>
    sinter.yield %156 : !sinter.tensor<[B, T, 12], f32>
  } : (!sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 20, 12], f32>, !sinter.tensor<[2, 20], f32>, !sinter.tensor<[2, 12, 20], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>, !sinter.tensor<[2, 12], f32>) -> !sinter.tensor<[B, T, 12], f32>
  %157 = sinter.read @"cls.predictions.transform.dense.weight" : !sinter.tensor<[12, 12], f32>
  %158 = sinter.read @"cls.predictions.transform.dense.bias" : !sinter.tensor<[12], f32>
  %159 = sinter.view %157 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[12, 12], f32>
  %160 = sinter.contract %47, %159 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %161 = sinter.view %158 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %162 = sinter.add %160, %161 : !sinter.tensor<[B, T, 12], f32>
  %163 = sinter.constant [0.5] : !sinter.tensor<[B, T, 12], f32>
  %164 = sinter.mul %163, %162 : !sinter.tensor<[B, T, 12], f32>
  %165 = sinter.constant [1.0] : !sinter.tensor<[B, T, 12], f32>
  %166 = sinter.constant [1.4142135623730951] : !sinter.tensor<[B, T, 12], f32>
  %167 = sinter.div %162, %166 : !sinter.tensor<[B, T, 12], f32>
  %168 = sinter.erf %167 : !sinter.tensor<[B, T, 12], f32>
  %169 = sinter.add %165, %168 : !sinter.tensor<[B, T, 12], f32>
  %170 = sinter.mul %164, %169 : !sinter.tensor<[B, T, 12], f32>
  %171 = sinter.read @"cls.predictions.transform.LayerNorm.weight" : !sinter.tensor<[12], f32>
  %172 = sinter.read @"cls.predictions.transform.LayerNorm.bias" : !sinter.tensor<[12], f32>
  %173 = sinter.sum %170 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %174 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %175 = sinter.div %173, %174 : !sinter.tensor<[B, T, 1], f32>
  %176 = sinter.view %175 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %177 = sinter.sub %170, %176 : !sinter.tensor<[B, T, 12], f32>
  %178 = sinter.mul %177, %177 : !sinter.tensor<[B, T, 12], f32>
  %179 = sinter.sum %178 axes [2] : !sinter.tensor<[B, T, 12], f32> -> !sinter.tensor<[B, T, 1], f32>
  %180 = sinter.constant [12.0] : !sinter.tensor<[B, T, 1], f32>
  %181 = sinter.div %179, %180 : !sinter.tensor<[B, T, 1], f32>
  %182 = sinter.constant [1.0e-12] : !sinter.tensor<[B, T, 1], f32>
  %183 = sinter.add %181, %182 : !sinter.tensor<[B, T, 1], f32>
  %184 = sinter.sqrt %183 : !sinter.tensor<[B, T, 1], f32>
  %185 = sinter.view %184 at <(d0, d1, d2) -> (d0, d1, 0)> : !sinter.tensor<[B, T, 1], f32> -> !sinter.tensor<[B, T, 12], f32>
  %186 = sinter.div %177, %185 : !sinter.tensor<[B, T, 12], f32>
  %187 = sinter.view %171 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %188 = sinter.mul %186, %187 : !sinter.tensor<[B, T, 12], f32>
  %189 = sinter.view %172 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[12], f32> -> !sinter.tensor<[B, T, 12], f32>
  %190 = sinter.add %188, %189 : !sinter.tensor<[B, T, 12], f32>
  %191 = sinter.read @"embeddings.word_embeddings.weight" : !sinter.tensor<[37, 12], f32>
  %192 = sinter.read @"cls.predictions.bias" : !sinter.tensor<[37], f32>
  %193 = sinter.view %191 at <(d0, d1) -> (d1, d0)> : !sinter.tensor<[37, 12], f32> -> !sinter.tensor<[12, 37], f32>
  %194 = sinter.contract %190, %193 "abc,cd->abd" : !sinter.tensor<[B, T, 12], f32>, !sinter.tensor<[12, 37], f32> -> !sinter.tensor<[B, T, 37], f32>
  %195 = sinter.view %192 at <(d0, d1, d2) -> (d2)> : !sinter.tensor<[37], f32> -> !sinter.tensor<[B, T, 37], f32>
  %196 = sinter.add %194, %195 : !sinter.tensor<[B, T, 37], f32>
  return %196 : !sinter.tensor<[B, T, 37], f32>
}

