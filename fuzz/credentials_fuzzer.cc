// SPDX-License-Identifier: Apache-2.0
//
// Basic credentials, RFC 7617: taken exactly when the rules are kept, and then
// base64 read back is user:password; refused with a line that other bytes in
// their place would not change. Input: half the user's size, user, password.

#include <string>

#include "auth/basic_credentials.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_credentials.h"
#include "fuzz/oracle/printable_line.h"
#include "fuzz/script/byte_source.h"

namespace ovoc::fuzz {
namespace {

using auth::BasicCredentials;
using auth::Secret;

std::string Text(absl::Span<const uint8_t> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteSource source({data, size});
  const std::string user = Text(source.Bytes(source.Byte() * size_t{2}));
  const std::string password = Text(source.Bytes(300));
  const auto credentials =
      BasicCredentials::Create(user, Secret::FromString(password));
  FUZZ_EXPECT(credentials.ok() == MayBeCredentials(user, password));
  if (!credentials.ok()) {
    const auto hidden = BasicCredentials::Create(
        Hidden(user), Secret::FromString(Hidden(password)));
    FUZZ_EXPECT(hidden.status() == credentials.status());
    FUZZ_EXPECT(IsPrintableLine(hidden.status().message()));
    return 0;
  }
  FUZZ_EXPECT(credentials->user() == user);
  const Secret value = credentials->AuthorizationValue();
  FUZZ_EXPECT(NaiveBasic(value.Reveal(auth::InsecureSecretAccess::Get())) ==
              user + ":" + password);
  return 0;
}

}  // namespace ovoc::fuzz
