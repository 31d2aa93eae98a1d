// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/logins.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "auth/secret.h"

namespace ovoc::tunnel {
namespace {

// Leaves an empty password where it was.
std::unique_ptr<auth::BasicCredentials> Take(absl::string_view user,
                                             auth::Secret* password,
                                             absl::string_view setting,
                                             const Settings& settings,
                                             NamedErrors* errors) {
  absl::StatusOr<auth::BasicCredentials> credentials =
      auth::BasicCredentials::Create(
          user, std::exchange(*password, auth::Secret::FromString("")));
  if (credentials.ok()) {
    return std::make_unique<auth::BasicCredentials>(*std::move(credentials));
  }
  errors->Take(setting,
               SettingProblem(settings, setting, credentials.status().message(),
                              "use what HTTP Basic credentials can "
                              "hold"));
  return nullptr;
}

}  // namespace

std::unique_ptr<auth::BasicCredentials> TakeServerLogin(Settings* settings,
                                                        NamedErrors* errors) {
  return settings->password.empty()
             ? nullptr
             : Take(settings->username, &settings->password, "WSTunUsername",
                    *settings, errors);
}

std::unique_ptr<auth::BasicCredentials> TakeProxyLogin(Settings* settings,
                                                       NamedErrors* errors) {
  return settings->proxy.has_value() && settings->proxy->has_login()
             ? Take(settings->proxy->user, &settings->proxy->password,
                    "WSTunProxy", *settings, errors)
             : nullptr;
}

}  // namespace ovoc::tunnel
