// SPDX-License-Identifier: Apache-2.0
#include "fuzz/oracle/naive_dns.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::fuzz {
namespace {

constexpr uint16_t kInternet = 1;
constexpr uint16_t kA = 1;
constexpr uint16_t kNs = 2;
constexpr uint16_t kCname = 5;
constexpr uint16_t kSoa = 6;
constexpr uint16_t kAaaa = 28;
constexpr uint16_t kOpt = 41;

// What stands in a record's data: fixed bytes, names, fixed bytes.
struct DataForm {
  size_t before = 0;
  int names = 0;
  size_t after = 0;
};

DataForm FormOf(uint16_t type) {
  switch (type) {
    case kNs:
    case kCname:
    case 12:  // PTR
    case 39:  // DNAME
      return {0, 1, 0};
    case kSoa:
      return {0, 2, 20};
    case 15:  // MX
      return {2, 1, 0};
    case 33:  // SRV
      return {6, 1, 0};
    default:
      return {};
  }
}

// Reader reads one message. After the first thing that is wrong ok() is false
// and what it returns means nothing.
class Reader {
 public:
  explicit Reader(absl::Span<const uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  size_t at() const { return at_; }

  uint32_t Number(size_t size, size_t limit) {
    uint32_t number = 0;
    for (size_t i = 0; i < size; ++i) {
      number = number * 256 + Octet(at_, limit);
      ++at_;
    }
    return number;
  }

  // The name here, whose own octets end before `limit`.
  std::string Name(size_t limit) {
    std::string name;
    ReadName(&at_, at_, limit, 0, &name);
    return name;
  }

  void Record(int section, NaiveDnsMessage* message);
  void Require(bool condition) { ok_ = ok_ && condition; }

 private:
  uint8_t Octet(size_t at, size_t limit) {
    Require(at < limit && at < bytes_.size());
    return ok_ ? bytes_[at] : uint8_t{0};
  }

  // Appends the labels from *at on. `run` is where the present run of labels
  // began: a pointer has to lead before it.
  void ReadName(size_t* at, size_t run, size_t limit, int pointers,
                std::string* name) {
    for (;;) {
      const uint8_t length = Octet((*at)++, limit);
      if (length >= 0xC0) {
        size_t target = length % 64 * 256u + Octet((*at)++, limit);
        Require(target >= 12 && target < run && pointers < 127);
        if (ok_) {
          ReadName(&target, target, bytes_.size(), pointers + 1, name);
        }
        return;
      }
      Require(length < 64);
      name->push_back(static_cast<char>(length));
      for (int i = 0; ok_ && i < length; ++i) {
        name->push_back(static_cast<char>(Octet((*at)++, limit)));
      }
      Require(name->size() <= 255);
      if (!ok_ || length == 0) {
        return;
      }
    }
  }

  void Options(uint32_t ttl, size_t limit, NaiveDnsMessage* message);
  std::string Data(uint16_t type, size_t limit);

  const absl::Span<const uint8_t> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

// RFC 6891 6.1.2
void Reader::Options(uint32_t ttl, size_t limit, NaiveDnsMessage* message) {
  message->has_opt = true;
  message->rcode =
      static_cast<uint16_t>(ttl / 0x1000000 * 16 + message->flags % 16);
  while (ok_ && at_ < limit) {
    Number(2, limit);
    at_ += Number(2, limit);
  }
  Require(at_ == limit);
}

// The address, or the last name in the data.
std::string Reader::Data(uint16_t type, size_t limit) {
  std::string data;
  if (type == kA || type == kAaaa) {
    Require(limit - at_ == (type == kA ? 4u : 16u));
    while (ok_ && at_ < limit) {
      data.push_back(static_cast<char>(Number(1, limit)));
    }
    return data;
  }
  const DataForm form = FormOf(type);
  if (form.names > 0) {
    at_ += form.before;
    for (int i = 0; ok_ && i < form.names; ++i) {
      data = Name(limit);
    }
    Require(at_ + form.after == limit);
  }
  return data;
}

void Reader::Record(int section, NaiveDnsMessage* message) {
  NaiveDnsRecord record;
  record.owner = Name(bytes_.size());
  record.type = static_cast<uint16_t>(Number(2, bytes_.size()));
  const uint32_t record_class = Number(2, bytes_.size());
  record.ttl = Number(4, bytes_.size());
  const uint32_t length = Number(2, bytes_.size());
  const size_t limit = at_ + length;
  Require(limit <= bytes_.size());
  if (!ok_) {
    return;
  }
  if (record.type == kOpt) {
    Require(section == 2 && !message->has_opt && record.owner.size() == 1);
    Options(record.ttl, limit, message);
    return;
  }
  if (record_class == kInternet) {
    record.data = Data(record.type, limit);
    message->authority_has_soa |= section == 1 && record.type == kSoa;
    message->authority_has_ns |= section == 1 && record.type == kNs;
    if (section == 0 &&
        (record.type == kA || record.type == kAaaa || record.type == kCname)) {
      message->answers.push_back(record);
    }
  }
  at_ = limit;
}

}  // namespace

NaiveDnsMessage ReadNaiveDns(absl::Span<const uint8_t> bytes) {
  NaiveDnsMessage message;
  Reader reader(bytes);
  const size_t limit = bytes.size();
  message.id = static_cast<uint16_t>(reader.Number(2, limit));
  message.flags = static_cast<uint16_t>(reader.Number(2, limit));
  message.rcode = message.flags % 16;
  uint32_t counts[4] = {};
  for (uint32_t& count : counts) {
    count = reader.Number(2, limit);
  }
  // RFC 9619 4, of opcode 0
  reader.Require((message.flags & 0x7800) != 0 || counts[0] <= 1);
  message.head_ok = reader.ok();
  for (uint32_t i = 0; reader.ok() && i < counts[0]; ++i) {
    const std::string name = reader.Name(limit);
    const auto type = static_cast<uint16_t>(reader.Number(2, limit));
    const auto question_class = static_cast<uint16_t>(reader.Number(2, limit));
    if (i == 0) {
      message.head_ok = message.has_question = reader.ok();
      message.question_name = name;
      message.question_type = type;
      message.question_class = question_class;
    }
  }
  for (int section = 0; section < 3; ++section) {
    for (uint32_t i = 0; reader.ok() && i < counts[section + 1]; ++i) {
      reader.Record(section, &message);
    }
  }
  message.ok = reader.ok();
  message.end = reader.at();
  return message;
}

bool IsHostName(absl::string_view text) {
  std::string name(text);
  if (!name.empty() && name.back() == '.') {
    name.pop_back();
  }
  if (name.empty() || name.size() > 253) {
    return false;
  }
  const std::string allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  size_t label = 0;  // its size so far
  for (size_t i = 0; i < name.size(); ++i) {
    if (allowed.find(name[i]) == std::string::npos) {
      return false;
    }
    const bool is_edge =
        label == 0 || i + 1 == name.size() || name[i + 1] == '.';
    label = name[i] == '.' ? 0 : label + 1;
    if ((name[i] == '-' && is_edge) || label > 63 ||
        (name[i] == '.' && (is_edge || i + 1 == name.size()))) {
      return false;
    }
  }
  return true;
}

std::string LowerCase(absl::string_view wire) {
  std::string lower(wire);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return lower;
}

}  // namespace ovoc::fuzz
