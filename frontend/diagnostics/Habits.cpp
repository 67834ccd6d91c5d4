// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Habits.h.
#include "frontend/diagnostics/Habits.h"

namespace sinter::frontend {

std::string_view habitOf(std::string_view word) {
  struct Habit {
    std::string_view word, help;
  };
  static constexpr std::string_view library =
      "functions of the language need no prefix; more are imported, as in `import gelu from \"std/math\"`";
  static constexpr std::string_view moves =
      "`x.T` swaps the last two axes; `rearrange(x, \"b t d -> t b d\")` orders, merges and splits any";
  static constexpr Habit habits[] = {
      {"def", "a function is `fn name(x: f32[B]) -> f32[B] { return x }`"},
      {"class", "a part of a model is `module Name(d: int) { … }`, a whole one `model Name(c: Config) { … }`"},
      {"elif", "write `else if`"},
      {"while", "loops are `for x in list { … }`: how often they run is known when the model is built"},
      {"lambda", "every function has a name: declare it with `fn`"},
      {"range", "a range is `0..n`"},
      {"len", "a list's length is the number that made it; a tensor's sizes have the names that its type gives them"},
      {"shape", "a tensor's sizes have the names that its type gives them: `x: f32[B, T]` makes `B` and `T`"},
      {"transpose", moves},
      {"permute", moves},
      {"reshape", moves},
      {"view", moves},
      {"append", "a list is written whole: `[f(i) for i in 0..n]`"},
      {"True", "write `true`"},
      {"False", "write `false`"},
      {"None", "write `none`"},
      {"null", "write `none`"},
      {"is", "compare with `==`"},
      {"self", "members are used by their names alone"},
      {"this", "members are used by their names alone"},
      {"torch", library},
      {"nn", library},
      {"np", library},
      {"F", library},
      {"print", "nothing is printed while a model runs; return what you want to see"},
  };
  for (const Habit &habit : habits)
    if (habit.word == word)
      return habit.help;
  return {};
}

} // namespace sinter::frontend
