// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter completion SHELL`: a script for bash, zsh or fish, made from the command line's own description (CLI11), so
// that there is no second list of options. Commands and options come in the order of --help.
#include "tools/sinter/Completion.h"

#include <CLI/CLI.hpp>

namespace sinter::tool {
namespace {

struct Word {
  std::vector<std::string> names;   ///< "-o", "--output"; empty: an argument by its place
  std::vector<std::string> choices; ///< what may follow, if the description says so
  std::string help;
  bool takesValue = false, isRepeated = false;
};

struct Command {
  std::string name, help;
  std::vector<Word> words;
};

/// The words of CLI::IsMember, which only the type's name tells: "TEXT:{a,b}".
std::vector<std::string> choicesOf(const CLI::Option &option) {
  std::string type = option.get_type_name();
  size_t open = type.rfind('{'), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos || close < open)
    return {};
  return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

const std::vector<std::string> targets = {"cpu", "cpu:x86-64-v3", "cpu:x86-64-v4", "reference"};
const std::vector<std::string> compileTargets = {"cpu", "cpu:x86-64-v3", "cpu:x86-64-v4", "reference", "cuda:sm_90"};

std::vector<Word> wordsOf(const CLI::App &app) {
  std::vector<Word> out;
  for (const CLI::Option *option : app.get_options()) {
    Word word;
    for (const std::string &name : option->get_snames())
      word.names.push_back("-" + name);
    for (const std::string &name : option->get_lnames())
      word.names.push_back("--" + name);
    word.help = option->get_description();
    word.takesValue = option->get_items_expected_max() > 0;
    word.isRepeated = option->get_items_expected_max() > 1;
    word.choices = choicesOf(*option);
    if (option->check_lname("target")) // no closed list: these are the usual ones
      word.choices = app.get_name() == "compile" ? compileTargets : targets;
    out.push_back(std::move(word));
  }
  return out;
}

std::vector<Command> commandsOf(const CLI::App &app) {
  std::vector<Command> out;
  for (const CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; }))
    out.push_back({command->get_name(), command->get_description(), wordsOf(*command)});
  return out;
}

std::string join(const std::vector<std::string> &words) { return CLI::detail::join(words, " "); }

std::string replaceAll(std::string text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// Inside single quotes of a POSIX shell, and of fish.
std::string quoted(const std::string &text) { return "'" + replaceAll(text, "'", "'\\''") + "'"; }

std::string namesOf(const std::vector<Word> &words) {
  std::vector<std::string> names;
  for (const Word &word : words)
    names.insert(names.end(), word.names.begin(), word.names.end());
  return join(names);
}

// ---- bash ----

std::string bash(const std::vector<Command> &commands, const std::vector<Word> &global) {
  std::vector<std::string> names;
  for (const Command &command : commands)
    names.push_back(command.name);
  std::string values, options, places;
  for (const Command &command : commands) {
    options += "    " + command.name + ") words=" + quoted(namesOf(command.words)) + " ;;\n";
    for (const Word &word : command.words) {
      if (word.names.empty() && !word.choices.empty())
        places += "    " + command.name + ") words=" + quoted(join(word.choices)) + " ;;\n";
      for (const std::string &name : word.names)
        if (!word.choices.empty())
          values += "    '" + command.name + " " + name + (word.takesValue ? "'|'" + command.name + " " + name : "") +
                    "=') COMPREPLY=($(compgen -W " + quoted(join(word.choices)) +
                    " -- \"$current\")); return ;;\n";
        else if (word.takesValue)
          values += "    '" + command.name + " " + name + "') return ;;\n";
    }
  }
  return "# bash completion for sinter; load it with: source <(sinter completion bash)\n"
         "_sinter() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} "
         "words=\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    COMPREPLY=($(compgen -W " +
         quoted(join(names) + " " + namesOf(global)) +
         " -- \"$current\"))\n"
         "    return\n"
         "  fi\n"
         "  # bash takes `=` for a word of its own.\n"
         "  if [ \"$current\" = = ]; then\n"
         "    current= previous=$previous=\n"
         "  elif [ \"$previous\" = = ]; then\n"
         "    previous=${COMP_WORDS[COMP_CWORD-2]}=\n"
         "  fi\n"
         "  # What may follow an option; file names (complete -o default) where nothing is listed.\n"
         "  case \"$command $previous\" in\n" +
         values +
         "  esac\n"
         "  case $current in\n"
         "  -*) case $command in\n" +
         options +
         "    esac ;;\n"
         "  *) case $command in\n" +
         places +
         "    esac ;;\n"
         "  esac\n"
         "  [ -z \"$words\" ] || COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _sinter sinter\n";
}

// ---- zsh ----

/// In an _arguments specification `[`, `]`, `:` and `\` mean something.
std::string zshText(std::string text) {
  for (const char *special : {"\\", "[", "]", ":"})
    text = replaceAll(text, special, std::string("\\") + special);
  return text;
}

std::string zsh(const std::vector<Command> &commands) {
  std::string list, cases;
  for (const Command &command : commands) {
    list += "    " + quoted(zshText(command.name) + ":" + command.help) + "\n";
    cases += "  " + command.name + ")\n    _arguments";
    for (const Word &word : command.words) {
      std::string action = word.choices.empty() ? "_files" : "(" + join(word.choices) + ")";
      if (word.names.empty())
        cases +=
            " \\\n      " + quoted(std::string(word.isRepeated ? "*" : "") + ":" + zshText(word.help) + ":" + action);
      for (const std::string &name : word.names)
        cases += " \\\n      " + quoted((word.isRepeated ? "*" : "") + name + "[" + zshText(word.help) + "]" +
                                        (word.takesValue ? ":value:" + action : ""));
    }
    cases += " ;;\n";
  }
  return "#compdef sinter\n"
         "# zsh completion for sinter; put it into a folder of $fpath as _sinter\n"
         "local -a commands\n"
         "commands=(\n" +
         list +
         ")\n"
         "if (( CURRENT == 2 )); then\n"
         "  _describe command commands\n"
         "  return\n"
         "fi\n"
         "shift words\n"
         "(( CURRENT-- ))\n"
         "case $words[1] in\n" +
         cases + "esac\n";
}

// ---- fish ----

std::string fish(const std::vector<Command> &commands) {
  // fish knows \' and \\ inside single quotes.
  auto text = [](const std::string &words) {
    return "'" + replaceAll(replaceAll(words, "\\", "\\\\"), "'", "\\'") + "'";
  };
  std::string out = "# fish completion for sinter; put it into ~/.config/fish/completions/sinter.fish\n";
  for (const Command &command : commands)
    out += "complete -c sinter -f -n __fish_use_subcommand -a " + command.name + " -d " + text(command.help) + "\n";
  for (const Command &command : commands) {
    std::string where = "complete -c sinter -n '__fish_seen_subcommand_from " + command.name + "'";
    for (const Word &word : command.words) {
      std::string line = where;
      for (const std::string &name : word.names)
        line += name[1] == '-' ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (word.names.empty() && word.choices.empty())
        continue;
      if (!word.choices.empty())
        line += (word.names.empty() ? " -f -a " : " -x -a ") + text(join(word.choices));
      else if (word.takesValue)
        line += " -r";
      out += line + " -d " + text(word.help) + "\n";
    }
  }
  return out;
}

} // namespace

std::string completionScript(const CLI::App &app, const std::string &shell) {
  std::vector<Command> commands = commandsOf(app);
  return shell == "bash" ? bash(commands, wordsOf(app)) : shell == "zsh" ? zsh(commands) : fish(commands);
}

} // namespace sinter::tool
