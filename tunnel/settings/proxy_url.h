// SPDX-License-Identifier: Apache-2.0
//
// An HTTP proxy as a URL names it.

#ifndef OVOC_TUNNEL_SETTINGS_PROXY_URL_H_
#define OVOC_TUNNEL_SETTINGS_PROXY_URL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "auth/secret.h"
#include "netif/ip_address.h"

namespace ovoc::tunnel {

// ProxyUrl is http://USER:PASSWORD@HOST:PORT or the same with https, taken
// apart (RFC 3986 3.2). It can only be moved, and wipes the password.
struct ProxyUrl {
  bool secured = false;  // https: the connection to the proxy is TLS
  std::string host;      // a name, or an address without brackets
  std::optional<netif::IpAddress> address;  // set when `host` is one
  uint16_t port = 0;                        // never 0 in a URL that was read
  // Both decoded, and such that Basic credentials can hold them (RFC 7617 2).
  // An empty user: the proxy asks for no login.
  std::string user;
  auth::Secret password = auth::Secret::FromString("");

  bool has_login() const { return !user.empty(); }
  // HOST:PORT, with brackets around an IPv6 address: what may be shown.
  std::string Endpoint() const;
};

// ProxyUrlResult is a URL, or what is wrong with it and what to do: clauses
// that can follow the value ("has no port"), without a byte of the value, which
// may hold a password.
struct ProxyUrlResult {
  std::optional<ProxyUrl> url;
  absl::string_view problem;
  absl::string_view remedy;
};

// ProxyUrlForm is how a URL may be written.
enum class ProxyUrlForm {
  kSetting,  // scheme and port have to be there, and nothing behind them
  kCurl,     // as curl reads HTTPS_PROXY: http and the port need not be written
};

// ParseProxyUrl takes a URL whose scheme is http or https. The host is a host
// name or a unicast address (IPv6 in brackets, with a zone if it is
// link-local). The port must be there: proxies have no usual one. (With kCurl
// it is 1080, and 443 for https.) In user name and password, %XX stands for a
// byte; '@' and '/' must be written so, and ':' in the user name is not
// possible at all. The path is empty or "/"; with kCurl it is ignored.
ProxyUrlResult ParseProxyUrl(absl::string_view text,
                             ProxyUrlForm form = ProxyUrlForm::kSetting);

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_SETTINGS_PROXY_URL_H_
