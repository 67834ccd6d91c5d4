// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// NumPy's .npy files for stand-alone executables: a file enters, an input of the wanted type leaves; a result enters, a
// file leaves. C headers only (the tools read with runtime/format/Npy.h instead).

#ifndef SINTER_RUNTIME_EXE_NPYFILE_H
#define SINTER_RUNTIME_EXE_NPYFILE_H

#include "sinter/sinter.h"

namespace sinter::exe {

/// Reads a C-ordered, little-endian array. Integers of any width become i32 (or bool) where every value fits; f2, f4,
/// and f8 where nothing is lost become f32; floats are refused for an integer argument and the reverse. input->data is
/// malloc'ed and the caller's to free. Messages begin with the path.
sinter_status readNpy(const char *path, sinter_dtype wanted, sinter_input *input, sinter_error *error);

/// Writes path.tmp-<pid>, fsyncs and renames it.
sinter_status writeNpy(const char *path, const sinter_output &output, sinter_error *error);

} // namespace sinter::exe

#endif // SINTER_RUNTIME_EXE_NPYFILE_H
