# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# cmake -DMODELS=<folder> -DOUTPUT=<file.cpp> -P EmbedTexts.cmake
# Writes the tables that EmbeddedTexts.h declares. A model name declared in two texts is an error.

cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE texts RELATIVE "${MODELS}" "${MODELS}/*.sinter")
list(SORT texts)
if(NOT texts)
  message(FATAL_ERROR "no text under ${MODELS}")
endif()
set(entries "")
set(index "")
set(names "")
foreach(text IN LISTS texts)
  string(REGEX REPLACE "\\.sinter$" "" path "${text}")
  # Semicolons and brackets are list syntax to CMake: keep the text in one variable, never in a list.
  file(READ "${MODELS}/${text}" content)
  string(FIND "${content}" ")sinter_text\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${text} contains the delimiter of the embedding")
  endif()
  string(APPEND entries "    {\"${path}\", R\"sinter_text(${content})sinter_text\"},\n")
  file(STRINGS "${MODELS}/${text}" lines REGEX "^model +[A-Z]")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^model +([A-Za-z0-9_]+).*" "\\1" name "${line}")
    if(name IN_LIST names)
      message(FATAL_ERROR "the model ${name} is declared twice: in ${text} and in ${file_of_${name}}")
    endif()
    list(APPEND names "${name}")
    set(file_of_${name} "${text}")
    set(path_of_${name} "${path}")
  endforeach()
endforeach()
list(SORT names)
foreach(name IN LISTS names)
  string(APPEND index "    {\"${name}\", \"${path_of_${name}}\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Generated from models/ by EmbedTexts.cmake.
#include \"frontend/resolve/EmbeddedTexts.h\"

namespace sinter::frontend {

namespace {
constexpr EmbeddedText texts[] = {
${entries}};
constexpr EmbeddedModel models[] = {
${index}};
} // namespace

std::span<const EmbeddedText> embeddedTexts() { return texts; }
std::span<const EmbeddedModel> embeddedModels() { return models; }

} // namespace sinter::frontend
")
