# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# cmake -DPAGES=<folder> -DOUTPUT=<file.cpp> -P EmbedExplanations.cmake
# Writes the table behind Explanations.h: every page explanations/<code>.md as a string, sorted by code.

cmake_minimum_required(VERSION 3.25)

file(GLOB pages RELATIVE "${PAGES}" "${PAGES}/*.md")
list(SORT pages)
set(entries "")
foreach(page IN LISTS pages)
  string(REGEX REPLACE "\\.md$" "" code "${page}")
  file(READ "${PAGES}/${page}" content)
  string(FIND "${content}" ")sinter_page\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${page} contains the delimiter of the embedding")
  endif()
  string(APPEND entries "    {\"${code}\", R\"sinter_page(${content})sinter_page\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generated from frontend/diagnostics/explanations/ by EmbedExplanations.cmake.
#include \"frontend/diagnostics/Explanations.h\"

namespace sinter::frontend {

namespace {
constexpr Explanation pages[] = {
${entries}};
} // namespace

std::span<const Explanation> explanations() { return pages; }

} // namespace sinter::frontend
")
