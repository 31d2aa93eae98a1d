// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message_values.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tunnel/keeper/messages/message_frame.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

using Bytes = std::vector<uint8_t>;

template <typename Put>
Bytes Fields(const Put& put) {
  std::array<uint8_t, 64> room = {};
  FieldWriter out(absl::MakeSpan(room));
  put(&out);
  EXPECT_TRUE(out.complete());
  return Bytes(room.begin(), room.begin() + static_cast<int>(out.size()));
}

TEST(MessageValuesTest, AnEnumerationEndsAtItsLastValue) {
  enum class Kind { kFirst, kLast };
  EXPECT_EQ(Enumerated(0, Kind::kLast), Kind::kFirst);
  EXPECT_EQ(Enumerated(1, Kind::kLast), Kind::kLast);
  EXPECT_EQ(Enumerated(2, Kind::kLast), std::nullopt);
  EXPECT_EQ(Enumerated(uint64_t{1} << 32, Kind::kLast), std::nullopt);
}

TEST(MessageValuesTest, PrintableIsAsciiWithoutControls) {
  EXPECT_TRUE(IsPrintable(" ~"));
  for (const char* text : {"", "a\n", "\x7f", "\x80"}) {
    EXPECT_FALSE(IsPrintable(text));
  }
}

TEST(MessageValuesTest, ATimeMayBeAbsent) {
  EXPECT_EQ(Fields([](FieldWriter* out) { PutTime(std::nullopt, out); }),
            Bytes(9));
  EXPECT_EQ(Fields([](FieldWriter* out) {
              PutTime(absl::FromUnixSeconds(258), out);
            }),
            (Bytes{1, 0, 0, 0, 0, 0, 0, 1, 2}));
}

TEST(MessageValuesTest, ATimeEndsWithTheYear9999) {
  std::optional<absl::Time> time;
  EXPECT_TRUE(SetTime(false, 0, &time));
  EXPECT_EQ(time, std::nullopt);
  EXPECT_FALSE(SetTime(false, 1, &time)) << "absent, but has a value";
  EXPECT_EQ(time, std::nullopt);
  constexpr uint64_t kYear10000 = 253402300800;
  EXPECT_FALSE(SetTime(true, kYear10000, &time));
  EXPECT_FALSE(SetTime(true, ~uint64_t{0}, &time)) << "before 1970";
  EXPECT_EQ(time, std::nullopt);
  EXPECT_TRUE(SetTime(true, kYear10000 - 1, &time));
  EXPECT_EQ(time, absl::FromUnixSeconds(kYear10000 - 1));
  EXPECT_TRUE(SetTime(true, 0, &time));
  EXPECT_EQ(time, absl::UnixEpoch());
}

TEST(MessageValuesTest, AnOverlayIsAddressAndPrefix) {
  const auto overlay = netif::Ipv4Prefix::Parse("169.254.0.2/18");
  const Bytes bytes =
      Fields([&overlay](FieldWriter* out) { PutOverlay(*overlay, out); });
  EXPECT_EQ(bytes, (Bytes{0xA9, 0xFE, 0, 2, 18}));
  FieldReader in(bytes);
  EXPECT_EQ(ReadOverlay(&in), overlay);
  EXPECT_TRUE(in.at_end());
}

TEST(MessageValuesTest, APrefixLengthAbove32IsNone) {
  for (const uint8_t length : Bytes{0, 32, 33, 255}) {
    const Bytes bytes = {0xA9, 0xFE, 0, 2, length};
    FieldReader in(bytes);
    EXPECT_EQ(ReadOverlay(&in).has_value(), length <= 32) << int{length};
  }
}

TEST(MessageValuesTest, AnAddressHas4Or16Bytes) {
  for (const char* text : {"192.0.2.1", "2001:db8::1"}) {
    const auto address = *netif::IpAddress::Parse(text);
    const Bytes bytes =
        Fields([&](FieldWriter* out) { PutAddress(address, out); });
    FieldReader in(bytes);
    EXPECT_EQ(ReadAddress(&in), address);
    EXPECT_TRUE(in.at_end());
  }
  for (const Bytes& bytes : {Bytes{}, Bytes{0}, Bytes{3, 1, 2, 3},
                             Bytes{4, 1, 2, 3}, Bytes{5, 1, 2, 3, 4, 5}}) {
    FieldReader in(bytes);
    EXPECT_EQ(ReadAddress(&in), std::nullopt);
  }
}

constexpr AddressListErrors kErrors = {.too_many = "too many",
                                       .no_address = "no address"};

TEST(MessageValuesTest, AListIsANumberAndItsAddresses) {
  const std::vector<netif::IpAddress> three = {
      *netif::IpAddress::Parse("192.0.2.1"),
      *netif::IpAddress::Parse("2001:db8::1"),
      *netif::IpAddress::Parse("192.0.2.3")};
  for (const size_t max_count : {size_t{0}, size_t{2}, size_t{3}, size_t{4}}) {
    const Bytes bytes =
        Fields([&](FieldWriter* out) { PutAddresses(three, max_count, out); });
    const size_t count = std::min(max_count, three.size());
    EXPECT_EQ(bytes[0], count) << "those above the limit are left out";
    FieldReader in(bytes);
    const auto read = ReadAddresses(count, kErrors, &in);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(absl::MakeConstSpan(*read),
              absl::MakeConstSpan(three).first(count));
    EXPECT_TRUE(in.at_end());
  }
}

TEST(MessageValuesTest, AListSaysWhatIsWrongWithIt) {
  struct Case {
    Bytes bytes;
    absl::string_view error;
  };
  for (const Case& c :
       std::vector<Case>{{{3}, kErrors.too_many},
                         {{255}, kErrors.too_many},
                         {{1}, kErrors.no_address},
                         {{1, 3, 1, 2, 3, 0, 0}, kErrors.no_address},
                         {{2, 4, 192, 0, 2, 1, 0, 0}, kErrors.no_address}}) {
    FieldReader in(c.bytes);
    EXPECT_EQ(ReadAddresses(2, kErrors, &in).status(),
              MalformedMessage(c.error));
  }
}

TEST(MessageValuesTest, AResultIsACodeItsCauseAndItsText) {
  for (const absl::Status& status :
       {absl::OkStatus(), absl::UnavailableError("abc"),
        WithCause(absl::UnavailableError("abc"), EndCause::kNoRoute),
        WithCause(absl::UnavailableError("abc"), kLastEndCause),
        absl::Status(absl::StatusCode::kUnauthenticated, "")}) {
    const Bytes bytes =
        Fields([&](FieldWriter* out) { PutResult(status, 3, out); });
    FieldReader in(bytes);
    EXPECT_EQ(ReadResult(3, &in), status);
    EXPECT_TRUE(in.at_end());
  }
  for (const Bytes& bytes :
       {Bytes{17, 0, 0, 0},                                        // no code
        Bytes{14, static_cast<uint8_t>(kLastEndCause) + 1, 0, 0},  // no cause
        Bytes{0, 0, 0, 1, 'x'}, Bytes{0, 1, 0, 0}}) {  // OK with either
    FieldReader in(bytes);
    EXPECT_EQ(ReadResult(3, &in), std::nullopt);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
