// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stand-alone executables: the stub and the toy artifact packed by runtime/exe/Slots.h, run as programs.

#include "ToyArtifact.h"
#include "runtime/exe/NpyFile.h"

#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

class Exe : public testing::Test {
protected:
  void SetUp() override {
    folder = testing::TempDir() + "sinter-exe-" + std::to_string(getpid());
    mkdir(folder.c_str(), 0755);
    toy::pack(SINTER_STUB, toy::build(), folder + "/toy");
  }
  void TearDown() override { toy::run("rm -rf '" + folder + "'"); }
  toy::Ran toyRun(const std::string &arguments) { return toy::run("cd '" + folder + "' && ./toy " + arguments); }
  std::string read(const std::string &name) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  /// A .npy file with that header and data.
  void writeNpy(const std::string &name, const std::string &header, const std::string &data) {
    std::string padded = header + '\n', bytes("\x93NUMPY\1\0", 8);
    bytes += static_cast<char>(padded.size() & 0xff);
    bytes += static_cast<char>(padded.size() >> 8);
    std::ofstream(folder + "/" + name, std::ios::binary) << bytes + padded + data;
  }
  std::string folder;
};

TEST_F(Exe, Embeds) {
  EXPECT_EQ(toyRun("'a b' ''").output, "90 94 98 102\n30 32 34 36\n");
  EXPECT_EQ(toyRun("--threads 2 'a b'").output, "90 94 98 102\n");
  EXPECT_EQ(toyRun("--json --ids 'a \"b\"'").output,
            "[{\"text\": \"a \\\"b\\\"\", \"ids\": [1, 3, 3, 2], \"embedding\": [90, 94, 98, 102]}]\n");
  EXPECT_EQ(toyRun("--compare a a").output,
            "            1       2\n    1  1.0000  1.0000  a\n    2  1.0000  1.0000  a\n");
  EXPECT_EQ(toyRun("-- --json").output, "60 63 66 69\n");
}

TEST_F(Exe, RefusesWhatItDoesNotKnow) {
  auto expect = [&](const char *arguments, int status, const char *message) {
    toy::Ran ran = toyRun(arguments);
    EXPECT_EQ(ran.status, status) << arguments;
    EXPECT_EQ(ran.output, std::string("toy: ") + message + "\n");
  };
  expect("--jsno a", 2, "unknown flag '--jsno' (see --help)");
  expect("--fn x a", 2, "unknown flag '--fn' (see --help)");
  expect("", 2, "nothing to do: give a text in quotes (see --help)");
  expect("--threads", 2, "--threads needs a value");
  expect("--threads 0 a", 2, "--threads takes a number from 1 to 256, not '0'");
  expect("--threads=-1 a", 2, "--threads takes a number from 1 to 256, not '-1'");
  expect("run --json --out a=b", 2, "unknown flag '--json' for run (see --help)");
  expect("run --in a --out a=b", 2, "--in takes NAME=FILE.npy, not 'a'");
  expect("run --out a=b --out a=c", 2, "--out names 'a' twice");
  expect("run", 2, "nothing to do: run needs an --out NAME=FILE.npy (see --help)");
  expect("run --out z=z.npy", 1, "forward has no result 'z'; it has: y");
  expect("run --in z=z.npy --out y=y.npy", 1, "forward has no argument 'z'; it has: x, k");
  expect("run --fn loss --out y=y.npy", 1,
         "ToyModel has no function 'loss'; it has: embed, forward, count, divide, broken");
  expect("run --out y=y.npy", 1, "argument 'x': f32 [N, 3] is not given, and it has no default");
  expect("ok 'a b c d e f'", 1,
         "text 2: the text has 8 tokens, but the model takes at most 5 (truncate keeps the first ones)");
  EXPECT_EQ(toyRun("--truncate 'a b c d e f'").output, "120 125 130 135\n");
}

TEST_F(Exe, Helps) {
  toy::Ran help = toyRun("--help");
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.output.find("embed(tokens: i32[B, T], mask: i32[B, T] = 1, types: i32[B, T] = 0) -> "
                             "(embedding: f32[B, 4])"),
            std::string::npos)
      << help.output;
  EXPECT_EQ(toyRun("--version").output, "toy: ToyModel, 50 parameters, code for x86-64-first; sinter 0.1.0\n");
  toy::Ran full = toy::run("'" + folder + "/toy' a > /dev/full");
  EXPECT_EQ(full.status, 3);
  EXPECT_EQ(full.output, "toy: the answer cannot be written: No space left on device\n");
}

TEST_F(Exe, RunsOnNumPyFiles) {
  float x[6] = {0, 1, 2, 3, 4, 5};
  int64_t k[2] = {1, 10};
  writeNpy("x.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", std::string((char *)x, sizeof(x)));
  writeNpy("k.npy", "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", std::string((char *)k, sizeof(k)));
  toy::Ran ran = toyRun("run --in x=x.npy --in k=k.npy --out y=y.npy");
  ASSERT_EQ(ran.status, 0) << ran.output;
  std::string y = read("y.npy");
  ASSERT_EQ(y.size(), 128u + 24);
  EXPECT_NE(y.find("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"), std::string::npos);
  float values[6], expected[6] = {15, 16, 17, 180, 190, 200};
  memcpy(values, y.data() + 128, sizeof(values));
  EXPECT_EQ(memcmp(values, expected, sizeof(values)), 0);
  EXPECT_EQ(toy::run("ls '" + folder + "' | grep -c tmp").output, "0\n");
  EXPECT_EQ(toyRun("run --in x=x.npy --out y=/nonexistent/y.npy").status, 3);
}

TEST_F(Exe, NumPyFilesThatAreWrong) {
  auto message = [&](const std::string &header, const std::string &data, sinter_dtype wanted) -> std::string {
    writeNpy("f.npy", header, data);
    sinter_input input = {};
    sinter_error error = {};
    std::string path = folder + "/f.npy";
    sinter_status status = sinter::exe::readNpy(path.c_str(), wanted, &input, &error);
    free(const_cast<void *>(input.data));
    return status == SINTER_OK ? "" : std::string(error.message).substr(path.size());
  };
  auto header = [](const char *type, const char *shape, const char *order = "False") {
    return std::string("{'descr': '") + type + "', 'fortran_order': " + order + ", 'shape': " + shape + "}";
  };
  const auto i32 = SINTER_DTYPE_I32, f32 = SINTER_DTYPE_F32, boolean = SINTER_DTYPE_BOOL;
  std::string eight(8, '\1');
  EXPECT_EQ(message(header("<i4", "(2,)"), eight, i32), "");
  EXPECT_EQ(message(header("|u1", "(2, 4)"), eight, i32), "");
  EXPECT_EQ(message(header("|b1", "(8,)"), eight, boolean), "");
  EXPECT_EQ(message(header("<f4", "()"), std::string(4, 0), f32), "");
  EXPECT_EQ(message(header("<f2", "(1,)"), std::string("\x01\x80", 2), f32), "");
  EXPECT_EQ(message(header("<i8", "(1,)"), eight, i32), ": element 0 does not fit i32");
  EXPECT_EQ(message(header("<u8", "(1,)"), std::string(8, '\xff'), i32), ": element 0 does not fit i32");
  EXPECT_EQ(message(header("<i4", "(2,)"), eight, boolean), ": element 0 does not fit bool");
  EXPECT_EQ(message(header("<i4", "(2,)"), eight, f32), " holds integers, but the argument takes floats");
  EXPECT_EQ(message(header("<f4", "(2,)"), eight, i32), " holds floats, but the argument takes integers");
  double tenth = 0.1;
  EXPECT_EQ(message(header("<f8", "(1,)"), std::string((char *)&tenth, 8), f32),
            ": element 0, 0.10000000000000001, is not exact as f32");
  EXPECT_EQ(message(header(">i4", "(2,)"), eight, i32), " is big-endian; save it little-endian and in C order");
  EXPECT_EQ(message(header("<i4", "(1, 2)", "True"), eight, i32),
            " is in Fortran order; save it little-endian and in C order");
  EXPECT_EQ(message(header("<i4", "(3,)"), eight, i32), ": its shape does not agree with the 8 bytes of data");
  EXPECT_EQ(message(header("<i4", "(4294967296, 4294967296)"), eight, i32),
            ": its shape does not agree with the 8 bytes of data");
  std::string notPlain = ": its header is not one of a plain array of at most 8 axes of integers, bools or floats";
  for (const std::string &bad :
       {header("<c8", "(1,)"), header("<i3", "(1,)"), header("<i4", "(1"), header("<i4", "(-1,)"),
        header("<i4", "(99999999999999999999,)"), header("<i4", "(1,1,1,1,1,1,1,1,1)"), header("|O", "(1,)"),
        header("<i4", "(1,)", "Maybe"), std::string("{'descr': '<i4'}"), std::string("{"), std::string(),
        std::string("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}")})
    EXPECT_EQ(message(bad, eight, i32), notPlain) << bad;
  std::ofstream(folder + "/f.npy", std::ios::binary) << "\x93NUMPY\1";
  sinter_error error;
  sinter_input input;
  EXPECT_EQ(sinter::exe::readNpy((folder + "/f.npy").c_str(), i32, &input, &error), SINTER_INVALID_ARGUMENT);
}

TEST_F(Exe, TheStubAlone) {
  toy::Ran ran = toy::run("'" SINTER_STUB "' hello");
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.output, "sinter-stub: this is the runtime alone; it carries no model\n");
  struct stat info;
  ASSERT_EQ(stat(SINTER_STUB, &info), 0);
  if (std::string(SINTER_STUB_LIBC) == "musl")
    EXPECT_LE(info.st_size, 288 << 10); // chat templates and Unicode are half of it
}

TEST_F(Exe, RunsInAnEmptyChroot) {
  if (geteuid() != 0)
    GTEST_SKIP() << "chroot needs root";
  toy::run("mkdir '" + folder + "/jail' && cp '" + folder + "/toy' '" + folder + "/jail/'");
  toy::Ran ran = toy::run("env -i /usr/sbin/chroot '" + folder + "/jail' /toy 'a b'");
  EXPECT_EQ(ran.output, "90 94 98 102\n");
  EXPECT_EQ(ran.status, 0);
}

TEST_F(Exe, AnotherProcessorIsToldSo) {
  if (toy::run("command -v qemu-x86_64").status != 0)
    GTEST_SKIP() << "no qemu-x86_64";
  toy::Ran plain = toy::run("qemu-x86_64 -cpu Nehalem '" + folder + "/toy' 'a b'");
  EXPECT_EQ(plain.output, "90 94 98 102\n");
  toy::Settings settings;
  settings.features = SINTER_FEATURE_AVX2 | SINTER_FEATURE_FMA | SINTER_FEATURE_LZCNT;
  toy::pack(SINTER_STUB, toy::build(settings), folder + "/modern");
  toy::Ran old = toy::run("qemu-x86_64 -cpu Nehalem '" + folder + "/modern' a");
  EXPECT_EQ(old.status, 3);
  EXPECT_EQ(old.output, "modern: this artifact has code for x86-64-first (missing here: avx2 fma lzcnt); this "
                        "processor has none of its features\n");
}

/// A damaged file says so; the loader itself only needs the headers.
TEST_F(Exe, DamageIsSeen) {
  auto bytes = toy::build();
  bytes[sizeof(SinterHeader) + sizeof(SinterSection) * 7 + 70] ^= 1;
  toy::pack(SINTER_STUB, bytes, folder + "/damaged");
  toy::Ran ran = toy::run("'" + folder + "/damaged' a");
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.output, "damaged: section 0, META, does not have the digest that its table says\n");
}

} // namespace
