// SPDX-License-Identifier: Apache-2.0
#include "auth/extension_facts.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

std::string Tlv(int tag, absl::string_view value) {
  return absl::StrCat(std::string(1, static_cast<char>(tag)),
                      std::string(1, static_cast<char>(value.size())), value);
}

// An extension 2.5.29.NUMBER.
std::string Extension(int number, absl::string_view hex,
                      bool is_critical = false) {
  const std::string identifier = {'\x55', '\x1d', static_cast<char>(number)};
  return Tlv(0x30, absl::StrCat(Tlv(0x06, identifier),
                                is_critical ? "\x01\x01\xff" : "",
                                Tlv(0x04, absl::HexStringToBytes(hex))));
}

std::optional<ExtensionFacts> Read(absl::string_view der) {
  CBS cbs;
  CBS_init(&cbs, reinterpret_cast<const uint8_t*>(der.data()), der.size());
  return ReadExtensions(cbs);
}

ExtensionFacts ReadOne(int number, absl::string_view hex) {
  return Read(Tlv(0x30, Extension(number, hex))).value_or(ExtensionFacts());
}

TEST(ReadExtensionsTest, NoneAreInOrder) {
  const std::optional<ExtensionFacts> facts = Read("");
  ASSERT_TRUE(facts.has_value());
  EXPECT_FALSE(facts->is_ca);
  EXPECT_TRUE(facts->Allows(ExtensionFacts::kKeyCertSign));
}

TEST(ReadExtensionsTest, BasicConstraints) {
  EXPECT_FALSE(ReadOne(19, "3000").is_ca);
  EXPECT_FALSE(ReadOne(19, "3003010100").is_ca);
  EXPECT_TRUE(ReadOne(19, "30030101ff").is_ca);
  EXPECT_EQ(ReadOne(19, "30060101ff020107").path_length, 7u);
  EXPECT_FALSE(ReadOne(19, "30060101ff020107").broken.has_value());
  for (const char* bad :
       {"", "0500", "3003010101", "3003020107", "30060101ff0201ff",
        "30070101ff02020007", "30080101ff0201070500", "30000500"}) {
    EXPECT_TRUE(ReadOne(19, bad).broken.has_value()) << bad;
  }
}

TEST(ReadExtensionsTest, KeyUsages) {
  EXPECT_TRUE(ReadOne(15, "03020204").Allows(ExtensionFacts::kKeyCertSign));
  EXPECT_FALSE(ReadOne(15, "03020780").Allows(ExtensionFacts::kKeyCertSign));
  EXPECT_EQ(ReadOne(15, "030100").key_usage, 0);
  for (const char* bad : {"", "0300", "03020105", "0302020400", "040204"}) {
    EXPECT_TRUE(ReadOne(15, bad).broken.has_value()) << bad;
  }
  EXPECT_EQ(ReadOne(37, "300a06082b06010505070301").allows_server, true);
  EXPECT_EQ(ReadOne(37, "300a06082b06010505070302").allows_server, false);
  EXPECT_EQ(ReadOne(37, "3000").allows_server, false);
  EXPECT_TRUE(ReadOne(37, "30020500").broken.has_value());
}

TEST(ReadExtensionsTest, OthersThatAreNotInOrderAreBroken) {
  EXPECT_FALSE(ReadOne(14, "04020102").broken.has_value());
  EXPECT_TRUE(ReadOne(14, "0402010200").broken.has_value());
  EXPECT_FALSE(ReadOne(17, "3003820161").broken.has_value());
  EXPECT_TRUE(ReadOne(17, "0500").broken.has_value());
  EXPECT_TRUE(ReadOne(30, "0500").broken.has_value());
  EXPECT_TRUE(ReadOne(35, "30028300").broken.has_value());
  EXPECT_FALSE(ReadOne(31, "300b3009a007a0058603616161").broken.has_value());
  EXPECT_FALSE(ReadOne(31, "3000").broken.has_value());
  EXPECT_TRUE(ReadOne(31, "30020500").broken.has_value());
  EXPECT_TRUE(ReadOne(31, "30043002a300").broken.has_value());
}

TEST(ReadExtensionsTest, CriticalOnesAreToBeKnown) {
  for (const int known : {15, 17, 19, 30, 32, 33, 36, 37, 54}) {
    EXPECT_EQ(Read(Tlv(0x30, Extension(known, "3000", true)))->unknown_critical,
              std::nullopt)
        << known;
  }
  for (const int unknown : {9, 14, 18, 31, 35, 46, 99}) {
    EXPECT_TRUE(Read(Tlv(0x30, Extension(unknown, "3000", true)))
                    ->unknown_critical.has_value())
        << unknown;
    EXPECT_EQ(Read(Tlv(0x30, Extension(unknown, "3000")))->unknown_critical,
              std::nullopt)
        << unknown;
  }
  EXPECT_EQ(
      Read(Tlv(0x30, Extension(35, "3000", true) + Extension(99, "", true)))
          ->unknown_critical,
      "authorityKeyIdentifier");
}

// RFC 5280 4.2.1.4: a qualifier that is not known, where it is critical.
TEST(ReadExtensionsTest, CriticalPoliciesHaveKnownQualifiers) {
  // 1.2.3 with a CPS, and with a qualifier 1.2.4.
  const char* const known = "3016301406022a03300e300c06082b060105050702010c00";
  const char* const unknown = "3010300e06022a033008300606022a040c00";
  EXPECT_EQ(Read(Tlv(0x30, Extension(32, known, true)))->unknown_critical,
            std::nullopt);
  EXPECT_EQ(Read(Tlv(0x30, Extension(32, unknown)))->unknown_critical,
            std::nullopt);
  EXPECT_EQ(Read(Tlv(0x30, Extension(32, unknown, true)))->unknown_critical,
            "certificatePolicies");
  EXPECT_EQ(Read(Tlv(0x30, Extension(32, unknown, true)))->broken,
            std::nullopt);
}

TEST(ReadExtensionsTest, PoliciesAreRead) {
  const std::optional<ExtensionFacts> facts = Read(Tlv(
      0x30, Extension(32, "3006300406022a03") +
                Extension(33, "300a300806022a0306022a04") +
                Extension(36, "3006800100810102") + Extension(54, "020103")));
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->broken, std::nullopt);
  EXPECT_EQ(facts->policies.policies.size(), 1u);
  EXPECT_EQ(facts->policies.mappings.size(), 1u);
  EXPECT_EQ(facts->policies.require_explicit_policy, 0u);
  EXPECT_EQ(facts->policies.inhibit_policy_mapping, 2u);
  EXPECT_EQ(facts->policies.inhibit_any_policy, 3u);
  EXPECT_EQ(ReadOne(32, "3000").broken, "certificatePolicies");
  EXPECT_EQ(ReadOne(33, "3000").broken, "policyMappings");
  EXPECT_EQ(ReadOne(36, "3000").broken, "policyConstraints");
  EXPECT_EQ(ReadOne(54, "3000").broken, "inhibitAnyPolicy");
}

// RFC 5280 4.2: not more than one instance of an extension.
TEST(ReadExtensionsTest, OneThatIsThereTwiceIsNamed) {
  const std::string one = Extension(99, "");
  EXPECT_EQ(Read(Tlv(0x30, one + Extension(98, "")))->repeated, std::nullopt);
  EXPECT_EQ(Read(Tlv(0x30, one + Extension(98, "") + one))->repeated,
            "2.5.29.99");
  const std::string names = Extension(17, "3003820161");
  EXPECT_EQ(Read(Tlv(0x30, names + one + names))->repeated, "subjectAltName");
}

TEST(ReadExtensionsTest, AListThatIsNoneIsRefused) {
  for (const std::string& bad :
       {std::string("\x30"), Tlv(0x31, ""), Tlv(0x30, "") + "a",
        Tlv(0x30, Tlv(0x30, "")), Tlv(0x30, Tlv(0x30, Tlv(0x06, "a"))),
        Tlv(0x30, Extension(99, "") + "a")}) {
    EXPECT_FALSE(Read(bad).has_value());
  }
}

}  // namespace
}  // namespace ovoc::auth
