// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_dns.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::fuzz {
namespace {

constexpr absl::string_view kQuestion =
    "01610162"                          // name a.b, ...
    "00"                                // the root
    "00010001";                         // A, IN
constexpr absl::string_view kAddress =  // a.b A 192.0.2.1
    "c00c00010001000000050004c0000201";

NaiveDnsMessage Read(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  return ReadNaiveDns(
      {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

std::string Header(absl::string_view flags, absl::string_view counts) {
  return absl::StrCat("1234", flags, counts);
}

TEST(NaiveDnsTest, ReadsAnAnswer) {
  const NaiveDnsMessage message = Read(absl::StrCat(
      Header("8180", "0001000100000000"), kQuestion, kAddress, "ff"));
  ASSERT_TRUE(message.ok);
  EXPECT_EQ(message.id, 0x1234);
  EXPECT_EQ(message.flags, 0x8180);
  EXPECT_EQ(message.question_name, absl::HexStringToBytes("0161016200"));
  EXPECT_EQ(message.question_type, 1);
  ASSERT_EQ(message.answers.size(), 1u);
  EXPECT_EQ(message.answers[0].owner, message.question_name);
  EXPECT_EQ(message.answers[0].ttl, 5u);
  EXPECT_EQ(message.answers[0].data, absl::HexStringToBytes("c0000201"));
  EXPECT_EQ(message.end, 12u + 9u + 16u);
}

TEST(NaiveDnsTest, CutAnywhereItIsNoMessage) {
  const std::string hex =
      absl::StrCat(Header("8180", "0001000100000000"), kQuestion, kAddress);
  for (size_t size = 0; size < hex.size(); size += 2) {
    EXPECT_FALSE(Read(hex.substr(0, size)).ok) << size;
  }
  EXPECT_TRUE(Read(hex.substr(0, 42)).head_ok);
  EXPECT_FALSE(Read(hex.substr(0, 40)).head_ok);
}

TEST(NaiveDnsTest, RefusesWhatTheHeaderOfTheDecoderForbids) {
  const std::string one = Header("8180", "0000000100000000");
  EXPECT_FALSE(Read(absl::StrCat(one, "c00c", "00100001000000000000")).ok)
      << "a pointer to itself";
  EXPECT_FALSE(Read(absl::StrCat(one, "c000", "00100001000000000000")).ok)
      << "a pointer into the header";
  EXPECT_FALSE(Read(absl::StrCat(one, "4000", "00100001000000000000")).ok)
      << "a reserved label type";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "0001000100000000000101")).ok)
      << "an address of one byte";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "00290000000000000000")).ok)
      << "OPT in the answer";
  EXPECT_TRUE(Read(absl::StrCat(one, "00", "0005000100000000000100ff")).ok)
      << "a CNAME to the root, a byte behind the message";
  EXPECT_FALSE(Read(absl::StrCat(one, "00", "000500010000000000020000")).ok)
      << "a CNAME with a byte behind its name";
}

TEST(NaiveDnsTest, ReadsAnOptAndWhatTheAuthorityHas) {
  const NaiveDnsMessage message = Read(
      absl::StrCat(Header("8180", "0000000000010001"), "00",
                   "00020001000000000001", "00",            // NS: the root
                   "00", "002904d0", "01000000", "0000"));  // OPT, rcode 16
  ASSERT_TRUE(message.ok);
  EXPECT_TRUE(message.authority_has_ns);
  EXPECT_FALSE(message.authority_has_soa);
  EXPECT_TRUE(message.has_opt);
  EXPECT_EQ(message.rcode, 16);
}

// Two bytes as hex.
std::string Hex16(size_t number) {
  return absl::StrCat(absl::Hex(number, absl::kZeroPad4));
}

// An answer with one record of the root, whose data is at offset 23.
NaiveDnsMessage ReadRecord(absl::string_view type, absl::string_view data,
                           absl::string_view record_class = "0001") {
  return Read(absl::StrCat(Header("8180", "0000000100000000"), "00", type,
                           record_class, "00000000", Hex16(data.size() / 2),
                           data));
}

// RFC 1035 4.1.4: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root.
TEST(NaiveDnsTest, ReadsTheCompressedNamesOfTheRfc) {
  constexpr absl::string_view kFixed =
      "0001000100000001"
      "0004"
      "0a000034";
  const NaiveDnsMessage message =
      Read(absl::StrCat(Header("8400", "0001000300000000"),
                        "0146"
                        "03495349"
                        "0441525041"
                        "00"
                        "00010001",  // at 12, 14 and 18
                        "03464f4f"
                        "c00c",
                        kFixed, "c012", kFixed, "00", kFixed));
  ASSERT_TRUE(message.ok);
  const std::string arpa(
      "\x04"
      "ARPA\0",
      6);
  const std::string isi = absl::StrCat(
      "\x01"
      "F\x03"
      "ISI",
      arpa);
  EXPECT_EQ(message.question_name, isi);
  ASSERT_EQ(message.answers.size(), 3u);
  EXPECT_EQ(message.answers[0].owner, absl::StrCat("\x03"
                                                   "FOO",
                                                   isi));
  EXPECT_EQ(message.answers[1].owner, arpa);
  EXPECT_EQ(message.answers[2].owner, std::string(1, '\0'));
  EXPECT_EQ(message.end, 12u + 16u + 6u + 14u + 2u + 14u + 1u + 14u);
}

struct DataCase {
  const char* name;
  absl::string_view type;
  absl::string_view data;
  bool ok;
};

// RFC 1035 3.3, RFC 3596 2.2, RFC 2782, RFC 6672 2.1.
constexpr DataCase kData[] = {
    {"A", "0001", "c0000201", true},
    {"A of nothing", "0001", "", false},
    {"A of three bytes", "0001", "c00002", false},
    {"A of five bytes", "0001", "c000020101", false},
    {"AAAA", "001c", "20010db8000000000000000000000001", true},
    {"AAAA of 15 bytes", "001c", "20010db80000000000000000000001", false},
    {"AAAA of four bytes", "001c", "c0000201", false},
    {"NS", "0002", "016100", true},
    {"NS of nothing", "0002", "", false},
    {"NS with a byte behind it", "0002", "01610000", false},
    {"CNAME", "0005", "c00c", true},
    {"CNAME of half a pointer", "0005", "c0", false},
    {"CNAME that points to itself", "0005", "c017", false},
    {"CNAME that points into its own labels", "0005", "0161c017", false},
    {"CNAME without an end", "0005", "0161", false},
    {"SOA", "0006",
     "0000"
     "0000000100000002000000030000000400000005",
     true},
    {"SOA, 19 bytes of numbers", "0006",
     "0000"
     "00000001000000020000000300000004000000",
     false},
    {"SOA, 21 bytes of numbers", "0006",
     "0000"
     "000000010000000200000003000000040000000500",
     false},
    {"SOA of one name", "0006",
     "00"
     "0100000100000002000000030000000400000005",
     false},
    {"PTR", "000c", "00", true},
    {"PTR with a byte behind it", "000c", "0000", false},
    {"MX", "000f", "000a00", true},
    {"MX without a name", "000f", "000a", false},
    {"MX with a byte behind it", "000f", "000a0000", false},
    {"SRV", "0021", "00010002000300", true},
    {"SRV without a port", "0021", "0001000200", false},
    {"SRV with a byte behind it", "0021", "0001000200030000", false},
    {"DNAME", "0027", "016100", true},
    {"DNAME of nothing", "0027", "", false},
    {"TXT is not looked into", "0010", "ff", true},
    {"a type of nobody", "ff00", "c0ff", true},
};

TEST(NaiveDnsTest, JudgesTheDataOfTheTypesThatItKnows) {
  for (const DataCase& c : kData) {
    EXPECT_EQ(ReadRecord(c.type, c.data).ok, c.ok) << c.name;
    // In another class the same bytes mean something else.
    EXPECT_TRUE(ReadRecord(c.type, c.data, "0003").ok) << c.name;
    EXPECT_TRUE(ReadRecord(c.type, c.data, "0003").answers.empty()) << c.name;
  }
}

TEST(NaiveDnsTest, KeepsAddressesAndAliasesOfTheAnswerOnly) {
  EXPECT_EQ(ReadRecord("0001", "c0000201").answers.size(), 1u);
  EXPECT_EQ(ReadRecord("001c", std::string(32, '0')).answers.size(), 1u);
  EXPECT_EQ(ReadRecord("0005", "00").answers.size(), 1u);
  EXPECT_EQ(ReadRecord("0002", "00").answers.size(), 0u);
  EXPECT_FALSE(ReadRecord("0002", "00").authority_has_ns);
  EXPECT_EQ(ReadRecord("0010", "00").answers.size(), 0u);
  const std::string record =
      "00"
      "00010001"
      "00000000"
      "0004"
      "c0000201";
  EXPECT_TRUE(
      Read(absl::StrCat(Header("8180", "0000000000010001"), record, record))
          .answers.empty());
}

TEST(NaiveDnsTest, NotesWhatTheAuthorityHasInClassIn) {
  const auto authority = [](absl::string_view type_and_class,
                            absl::string_view data) {
    return Read(absl::StrCat(Header("8183", "0000000000010000"), "00",
                             type_and_class, "00000000", Hex16(data.size() / 2),
                             data));
  };
  const std::string soa(44, '0');
  EXPECT_TRUE(authority("00060001", soa).authority_has_soa);
  EXPECT_FALSE(authority("00060001", soa).authority_has_ns);
  EXPECT_FALSE(authority("00060003", soa).authority_has_soa);
  EXPECT_TRUE(authority("00020001", "00").authority_has_ns);
  EXPECT_FALSE(authority("00020003", "00").authority_has_ns);
  EXPECT_FALSE(authority("00010001", "00000000").authority_has_soa);
}

TEST(NaiveDnsTest, ReadsTheTimeToLiveAsItStands) {
  const NaiveDnsMessage message =
      Read(absl::StrCat(Header("8180", "0001000100000000"), kQuestion,
                        "c00c00010001", "fffefdfc", "0004c0000201"));
  ASSERT_EQ(message.answers.size(), 1u);
  EXPECT_EQ(message.answers[0].ttl, 0xfffefdfcu);
}

struct OptCase {
  const char* name;
  absl::string_view counts;
  absl::string_view records;
  bool ok;
};

// RFC 6891 6.1.1 and 6.1.2.
constexpr OptCase kOpts[] = {
    {"alone", "0000000000000001",
     "000029"
     "04d0"
     "00000000"
     "0000",
     true},
    {"two options", "0000000000000001",
     "000029"
     "04d0"
     "00000000"
     "0009"
     "000a0001ff"
     "000b0000",
     true},
    {"an option that is longer than the record", "0000000000000001",
     "000029"
     "04d0"
     "00000000"
     "0005"
     "000a0002ff",
     false},
    {"an option without its length", "0000000000000001",
     "000029"
     "04d0"
     "00000000"
     "0003"
     "000a00",
     false},
    {"a byte behind an option", "0000000000000001",
     "000029"
     "04d0"
     "00000000"
     "0005"
     "000a000000",
     false},
    {"of a name", "0000000000000001",
     "016100"
     "0029"
     "04d0"
     "00000000"
     "0000",
     false},
    {"twice", "0000000000000002",
     "000029"
     "04d0"
     "00000000"
     "0000"
     "000029"
     "04d0"
     "00000000"
     "0000",
     false},
    {"in the authority", "0000000000010000",
     "000029"
     "04d0"
     "00000000"
     "0000",
     false},
    {"in the answer", "0000000100000000",
     "000029"
     "04d0"
     "00000000"
     "0000",
     false},
    {"behind an address", "0000000000000002",
     "00"
     "00010001"
     "00000000"
     "0004"
     "c0000201"
     "000029"
     "04d0"
     "00000000"
     "0000",
     true},
};

TEST(NaiveDnsTest, TakesOneOptAtItsPlace) {
  for (const OptCase& c : kOpts) {
    const NaiveDnsMessage message =
        Read(absl::StrCat(Header("8180", c.counts), c.records));
    EXPECT_EQ(message.ok, c.ok) << c.name;
    EXPECT_TRUE(!c.ok || message.has_opt) << c.name;
  }
}

TEST(NaiveDnsTest, AnOptHasTheUpperBitsOfTheResponseCode) {
  const auto rcode = [](absl::string_view flags, absl::string_view ttl) {
    return Read(absl::StrCat(Header(flags, "0000000000000001"), "00002904d0",
                             ttl, "0000"))
        .rcode;
  };
  EXPECT_EQ(rcode("8183", "00000000"), 3);
  EXPECT_EQ(rcode("8183", "00ffffff"), 3) << "version and flags are no part";
  EXPECT_EQ(rcode("8183", "01000000"), 0x013);
  EXPECT_EQ(rcode("818f", "ff000000"), 0xfff);
  EXPECT_EQ(Read(Header("8185", "0000000000000000")).rcode, 5);
}

// RFC 9619 4: one question at most in a standard query or its answer.
TEST(NaiveDnsTest, CountsTheQuestionsOfAStandardQuery) {
  const std::string two = absl::StrCat(kQuestion,
                                       "00"
                                       "001c0003");
  EXPECT_FALSE(Read(absl::StrCat(Header("0100", "0002000000000000"), two)).ok);
  EXPECT_FALSE(
      Read(absl::StrCat(Header("8180", "0002000000000000"), two)).head_ok);
  const NaiveDnsMessage notify =  // opcode 4
      Read(absl::StrCat(Header("2000", "0002000000000000"), two));
  EXPECT_TRUE(notify.ok);
  EXPECT_EQ(notify.question_name, absl::HexStringToBytes("0161016200"));
  EXPECT_EQ(notify.question_type, 1) << "the first";
  EXPECT_EQ(notify.question_class, 1);
  const NaiveDnsMessage none = Read(Header("8180", "0000000000000000"));
  EXPECT_TRUE(none.ok && none.head_ok);
  EXPECT_FALSE(none.has_question);
}

TEST(NaiveDnsTest, KeepsWhatCameBeforeTheEnd) {
  const NaiveDnsMessage fewer = Read(
      absl::StrCat(Header("8180", "0001000200000000"), kQuestion, kAddress));
  EXPECT_FALSE(fewer.ok);
  EXPECT_TRUE(fewer.head_ok);
  EXPECT_EQ(fewer.answers.size(), 1u);
  EXPECT_FALSE(Read(absl::StrCat(Header("8180", "0001000100000000"), kQuestion,
                                 "c00c00010001000000050005c0000201"))
                   .ok)
      << "data beyond the end";
}

std::string Labels(const std::vector<size_t>& sizes) {
  std::string hex;
  for (const size_t size : sizes) {
    absl::StrAppend(&hex, absl::Hex(size, absl::kZeroPad2));
    for (size_t i = 0; i < size; ++i) {
      hex += "61";
    }
  }
  return hex;
}

// RFC 1035 2.3.4: 255 octets with the root's.
TEST(NaiveDnsTest, ANameHas255OctetsAtMost) {
  const auto is_ok = [](const std::string& name) {
    return Read(absl::StrCat(Header("0100", "0001000000000000"), name,
                             "00010001"))
        .ok;
  };
  EXPECT_TRUE(is_ok(Labels({63, 63, 63, 61}) + "00"));
  EXPECT_FALSE(is_ok(Labels({63, 63, 63, 62}) + "00"));
  EXPECT_FALSE(is_ok(Labels({63, 63, 63, 61}) + "016100"));
  // The same of a name that is put together.
  const auto is_ok_behind = [](size_t size) {
    return Read(absl::StrCat(Header("8180", "0001000100000000"),
                             Labels({63, 63, 63}), "0000010001", Labels({size}),
                             "c00c", "00100001000000000000"))
        .ok;
  };
  EXPECT_TRUE(is_ok_behind(61));
  EXPECT_FALSE(is_ok_behind(62));
  const std::vector<size_t> many(127, 1);
  EXPECT_TRUE(is_ok(Labels(many) + "00"));
  EXPECT_FALSE(is_ok(Labels(many) + "016100"));
}

TEST(NaiveDnsTest, TwoKindsOfLabelsAreReserved) {
  for (const absl::string_view length : {"40", "7f", "80", "bf"}) {
    EXPECT_FALSE(Read(absl::StrCat(Header("0100", "0001000000000000"), length,
                                   std::string(400, '0')))
                     .ok)
        << length;
  }
}

// A chain of pointers in a record of a type of nobody; one more leads to it.
TEST(NaiveDnsTest, FollowsNoMorePointersThanANameHasLabels) {
  const auto is_ok = [](size_t pointers) {
    std::string chain = "00";  // at 23
    for (size_t i = 0; i + 1 < pointers; ++i) {
      chain += Hex16(0xC000 + (i == 0 ? 23 : 22 + 2 * i));
    }
    const size_t last = pointers == 1 ? 23 : 20 + 2 * pointers;
    return Read(absl::StrCat(Header("8180", "0000000200000000"), "00",
                             "ff00"
                             "0001"
                             "00000000",
                             Hex16(chain.size() / 2), chain,
                             Hex16(0xC000 + last), "00100001000000000000"))
        .ok;
  };
  EXPECT_TRUE(is_ok(1));
  EXPECT_TRUE(is_ok(2));
  EXPECT_TRUE(is_ok(127));
  EXPECT_FALSE(is_ok(128));
}

TEST(NaiveDnsTest, KnowsHostNames) {
  for (const absl::string_view name :
       {"a", "a.b.", "xn--a", "a_b", "1.2", "A-1.b"}) {
    EXPECT_TRUE(IsHostName(name)) << name;
  }
  const std::string label(63, 'a');
  EXPECT_TRUE(IsHostName(label));
  EXPECT_FALSE(IsHostName(label + "a"));
  const std::string longest =
      absl::StrCat(label, ".", label, ".", label, ".", label.substr(2));
  EXPECT_TRUE(IsHostName(longest));
  EXPECT_TRUE(IsHostName(longest + "."));
  EXPECT_FALSE(IsHostName(longest + "a"));
  for (const absl::string_view name :
       {"", ".", "..", "a..", "a..b", ".a", "-a", "a-", "a-.b", "a.-b", "a b",
        "\xc3\xa4"}) {
    EXPECT_FALSE(IsHostName(name)) << name;
  }
}

TEST(NaiveDnsTest, LowersLettersOnly) {
  EXPECT_EQ(LowerCase("AZaz[@\x80"), "azaz[@\x80");
}

}  // namespace
}  // namespace ovoc::fuzz
