# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Flags that every unit shares, and the helpers that make a library or a test.

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers want these; without them ccache refuses such units.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Werror -Wno-unused-parameter -fno-omit-frame-pointer)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>)
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Xclang> $<$<COMPILE_LANGUAGE:CXX>:-fno-pch-timestamp>)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  find_program(LLD ld.lld-22)
  if(LLD)
    add_link_options(--ld-path=${LLD})
  endif()
endif()

# sinter_library(name sources... [LINK libs...]): a static library without MLIR.
function(sinter_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# sinter_gtest(name sources... [LINK libs...]): a GoogleTest program that ctest runs whole.
function(sinter_gtest name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main GTest::gtest)
  target_compile_definitions(${name} PRIVATE SINTER_SOURCE_DIR="${CMAKE_SOURCE_DIR}" SINTER_BUILD_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_property(GLOBAL APPEND PROPERTY SINTER_TEST_PROGRAMS ${name})
endfunction()
