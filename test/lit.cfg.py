# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# lit's configuration: the tools of build/bin first on PATH, LLVM's FileCheck and not after them.
import os
import shutil
import sys

import lit.formats

config.name = "sinter"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".sinter", ".test", ".txt"]
config.excludes = ["CMakeLists.txt", "corpus", "trained", "requirements.txt", "models", "Inputs", "valid", "invalid"]
config.test_source_root = os.path.dirname(__file__)
source = os.path.dirname(config.test_source_root)
build = os.environ.get("SINTER_BUILD", os.path.join(source, "build"))
config.test_exec_root = os.path.join(build, "test-output")

bin_dir = os.path.join(build, "bin")
llvm_bin = "/usr/lib/llvm-22/bin"
config.environment["PATH"] = os.pathsep.join([bin_dir, llvm_bin, os.environ["PATH"]])
config.environment["SINTER_SOURCE"] = source
config.environment["SINTER_BUILD"] = build
for name in ("SINTER_MINILM", "SINTER_NVRTC", "ASAN_OPTIONS", "UBSAN_OPTIONS", "HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# What the tests' runs keep for one another; never the user's own.
config.environment["SINTER_CACHE_DIR"] = os.path.join(config.test_exec_root, "cache")
config.environment["SINTER_CACHE_SIZE"] = "1G"

python = os.environ.get("SINTER_PYTHON", sys.executable)
config.substitutions += [
    ("%python", python),
    ("%source", source),
    ("%models", os.path.join(source, "models")),
    ("%golden", os.path.join(source, "test", "golden")),
    ("%support", os.path.join(source, "test", "support")),
]
for feature, present in [
    ("chromium", any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))),
    ("minilm", bool(os.environ.get("SINTER_MINILM"))),
    ("qemu", bool(shutil.which("qemu-x86_64"))),
    ("root", os.geteuid() == 0),
    ("sinter", os.path.exists(os.path.join(bin_dir, "sinter"))),
]:
    if present:
        config.available_features.add(feature)
