// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/hand_made_messages.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/dns/dns_message.h"
#include "netif/dns/testing/dns_answer.h"

namespace ovoc::conformance {
namespace {

constexpr uint16_t kA = 1;
constexpr uint16_t kNs = 2;
constexpr uint16_t kCname = 5;
constexpr uint16_t kSoa = 6;
constexpr uint16_t kNull = 10;
constexpr uint16_t kPtr = 12;
constexpr uint16_t kMx = 15;
constexpr uint16_t kTxt = 16;
constexpr uint16_t kAaaa = 28;
constexpr uint16_t kSrv = 33;
constexpr uint16_t kDname = 39;
constexpr uint16_t kOpt = 41;
constexpr uint32_t kAddress = 0xC0000207;  // 192.0.2.7
constexpr char kV6[] = "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07";

absl::string_view V6() { return {kV6, 16}; }

MessageBuilder Asked(uint16_t type = kA) {
  return MessageBuilder().Question("ovoc.example", type);
}

// An address whose owner points to the question.
MessageBuilder& AddA(MessageBuilder* builder, absl::string_view owner = "@12",
                     uint32_t ttl = 300) {
  return builder->Begin(1, owner, kA, ttl).Number32(kAddress).End();
}

Message RightA() {
  MessageBuilder builder = Asked();
  return AddA(&builder).message();
}

Message RightChain() {
  MessageBuilder builder = Asked();
  const size_t target = builder.size() + 12;
  builder.Begin(1, "@12", kCname, 60).Name("www@17").End();
  AddA(&builder, absl::StrCat("@", target), 30);
  return builder.message();
}

Message RightEverySection() {
  MessageBuilder builder = Asked(kAaaa);
  builder.Begin(1, "@12", kAaaa, 86401).Bytes(V6()).End();
  builder.Begin(1, "@12", kTxt, 5)
      .Bytes(
          "\x03"
          "abc")
      .End();
  builder.Begin(1, "@12", kMx, 5).Number16(10).Name("mx@12").End();
  builder.Begin(1, "@12", kSrv, 5).Number32(1).Number16(53).Name("s@12").End();
  builder.Begin(1, "@12", kDname, 5).Name("d@17").End();
  builder.Begin(1, "@12", kPtr, 5).Name("p@17").End();
  builder.Begin(2, "@17", kNs, 5).Name("ns1@17").End();
  builder.Begin(2, "@17", kSoa, 5).Name("ns1@17").Name("root@17");
  for (uint32_t i = 0; i < 5; ++i) {
    builder.Number32(i);
  }
  builder.End();
  builder.Begin(3, "ns1@17", kA, 5).Number32(0xC0000201).End();
  builder.Begin(3, "", kOpt, 0x01008000, 1232);
  builder.Number16(10).Number16(8).Bytes("cookie00").End();
  return builder.message();
}

Message RightSoaOnly() {
  return netif::DnsAnswer(
             netif::EncodeDnsQuery(1, netif::DnsNameOrRoot("ovoc.example"),
                                   netif::DnsType::kA, netif::Edns::kOn))
      .Rcode(netif::DnsRcode::kNxDomain)
      .Soa("example")
      .Bytes();
}

// Labels of 63 bytes: 255 in all with `last` of 61, one too many with 62.
Message LongName(size_t last) {
  MessageBuilder builder;
  const std::string label(63, 'a');
  builder.Question(
      absl::StrCat(label, ".", label, ".", label, ".", std::string(last, 'b')),
      kA);
  return AddA(&builder).message();
}

// An owner that `count` pointers lead to, each to the one before it. They stand
// in a NULL record, which may hold anything (RFC 1035 3.3.10).
Message Pointers(int count) {
  MessageBuilder builder = Asked();
  builder.Begin(1, "@12", kNull, 5);
  std::string last = "@12";
  for (int i = 1; i < count; ++i) {
    const size_t here = builder.size();
    builder.Name(last);
    last = absl::StrCat("@", here);
  }
  builder.End();
  return AddA(&builder, last).message();
}

Message ManyAddresses(int count) {
  MessageBuilder builder = Asked();
  for (int i = 0; i < count; ++i) {
    builder.Begin(1, "@12", kA, 60)
        .Number32(0x0A000000 + static_cast<uint32_t>(i))
        .End();
  }
  return builder.message();
}

std::vector<NamedMessage> RightMessages() {
  return {
      {"one address", RightA()},
      {"a chain", RightChain()},
      {"every section", RightEverySection()},
      {"no such name", RightSoaOnly()},
      {"header only", MessageBuilder().message()},
      {"a query", netif::EncodeDnsQuery(1, netif::DnsNameOrRoot("ovoc.example"),
                                        netif::DnsType::kA, netif::Edns::kOn)},
      {"a name of 255 bytes", LongName(61)},
      {"65 addresses", ManyAddresses(65)},
      {"4000 addresses", ManyAddresses(4000)},
      {"40 pointers", Pointers(40)},
      {"100 pointers", Pointers(100)},
      {"the longest lifetime",
       Asked().Begin(1, "@12", kA, 0x7FFFFFFF).Number32(1).End().message()},
      {"a negative lifetime",
       Asked().Begin(1, "@12", kA, 0x80000000).Number32(1).End().message()},
  };
}

// Right, and yet others see some of them in another light.
std::vector<NamedMessage> OddMessages() {
  return {
      {"an address of class CH",
       Asked().Begin(1, "@12", kA, 5, 3).Bytes("abc").End().message()},
      {"bytes behind the end",
       Asked().Begin(1, "@12", kA, 5).Number32(1).End().Bytes("x").message()},
      {"a TXT that is none", Asked()
                                 .Begin(1, "@12", kTxt, 5)
                                 .Bytes("\x09"
                                        "a")
                                 .End()
                                 .message()},
      {"a target that is no host name",
       Asked().Begin(1, "@12", kCname, 5).Name("a b@17").End().message()},
      {"a CNAME of another name", Asked()
                                      .Begin(1, "x@17", kCname, 5)
                                      .Name("y@17")
                                      .End()
                                      .Begin(1, "y@17", kA, 5)
                                      .Number32(kAddress)
                                      .End()
                                      .message()},
      {"an address before its CNAME", Asked()
                                          .Begin(1, "y@17", kA, 5)
                                          .Number32(kAddress)
                                          .End()
                                          .Begin(1, "@12", kCname, 5)
                                          .Name("y@17")
                                          .End()
                                          .message()},
      {"a CNAME to itself",
       Asked().Begin(1, "@12", kCname, 5).Name("@12").End().message()},
      {"a loop with an address", Asked()
                                     .Begin(1, "@12", kCname, 5)
                                     .Name("@12")
                                     .End()
                                     .Begin(1, "@12", kA, 300)
                                     .Number32(kAddress)
                                     .End()
                                     .message()},
      {"a label that is a NUL",
       MessageBuilder()
           .Question(absl::string_view("\0.example", 9), kA)
           .Begin(1, absl::string_view("\0.other", 7), kA, 5)
           .Number32(kAddress)
           .End()
           .message()},
  };
}

// Wrong in its counts and names.
std::vector<NamedMessage> WrongNames() {
  return {
      {"no header", Message(11, 0)},
      {"two questions", MessageBuilder()
                            .Question("a.example", kA)
                            .Question("b.example", kA)
                            .Begin(1, "@12", kA, 5)
                            .Number32(kAddress)
                            .End()
                            .message()},
      {"a count that lies", Asked().Count(1, 10000).message()},
      {"a name of 256 bytes", LongName(62)},
      {"130 pointers", Pointers(130)},
      {"a pointer to itself",
       Asked().Begin(1, "@30", kA, 5).Number32(kAddress).End().message()},
      {"a pointer forward", Asked()
                                .Begin(1, "@46", kA, 5)
                                .Number32(kAddress)
                                .End()
                                .Name("x")
                                .message()},
      {"a pointer into the header",
       Asked().Begin(1, "@11", kA, 5).Number32(kAddress).End().message()},
      {"a pointer to the first byte",
       Asked().Begin(1, "@0", kA, 5).Number32(kAddress).End().message()},
      {"a pointer into its own name",
       Asked().Begin(1, "a@30", kA, 5).Number32(kAddress).End().message()},
      {"label type 01", Asked()
                            .Begin(1, "@12", kPtr, 5)
                            .Bytes("\x41"
                                   "a")
                            .End()
                            .message()},
  };
}

std::vector<NamedMessage> WrongRdata() {
  return {
      {"A of three bytes",
       Asked().Begin(1, "@12", kA, 5).Bytes("abc").End().message()},
      {"A of no bytes", Asked().Begin(1, "@12", kA, 5).End().message()},
      {"AAAA of four bytes",
       Asked().Begin(1, "@12", kAaaa, 5).Number32(kAddress).End().message()},
      {"a CNAME with a byte behind",
       Asked().Begin(1, "@12", kCname, 5).Name("y").Number8(0).End().message()},
      {"a CNAME that leaves its RDATA", Asked()
                                            .Begin(1, "@12", kCname, 5)
                                            .Bytes("\x01")
                                            .End()
                                            .Bytes(absl::string_view("a\0", 2))
                                            .message()},
      {"an NS in the answer that is none",
       Asked().Begin(1, "@12", kNs, 5).Bytes("\x3F").End().message()},
      {"a bad authority behind a good answer", Asked()
                                                   .Begin(1, "@12", kA, 5)
                                                   .Number32(kAddress)
                                                   .End()
                                                   .Begin(2, "@12", kNs, 5)
                                                   .End()
                                                   .message()},
  };
}

std::vector<NamedMessage> WrongOpts() {
  return {
      {"OPT in the answer",
       Asked().Begin(1, "", kOpt, 0, 1232).End().message()},
      {"OPT twice", Asked()
                        .Begin(3, "", kOpt, 0, 1232)
                        .End()
                        .Begin(3, "", kOpt, 0, 1232)
                        .End()
                        .message()},
      {"OPT with an owner",
       Asked().Begin(3, "a", kOpt, 0, 1232).End().message()},
      {"OPT whose option is cut",
       Asked().Begin(3, "", kOpt, 0, 1232).Number32(5).End().message()},
  };
}

}  // namespace

std::vector<NamedMessage> HandMadeMessages() {
  std::vector<NamedMessage> all;
  for (auto* const some :
       {RightMessages, OddMessages, WrongNames, WrongRdata, WrongOpts}) {
    for (NamedMessage& message : some()) {
      all.push_back(std::move(message));
    }
  }
  return all;
}

}  // namespace ovoc::conformance
