// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/insecure_settings.h"

#include "auth/secret.h"

namespace ovoc::tunnel {
namespace {

// AudioCodes' documented default: known to everyone who reads the manual.
constexpr absl::string_view kDefaultPassword = "123456";

}  // namespace

std::vector<InsecureSetting> InsecureSettings(const Settings& settings) {
  std::vector<InsecureSetting> insecure;
  if (settings.password == auth::Secret::FromString(kDefaultPassword)) {
    insecure.push_back({"WSTunPassword", "default"});
  }
  if (!settings.secured) {
    insecure.push_back({"WSTunSecured", "0"});
  }
  if (!settings.verify_peer) {
    insecure.push_back({"WSTunVerifyPeer", "0"});
  }
  if (!settings.verify_host_name) {
    insecure.push_back({"WSTunVerifyHostName", "0"});
  }
  if (settings.proxy.has_value() && settings.proxy->has_login() &&
      !settings.proxy->secured) {
    insecure.push_back({"WSTunProxy", "login without TLS"});
  }
  if (settings.peer_to_peer) {
    insecure.push_back({"WSTunPeerToPeer", "1"});
  }
  return insecure;
}

}  // namespace ovoc::tunnel
