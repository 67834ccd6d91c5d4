// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The image: the same bytes wherever it will lie, entries in the order asked for, and everything that is not closed
// refused by name.
#include "codegen/cpu/LowerKernel.h"
#include "codegen/image/LinkImage.h"
#include "sinter/abi.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/SourceMgr.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace sinter;
using codegen::linkImage;

namespace {

llvm::SmallVector<char> objectOf(const char *ir) {
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  auto module = llvm::parseAssemblyString(ir, diagnostic, context);
  EXPECT_TRUE(module) << diagnostic.getMessage().str();
  cpu::CpuTarget target = llvm::cantFail(cpu::findTarget("x86-64-v3"));
  auto object = cpu::emitObject(*module, target);
  if (!object) {
    ADD_FAILURE() << llvm::toString(object.takeError());
    return {};
  }
  return std::move(*object);
}

llvm::MemoryBufferRef bufferOf(const llvm::SmallVector<char> &object) {
  return {llvm::StringRef(object.data(), object.size()), "test"};
}

const char *const twoKernels = R"(
@table = internal dso_local constant [4 x float] [float 1.0, float 2.0, float 4.0, float 8.0], align 16
define dso_local float @first(i64 %i) {
  %p = getelementptr [4 x float], ptr @table, i64 0, i64 %i
  %v = load float, ptr %p
  ret float %v
}
define dso_local float @second(i64 %i) {
  %v = call float @first(i64 %i)
  %w = fadd float %v, 3.0
  ret float %w
}
define dso_local i64 @unused() { ret i64 77 }
)";

TEST(Image, SameBytesAtTwoBases) {
  auto object = objectOf(twoKernels);
  auto low = linkImage(bufferOf(object), {"first", "second"}, 0);
  auto high = linkImage(bufferOf(object), {"first", "second"}, 0x10000000);
  ASSERT_TRUE(bool(low)) << llvm::toString(low.takeError());
  ASSERT_TRUE(bool(high)) << llvm::toString(high.takeError());
  EXPECT_EQ(*low, *high);
}

TEST(Image, EntriesInTheOrderAskedFor) {
  auto object = objectOf(twoKernels);
  auto image = linkImage(bufferOf(object), {"second", "first"});
  ASSERT_TRUE(bool(image)) << llvm::toString(image.takeError());
  SinterImage head;
  std::memcpy(&head, image->data(), sizeof head);
  EXPECT_EQ(0, std::memcmp(head.magic, SINTER_IMAGE_MAGIC, 8));
  ASSERT_EQ(2u, head.entries);
  EXPECT_EQ(image->size(), head.size);
  EXPECT_EQ(0u, head.text % SINTER_PAGE);
  for (unsigned i = 0; i < 2; ++i) {
    SinterImageEntry entry;
    std::memcpy(&entry, image->data() + sizeof head + i * sizeof entry, sizeof entry);
    EXPECT_STREQ(i ? "first" : "second", image->data() + entry.name);
    EXPECT_GE(entry.offset, head.text);
    EXPECT_LT(entry.offset, head.size);
  }
}

TEST(Image, RefusesWhatItLacks) {
  auto object = objectOf(twoKernels);
  auto image = linkImage(bufferOf(object), {"first", "third"});
  ASSERT_FALSE(bool(image));
  EXPECT_NE(std::string::npos, llvm::toString(image.takeError()).find("third"));
}

TEST(Image, RefusesWritableData) {
  auto object = objectOf(R"(
@counter = internal dso_local global i64 1
define dso_local i64 @count() {
  %v = load i64, ptr @counter
  %w = add i64 %v, 1
  store i64 %w, ptr @counter
  ret i64 %w
})");
  auto image = linkImage(bufferOf(object), {"count"});
  ASSERT_FALSE(bool(image));
  EXPECT_NE(std::string::npos, llvm::toString(image.takeError()).find("writable"));
}

TEST(Image, RefusesPointersInData) {
  auto object = objectOf(R"(
@target = internal dso_local constant i64 7
@pointer = internal dso_local constant ptr @target
define dso_local i64 @read(i64 %i) {
  %q = getelementptr ptr, ptr @pointer, i64 %i
  %p = load ptr, ptr %q
  %v = load i64, ptr %p
  ret i64 %v
})");
  auto image = linkImage(bufferOf(object), {"read"});
  ASSERT_FALSE(bool(image));
  llvm::consumeError(image.takeError());
}

} // namespace
