// SPDX-License-Identifier: Apache-2.0
#include "auth/peer_name.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// RFC 9525 6.1.1 MUST: an address is an IP-ID, any other name a DNS-ID
TEST(PeerNameTest, AnIpv4AddressIsAnIpId) {
  absl::StatusOr<PeerName> name = PeerName::Parse("192.0.2.10");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->kind(), PeerName::Kind::kIpAddress);
  EXPECT_EQ(name->text(), "192.0.2.10");
  EXPECT_THAT(name->address(), ElementsAre(192, 0, 2, 10));
}

TEST(PeerNameTest, AnIpv6AddressIsAnIpIdInEachOfItsForms) {
  const std::vector<uint8_t> bytes = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0,
                                      0,    0,    0,    0,    0, 0, 0, 0x10};
  for (const char* text :
       {"2001:db8::10", "2001:DB8:0:0:0:0:0:10", "2001:0db8:0000::0000:0010"}) {
    SCOPED_TRACE(text);
    absl::StatusOr<PeerName> name = PeerName::Parse(text);
    ASSERT_TRUE(name.ok()) << name.status();
    EXPECT_EQ(name->kind(), PeerName::Kind::kIpAddress);
    EXPECT_THAT(name->address(), ElementsAreArray(bytes));
  }
}

TEST(PeerNameTest, AnIpv4MappedAddressStaysAnIpv6Address) {
  absl::StatusOr<PeerName> name = PeerName::Parse("::ffff:192.0.2.10");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->address().size(), 16u);
}

// RFC 9525 6.2 MUST: a DNS-ID is used directly as the DNS domain name
// RFC 9525 6.1.1 MUST: the client has a list of reference identifiers
// RFC 9525 6.1.1 MUST: it is made independently of the presented identifiers
TEST(PeerNameTest, ADnsNameIsKeptAsItIs) {
  const std::string label63(63, 'a');
  const std::string name253 = absl::StrCat(label63, ".", label63, ".", label63,
                                           ".", std::string(61, 'b'));
  ASSERT_EQ(name253.size(), 253u);
  for (const std::string& text :
       {std::string("ovoc.example.net"), std::string("OVOC.Example.NET"),
        std::string("ovoc"), std::string("my_ovoc.example.net"),
        std::string("xn--bcher-kva.example"), std::string("1.2.3.4a"),
        std::string("0x7f.example"), name253}) {
    SCOPED_TRACE(text);
    absl::StatusOr<PeerName> name = PeerName::Parse(text);
    ASSERT_TRUE(name.ok()) << name.status();
    EXPECT_EQ(name->kind(), PeerName::Kind::kDns);
    EXPECT_EQ(name->text(), text);
    EXPECT_THAT(name->address(), IsEmpty());
  }
}

TEST(PeerNameTest, OneFinalDotIsLeftOut) {
  absl::StatusOr<PeerName> name = PeerName::Parse("ovoc.example.net.");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(name->text(), "ovoc.example.net");
  EXPECT_FALSE(PeerName::Parse("ovoc.example.net..").ok());
}

struct RefusedCase {
  std::string name;
  std::string text;
  std::string expected;
};

// RFC 9525 6.3 MUST: U-labels are converted to A-labels before comparing
TEST(PeerNameTest, RefusesWhatIsNeitherNameNorAddress) {
  const std::string label63(63, 'a');
  const RefusedCase cases[] = {
      {"empty", "", "a label has 0 bytes"},
      {"a dot", ".", "a label has 0 bytes"},
      {"leading dot", ".example.net", "a label has 0 bytes"},
      {"two dots", "ovoc..example.net", "a label has 0 bytes"},
      {"long label", std::string(64, 'a') + ".net", "a label has 64 bytes"},
      {"long name",
       absl::StrCat(label63, ".", label63, ".", label63, ".",
                    std::string(62, 'b')),
       "254 bytes, but at most 253"},
      {"wildcard", "*.example.net", "only letters, digits"},
      {"white space", "ovoc.example.net ", "only letters, digits"},
      {"line end", "ovoc.example.net\n", "only letters, digits"},
      {"NUL", std::string("ovoc.example.net\0.evil", 22),
       "only letters, digits"},
      {"address and NUL", std::string("192.0.2.10\0.a", 13),
       "only letters, digits"},
      {"a U-label",
       "b\xc3\xbc"
       "cher.example",
       "only letters, digits"},
      {"URL", "https://ovoc.example.net", "only letters, digits"},
      {"port", "ovoc.example.net:443", "only letters, digits"},
      {"brackets", "[2001:db8::10]", "only letters, digits"},
      {"zone", "fe80::1%eth0", "only letters, digits"},
      {"three parts of an address", "192.0.2", "its last label is a number"},
      {"five parts of an address", "192.0.2.10.5",
       "its last label is a number"},
      {"too large an address", "192.0.2.256", "its last label is a number"},
      {"an octal address", "192.0.2.010", "its last label is a number"},
      {"an address with a final dot", "192.0.2.10.",
       "its last label is a number"},
  };
  for (const RefusedCase& c : cases) {
    SCOPED_TRACE(c.name);
    absl::StatusOr<PeerName> name = PeerName::Parse(c.text);
    ASSERT_FALSE(name.ok());
    EXPECT_EQ(name.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(name.status().message()), HasSubstr(c.expected));
    EXPECT_THAT(std::string(name.status().message()), HasSubstr("server name"));
  }
}

}  // namespace
}  // namespace ovoc::auth
