// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/proxy_variables.h"

#include <stdlib.h>
#include <string.h>

#include <initializer_list>
#include <string>

#include "auth/secret.h"
#include "openssl/mem.h"

namespace ovoc::tunnel {
namespace {

// The first of them that is not empty, or null.
char* FirstOf(std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    char* const value = getenv(name);
    if (value != nullptr && *value != '\0') {
      return value;
    }
  }
  return nullptr;
}

}  // namespace

ProxyEnvironment TakeProxyVariables() {
  ProxyEnvironment environment;
  if (const char* const no_proxy = FirstOf({"no_proxy", "NO_PROXY"})) {
    environment.no_proxy = no_proxy;
  }
  if (const char* const proxy = FirstOf({"https_proxy", "HTTPS_PROXY"})) {
    environment.proxy = auth::Secret::FromString(proxy);
  }
  while (char* const value = FirstOf({"https_proxy", "HTTPS_PROXY"})) {
    OPENSSL_cleanse(value, strlen(value));  // which makes it empty
  }
  return environment;
}

}  // namespace ovoc::tunnel
