// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configs: a field is asked for by name and comes from --set, from the folder's files, or from its
// default, in this order. Values follow redeclared fields because everything is evaluated by need.
#include "frontend/elaborate/Elaborator.h"

#include "frontend/config/HfFolder.h"

namespace sinter::frontend {

namespace {

Datum toDatum(const ConfigValue &value) {
  struct Convert {
    Datum operator()(std::monostate) { return NoneValue{}; }
    Datum operator()(bool held) { return held; }
    Datum operator()(int64_t held) { return held; }
    Datum operator()(double held) { return held; }
    Datum operator()(const std::string &held) { return held; }
    Datum operator()(const std::vector<ConfigValue> &held) {
      std::vector<Datum> items;
      items.reserve(held.size());
      for (const ConfigValue &item : held)
        items.push_back(toDatum(item));
      return makeList(std::move(items));
    }
  };
  return std::visit(Convert{}, value.node);
}

const Ident *configMemberName(const Member &member) {
  if (const auto *field = member.as<Field>())
    return &field->name;
  if (const auto *value = member.as<Value>())
    return &value->name;
  return nullptr;
}

bool declares(const std::vector<Member> &members, const std::string &name) {
  for (const Member &member : members) {
    const Ident *own = configMemberName(member);
    if (own && own->text == name)
      return true;
    if (const auto *choice = member.as<MemberChoice>())
      if (declares(choice->thenMembers, name) || declares(choice->elseMembers, name))
        return true;
  }
  return false;
}

} // namespace

ConfigInstance *Elaborator::makeConfig(const Config &config, const Scope &scope, const std::string &setPrefix,
                                       Span span) {
  ConfigInstance &made = allConfigs.emplace_back();
  made.decl = &config;
  made.setPrefix = setPrefix;
  const Config *at = &config;
  const Scope *where = &scope;
  while (at && made.chain.size() < 64) {
    made.chain.push_back({at, where});
    const Config *next = nullptr;
    if (at->parent)
      next = where->findAs<Config>(at->parent->text, &where);
    at = next;
  }
  return &made;
}

bool Elaborator::isA(const ConfigInstance &config, const Config *wanted) const {
  for (const auto &link : config.chain)
    if (link.decl == wanted)
      return true;
  return false;
}

const Member *Elaborator::findConfigMember(ConfigInstance &config, const std::vector<Member> &members,
                                           const std::string &name, const Scope &scope) {
  for (const Member &member : members) {
    const Ident *own = configMemberName(member);
    if (own && own->text == name)
      return &member;
    const auto *choice = member.as<MemberChoice>();
    if (!choice || !(declares(choice->thenMembers, name) || declares(choice->elseMembers, name)))
      continue;
    Frame frame;
    frame.scope = &scope;
    frame.config = &config;
    bool taken = false;
    if (!evalCondition(*choice->condition, frame, taken))
      continue;
    if (const Member *found = findConfigMember(config, taken ? choice->thenMembers : choice->elseMembers, name, scope))
      return found;
  }
  return nullptr;
}

const Member *Elaborator::findConfigMember(ConfigInstance &config, const std::string &name, const Scope *&scope) {
  for (const auto &link : config.chain)
    if (const Member *found = findConfigMember(config, link.decl->members, name, *link.scope)) {
      scope = link.scope;
      return found;
    }
  return nullptr;
}

Datum Elaborator::configMember(ConfigInstance &config, const std::string &name, Span span, const Frame *frame,
                               bool *found) {
  *found = true;
  if (auto known = config.values.find(name); known != config.values.end()) {
    if (known->second.state == SlotState::Done)
      return known->second.value;
    error(DiagId::NeedsItself, span, {name}, frame);
    return {};
  }
  const Scope *scope = nullptr;
  const Member *member = findConfigMember(config, name, scope);
  if (!member) {
    *found = false;
    return {};
  }
  config.values[name].state = SlotState::Busy;
  config.values[name].field = member->as<Field>();
  Datum value;
  if (const auto *field = member->as<Field>()) {
    value = configField(config, *field, *scope);
  } else {
    Frame inner;
    inner.scope = scope;
    inner.config = &config;
    value = eval(*member->as<Value>()->value, inner);
  }
  value.origin = nullptr;
  ConfigInstance::Found &slot = config.values[name];
  slot.state = SlotState::Done;
  slot.value = value;
  return value;
}

/// The command line is a source, too: a line for each setting that is at fault.
Span Elaborator::spanOfSetting(const std::string &name, const std::string &text, bool isValue) {
  FileId file = diags.sources().add("--set", name + "=" + text);
  auto equals = static_cast<uint32_t>(name.size()), end = static_cast<uint32_t>(name.size() + 1 + text.size());
  return isValue && !text.empty() ? Span{file, equals + 1, end} : Span{file, 0, equals};
}

std::optional<Datum> Elaborator::setField(ConfigInstance &config, const Field &field, const Scope &scope) {
  const std::string name = config.setPrefix + field.name.text;
  std::optional<Datum> result;
  for (const auto &[key, text] : options.sets) {
    if (key != name)
      continue;
    usedSets.insert(key);
    std::optional<ConfigValue> value = convertSetting(text, field.type);
    if (!value) {
      diags.report(DiagId::BadSetting, spanOfSetting(key, text, true), {text, toString(field.type), name})
          .label(field.name.span, "declared here");
      return Datum();
    }
    result = toDatum(*value);
  }
  return result;
}

std::optional<Datum> Elaborator::outsideField(ConfigInstance &config, const Field &field, const Scope &scope) {
  if (!options.folder)
    return std::nullopt;
  Frame frame;
  frame.scope = &scope;
  frame.config = &config;
  std::vector<std::string> names;
  if (!outsideNames(field.outside, field.name.text, frame, names))
    return Datum();
  FieldResult read = options.folder->readField(field.name.text, field.name.span, field.type,
                                               field.defaultValue != nullptr, names, diags);
  outsideKeys.insert(outsideKeys.end(), names.begin(), names.end());
  switch (read.kind) {
  case FieldResult::Kind::Value:
    return toDatum(read.value);
  case FieldResult::Kind::UseDefault:
    return std::nullopt;
  case FieldResult::Kind::Error:
    return Datum();
  }
  return std::nullopt;
}

Datum Elaborator::configField(ConfigInstance &config, const Field &field, const Scope &scope) {
  if (field.type.kind == HyperType::Kind::Config) {
    const Scope *where = nullptr;
    const Config *inner = scope.findAs<Config>(field.type.config.text, &where);
    if (!inner)
      return {};
    if (config.setPrefix.size() > 256) {
      error(DiagId::TooDeepInstances, field.name.span, {32}, nullptr);
      return {};
    }
    return makeConfig(*inner, *where, config.setPrefix + field.name.text + ".", field.name.span);
  }
  std::optional<Datum> given = setField(config, field, scope);
  // The key counts as read also where --set beats it.
  std::optional<Datum> outside = outsideField(config, field, scope);
  if (!given)
    given = outside;
  Frame frame;
  frame.scope = &scope;
  frame.config = &config;
  config.values[field.name.text].isGiven = given.has_value();
  if (given)
    return coerce(*given, field.type, scope, field.name.span, field.name.text, &frame, false);
  if (!field.defaultValue) {
    error(DiagId::FieldMissing, field.name.span,
          {options.folder ? "config.json" : "the command line", config.setPrefix + field.name.text,
           config.setPrefix + field.name.text},
          nullptr);
    return {};
  }
  return coerce(eval(*field.defaultValue, frame), field.type, scope, field.defaultValue->span, field.name.text, &frame,
                false);
}

void Elaborator::finishConfigMembers(ConfigInstance &config, const std::vector<Member> &members, const Scope &scope) {
  Frame frame;
  frame.scope = &scope;
  frame.config = &config;
  for (const Member &member : members) {
    bool found = false;
    if (const Ident *name = configMemberName(member)) {
      configMember(config, name->text, name->span, nullptr, &found);
    } else if (const auto *check = member.as<Check>()) {
      runCheck(*check, frame, DiagId::ConfigCheckFailed);
    } else if (const auto *choice = member.as<MemberChoice>()) {
      bool taken = false;
      if (evalCondition(*choice->condition, frame, taken))
        finishConfigMembers(config, taken ? choice->thenMembers : choice->elseMembers, scope);
    } else if (const auto *ignore = member.as<Ignore>()) {
      for (const ExprPtr &glob : ignore->globs) {
        Datum value = eval(*glob, frame);
        std::vector<Datum> items{value};
        if (const ListValue *list = value.list())
          items = list->items;
        for (const Datum &item : items)
          if (const auto *text = item.as<std::string>()) {
            if (options.folder)
              options.folder->ignoreKeys(*text);
          } else if (!item.isPoison()) {
            error(DiagId::WrongKind, glob->span, {"a string", describe(item)}, nullptr);
          }
      }
    }
  }
}

void Elaborator::finishConfig(ConfigInstance &config) {
  for (const auto &link : config.chain)
    finishConfigMembers(config, link.decl->members, *link.scope);
}

void Elaborator::finishConfigs() {
  for (; finishedConfigs < allConfigs.size() && !stopped(); ++finishedConfigs)
    finishConfig(allConfigs[finishedConfigs]);
  if (configsReported)
    return;
  configsReported = true;
  std::vector<std::string> known;
  for (const ConfigInstance &config : allConfigs)
    for (const auto &[name, value] : config.values)
      known.push_back(config.setPrefix + name);
  for (const auto &[name, text] : options.sets)
    if (!usedSets.contains(name)) {
      Diagnostic &report = diags.report(DiagId::UnknownSetting, spanOfSetting(name, text, false), {name});
      if (std::string near = didYouMean(name, known); !near.empty())
        report.help(near);
    }
  if (options.folder)
    options.folder->reportUnread(outsideKeys, diags);
}

} // namespace sinter::frontend
