// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/chain_script.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "auth/verification_budget.h"
#include "auth/verify_failure.h"
#include "fuzz/oracle/expect.h"
#include "fuzz/oracle/naive_certificate.h"
#include "fuzz/script/byte_source.h"
#include "fuzz/script/known_certificates.h"

namespace ovoc::fuzz {
namespace {

constexpr size_t kMaxRoots = 3;
constexpr size_t kMaxCertificates = 42;  // more than are allowed
constexpr int kMaxChanges = 16;
constexpr int64_t kRelease = 1'795'392'000;  // 2026-11-23

constexpr absl::string_view kNames[] = {
    "ovoc.example.net",   "192.0.2.10",     "2001:db8::10",
    "a.pool.example.net", "other.example",  "ovoc.example.org",
    "a.b.example.net",    "192.0.2.1",      "pool.example.net",
    "OVOC.example.net.",  "two.example.net"};

absl::Time ReadClock(int choice, ByteSource* source) {
  switch (choice & 3) {
    case 0:
      return absl::FromUnixSeconds(1'800'000'000);  // 2027
    case 1:
      return absl::FromUnixSeconds(86400);  // no battery
    case 2:
      return absl::FromUnixSeconds(2'300'000'000);  // 2042
    default:
      return absl::FromUnixSeconds(source->Uint32());
  }
}

const KnownCertificate& Pick(ByteSource* source) {
  const std::vector<KnownCertificate>& known = KnownCertificates();
  return known[source->Below(known.size())];
}

void Change(ByteSource* source, std::vector<std::vector<uint8_t>>* chain) {
  const uint8_t kind = source->Byte();
  std::vector<uint8_t>& der = (*chain)[kind / 8 % chain->size()];
  const uint16_t place = source->Uint16();
  const uint8_t value = source->Byte();
  const auto at =
      der.begin() + static_cast<std::ptrdiff_t>(place % (der.size() + 1));
  switch (kind % 8) {
    case 0:
      der.erase(at, der.end());
      return;
    case 1:
      der.insert(at, value);
      return;
    case 2:
      der.resize(der.size() + place, value);
      return;
    case 3: {
      const absl::Span<const uint8_t> raw = source->LongBlock();
      der.assign(raw.begin(), raw.end());
      return;
    }
    default:
      if (at != der.end()) {
        *at ^= value;
      }
  }
}

// Puts the leaf among the roots, if a trust store takes it.
void Pin(ChainScript* script) {
  if (script->chain.empty()) {
    return;
  }
  const std::vector<uint8_t>& der = script->chain[0];
  const std::string pem =
      absl::StrCat("-----BEGIN CERTIFICATE-----\n",
                   absl::Base64Escape(absl::string_view(
                       reinterpret_cast<const char*>(der.data()), der.size())),
                   "\n-----END CERTIFICATE-----\n");
  if (auth::TrustStore::FromPem(pem).ok()) {
    script->leaf_is_pinned = true;
    script->roots_pem += pem;
    script->roots.push_back(ReadNaiveCertificate(der));
  }
}

bool IsUsedUp(const auth::CertificateVerifier::Verdict& verdict) {
  return verdict.failure == auth::VerifyFailure::kTooLarge &&
         absl::StrContains(verdict.status.message(), "units of work");
}

}  // namespace

ChainScript ReadChainScript(ByteSource* source) {
  ChainScript script;
  const size_t name = source->Below(std::size(kNames) + 1);
  if (name < std::size(kNames)) {
    script.name = std::string(kNames[name]);
  } else {
    const absl::Span<const uint8_t> text = source->LongBlock();
    script.name.assign(text.begin(), text.end());
  }
  const uint8_t flags = source->Byte();
  script.name_check =
      (flags & 1) != 0 ? auth::NameCheck::kOff : auth::NameCheck::kRequired;
  script.now = ReadClock(flags >> 1, source);
  script.release_date =
      (flags & 8) != 0 ? absl::FromUnixSeconds(kRelease) : absl::InfinitePast();
  for (size_t i = source->Below(kMaxRoots + 1); i > 0; --i) {
    const KnownCertificate& root = Pick(source);
    absl::StrAppend(&script.roots_pem, root.pem);
    script.roots.push_back(ReadNaiveCertificate(root.der));
  }
  for (size_t i = source->Below(kMaxCertificates + 1); i > 0; --i) {
    script.chain.push_back(Pick(source).der);
  }
  for (int i = 0; i < kMaxChanges && !source->empty(); ++i) {
    if (!script.chain.empty()) {
      Change(source, &script.chain);
    }
  }
  if ((flags & 16) != 0) {
    Pin(&script);
  }
  return script;
}

auth::CertificateVerifier::Verdict Verify(
    const ChainScript& script, auth::NameCheck name_check,
    absl::Span<const std::vector<uint8_t>> chain, uint64_t max_work) {
  auth::TrustStore store = auth::TrustStore::Empty();
  if (!script.roots.empty()) {
    auto read = auth::TrustStore::FromPem(script.roots_pem);
    FUZZ_EXPECT(read.ok());
    store = *std::move(read);
  }
  const auto verifier = auth::CertificateVerifier::Create(
      std::move(store),
      {.release_date = script.release_date, .max_work = max_work});
  FUZZ_EXPECT(verifier.ok());
  const std::vector<absl::Span<const uint8_t>> spans(chain.begin(),
                                                     chain.end());
  return verifier->Verify({.chain = spans,
                           .name = script.name,
                           .name_check = name_check,
                           .now = script.now});
}

bool KeepsBudget(const ChainScript& script,
                 const auth::CertificateVerifier::Verdict& verdict) {
  const auto with = [&script](uint64_t max_work) {
    return Verify(script, script.name_check, script.chain, max_work);
  };
  if (verdict.work > auth::kMaxVerificationWork) {
    return false;
  }
  if (IsUsedUp(verdict)) {
    return with(100 * auth::kMaxVerificationWork).work >
           auth::kMaxVerificationWork;
  }
  const auto same = with(verdict.work);
  if (same.failure != verdict.failure || same.status != verdict.status ||
      same.work != verdict.work) {
    return false;
  }
  return verdict.work == 0 || IsUsedUp(with(verdict.work - 1));
}

}  // namespace ovoc::fuzz
