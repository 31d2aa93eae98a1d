// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_MANAGE_PROTOCOL_ANSWER_OBJECT_H_
#define OVOC_TUNNEL_MANAGE_PROTOCOL_ANSWER_OBJECT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace ovoc::tunnel {

// AnswerObject is a JSON object that the agent sends, or an object in one, made
// by nlohmann/json. Its members keep their order. Bytes of a text that are no
// UTF-8 become U+FFFD.
class AnswerObject {
 public:
  AnswerObject();
  AnswerObject(AnswerObject&& other) noexcept;
  AnswerObject& operator=(AnswerObject&& other) noexcept;
  ~AnswerObject();

  AnswerObject& AddText(absl::string_view key, absl::string_view value);
  AnswerObject& AddNumber(absl::string_view key, uint64_t value);
  AnswerObject& AddBool(absl::string_view key, bool value);
  AnswerObject& AddTexts(absl::string_view key,
                         const std::vector<std::string>& values);
  AnswerObject& AddObjects(absl::string_view key,
                           const std::vector<AnswerObject>& values);
  // A value that is JSON already; null if it is none. What is nested more
  // deeply than in any status file is left out.
  AnswerObject& AddJson(absl::string_view key, absl::string_view text);

  // One line in ASCII with its end.
  std::string ToLine() const;

 private:
  struct Members;
  std::unique_ptr<Members> members_;
};

// The three kinds of lines that the agent sends. GoodAnswer and BadAnswer end a
// request; MoreAnswer precedes them. A notice belongs to no request.
AnswerObject GoodAnswer(uint64_t id);
AnswerObject MoreAnswer(uint64_t id);
AnswerObject Notice(absl::string_view kind);
// `error` is not OK. Each line of its message is an error.
AnswerObject BadAnswer(uint64_t id, const absl::Status& error);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_PROTOCOL_ANSWER_OBJECT_H_
