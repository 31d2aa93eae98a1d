// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/server_fields.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "tunnel/keeper/messages/message_fields.h"

namespace ovoc::tunnel {
namespace {

using Bytes = std::vector<uint8_t>;

// 1277 bytes is what a message has room for behind its head.
Bytes Put(const ServerIdentity& server) {
  std::array<uint8_t, 1277> room = {};
  FieldWriter out(absl::MakeSpan(room));
  PutServer(server, &out);
  EXPECT_TRUE(out.complete());
  return Bytes(room.begin(), room.begin() + static_cast<int>(out.size()));
}

absl::StatusOr<ServerIdentity> Read(const Bytes& bytes) {
  FieldReader in(bytes);
  return ReadServer(&in);
}

ServerIdentity ThereAndBack(const ServerIdentity& server) {
  const auto read = Read(Put(server));
  EXPECT_TRUE(read.ok()) << read.status();
  return read.value_or(ServerIdentity());
}

ServerIdentity Example() {
  ServerIdentity server;
  server.version = "TLSv1.3";
  server.cipher = "TLS_AES_128_GCM_SHA256";
  server.group = "X25519";
  server.resumed = true;
  server.certificate.subject = "CN=a";
  server.certificate.issuer = "CN=b";
  server.certificate.names = {"a.example", "2001:db8::1"};
  server.certificate.names_left_out = 7;
  server.certificate.not_before = absl::FromUnixSeconds(1767225600);
  server.certificate.not_after = absl::FromUnixSeconds(2082758400);
  server.certificate.sha256.fill(0xa5);
  server.chain_not_after = absl::FromUnixSeconds(1893456000);
  return server;
}

TEST(ServerFieldsTest, KeepsEveryField) {
  const ServerIdentity read = ThereAndBack(Example());
  EXPECT_EQ(read.version, "TLSv1.3");
  EXPECT_EQ(read.cipher, "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(read.group, "X25519");
  EXPECT_TRUE(read.resumed);
  EXPECT_FALSE(read.verified);
  EXPECT_EQ(read.certificate.subject, "CN=a");
  EXPECT_EQ(read.certificate.issuer, "CN=b");
  EXPECT_EQ(read.certificate.names,
            (std::vector<std::string>{"a.example", "2001:db8::1"}));
  EXPECT_EQ(read.certificate.names_left_out, 7u);
  EXPECT_EQ(read.certificate.not_before, absl::FromUnixSeconds(1767225600));
  EXPECT_EQ(read.certificate.not_after, absl::FromUnixSeconds(2082758400));
  EXPECT_EQ(read.certificate.sha256, Example().certificate.sha256);
  EXPECT_EQ(read.chain_not_after, absl::FromUnixSeconds(1893456000));
}

// Of a certificate that nobody has verified.
TEST(ServerFieldsTest, AChainMayBeMissing) {
  ServerIdentity server = Example();
  server.chain_not_after.reset();
  EXPECT_EQ(ThereAndBack(server).chain_not_after, std::nullopt);
}

// A server with a certificate that nobody verifies must not make its worker
// say what the keeper refuses.
TEST(ServerFieldsTest, TimesThatHaveNoPlaceAreNoTimes) {
  const absl::Time kTimes[] = {absl::InfinitePast(), absl::InfiniteFuture(),
                               absl::FromUnixSeconds(-1),
                               absl::FromUnixSeconds(253402300800)};
  for (const absl::Time time : kTimes) {
    ServerIdentity server = Example();
    server.certificate.not_before = time;
    server.certificate.not_after = time;
    server.chain_not_after = time;
    const ServerIdentity read = ThereAndBack(server);
    EXPECT_EQ(read.certificate.not_before, absl::InfiniteFuture()) << time;
    EXPECT_EQ(read.certificate.not_after, absl::InfinitePast()) << time;
    EXPECT_EQ(read.chain_not_after, std::nullopt) << time;
  }
}

TEST(ServerFieldsTest, CutsAndCountsWhatIsAboveTheLimits) {
  ServerIdentity server = Example();
  server.version = std::string(1000, 'v');
  server.certificate.subject = std::string(1000, 's');
  server.certificate.names.assign(17, "n");
  const ServerIdentity read = ThereAndBack(server);
  EXPECT_EQ(read.version, std::string(64, 'v'));
  EXPECT_EQ(read.certificate.subject, std::string(200, 's'));
  EXPECT_EQ(read.certificate.names.size(), 16u);
  EXPECT_EQ(read.certificate.names_left_out, 8u);
  server.certificate.names = {std::string(300, 'n'), std::string(213, 'n')};
  EXPECT_EQ(ThereAndBack(server).certificate.names.size(), 1u);
  server.certificate.names = {std::string(300, 'n'), std::string(212, 'n')};
  EXPECT_EQ(ThereAndBack(server).certificate.names.size(), 2u) << "512 bytes";
}

void ExpectRefused(const ServerIdentity& server, absl::string_view words) {
  const auto read = Read(Put(server));
  ASSERT_FALSE(read.ok()) << words;
  EXPECT_TRUE(absl::StrContains(read.status().message(), words))
      << read.status();
}

TEST(ServerFieldsTest, EveryTextIsPrintable) {
  using Change = void (*)(ServerIdentity*, const std::string&);
  constexpr Change kTexts[] = {
      [](ServerIdentity* s, const std::string& t) { s->version = t; },
      [](ServerIdentity* s, const std::string& t) { s->cipher = t; },
      [](ServerIdentity* s, const std::string& t) { s->group = t; },
      [](ServerIdentity* s, const std::string& t) {
        s->certificate.subject = t;
      },
      [](ServerIdentity* s, const std::string& t) {
        s->certificate.issuer = t;
      }};
  for (const Change change : kTexts) {
    for (const char* text : {"a\n", "\x1b[2J", "\x7f", "\xc3\xa9"}) {
      ServerIdentity server = Example();
      change(&server, text);
      ExpectRefused(server, "a text of the server is not printable ASCII");
    }
  }
  for (const char* name : {"", "a\n", "\x80"}) {
    ServerIdentity server = Example();
    server.certificate.names = {"good", name};
    ExpectRefused(server, "the server has too many names, or an invalid one");
  }
}

// The example's bytes, changed at one place.
TEST(ServerFieldsTest, EveryOtherFieldKeepsItsRange) {
  // Three words, each behind its length of 2 bytes, come before the flags.
  constexpr size_t kFlags = 2 + 7 + 2 + 22 + 2 + 6;
  constexpr size_t kNameCount = kFlags + 2 + 2 + 4 + 2 + 4;
  constexpr size_t kNotBefore = kNameCount + 1 + 2 + 9 + 2 + 11 + 4;
  constexpr char kNames[] = "the server has too many names, or an invalid one";
  struct Case {
    const char* name;
    size_t at;
    uint8_t value;
    const char* words;
  };
  const Case kCases[] = {
      {"resumed 2", kFlags, 2, "the server has an unknown flag"},
      {"verified 255", kFlags + 1, 255, "the server has an unknown flag"},
      {"17 names", kNameCount, 17, kNames},
      {"a name of 65289 bytes", kNameCount + 1, 255, kNames},
      {"begin flag 2", kNotBefore, 2, "the server has an invalid time"},
      {"begin absent", kNotBefore, 0, "the server has an invalid time"},
      {"begin far away", kNotBefore + 1, 1, "the server has an invalid time"},
      {"end flag 2", kNotBefore + 9, 2, "the server has an invalid time"},
      {"chain flag 2", kNotBefore + 18, 2, "the server has an invalid time"},
      {"chain absent", kNotBefore + 18, 0, "the server has an invalid time"},
      {"chain far away", kNotBefore + 19, 1, "the server has an invalid time"},
  };
  for (const Case& c : kCases) {
    Bytes bytes = Put(Example());
    bytes[c.at] = c.value;
    const auto read = Read(bytes);
    ASSERT_FALSE(read.ok()) << c.name;
    EXPECT_TRUE(absl::StrContains(read.status().message(), c.words))
        << c.name << ": " << read.status();
  }
}

TEST(ServerFieldsTest, NamesAreTogetherBounded) {
  ServerIdentity server = Example();
  server.certificate.names = {std::string(256, 'a'), std::string(256, 'b')};
  Bytes bytes = Put(server);
  // The second name's length: one more, and one byte of the next field with it.
  constexpr size_t kNameCount = 41 + 2 + 2 + 4 + 2 + 4;
  const size_t second = kNameCount + 1 + 2 + 256;
  ASSERT_EQ(bytes[second], 1);
  bytes[second + 1] = 1;
  bytes[second + 2 + 256] = 'b';
  const auto read = Read(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_TRUE(absl::StrContains(read.status().message(), "too many names"));
}

}  // namespace
}  // namespace ovoc::tunnel
