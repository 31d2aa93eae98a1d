// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/settings_store/candidate_store.h"

#include <map>

#include "absl/status/statusor.h"
#include "tunnel/manage/settings_store/ini_edit.h"
#include "tunnel/manage/settings_store/settings_difference.h"
#include "tunnel/manage/settings_store/shown_value.h"
#include "tunnel/manage/settings_store/value_check.h"
#include "tunnel/settings/ini_file.h"
#include "tunnel/settings/parse_settings.h"
#include "tunnel/settings/settings.h"

namespace ovoc::tunnel {
namespace {

absl::string_view Reveal(const auth::Secret& text) {
  return text.Reveal(auth::InsecureSecretAccess::Get());
}

}  // namespace

CandidateStore::CandidateStore(absl::string_view text)
    : running_(auth::Secret::FromString(text)),
      candidate_(auth::Secret::FromString(text)) {}

absl::string_view CandidateStore::Text(Which which) const {
  return Reveal(which == Which::kRunning ? running_ : candidate_);
}

std::vector<ShownSetting> CandidateStore::Shown(Which which) const {
  const std::map<absl::string_view, absl::string_view> values =
      ValuesInText(Text(which));
  std::vector<ShownSetting> shown;
  for (const absl::string_view name : SettingNames()) {
    if (const auto found = values.find(name); found != values.end()) {
      shown.push_back({std::string(name), ShownValue(name, found->second)});
    }
  }
  return shown;
}

absl::Status CandidateStore::Edit(absl::string_view name,
                                  std::optional<absl::string_view> value) {
  absl::Status status = CheckSettingName(name);
  if (status.ok() && value.has_value()) {
    status = CheckValue(name, *value);
  }
  if (!status.ok()) {
    return status;
  }
  if (!value.has_value()) {
    candidate_ = UnsetInText(Reveal(candidate_), name);
    return absl::OkStatus();
  }
  absl::StatusOr<auth::Secret> changed =
      SetInText(Reveal(candidate_), name, *value);
  if (!changed.ok()) {
    return changed.status();
  }
  candidate_ = *std::move(changed);
  return absl::OkStatus();
}

absl::Status CandidateStore::Validate(Policy policy) const {
  const absl::StatusOr<Settings> settings = ParseSettings(
      Reveal(candidate_), "candidate", IniDialect::kDevice,
      [policy](const Settings& parsed) { return CheckPolicy(policy, parsed); });
  return settings.ok() ? CheckPolicy(policy, *settings).ToStatus()
                       : settings.status();
}

std::vector<std::string> CandidateStore::Compare() const {
  return SettingsDifference(Reveal(running_), Reveal(candidate_));
}

bool CandidateStore::IsEdited() const { return !(running_ == candidate_); }

void CandidateStore::Discard() {
  candidate_ = auth::Secret::FromString(Reveal(running_));
}

void CandidateStore::LoadCandidate(absl::string_view text) {
  candidate_ = auth::Secret::FromString(text);
}

void CandidateStore::Commit() {
  running_ = auth::Secret::FromString(Reveal(candidate_));
}

bool CandidateStore::LoadRunning(absl::string_view text) {
  if (Reveal(running_) == text) {
    return true;
  }
  const bool edited = IsEdited();
  running_ = auth::Secret::FromString(text);
  if (!edited) {
    Discard();
  }
  return !edited || !IsEdited();
}

}  // namespace ovoc::tunnel
