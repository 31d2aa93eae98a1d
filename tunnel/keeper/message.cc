// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/message.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "tunnel/keeper/message_fields.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kHeadBytes = 3;
constexpr size_t kTotalBytes = 8;
constexpr uint8_t kNoReason = 0xff;  // Progress without one
constexpr int kMaxSystemCall = 4095;
constexpr uint64_t kMaxUnixSeconds = 253402300799;  // RFC 3339: year 9999

// The first byte: of a worker's message its place in WorkerMessage, of a
// keeper's with this bit, so that neither is taken for the other.
constexpr size_t kKeeperBit = 0x80;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("message between keeper and worker: ", what));
}

// A value of an enumeration that ends at `last`.
template <typename Enum>
std::optional<Enum> Enumerated(uint64_t value, Enum last) {
  return value <= static_cast<uint64_t>(last)
             ? std::optional<Enum>(static_cast<Enum>(value))
             : std::nullopt;
}

void PutTime(const std::optional<absl::Time>& time, FieldWriter* out) {
  out->Number(time.has_value() ? 1 : 0, 1);
  out->Number(
      static_cast<uint64_t>(time.has_value() ? absl::ToUnixSeconds(*time) : 0),
      8);
}

void PutOverlay(const auth::OverlayAssignment& overlay, FieldWriter* out) {
  out->Number(overlay.address, 4);
  out->Number(static_cast<uint64_t>(overlay.prefix_length), 1);
}

struct Encoder {
  FieldWriter* out;

  void operator()(const WorkerReady& ready) const {
    out->Number(static_cast<uint64_t>(ready.sandbox.landlock_abi), 1);
    out->Number(static_cast<uint64_t>(ready.sandbox.locked), 1);
  }
  void operator()(const LogRecord& record) const {
    out->Number(static_cast<uint64_t>(record.level), 1);
    out->Text(record.text, kMaxLogLineBytes);
  }
  void operator()(const Progress& progress) const {
    out->Number(static_cast<uint64_t>(progress.state), 1);
    out->Number(progress.reason.has_value()
                    ? static_cast<uint64_t>(*progress.reason)
                    : kNoReason,
                1);
    out->Text(progress.detail, kMaxDetailBytes);
    out->Text(progress.server_address, kMaxEndpointBytes);
    out->Number(progress.overlay.has_value() ? 1 : 0, 1);
    PutOverlay(progress.overlay.value_or(auth::OverlayAssignment()), out);
    PutTime(progress.certificate_checked_at, out);
    for (const uint64_t total : progress.totals) {
      out->Number(total, kTotalBytes);
    }
    out->Number(progress.device_refused_writes, kTotalBytes);
  }
  void operator()(const SetAddress& set) const { PutOverlay(set.overlay, out); }
  void operator()(const AskSurroundings&) const {}
  void operator()(const AskAuthorization&) const {}
  void operator()(const FilterViolation& violation) const {
    out->Number(static_cast<uint64_t>(violation.system_call), 2);
  }
  void operator()(const LastWord& word) const {
    out->Text(word.detail, kMaxDetailBytes);
  }

  void operator()(const Stop&) const {}
  void operator()(const AddressSet& set) const {
    out->Number(static_cast<uint64_t>(set.result.raw_code()), 1);
    out->Text(set.result.message(), kMaxDetailBytes);
  }
  void operator()(const Surroundings& surroundings) const {
    const size_t count =
        std::min(surroundings.name_servers.size(), kMaxToldServers);
    out->Number(count, 1);
    for (size_t i = 0; i < count; ++i) {
      const absl::Span<const uint8_t> bytes =
          surroundings.name_servers[i].bytes();
      out->Number(bytes.size(), 1);
      out->Bytes(bytes);
    }
    out->Text(surroundings.vrf, kMaxVrfBytes);
  }
  void operator()(const Authorization& authorization) const {
    out->Text(authorization.value.Reveal(auth::InsecureSecretAccess::Get()),
              kMaxAuthorizationBytes);
  }
};

template <typename Message>
void Encode(const Message& message, size_t kind_bit, MessageBytes* bytes) {
  bytes->fill(0);
  FieldWriter fields(absl::MakeSpan(*bytes).subspan(kHeadBytes));
  std::visit(Encoder{&fields}, message);
  FieldWriter head(absl::MakeSpan(*bytes).first(kHeadBytes));
  head.Number(message.index() | kind_bit, 1);
  head.Number(fields.size(), 2);
}

// The fields of a message, once its frame is right.
struct Frame {
  size_t kind;
  absl::Span<const uint8_t> fields;
};

absl::StatusOr<Frame> OpenFrame(absl::Span<const uint8_t> bytes) {
  if (bytes.size() != kMessageBytes) {
    return Malformed(
        absl::StrCat(bytes.size(), " bytes instead of ", kMessageBytes));
  }
  FieldReader head(bytes.first(kHeadBytes));
  const size_t kind = head.Number(1);
  const size_t size = head.Number(2);
  const absl::Span<const uint8_t> rest = bytes.subspan(kHeadBytes);
  if (size > rest.size()) {
    return Malformed(absl::StrCat("fields of ", size, " bytes"));
  }
  const absl::Span<const uint8_t> padding = rest.subspan(size);
  if (std::any_of(padding.begin(), padding.end(),
                  [](uint8_t byte) { return byte != 0; })) {
    return Malformed("bytes behind the fields");
  }
  return Frame{kind, rest.first(size)};
}

bool IsPrintable(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c <= 0x7e;
  });
}

absl::StatusOr<WorkerMessage> ReadReady(FieldReader* in) {
  SandboxReport report;
  report.landlock_abi = static_cast<int>(in->Number(1));
  const auto locked = Enumerated(in->Number(1), LockedMemory::kNone);
  if (!locked.has_value()) {
    return Malformed("ready with an unknown kind of memory");
  }
  report.locked = *locked;
  return WorkerReady{report};
}

absl::StatusOr<WorkerMessage> ReadLog(FieldReader* in) {
  const auto level = Enumerated(in->Number(1), LogLevel::kError);
  const absl::string_view text = in->Text(kMaxLogLineBytes);
  if (!level.has_value()) {
    return Malformed("log line of an unknown level");
  }
  if (!IsPrintable(text)) {
    return Malformed("log line that is not printable ASCII");
  }
  return LogRecord{*level, std::string(text)};
}

bool IsFlag(uint64_t value) { return value <= 1; }

auth::OverlayAssignment ReadOverlay(FieldReader* in) {
  auth::OverlayAssignment overlay;
  overlay.address = static_cast<uint32_t>(in->Number(4));
  overlay.prefix_length = static_cast<int>(in->Number(1));
  return overlay;
}

absl::StatusOr<WorkerMessage> ReadProgress(FieldReader* in) {
  Progress progress;
  const auto state = Enumerated(in->Number(1), TunnelState::kStopped);
  const uint64_t reason = in->Number(1);
  progress.detail = std::string(in->Text(kMaxDetailBytes));
  progress.server_address = std::string(in->Text(kMaxEndpointBytes));
  const uint64_t has_overlay = in->Number(1);
  const auth::OverlayAssignment overlay = ReadOverlay(in);
  const uint64_t has_time = in->Number(1);
  const uint64_t seconds = in->Number(8);
  for (uint64_t& total : progress.totals) {
    total = in->Number(kTotalBytes);
  }
  progress.device_refused_writes = in->Number(kTotalBytes);
  if (!state.has_value() || !IsFlag(has_overlay) || !IsFlag(has_time)) {
    return Malformed("progress with an unknown state or flag");
  }
  if ((has_overlay == 0 &&
       (overlay.address != 0 || overlay.prefix_length != 0)) ||
      seconds > (has_time == 0 ? 0 : kMaxUnixSeconds)) {
    return Malformed("progress with a value that is absent or no time");
  }
  progress.state = *state;
  if (reason != kNoReason) {
    progress.reason = Enumerated(reason, EndReason::kInterface);
    if (!progress.reason.has_value()) {
      return Malformed("progress with an unknown reason");
    }
  }
  if (has_overlay != 0) {
    progress.overlay = overlay;
  }
  if (has_time != 0) {
    progress.certificate_checked_at =
        absl::FromUnixSeconds(static_cast<int64_t>(seconds));
  }
  return progress;
}

absl::StatusOr<WorkerMessage> ReadViolation(FieldReader* in) {
  const auto number = static_cast<int>(in->Number(2));
  if (number > kMaxSystemCall) {
    return Malformed("violation by an impossible system call");
  }
  return FilterViolation{number};
}

absl::StatusOr<WorkerMessage> ReadLastWord(FieldReader* in) {
  const absl::string_view detail = in->Text(kMaxDetailBytes);
  if (!IsPrintable(detail)) {
    return Malformed("last word that is not printable ASCII");
  }
  return LastWord{std::string(detail)};
}

absl::StatusOr<WorkerMessage> ReadWorkerFields(size_t kind, FieldReader* in) {
  switch (kind) {
    case 0:
      return ReadReady(in);
    case 1:
      return ReadLog(in);
    case 2:
      return ReadProgress(in);
    case 3:
      return SetAddress{ReadOverlay(in)};
    case 4:
      return AskSurroundings{};
    case 5:
      return AskAuthorization{};
    case 6:
      return ReadViolation(in);
    case 7:
      return ReadLastWord(in);
    default:
      return Malformed(absl::StrCat("unknown kind ", kind));
  }
}

absl::StatusOr<KeeperMessage> ReadAddressSet(FieldReader* in) {
  const auto code =
      Enumerated(in->Number(1), absl::StatusCode::kUnauthenticated);
  const absl::string_view text = in->Text(kMaxDetailBytes);
  if (!code.has_value() || (*code == absl::StatusCode::kOk && !text.empty())) {
    return Malformed("address set with an unknown result");
  }
  return AddressSet{absl::Status(*code, text)};
}

absl::StatusOr<KeeperMessage> ReadSurroundings(FieldReader* in) {
  Surroundings surroundings;
  const uint64_t count = in->Number(1);
  if (count > kMaxToldServers) {
    return Malformed("too many name servers");
  }
  for (uint64_t i = 0; i < count; ++i) {
    const auto address = netif::IpAddress::FromBytes(in->Bytes(in->Number(1)));
    if (!address.has_value()) {
      return Malformed("name server that is no address");
    }
    surroundings.name_servers.push_back(*address);
  }
  surroundings.vrf = std::string(in->Text(kMaxVrfBytes));
  return surroundings;
}

absl::StatusOr<KeeperMessage> ReadKeeperFields(size_t kind, FieldReader* in) {
  switch (kind) {
    case kKeeperBit | 0:
      return Stop{};
    case kKeeperBit | 1:
      return ReadAddressSet(in);
    case kKeeperBit | 2:
      return ReadSurroundings(in);
    case kKeeperBit | 3:
      return Authorization{
          auth::Secret::FromString(in->Text(kMaxAuthorizationBytes))};
    default:
      return Malformed(absl::StrCat("unknown kind ", kind));
  }
}

// A message of either direction: right only when its fields end where they
// should.
template <typename Message>
absl::StatusOr<Message> Decode(
    absl::Span<const uint8_t> bytes,
    absl::StatusOr<Message> (*read)(size_t kind, FieldReader* in)) {
  const absl::StatusOr<Frame> frame = OpenFrame(bytes);
  if (!frame.ok()) {
    return frame.status();
  }
  FieldReader in(frame->fields);
  absl::StatusOr<Message> message = read(frame->kind, &in);
  if (message.ok() && !in.at_end()) {
    return Malformed(absl::StrCat("kind ", frame->kind, " with fields of ",
                                  frame->fields.size(), " bytes"));
  }
  return message;
}

}  // namespace

void EncodeMessage(const WorkerMessage& message, MessageBytes* bytes) {
  Encode(message, 0, bytes);
}

void EncodeMessage(const KeeperMessage& message, MessageBytes* bytes) {
  Encode(message, kKeeperBit, bytes);
}

absl::StatusOr<WorkerMessage> DecodeWorkerMessage(
    absl::Span<const uint8_t> bytes) {
  return Decode<WorkerMessage>(bytes, ReadWorkerFields);
}

absl::StatusOr<KeeperMessage> DecodeKeeperMessage(
    absl::Span<const uint8_t> bytes) {
  return Decode<KeeperMessage>(bytes, ReadKeeperFields);
}

}  // namespace ovoc::tunnel
