// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/agent_request.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tunnel/manage/protocol/flat_object.h"
#include "tunnel/manage/settings_store/commit_history.h"
#include "tunnel/manage/settings_store/confirmed_commit.h"

namespace ovoc::tunnel {
namespace {

constexpr AgentKey kGetKeys[] = {{"which", false}};
constexpr AgentKey kEditKeys[] = {{"name", true}, {"value", true}};
constexpr AgentKey kCommitKeys[] = {{"confirm", false}, {"comment", false}};
constexpr AgentKey kRollbackKeys[] = {{"back", true}};

constexpr AgentRule kRules[] = {
    {AgentOperation::kHello, "hello", false, {}},
    {AgentOperation::kGet, "get", false, kGetKeys},
    {AgentOperation::kEdit, "edit", true, kEditKeys},
    {AgentOperation::kValidate, "validate", false, {}},
    {AgentOperation::kCompare, "compare", false, {}},
    {AgentOperation::kCommit, "commit", true, kCommitKeys},
    {AgentOperation::kConfirm, "confirm", true, {}},
    {AgentOperation::kRollback, "rollback", true, kRollbackKeys},
    {AgentOperation::kDiscard, "discard", true, {}},
    {AgentOperation::kTest, "test", true, {}},
    {AgentOperation::kStatus, "status", false, {}},
    {AgentOperation::kHistory, "history", false, {}},
};

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("request: ", why));
}

std::string OperationNames() {
  std::vector<absl::string_view> names;
  for (const AgentRule& rule : kRules) {
    names.push_back(rule.name);
  }
  return absl::StrJoin(names, " ");
}

const FlatValue* Find(const FlatObject& object, absl::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &found->second;
}

absl::StatusOr<const AgentRule*> FindRule(const FlatObject& object) {
  const FlatValue* const value = Find(object, "op");
  const auto* const name =
      value == nullptr ? nullptr : std::get_if<std::string>(value);
  const auto* const rule = std::find_if(
      std::begin(kRules), std::end(kRules), [name](const AgentRule& candidate) {
        return name != nullptr && candidate.name == *name;
      });
  if (rule == std::end(kRules)) {
    return Wrong(absl::StrCat(name == nullptr
                                  ? "the key \"op\" with a text is missing"
                                  : "the \"op\" is not known",
                              "; use one of ", OperationNames()));
  }
  return rule;
}

// Whether the keys are those of the operation.
absl::Status CheckKeys(const FlatObject& object, const AgentRule& rule) {
  for (const AgentKey& key : rule.keys) {
    if (key.required && Find(object, key.name) == nullptr) {
      return Wrong(
          absl::StrCat(rule.name, " needs the key \"", key.name, "\"; add it"));
    }
  }
  for (const auto& member : object) {
    const std::string& name = member.first;
    const bool known =
        name == "op" || name == "id" ||
        std::any_of(rule.keys.begin(), rule.keys.end(),
                    [&name](const AgentKey& key) { return key.name == name; });
    if (!known) {
      return Wrong(absl::StrCat(
          rule.name, " has a key that it does not know; use op, id",
          rule.keys.empty() ? "" : ", ",
          absl::StrJoin(rule.keys, ", ", [](std::string* out, const auto& key) {
            absl::StrAppend(out, key.name);
          })));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadText(const FlatObject& object, absl::string_view key,
                      std::string* text) {
  const FlatValue* const value = Find(object, key);
  if (value == nullptr) {
    return absl::OkStatus();
  }
  const auto* const read = std::get_if<std::string>(value);
  if (read == nullptr) {
    return Wrong(absl::StrCat("\"", key, "\" is no text; put it in quotes"));
  }
  *text = *read;
  return absl::OkStatus();
}

// A number from `least` to `most`.
template <typename Number>
absl::Status ReadNumber(const FlatObject& object, absl::string_view key,
                        uint64_t least, uint64_t most, Number* number) {
  const FlatValue* const value = Find(object, key);
  if (value == nullptr) {
    return absl::OkStatus();
  }
  const auto* const read = std::get_if<uint64_t>(value);
  if (read == nullptr || *read < least || *read > most) {
    return Wrong(absl::StrCat("\"", key, "\" is no whole number from ", least,
                              " to ", most, "; use one"));
  }
  *number = static_cast<Number>(*read);
  return absl::OkStatus();
}

absl::Status ReadWhich(const FlatObject& object, bool* running) {
  std::string which = "candidate";
  absl::Status status = ReadText(object, "which", &which);
  if (status.ok() && which != "candidate" && which != "running") {
    status = Wrong("\"which\" is neither of both; use candidate or running");
  }
  *running = which == "running";
  return status;
}

absl::Status ReadValue(const FlatObject& object, AgentRequest* request) {
  const FlatValue* const value = Find(object, "value");
  if (value == nullptr || std::holds_alternative<std::monostate>(*value)) {
    return absl::OkStatus();
  }
  const auto* const text = std::get_if<std::string>(value);
  if (text == nullptr) {
    return Wrong(
        "\"value\" is neither a text nor null; put it in quotes, or "
        "use null for the default");
  }
  request->value = *text;
  return absl::OkStatus();
}

absl::Status ReadKeys(const FlatObject& object, AgentRequest* request) {
  absl::Status status;
  status.Update(ReadWhich(object, &request->running));
  status.Update(ReadText(object, "name", &request->name));
  status.Update(ReadValue(object, request));
  status.Update(ReadNumber(object, "confirm", kMinConfirmMinutes,
                           kMaxConfirmMinutes, &request->confirm));
  status.Update(ReadText(object, "comment", &request->comment));
  status.Update(ReadNumber(object, "back", 1, kMaxRollback, &request->back));
  return status;
}

}  // namespace

absl::Span<const AgentRule> AgentRules() { return kRules; }

absl::StatusOr<AgentRequest> ReadAgentRequest(absl::string_view line,
                                              uint64_t* id) {
  *id = 0;
  if (line.size() > kMaxRequestBytes) {
    return Wrong(absl::StrCat("the line has ", line.size(),
                              " bytes; use at most ", kMaxRequestBytes));
  }
  const absl::StatusOr<FlatObject> object = ReadFlatObject(line);
  if (!object.ok()) {
    return Wrong(absl::StrCat(
        "the line ", object.status().message(),
        "; send one JSON object a line, as {\"op\":\"hello\",\"id\":1}"));
  }
  // Larger numbers are not exact in every program (RFC 8259 6).
  constexpr uint64_t kMostId = (uint64_t{1} << 53) - 1;
  absl::Status status = ReadNumber(*object, "id", 1, kMostId, id);
  if (status.ok() && *id == 0) {
    status = Wrong("the key \"id\" is missing; add a number");
  }
  const absl::StatusOr<const AgentRule*> rule = FindRule(*object);
  status.Update(rule.status());
  if (!status.ok()) {
    return status;
  }
  AgentRequest request;
  request.operation = (*rule)->operation;
  request.id = *id;
  status = CheckKeys(*object, **rule);
  status.Update(ReadKeys(*object, &request));
  if (!status.ok()) {
    return status;
  }
  return request;
}

}  // namespace ovoc::tunnel
