// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/protocol/answer_object.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_split.h"

namespace ovoc::tunnel {
namespace {

// A status file has 3.
constexpr int kMaxJsonNesting = 16;

using Json = nlohmann::ordered_json;

Json Parsed(absl::string_view text) {
  const Json::parser_callback_t shallow =
      [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
        return depth <= kMaxJsonNesting;
      };
  Json json = Json::parse(text.begin(), text.end(), shallow,
                          /*allow_exceptions=*/false);
  return json.is_discarded() ? Json(nullptr) : json;
}

}  // namespace

struct AnswerObject::Members {
  Json json = Json::object();
};

AnswerObject::AnswerObject() : members_(std::make_unique<Members>()) {}
AnswerObject::AnswerObject(AnswerObject&& other) noexcept = default;
AnswerObject& AnswerObject::operator=(AnswerObject&& other) noexcept = default;
AnswerObject::~AnswerObject() = default;

AnswerObject& AnswerObject::AddText(absl::string_view key,
                                    absl::string_view value) {
  members_->json[std::string(key)] = std::string(value);
  return *this;
}

AnswerObject& AnswerObject::AddNumber(absl::string_view key, uint64_t value) {
  members_->json[std::string(key)] = value;
  return *this;
}

AnswerObject& AnswerObject::AddBool(absl::string_view key, bool value) {
  members_->json[std::string(key)] = value;
  return *this;
}

AnswerObject& AnswerObject::AddTexts(absl::string_view key,
                                     const std::vector<std::string>& values) {
  members_->json[std::string(key)] = values;
  return *this;
}

AnswerObject& AnswerObject::AddObjects(
    absl::string_view key, const std::vector<AnswerObject>& values) {
  Json list = Json::array();
  for (const AnswerObject& value : values) {
    list.push_back(value.members_->json);
  }
  members_->json[std::string(key)] = std::move(list);
  return *this;
}

AnswerObject& AnswerObject::AddJson(absl::string_view key,
                                    absl::string_view text) {
  members_->json[std::string(key)] = Parsed(text);
  return *this;
}

std::string AnswerObject::ToLine() const {
  constexpr int kOneLine = -1;
  return members_->json.dump(kOneLine, ' ', /*ensure_ascii=*/true,
                             Json::error_handler_t::replace) +
         "\n";
}

AnswerObject GoodAnswer(uint64_t id) {
  AnswerObject answer;
  answer.AddNumber("id", id).AddBool("ok", true);
  return answer;
}

AnswerObject MoreAnswer(uint64_t id) {
  AnswerObject answer;
  answer.AddNumber("id", id).AddBool("more", true);
  return answer;
}

AnswerObject Notice(absl::string_view kind) {
  AnswerObject answer;
  answer.AddText("notice", kind);
  return answer;
}

AnswerObject BadAnswer(uint64_t id, const absl::Status& error) {
  AnswerObject answer;
  const std::vector<std::string> lines = absl::StrSplit(error.message(), '\n');
  answer.AddNumber("id", id).AddBool("ok", false).AddTexts("errors", lines);
  return answer;
}

}  // namespace ovoc::tunnel
