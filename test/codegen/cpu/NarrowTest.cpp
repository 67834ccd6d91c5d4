// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Buffers of bf16 and f16: rounded to the nearest when written, ties to even; widened exactly when read, so that what
// follows has the bits that f32 of the same numbers gives.
#include "test/codegen/cpu/Harness.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>

using namespace sinter::test;

namespace {

const llvm::fltSemantics &semantics(const std::string &element) {
  return element == "bf16" ? llvm::APFloat::BFloat() : llvm::APFloat::IEEEhalf();
}

uint16_t narrow(float number, const std::string &element) {
  llvm::APFloat value(number);
  bool isInexact;
  value.convert(semantics(element), llvm::APFloat::rmNearestTiesToEven, &isInexact);
  return uint16_t(value.bitcastToAPInt().getZExtValue());
}

float widen(uint16_t bits, const std::string &element) {
  llvm::APFloat value(semantics(element), llvm::APInt(16, bits));
  bool isInexact;
  value.convert(llvm::APFloat::IEEEsingle(), llvm::APFloat::rmNearestTiesToEven, &isInexact);
  return value.convertToFloat();
}

std::vector<uint16_t> narrow(const std::vector<float> &numbers, const std::string &element) {
  std::vector<uint16_t> bits;
  for (float number : numbers)
    bits.push_back(narrow(number, element));
  return bits;
}

std::vector<float> rounded(std::vector<float> numbers, const std::string &element) {
  for (float &number : numbers)
    number = widen(narrow(number, element), element);
  return numbers;
}

std::string buffer(const std::string &dims, const std::string &element, bool isPanels = false) {
  return "!kernel.buffer<[" + dims + "], " + element + (isPanels ? ", panels>" : ">");
}

const std::string elements[] = {"bf16", "f16"};

TEST(Narrow, MovesRound) {
  std::vector<float> numbers = {0.0f,     -0.0f,    1.0f,     INFINITY,   -INFINITY, NAN,      1e38f,   3.4e38f, 65504.0f,
                                65519.0f, 65520.0f, 65536.0f, 1.0078125f, 1.0039063f, 1.0117188f, 1e-40f, 6e-8f,   2.9e-8f,
                                3.0e-8f,  1e-7f};
  for (float number : randomFloats(44, 61))
    numbers.push_back(number);
  for (int step = 0; step < 64; ++step) { // ties of bf16 and of f16
    uint32_t bits = 0x3f800000u + uint32_t(step) * 0x1000u;
    float number;
    std::memcpy(&number, &bits, 4);
    numbers.push_back(number);
  }
  for (const std::string &element : elements) {
    EveryKernel there(function("%x: " + buffer("T", "f32"), "  %0 = kernel.move %x at <(d0) -> (d0)> : " +
                                                                buffer("T", "f32") + " -> " + buffer("T", element)));
    EveryKernel back(function("%x: " + buffer("T", element), "  %0 = kernel.move %x at <(d0) -> (d0)> : " +
                                                                 buffer("T", element) + " -> " + buffer("T", "f32")));
    for (int64_t length : {int64_t(1), int64_t(15), int64_t(16), int64_t(37), int64_t(numbers.size())}) {
      Guarded x = guarded(std::vector<float>(numbers.begin(), numbers.begin() + length));
      auto narrowed = there.run({{"T", length}}, {&x}, {size_t(2 * length)});
      auto wide = back.run({{"T", length}}, {&narrowed[0]}, {size_t(4 * length)});
      for (int64_t i = 0; i < length; ++i) {
        uint16_t expected = narrow(numbers[i], element), actual = narrowed[0].as<uint16_t>()[i];
        if (std::isnan(numbers[i]))
          EXPECT_TRUE(std::isnan(widen(actual, element)) && std::isnan(wide[0].as<float>()[i]));
        else
          EXPECT_EQ(actual, expected) << element << " " << numbers[i];
        if (!std::isnan(numbers[i]))
          EXPECT_EQ(wide[0].as<float>()[i], widen(expected, element));
      }
    }
  }
}

TEST(Narrow, PanelsOfContractions) {
  for (const std::string &element : elements) {
    std::string w = buffer("N, K", element, true), x = buffer("M, K", "f32"), y = buffer("M, N", "f32");
    EveryKernel pack(function("%w: " + buffer("N, K", "f32"), "  %0 = kernel.move %w at <(d0, d1) -> (d0, d1)> : " +
                                                                  buffer("N, K", "f32") + " -> " + w));
    EveryKernel kernel(function("%x: " + x + ", %w: " + w, "  %0 = kernel.contract batch 0 %x at <(d0, d1) -> (d0, "
                                                           "d1)>, %w at <() -> ()> {\n  ^bb0(%s: f32):\n    "
                                                           "kernel.yield %s : f32\n  } : (" +
                                                               x + ", " + w + ") -> " + y));
    for (auto [m, n, k] : {std::array<int64_t, 3>{1, 33, 70}, {2, 64, 37}, {5, 16, 64}, {13, 100, 5}, {40, 48, 33}}) {
      auto a = randomFloats(m * k, 62), b = randomFloats(n * k, 63), exact = rounded(b, element);
      Guarded ga = guarded(a), gb = guarded(b);
      size_t packedBytes = size_t((n + 15) / 16 * 16 * k * 2);
      auto packed = pack.run({{"N", n}, {"K", k}}, {&gb}, {packedBytes});
      ASSERT_TRUE(packed[0] == guarded(narrow(toPanels(exact, 1, n, k), element)));
      auto results = kernel.run({{"M", m}, {"N", n}, {"K", k}}, {&ga, &packed[0]}, {size_t(m * n * 4)});
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j) {
          float sum = 0;
          for (int64_t e = 0; e < k; ++e)
            sum = std::fma(a[i * k + e], exact[j * k + e], sum);
          ASSERT_EQ(results[0].as<float>()[i * n + j], sum) << element << " " << m << "x" << n << "x" << k;
        }
    }
  }
}

TEST(Narrow, TablesOfGathers) {
  for (const std::string &element : elements)
    for (bool isPanels : {false, true}) {
      std::string table = buffer("37, 40", element, isPanels);
      EveryKernel kernel(function("%w: " + table + ", %i: !kernel.buffer<[T], i32>",
                                  "  %0 = kernel.gather %w[%i] : " + table + ", !kernel.buffer<[T], i32> -> " +
                                      buffer("T, 40", "f32")));
      auto w = randomFloats(37 * 40, 64), exact = rounded(w, element);
      Guarded gw = guarded(narrow(isPanels ? toPanels(w, 1, 37, 40) : w, element));
      std::vector<int32_t> ids = {0, 36, 5, 17, 16, 15};
      Guarded gi = guarded(ids);
      auto results = kernel.run({{"T", 6}}, {&gw, &gi}, {ids.size() * 160});
      for (size_t i = 0; i < ids.size(); ++i)
        for (int j = 0; j < 40; ++j)
          ASSERT_EQ(results[0].as<float>()[i * 40 + j], exact[ids[i] * 40 + j]);
    }
}

} // namespace
