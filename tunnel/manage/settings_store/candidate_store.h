// SPDX-License-Identifier: Apache-2.0
//
// The running and the candidate settings, as in NETCONF (RFC 6241 8.3).

#ifndef OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CANDIDATE_STORE_H_
#define OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CANDIDATE_STORE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "tunnel/settings/security_policy.h"

namespace ovoc::tunnel {

// ShownSetting is a setting that a text sets, with its value as it may be
// shown.
struct ShownSetting {
  std::string name;
  std::string value;
};

// CandidateStore holds two texts of a settings file: what the client runs with,
// and what it is to run with next. They are equal until somebody edits. It does
// no IO: whoever owns it reads and writes the file.
class CandidateStore {
 public:
  enum class Which { kCandidate, kRunning };

  // Starts with the text of the settings file.
  explicit CandidateStore(absl::string_view text);

  // The text with all secrets in it, to be written to a file that only its
  // owner can read.
  absl::string_view Text(Which which) const;

  // The settings of a text in the order of the table, without secrets.
  std::vector<ShownSetting> Shown(Which which) const;

  // Sets one setting of the candidate, or lets its default hold if there is no
  // value. The error is InvalidArgument: there is no such setting, or the value
  // is not allowed; the candidate is unchanged then. What only the settings
  // together can have wrong is Validate's.
  absl::Status Edit(absl::string_view name,
                    std::optional<absl::string_view> value);

  // Whether the client would take the candidate: its own parser, and what
  // `policy` allows. The error is InvalidArgument with one line for each thing
  // that is wrong, as of ParseSettings. Files that the settings name are not
  // looked at.
  absl::Status Validate(Policy policy) const;

  // What differs between running and candidate (see SettingsDifference).
  std::vector<std::string> Compare() const;

  bool IsEdited() const;
  // The candidate is the running settings again.
  void Discard();
  // Makes another text the candidate, such as that of an earlier commit.
  void LoadCandidate(absl::string_view text);
  // The candidate was written: it is what runs.
  void Commit();
  // The file has another text than before. A candidate that nobody has edited
  // follows it. Returns false if the candidate was edited and now differs from
  // settings that its editors have not seen.
  bool LoadRunning(absl::string_view text);

 private:
  auth::Secret running_;
  auth::Secret candidate_;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_MANAGE_SETTINGS_STORE_CANDIDATE_STORE_H_
