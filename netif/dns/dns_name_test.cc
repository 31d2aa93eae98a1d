// SPDX-License-Identifier: Apache-2.0

#include "netif/dns/dns_name.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "netif/dns/dns_cursor.h"
#include "netif/dns/dns_error.h"

namespace ovoc::netif {
namespace {

using Bytes = std::vector<uint8_t>;

// AfterHeader puts 12 zero bytes in front: offsets in the tests begin at 12.
Bytes AfterHeader(const Bytes& bytes) {
  Bytes message(12, 0);
  message.insert(message.end(), bytes.begin(), bytes.end());
  return message;
}

DnsName Name(absl::string_view text) {
  absl::StatusOr<DnsName> name = DnsName::FromText(text);
  EXPECT_TRUE(name.ok()) << name.status();
  return name.value_or(DnsName());
}

std::string Label(size_t size) { return std::string(size, 'a'); }

// A name of exactly 255 bytes on the wire: 63+63+63+61 and three dots.
std::string LongestName() {
  return absl::StrCat(Label(63), ".", Label(63), ".", Label(63), ".",
                      Label(61));
}

DnsError DecodeAt(const Bytes& message, size_t offset, DnsName* name,
                  size_t* end) {
  DnsCursor cursor(message);
  EXPECT_TRUE(cursor.Seek(offset));
  const DnsError error = DnsName::Decode(&cursor, name);
  *end = cursor.offset();
  return error;
}

TEST(DnsNameTest, EncodesLabelsWithTheirLengths) {
  const Bytes expected = {
      4, 'o', 'v', 'o', 'c',                 // label 1
      7, 'e', 'x', 'a', 'm', 'p', 'l', 'e',  // label 2
      0,                                     // the root
  };
  EXPECT_EQ(Name("ovoc.example").wire(), absl::MakeConstSpan(expected));
  EXPECT_EQ(Name("ovoc.example.").wire(), absl::MakeConstSpan(expected));
}

TEST(DnsNameTest, AcceptsHostNames) {
  for (const char* text :
       {"a", "A", "localhost", "ovoc.example", "ovoc.example.", "a-b.c--d",
        "_sip._tcp.example", "x_", "1.example", "xn--bcher-kva.example"}) {
    EXPECT_TRUE(DnsName::FromText(text).ok()) << text;
  }
}

// RFC 6455 11.1.1 MUST: a host beyond ASCII is converted to ASCII
// RFC 1035 2.3.1 MUST: a label is a letter, then letters, digits and inner
// hyphens
TEST(DnsNameTest, RefusesTextThatIsNoHostNameAndSaysWhy) {
  const struct {
    std::string text;
    const char* why;
  } kCases[] = {
      {"", "is empty"},
      {".", "is empty"},
      {"..", "label 1 is empty"},
      {".example", "label 1 is empty"},
      {"ovoc..example", "label 2 is empty"},
      {"ovoc.example..", "label 3 is empty"},
      {"ovoc example", "0x20"},
      {"ovoc.exa/mple", "0x2f"},
      {"ovoc.example:443", "0x3a"},
      {std::string("a\0b", 3), "0x00"},
      {"a\nb", "0x0a"},
      {"b\xc3\xbc"
       "cher.example",
       "A-labels"},
      {"-a.example", "'-'"},
      {"a-.example", "'-'"},
      {"*.example", "0x2a"},
  };
  for (const auto& test : kCases) {
    const absl::StatusOr<DnsName> name = DnsName::FromText(test.text);
    ASSERT_FALSE(name.ok()) << test.text;
    EXPECT_TRUE(absl::StrContains(name.status().message(), test.why))
        << name.status();
  }
}

TEST(DnsNameTest, ALabelHasAtMost63Bytes) {
  // RFC 1035 2.3.4 MUST: labels are 63 octets or less
  EXPECT_TRUE(DnsName::FromText(Label(63)).ok());
  const absl::StatusOr<DnsName> name = DnsName::FromText("x." + Label(64));
  ASSERT_FALSE(name.ok());
  EXPECT_TRUE(absl::StrContains(name.status().message(),
                                "label 2 has 64 bytes, but at most 63"))
      << name.status();
}

TEST(DnsNameTest, ANameHasAtMost255Bytes) {
  // RFC 1035 2.3.4 MUST: names are 255 octets or less
  EXPECT_EQ(Name(LongestName()).wire().size(), 255u);
  EXPECT_EQ(Name(LongestName() + ".").wire().size(), 255u);
  const absl::StatusOr<DnsName> name = DnsName::FromText(LongestName() + "a");
  ASSERT_FALSE(name.ok());
  EXPECT_TRUE(absl::StrContains(name.status().message(),
                                "254 characters, but at most 253"))
      << name.status();
}

TEST(DnsNameTest, ComparesWithoutRegardToCase) {
  // RFC 1035 2.3.3 MUST: names are compared without regard to case
  // RFC 1035 3.1 MUST: codes that are no letters match exactly
  EXPECT_TRUE(Name("OVOC.Example") == Name("ovoc.eXAMPLE"));
  EXPECT_FALSE(Name("ovoc.example") == Name("ovoc.exampl"));
  EXPECT_FALSE(Name("ovoc.example") == Name("oooo.example"));
  EXPECT_FALSE(Name("ab.c") == Name("a.bc"));
  EXPECT_FALSE(Name("a") == DnsName());
  EXPECT_TRUE(DnsName() == DnsName());
  const Bytes at = AfterHeader({1, '@', 0});     // 0x40
  const Bytes grave = AfterHeader({1, '`', 0});  // 0x60: no letter, no case
  DnsName a;
  DnsName b;
  size_t end = 0;
  ASSERT_EQ(DecodeAt(at, 12, &a, &end), DnsError::kNone);
  ASSERT_EQ(DecodeAt(grave, 12, &b, &end), DnsError::kNone);
  EXPECT_FALSE(a == b);
}

TEST(DnsNameTest, EqualsExactlyMindsTheCase) {
  EXPECT_TRUE(Name("ovoc.example").EqualsExactly(Name("ovoc.example.")));
  EXPECT_FALSE(Name("ovoc.example").EqualsExactly(Name("Ovoc.example")));
  EXPECT_TRUE(
      Name("OVOC.Example").ToLower().EqualsExactly(Name("ovoc.example")));
}

TEST(DnsNameTest, ANameIsWithinItsAncestorsOnly) {
  EXPECT_TRUE(Name("a.localhost").IsWithin(Name("LOCALHOST")));
  EXPECT_TRUE(Name("localhost").IsWithin(Name("localhost")));
  EXPECT_TRUE(Name("a.b").IsWithin(DnsName()));
  EXPECT_FALSE(Name("alocalhost").IsWithin(Name("localhost")));
  EXPECT_FALSE(Name("localhost").IsWithin(Name("a.localhost")));
  EXPECT_FALSE(Name("localhost.example").IsWithin(Name("localhost")));
}

TEST(DnsNameTest, TextAndNameRoundTrip) {
  for (const std::string& text :
       {std::string("a"), std::string("ovoc.example"), LongestName()}) {
    EXPECT_EQ(Name(text).ToString(), text);
  }
  EXPECT_EQ(DnsName().ToString(), ".");
}

TEST(DnsNameTest, ToStringEscapesWhatCouldConfuseALog) {
  const Bytes message = AfterHeader({
      6, 'a', '.', '"', '\\', 0x0A, 0xFF,  // label 1
      0,                                   // the root
  });
  DnsName name;
  size_t end = 0;
  ASSERT_EQ(DecodeAt(message, 12, &name, &end), DnsError::kNone);
  EXPECT_EQ(name.ToString(), "a\\.\\\"\\\\\\010\\255");
}

// RFC 1035 4.1.4 MUST: pointers in arriving messages are understood
TEST(DnsNameTest, DecodesNamesAndStopsBehindThem) {
  const Bytes message = AfterHeader({
      1, 'a', 2, 'b', 'c', 0,  // 12: a.bc
      0,                       // 18: the root
      1, 'd', 0xC0, 14,        // 19: d, then a pointer to 14 (bc)
      0xC0, 12,                // 23: a pointer to 12
      0xC0, 23,                // 25: a pointer to a pointer
      0xC0, 18,                // 27: a pointer to the root
      0xEE,                    // 29: not part of any name
  });
  const struct {
    size_t offset;
    const char* text;
    size_t end;
  } kCases[] = {
      {12, "a.bc", 18}, {14, "bc", 18},   {18, ".", 19}, {19, "d.bc", 23},
      {23, "a.bc", 25}, {25, "a.bc", 27}, {27, ".", 29},
  };
  for (const auto& test : kCases) {
    DnsName name;
    size_t end = 0;
    ASSERT_EQ(DecodeAt(message, test.offset, &name, &end), DnsError::kNone)
        << test.offset;
    EXPECT_EQ(name.ToString(), test.text);
    EXPECT_EQ(end, test.end);
  }
}

TEST(DnsNameTest, RefusesMalformedNamesAndMovesNothing) {
  const struct {
    const char* name;
    Bytes bytes;  // from offset 12; the name decoded begins at `offset`
    size_t offset;
    DnsError error;
  } kCases[] = {
      // RFC 1035 4.1.4 MUST: a pointer names a prior occurrence
      {"pointer to itself", {0xC0, 12}, 12, DnsError::kForwardPointer},
      {"pointer one ahead", {0xC0, 14, 0}, 12, DnsError::kForwardPointer},
      {"pointer past the end", {0xFF, 0xFF}, 12, DnsError::kForwardPointer},
      {"into its own label",
       {2, 'a', 'b', 0xC0, 13},
       12,
       DnsError::kForwardPointer},
      {"to its own beginning",
       {1, 'a', 0xC0, 12},
       12,
       DnsError::kForwardPointer},
      {"two pointers at each other",
       {0xC0, 14, 0xC0, 12},
       14,
       DnsError::kForwardPointer},
      {"loop through a label",
       {1, 'a', 0xC0, 16, 0xC0, 12},
       16,
       DnsError::kForwardPointer},
      {"to the first header byte", {0xC0, 0}, 12, DnsError::kPointerIntoHeader},
      {"to the last header byte", {0xC0, 11}, 12, DnsError::kPointerIntoHeader},
      // RFC 1035 3.1 MUST: the high order two bits of a length octet are zero
      {"label type 01", {0x41, 'a', 0}, 12, DnsError::kReservedLabelType},
      {"label type 10", {0x81, 'a', 0}, 12, DnsError::kReservedLabelType},
      {"reserved behind a label",
       {1, 'a', 0x7F},
       12,
       DnsError::kReservedLabelType},
      {"nothing", {}, 12, DnsError::kTruncatedName},
      {"no root", {1, 'a'}, 12, DnsError::kTruncatedName},
      {"label cut", {3, 'a', 'b'}, 12, DnsError::kTruncatedName},
      {"pointer cut", {0xC0}, 12, DnsError::kTruncatedName},
      {"pointer to a label that is cut",
       {0xC0, 14, 63, 0xC0, 14},
       15,
       DnsError::kTruncatedName},
  };
  for (const auto& test : kCases) {
    DnsName name = Name("untouched");
    size_t end = 0;
    EXPECT_EQ(DecodeAt(AfterHeader(test.bytes), test.offset, &name, &end),
              test.error)
        << test.name;
    EXPECT_EQ(end, test.offset) << test.name;
    EXPECT_EQ(name.ToString(), "untouched") << test.name;
  }
}

TEST(DnsNameTest, EveryTruncationOfANameIsRefused) {
  const Bytes bytes = AfterHeader({1, 'a', 2, 'b', 'c', 0, 1, 'd', 0xC0, 14});
  for (const size_t begin : {size_t{12}, size_t{18}}) {
    const size_t whole = begin == 12 ? 18 : 22;
    for (size_t size = begin; size < whole; ++size) {
      const Bytes cut(bytes.begin(),
                      bytes.begin() + static_cast<std::ptrdiff_t>(size));
      DnsName name;
      size_t end = 0;
      EXPECT_EQ(DecodeAt(cut, begin, &name, &end), DnsError::kTruncatedName);
    }
  }
}

TEST(DnsNameTest, ANameStaysInsideThePartItStandsIn) {
  const Bytes message = AfterHeader({1, 'a', 1, 'b', 0});
  DnsCursor cursor(message);
  DnsCursor part(message);
  ASSERT_TRUE(cursor.Seek(12));
  ASSERT_TRUE(cursor.Part(3, &part));
  DnsName name;
  EXPECT_EQ(DnsName::Decode(&part, &name), DnsError::kTruncatedName);
}

TEST(DnsNameTest, APointerLeavesThePartItStandsIn) {
  const Bytes message = AfterHeader({1, 'a', 0, 0xC0, 12});
  DnsCursor cursor(message);
  DnsCursor part(message);
  ASSERT_TRUE(cursor.Seek(15));
  ASSERT_TRUE(cursor.Part(2, &part));
  DnsName name;
  ASSERT_EQ(DnsName::Decode(&part, &name), DnsError::kNone);
  EXPECT_EQ(name.ToString(), "a");
  EXPECT_EQ(part.remaining(), 0u);
}

TEST(DnsNameTest, DecodesTheLongestNameAndNoLonger) {
  // RFC 1035 2.3.4 MUST: names are 255 octets or less; decompressed ones too
  const DnsName longest = Name(LongestName());
  Bytes message = AfterHeader(
      Bytes(longest.wire().begin(), longest.wire().end()));  // 12..266
  message.insert(message.end(), {0xC0, 12,                   // 267
                                 1, 'a', 0xC0, 12});         // 269: 2 too long
  DnsName name;
  size_t end = 0;
  ASSERT_EQ(DecodeAt(message, 12, &name, &end), DnsError::kNone);
  EXPECT_TRUE(name == longest);
  ASSERT_EQ(DecodeAt(message, 267, &name, &end), DnsError::kNone);
  EXPECT_TRUE(name == longest);
  EXPECT_EQ(DecodeAt(message, 269, &name, &end), DnsError::kNameTooLong);
}

TEST(DnsNameTest, AtMost127PointersAreFollowed) {
  // 12: the root; then a chain of pointers, each to the one before.
  Bytes message = AfterHeader({0});
  size_t target = 12;
  for (int i = 0; i < kMaxDnsPointers + 1; ++i) {
    const size_t here = message.size();
    message.push_back(static_cast<uint8_t>(0xC0 | target >> 8));
    message.push_back(static_cast<uint8_t>(target));
    target = here;
  }
  DnsName name;
  size_t end = 0;
  const size_t last = message.size() - 2;
  EXPECT_EQ(DecodeAt(message, last, &name, &end), DnsError::kTooManyPointers);
  EXPECT_EQ(DecodeAt(message, last - 2, &name, &end), DnsError::kNone);
  EXPECT_EQ(end, last);
}

TEST(DnsNameTest, EveryEncodedNameDecodesToItself) {
  for (size_t first = 1; first <= 63; ++first) {
    const DnsName name = Name(absl::StrCat(Label(first), ".b.example"));
    const Bytes message =
        AfterHeader(Bytes(name.wire().begin(), name.wire().end()));
    DnsName decoded;
    size_t end = 0;
    ASSERT_EQ(DecodeAt(message, 12, &decoded, &end), DnsError::kNone);
    EXPECT_TRUE(decoded.EqualsExactly(name));
    EXPECT_EQ(end, message.size());
  }
}

}  // namespace
}  // namespace ovoc::netif
