// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/message_values.h"

#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

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

TEST(MessageValuesTest, AnOverlayIsAddressAndPrefix) {
  const Bytes bytes =
      Fields([](FieldWriter* out) { PutOverlay({0xA9FE0002, 18}, out); });
  EXPECT_EQ(bytes, (Bytes{0xA9, 0xFE, 0, 2, 18}));
  FieldReader in(bytes);
  const auth::OverlayAssignment overlay = ReadOverlay(&in);
  EXPECT_EQ(overlay.address, 0xA9FE0002u);
  EXPECT_EQ(overlay.prefix_length, 18);
  EXPECT_TRUE(in.at_end());
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

TEST(MessageValuesTest, AResultIsACodeAndItsText) {
  for (const absl::Status& status :
       {absl::OkStatus(), absl::UnavailableError("abc"),
        absl::Status(absl::StatusCode::kUnauthenticated, "")}) {
    const Bytes bytes =
        Fields([&](FieldWriter* out) { PutResult(status, 3, out); });
    FieldReader in(bytes);
    EXPECT_EQ(ReadResult(3, &in), status);
    EXPECT_TRUE(in.at_end());
  }
  for (const Bytes& bytes :
       {Bytes{17, 0, 0}, Bytes{0, 0, 1, 'x'}}) {  // no code; OK with a text
    FieldReader in(bytes);
    EXPECT_EQ(ReadResult(3, &in), std::nullopt);
  }
}

}  // namespace
}  // namespace ovoc::tunnel
