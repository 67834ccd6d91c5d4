// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line: words in, one command's options out. The only unit with exceptions (CLI11 uses them).
#include "tools/sinter/Completion.h"
#include "tools/sinter/Crash.h"
#include "tools/sinter/Report.h"

#include "sinter/sinter.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>

using namespace sinter::tool;

namespace {

/// "name=value" words, split; an empty name or a missing '=' is a usage error.
void addPairs(CLI::App *app, const std::string &flag, std::vector<std::pair<std::string, std::string>> &into,
              const std::string &help, const std::string &typeName) {
  app->add_option_function<std::vector<std::string>>(
         flag,
         [&into, flag](const std::vector<std::string> &words) {
           for (const std::string &word : words) {
             size_t at = word.find('=');
             if (at == 0 || at == std::string::npos)
               throw CLI::ValidationError(flag, "'" + word + "' is not NAME=VALUE");
             into.emplace_back(word.substr(0, at), word.substr(at + 1));
           }
         },
         help)
      ->type_name(typeName)
      ->take_all()
      ->allow_extra_args(false);
}

void addModel(CLI::App *app, ModelOptions &o) {
  app->add_option("MODEL", o.input, "a .sinter file, a built-in text such as 'bert', or a Hugging Face folder")->required();
  app->add_option("--weights", o.weights, "folder or .safetensors file with the parameters (a folder MODEL brings its own)")
      ->type_name("DIR");
  app->add_option("--model", o.model, "which model of the text")->type_name("NAME");
  addPairs(app, "--set", o.sets, "a hyperparameter by its name in the text; beats config.json", "FIELD=VALUE");
  app->add_option("--fn", o.functions, "which function (default: forward, or embed)")->type_name("NAME")->take_all()->allow_extra_args(false);
}

void addAdapters(CLI::App *app, ModelOptions &o) {
  CLI::Option *adapters =
      app->add_option("--adapter", o.adapters, "a LoRA adapter's PEFT folder; several: the input 'adapter' chooses one for each row")
          ->type_name("DIR")
          ->take_all()
          ->allow_extra_args(false);
  app->add_flag("--merge", o.mergeAdapter, "make W + BA once, before the first call, instead of two products in each")->needs(adapters);
  app->add_option("--adapter-rank", o.adapterRank, "adapters of up to this rank make the same code")->type_name("R")->check(CLI::Range(1, 65536))->needs(adapters);
  app->add_option("--adapter-slots", o.adapterSlots, "and up to so many of them")->type_name("N")->check(CLI::Range(1, 65536))->needs(adapters);
}

void addRemarks(CLI::App *app, ModelOptions &o) {
  app->add_flag("--remarks{missed}", o.remarks, "print what was not raised or fused, and why; --remarks=all: what was, too")
      ->check(CLI::IsMember({"missed", "all"}));
  app->add_flag("--require-fused{all}", o.requireFused,
                "an attention, softmax, norm or activation that is not fused is an error; =NAME[,NAME...] restricts");
}

void addTarget(CLI::App *app, ModelOptions &o) {
  app->add_option("--target", o.target, "cpu, cpu:ISA[,ISA...], or reference (the float64 interpreter)")
      ->type_name("TARGET")
      ->capture_default_str();
  app->add_option("--weights-dtype", o.weightsDtype,
                  "how weights are stored: stored (as the checkpoint has them), f32, bf16, f16; arithmetic is float32")
      ->check(CLI::IsMember({"stored", "f32", "bf16", "f16"}))
      ->capture_default_str();
  app->add_option("--cache-dtype", o.cacheDtype, "how the cache of generation is stored: f32, bf16, f16")
      ->check(CLI::IsMember({"f32", "bf16", "f16"}))
      ->capture_default_str();
}

void addThreads(CLI::App *app, ModelOptions &o) {
  app->add_option("--threads", o.threads, "how many threads (0: one for each processor); the results are the same bits")
      ->type_name("N")
      ->check(CLI::Range(0, 256));
}

void addTraceNan(CLI::App *app, ModelOptions &o) {
  app->add_flag("--trace-nan{ops}", o.traceNan,
                "name the first operation whose result holds NaN or infinity; each runs alone, so rounding may differ; =kernels: as fused")
      ->check(CLI::IsMember({"ops", "kernels"}));
}

void addCache(CLI::App *app, ModelOptions &o) {
  app->add_flag("--no-cache", o.noCache, "keep no compiled code and no prepared weights, and use none that were kept");
  app->add_flag("--no-weights-cache", o.noWeightsCache, "compiled code alone is kept; weights are prepared anew");
}

/// The table that executables share; each flag is read when it comes, so that turns of a conversation keep their order.
void addGenerateFlags(CLI::App *app, GenerateOptions &o) {
  for (uint32_t i = 0; i < sinter::exe::generateFlagCount; ++i) {
    const sinter::exe::GenerateFlag &flag = sinter::exe::generateFlags[i];
    std::string names = std::string(flag.brief ? flag.brief : "") + (flag.brief ? "," : "") + flag.name;
    auto give = [&o, i, name = std::string(flag.name)](const char *value) {
      sinter_error error;
      if (sinter::exe::giveFlag(&o.wish, i, value, &error))
        throw CLI::ValidationError(error.message);
    };
    CLI::Option *option;
    if (flag.kind == sinter::exe::FlagKind::Choice) {
      app->add_flag(names + "{yes}", o.earlyStopping, flag.help)->check(CLI::IsMember({"yes", "no", "never"}));
      continue;
    }
    if (flag.value)
      option = app->add_option_function<std::string>(
                      names, [&o, give](const std::string &value) { give(o.words.emplace_back(value).c_str()); }, flag.help)
                   ->type_name(flag.value);
    else
      option = app->add_flag_callback(names, [give] { give(nullptr); }, flag.help);
    option->trigger_on_parse();
    if (flag.repeats)
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

void addTokenizer(CLI::App *app, TokenizerOptions &o) {
  app->add_option("ACTION", o.action, "what to do")->required()->check(CLI::IsMember({"train"}));
  app->add_option("FILE", o.files, "the texts, UTF-8; each line is one")->required();
  app->add_option("--type", o.type, "what to learn")->check(CLI::IsMember({"bpe", "wordpiece", "unigram"}))->capture_default_str();
  app->add_option("--out", o.output, "the file to write ('-' for stdout)")->type_name("tokenizer.json")->required();
  app->add_option("--vocab-size", o.vocabularySize, "how many tokens, the special ones included")->type_name("N")->capture_default_str();
  app->add_option("--special", o.special, "a token that text never becomes by itself; they get the first ids")
      ->type_name("TOKEN")->take_all()->allow_extra_args(false);
  app->add_option("--unk", o.unknown, "the token of what is unknown (default: <unk>, [UNK] for wordpiece, none on bytes)")->type_name("TOKEN");
  app->add_option("--min-frequency", o.minFrequency, "pairs that come less often do not merge (bpe, wordpiece)")->type_name("N");
  app->add_option("--limit-alphabet", o.limitAlphabet, "only the N most frequent characters (bpe, wordpiece)")->type_name("N");
  app->add_option("--max-token-length", o.maxTokenLength, "in characters (unigram: 16 by default)")->type_name("N");
  app->add_option("--ties", o.ties, "which of equally frequent pairs merges: that of the smaller ids, or the one that came first")
      ->check(CLI::IsMember({"ids", "first"}))->capture_default_str();
  app->add_flag("--byte-level", o.byteLevel, "bytes instead of characters, cut as GPT-2 does (bpe)");
  app->add_flag("--cased", o.cased, "keep capitals and accents (wordpiece)");
}

/// Known before the words are read in full: usage errors are printed in that form too.
bool wantsJson(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i], next = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--error-format=json" || (word == "--error-format" && next == "json"))
      return true;
  }
  return false;
}

const char *const teaching = R"(Examples:
  sinter check models/bert.sinter                     does the text hold? shapes, names, types
  sinter info DIR                                     parameters, bytes and work of a Hugging Face folder
  sinter run DIR --in tokens=a.npy --out hidden=o.npy one call, compiled just in time
  sinter embed DIR "A sentence." "Another one."       sentence embeddings
  sinter generate DIR -p "Once upon a time"           text behind a prompt
  sinter compile DIR -o minilm && ./minilm "Hello."   one executable that needs nothing else
  sinter bench DIR --batch 1 --tokens 128 --profile   how fast, how near the machine's roofs, where the time goes
  sinter import DIR -o mine.sinter                    the model as a text of its own, to read and to change
  sinter graph DIR --after fuse -o g.html             the model as a page to look at, before and after fusion
  sinter merge DIR --adapter ADAPTER -o MERGED         a plain folder with a LoRA adapter in its weights
  sinter explain E0401                                what a message means, and how to mend the text
  sinter fmt models/*.sinter                          the house's layout
  sinter tokenizer train --vocab-size 8000 --out tokenizer.json a.txt   learn BPE, WordPiece or Unigram

Exit codes: 0 done, 1 the text, folder or input is wrong (a diagnostic says where), 2 wrong usage,
3 the machine (a file that cannot be read or written, memory, a processor without the instructions), 4 our mistake,
130 ctrl-C.)";

} // namespace

int main(int argc, char **argv) {
  setErrorFormat(wantsJson(argc, argv) ? ErrorFormat::Json : ErrorFormat::Text);
  installCrashReports(argc, argv);
  std::signal(SIGXFSZ, SIG_IGN); // a file that may grow no further is an error like a full disk
  CLI::App app("Sinter compiles Transformer language models from a page of text to code for this machine.");
  app.set_version_flag("--version", std::string("sinter ") + sinter_version());
  app.require_subcommand(1);
  app.footer(teaching);

  ModelOptions check;
  CLI::App *checkApp = app.add_subcommand("check", "Check a text: names, types and shapes; with --weights also the parameters' names and shapes");
  addModel(checkApp, check);
  addAdapters(checkApp, check);
  addRemarks(checkApp, check);

  RunOptions run;
  CLI::App *runApp = app.add_subcommand("run", "Call a function of a model on .npy files");
  addModel(runApp, run);
  addAdapters(runApp, run);
  addTarget(runApp, run);
  addThreads(runApp, run);
  addCache(runApp, run);
  addRemarks(runApp, run);
  addPairs(runApp, "--in", run.in, "an argument; every one without a default is needed", "NAME=FILE.npy");
  addPairs(runApp, "--out", run.out, "where to write a result", "NAME=FILE.npy");
  runApp->add_option("--repeat", run.repeat, "time N further passes")->type_name("N")->check(CLI::Range(0, 1000000));
  runApp->add_flag("--profile", run.profile, "print a table by kernel: time, work, bytes, share of the machine's roof, lines of the text");
  runApp->add_flag("--json", run.json, "print results' shapes and times as JSON");
  addTraceNan(runApp, run);
  runApp->add_flag("--allow-not-finite", run.allowNotFinite, "let NaN and infinity pass as results");

  EmbedOptions embed;
  CLI::App *embedApp = app.add_subcommand("embed", "Print the embedding of sentences, one line of floats each");
  addModel(embedApp, embed);
  addAdapters(embedApp, embed);
  addTarget(embedApp, embed);
  addThreads(embedApp, embed);
  addCache(embedApp, embed);
  embedApp->add_option("SENTENCE", embed.sentences, "the sentences");
  embedApp->add_option("--input", embed.inputFile, "read the sentences from a JSON array of strings")->type_name("FILE");
  embedApp->add_flag("--json", embed.json, "print JSON");
  embedApp->add_flag("--ids", embed.ids, "print the token ids too (with --json)")->needs("--json");
  embedApp->add_flag("--compare", embed.compare, "print how similar the sentences are instead");
  embedApp->add_flag("--truncate", embed.truncate, "cut sentences that are too long, instead of refusing them");

  GenerateOptions generate;
  CLI::App *generateApp = app.add_subcommand("generate", "Write on from a prompt: text as it comes, then a line that sums up");
  addModel(generateApp, generate);
  addAdapters(generateApp, generate);
  addTarget(generateApp, generate);
  addThreads(generateApp, generate);
  addGenerateFlags(generateApp, generate);
  addCache(generateApp, generate);
  addTraceNan(generateApp, generate);

  CompileOptions compile;
  CLI::App *compileApp = app.add_subcommand("compile", "Compile a model ahead of time, or print a stage of it");
  addModel(compileApp, compile);
  addAdapters(compileApp, compile);
  addTarget(compileApp, compile);
  addRemarks(compileApp, compile);
  compileApp->add_option("-o,--output", compile.output, "the file to write ('-' for stdout)")->type_name("FILE");
  compileApp
      ->add_option("--emit", compile.emit,
                   "exe, lib (libNAME.so and NAME.h), artifact, adapter (the numbers of --adapter alone), or a stage as text: ast, sinter, kernel, plan, llvm, asm, cuda (with --target cuda:sm_NN)")
      ->check(CLI::IsMember({"exe", "lib", "artifact", "adapter", "ast", "sinter", "kernel", "plan", "llvm", "asm", "cuda"}))
      ->capture_default_str();

  BenchOptions bench;
  CLI::App *benchApp = app.add_subcommand("bench", "Time a function on made-up inputs, beside what the machine can do");
  addModel(benchApp, bench);
  addAdapters(benchApp, bench);
  addTarget(benchApp, bench);
  addThreads(benchApp, bench);
  benchApp->add_option("--batch", bench.batch, "the size B")->type_name("N")->capture_default_str()->check(CLI::Range(1, 1 << 16));
  benchApp->add_option("--tokens", bench.tokens, "every other size")->type_name("N")->capture_default_str()->check(CLI::Range(1, 1 << 20));
  addPairs(benchApp, "--dim", bench.dims, "one size by its name in the text; beats --batch and --tokens", "NAME=N");
  benchApp->add_option("--rounds", bench.rounds, "timed passes, after two that are not")->type_name("N")->capture_default_str()->check(CLI::Range(1, 100000));
  benchApp->add_flag("--random-weights", bench.randomWeights, "make parameters up, N(0, 0.02); no checkpoint is read");
  benchApp->add_flag("--profile", bench.profile, "a table by kernel too, from further passes");
  benchApp->add_flag("--json", bench.json, "print JSON");

  GraphOptions graph;
  CLI::App *graphApp = app.add_subcommand("graph", "Draw a function as one HTML page, phase by phase");
  addModel(graphApp, graph);
  graphApp->add_option("--after", graph.after, "the last phase to draw")
      ->check(CLI::IsMember({"simplify", "raise", "lower", "fuse", "prepare"}))
      ->capture_default_str();
  graphApp->add_option("-o,--output", graph.output, "the file to write ('-' for stdout)")->type_name("FILE.html")->required();

  MergeOptions merge;
  CLI::App *mergeApp = app.add_subcommand("merge", "Write a Hugging Face folder whose weights hold an adapter's change");
  addModel(mergeApp, merge);
  mergeApp->add_option("--adapter", merge.adapters, "the adapter's PEFT folder")->type_name("DIR")->required()->expected(1);
  mergeApp->add_option("-o,--output", merge.output, "the folder to write; it must not exist")->type_name("OUT_DIR")->required();

  InfoOptions info;
  CLI::App *infoApp = app.add_subcommand("info", "Parameters, bytes, work and memory of a model");
  addModel(infoApp, info);
  addAdapters(infoApp, info);
  infoApp->add_option("--tokens", info.tokens, "the length for work and memory")->type_name("N")->capture_default_str()->check(CLI::Range(1, 1 << 20));
  infoApp->add_flag("--no-cache", info.noCache, "use no compiled code that was kept, and keep none");
  infoApp->add_flag("--json", info.json, "print JSON");

  ImportOptions imported;
  CLI::App *importApp = app.add_subcommand("import", "Write a folder's model as one text, its configuration as defaults");
  addModel(importApp, imported);
  importApp->add_option("-o,--output", imported.output, "the file to write (default: stdout)")->type_name("FILE.sinter");

  std::string code;
  CLI::App *explainApp = app.add_subcommand("explain", "What a message means, with a wrong text and the mended one");
  explainApp->add_option("CODE", code, "as in error[E0201]; without it all codes are listed");

  FormatOptions format;
  CLI::App *formatApp = app.add_subcommand("fmt", "Lay out texts as the house does, in place");
  formatApp->add_option("FILE", format.files, "the texts ('-': standard input to standard output)")->required();
  formatApp->add_flag("--check", format.check, "change nothing; name the texts that would change, exit code 1 if there are any");

  TokenizerOptions tokenizer;
  CLI::App *tokenizerApp = app.add_subcommand("tokenizer", "Learn a tokenizer from text files and write its tokenizer.json");
  addTokenizer(tokenizerApp, tokenizer);

  std::string shell;
  CLI::App *completionApp = app.add_subcommand("completion", "Print a completion script for a shell");
  completionApp->add_option("SHELL", shell, "the shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));

  std::string errorFormat;
  auto addErrorFormat = [&](CLI::App &of) {
    of.add_option("--error-format", errorFormat, "text, or json: one JSON object a line on stderr")
        ->check(CLI::IsMember({"text", "json"}));
  };
  addErrorFormat(app);
  for (CLI::App *command : app.get_subcommands([](CLI::App *) { return true; }))
    addErrorFormat(*command);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() != 0 && sinter::tool::errorFormat() == ErrorFormat::Json)
      return fail(exitUsage, error.what());
    if (app.exit(error))
      return exitUsage;
    std::cout.flush();
    return std::cout && !std::fflush(stdout) ? int(exitOk) : fail(exitWorld, "stdout cannot be written");
  }
  auto dispatch = [&]() -> int {
    if (explainApp->parsed())
      return runExplain(code);
    if (formatApp->parsed())
      return runFormat(format);
    if (tokenizerApp->parsed())
      return runTokenizer(tokenizer);
    if (completionApp->parsed()) {
      std::fputs(completionScript(app, shell).c_str(), stdout);
      return exitOk;
    }
    if (checkApp->parsed())
      return runCheck(check);
    if (runApp->parsed())
      return runRun(run);
    if (embedApp->parsed())
      return runEmbed(embed);
    if (generateApp->parsed()) {
      sinter_error error;
      int early = sinter::exe::findGenerateFlag("--early-stopping", 16);
      if (!generate.earlyStopping.empty() && sinter::exe::giveFlag(&generate.wish, uint32_t(early), generate.earlyStopping.c_str(), &error))
        return fail(exitUsage, error.message);
      return runGenerate(generate);
    }
    if (compileApp->parsed())
      return runCompile(compile);
    if (benchApp->parsed())
      return runBench(bench);
    if (graphApp->parsed())
      return runGraph(graph);
    if (importApp->parsed())
      return runImport(imported);
    if (mergeApp->parsed())
      return runMerge(merge);
    return runInfo(info);
  };
  int exit = dispatch();
  // What was printed is only done when it has arrived.
  if (exit == exitOk && (std::fflush(stdout) || std::ferror(stdout)))
    return fail(exitWorld, "stdout cannot be written");
  return exit;
}
