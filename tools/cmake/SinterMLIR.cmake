# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# LLVM and MLIR 22 of the system's packages, linked as shared libraries, and the one precompiled header that every
# unit with MLIR's builders shares (it cuts such a unit from half a minute to a few seconds).

find_package(MLIR 22.1 REQUIRED CONFIG PATHS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
set(LLVM_LINK_LLVM_DYLIB ON)
set(MLIR_LINK_MLIR_DYLIB ON)
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})

add_library(sinter_mlir INTERFACE)
target_include_directories(sinter_mlir SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_compile_definitions(sinter_mlir INTERFACE ${LLVM_DEFINITIONS_LIST})
target_link_libraries(sinter_mlir INTERFACE MLIR LLVM)

file(WRITE ${CMAKE_BINARY_DIR}/mlir-pch/Pch.cpp "// Holds the precompiled header.\n")
add_library(sinter_pch STATIC ${CMAKE_BINARY_DIR}/mlir-pch/Pch.cpp)
target_link_libraries(sinter_pch PUBLIC sinter_mlir)
target_precompile_headers(sinter_pch PRIVATE
  <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h> <mlir/IR/BuiltinTypes.h> <mlir/IR/BuiltinAttributes.h> <mlir/IR/IRMapping.h>
  <mlir/IR/PatternMatch.h> <mlir/IR/OpImplementation.h> <mlir/IR/AffineMap.h> <mlir/IR/Matchers.h>
  <mlir/Dialect/Func/IR/FuncOps.h> <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Math/IR/Math.h>
  <mlir/Dialect/SCF/IR/SCF.h> <mlir/Dialect/Vector/IR/VectorOps.h> <mlir/Dialect/LLVMIR/LLVMDialect.h>
  <mlir/Pass/Pass.h> <mlir/Pass/PassManager.h> <mlir/Transforms/DialectConversion.h>
  <map> <set> <string> <vector>)

# sinter_mlir_library(name sources... [LINK libs...] [DEPENDS generated targets...])
function(sinter_mlir_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} sinter_mlir)
  target_precompile_headers(${name} REUSE_FROM sinter_pch)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()
