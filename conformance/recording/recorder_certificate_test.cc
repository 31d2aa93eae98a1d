// SPDX-License-Identifier: Apache-2.0
#include "conformance/recording/recorder_certificate.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "conformance/ovoc_server/server_tls.h"
#include "gtest/gtest.h"
#include "openssl/bio.h"
#include "openssl/pem.h"
#include "openssl/ssl.h"
#include "openssl/x509.h"

namespace ovoc::conformance {
namespace {

std::vector<uint8_t> Der(const std::string& pem) {
  const bssl::UniquePtr<BIO> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const bssl::UniquePtr<X509> x509(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  uint8_t* data = nullptr;
  const int size = i2d_X509(x509.get(), &data);
  const bssl::UniquePtr<uint8_t> owner(data);
  return std::vector<uint8_t>(data, data + size);
}

// The client's own verdict on the certificate shown as `name`, so long after
// now.
absl::Status Verdict(const RecorderCertificate& made, const std::string& root,
                     const std::string& name,
                     absl::Duration later = absl::ZeroDuration()) {
  const std::vector<uint8_t> leaf = Der(made.chain);
  const absl::Span<const uint8_t> chain[] = {leaf};
  auth::CertificateVerifier::Request request;
  request.chain = chain;
  request.name = name;
  request.now = absl::Now() + later;
  return auth::CertificateVerifier::Create(
             auth::TrustStore::FromPem(root).value(), {})
      .value()
      .Verify(request)
      .status;
}

TEST(RecorderCertificateTest, TheClientTakesItUnderEachOfItsNames) {
  const absl::StatusOr<RecorderCertificate> made = MakeRecorderCertificate(
      {"ovoc.example.net", "192.0.2.10", "2001:db8::10", "recorder."});
  ASSERT_TRUE(made.ok()) << made.status();
  for (const char* name :
       {"ovoc.example.net", "192.0.2.10", "2001:db8::10", "recorder"}) {
    const absl::Status status = Verdict(*made, made->root, name);
    EXPECT_TRUE(status.ok()) << name << ": " << status;
  }
  EXPECT_FALSE(Verdict(*made, made->root, "other.example.net").ok());
  EXPECT_FALSE(Verdict(*made, made->root, "192.0.2.11").ok());
}

// Devices' clocks run late, and nobody shall forget the root on a device.
TEST(RecorderCertificateTest, ItIsValidFromAnHourAgoForThirtyDays) {
  const absl::StatusOr<RecorderCertificate> made =
      MakeRecorderCertificate({"a.example"});
  ASSERT_TRUE(made.ok()) << made.status();
  const absl::Duration day = absl::Hours(24);
  const struct {
    absl::Duration later;
    bool good;
  } kCases[] = {{-absl::Minutes(61), false},
                {-absl::Minutes(58), true},
                {30 * day - absl::Minutes(2), true},
                {30 * day + absl::Minutes(2), false}};
  for (const auto& c : kCases) {
    const absl::Status status =
        Verdict(*made, made->root, "a.example", c.later);
    EXPECT_EQ(status.ok(), c.good) << c.later << ": " << status;
  }
}

TEST(RecorderCertificateTest, EachRunHasARootOfItsOwn) {
  const absl::StatusOr<RecorderCertificate> one =
      MakeRecorderCertificate({"a.example"});
  const absl::StatusOr<RecorderCertificate> two =
      MakeRecorderCertificate({"a.example"});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_FALSE(Verdict(*one, two->root, "a.example").ok());
}

TEST(RecorderCertificateTest, AServerCanUseIt) {
  const absl::StatusOr<RecorderCertificate> made =
      MakeRecorderCertificate({"a.example"});
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(MakeServerTls(made->chain, made->private_key).ok());
  EXPECT_FALSE(absl::StrContains(made->root, "PRIVATE"));
}

TEST(RecorderCertificateTest, OddNamesAreNamed) {
  EXPECT_FALSE(MakeRecorderCertificate({}).ok());
  for (const char* name : {"", "a b", "a,IP:1.2.3.4", "*.a.example", "a\n"}) {
    const absl::Status status = MakeRecorderCertificate({"a", name}).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << name;
    EXPECT_TRUE(absl::StrContains(status.message(), name));
  }
}

}  // namespace
}  // namespace ovoc::conformance
