// SPDX-License-Identifier: Apache-2.0
#include "tunnel/command_line/library_version.h"

#include "openssl/base.h"

// third_party/debian_source.bzl lays it into the copies that it makes.
#if __has_include("openssl/origin.h")
#include "openssl/origin.h"
#endif

namespace ovoc::tunnel {
namespace {

#ifdef OVOC_BORINGSSL_VERSION
constexpr char kBoringSsl[] = "BoringSSL " OVOC_BORINGSSL_VERSION
                              " (revision " OVOC_BORINGSSL_REVISION ")";
#else
#define OVOC_TEXT(number) #number
#define OVOC_TEXT_OF(macro) OVOC_TEXT(macro)
constexpr char kBoringSsl[] =
    "BoringSSL of another origin (API " OVOC_TEXT_OF(BORINGSSL_API_VERSION) ")";
#endif

}  // namespace

absl::string_view BoringSslVersion() { return kBoringSsl; }

}  // namespace ovoc::tunnel
