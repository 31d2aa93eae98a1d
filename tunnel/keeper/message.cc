// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/message.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/keeper/message_fields.h"
#include "tunnel/keeper/message_frame.h"
#include "tunnel/keeper/message_values.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kTotalBytes = 8;
constexpr uint8_t kNoReason = 0xff;  // Progress without one
constexpr int kMaxSystemCall = 4095;
constexpr uint64_t kMaxUnixSeconds = 253402300799;  // RFC 3339: year 9999

// The first byte: of a worker's message its place in WorkerMessage, of a
// keeper's with this bit, so that neither is taken for the other.
constexpr size_t kKeeperBit = 0x80;

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
  void operator()(const AskSocket& ask) const {
    out->Number(static_cast<uint64_t>(ask.request.purpose), 1);
    PutAddress(ask.request.address, out);
  }
  void operator()(const AskSignature& ask) const {
    out->Number(ask.request.algorithm, 2);
    out->Text(ask.request.digest, kMaxSignedBytes);
  }

  void operator()(const Stop&) const {}
  void operator()(const AddressSet& set) const {
    PutResult(set.result, kMaxDetailBytes, out);
  }
  void operator()(const Surroundings& surroundings) const {
    const size_t count =
        std::min(surroundings.name_servers.size(), kMaxToldServers);
    out->Number(count, 1);
    for (size_t i = 0; i < count; ++i) {
      PutAddress(surroundings.name_servers[i], out);
    }
    out->Text(surroundings.vrf, kMaxVrfBytes);
    const size_t known = std::min(surroundings.known.size(), kMaxToldAddresses);
    out->Number(known, 1);
    for (size_t i = 0; i < known; ++i) {
      PutAddress(surroundings.known[i], out);
    }
  }
  void operator()(const Authorization& authorization) const {
    out->Text(authorization.value.Reveal(auth::InsecureSecretAccess::Get()),
              kMaxAuthorizationBytes);
  }
  void operator()(const SocketMade& made) const {
    PutResult(made.result, kMaxDetailBytes, out);
  }
  void operator()(const SignatureMade& made) const {
    PutResult(made.result, kMaxDetailBytes, out);
    out->Text(made.result.ok() ? made.signature : "", kMaxSignatureBytes);
  }
  void operator()(const Tune& tune) const { PutTuning(tune.tuning, out); }
};

template <typename Message>
void Encode(const Message& message, size_t kind_bit, MessageBytes* bytes) {
  bytes->fill(0);
  FieldWriter fields(absl::MakeSpan(*bytes).subspan(kFrameHeadBytes));
  std::visit(Encoder{&fields}, message);
  FieldWriter head(absl::MakeSpan(*bytes).first(kFrameHeadBytes));
  head.Number(message.index() | kind_bit, 1);
  head.Number(fields.size(), 2);
}

absl::StatusOr<WorkerMessage> ReadReady(FieldReader* in) {
  SandboxReport report;
  report.landlock_abi = static_cast<int>(in->Number(1));
  const auto locked = Enumerated(in->Number(1), LockedMemory::kNone);
  if (!locked.has_value()) {
    return MalformedMessage("ready with an unknown kind of memory");
  }
  report.locked = *locked;
  return WorkerReady{report};
}

absl::StatusOr<WorkerMessage> ReadLog(FieldReader* in) {
  const auto level = Enumerated(in->Number(1), LogLevel::kError);
  const absl::string_view text = in->Text(kMaxLogLineBytes);
  if (!level.has_value()) {
    return MalformedMessage("log line of an unknown level");
  }
  if (!IsPrintable(text)) {
    return MalformedMessage("log line that is not printable ASCII");
  }
  return LogRecord{*level, std::string(text)};
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
    return MalformedMessage("progress with an unknown state or flag");
  }
  if ((has_overlay == 0 &&
       (overlay.address != 0 || overlay.prefix_length != 0)) ||
      seconds > (has_time == 0 ? 0 : kMaxUnixSeconds)) {
    return MalformedMessage("progress with a value that is absent or no time");
  }
  progress.state = *state;
  if (reason != kNoReason) {
    progress.reason = Enumerated(reason, EndReason::kInterface);
    if (!progress.reason.has_value()) {
      return MalformedMessage("progress with an unknown reason");
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
    return MalformedMessage("violation by an impossible system call");
  }
  return FilterViolation{number};
}

absl::StatusOr<WorkerMessage> ReadLastWord(FieldReader* in) {
  const absl::string_view detail = in->Text(kMaxDetailBytes);
  if (!IsPrintable(detail)) {
    return MalformedMessage("last word that is not printable ASCII");
  }
  return LastWord{std::string(detail)};
}

absl::StatusOr<WorkerMessage> ReadAskSocket(FieldReader* in) {
  const auto purpose = Enumerated(in->Number(1), SocketPurpose::kDnsTcp);
  const auto address = ReadAddress(in);
  if (!purpose.has_value() || !address.has_value()) {
    return MalformedMessage("socket of an unknown purpose or to no address");
  }
  return AskSocket{{*purpose, *address}};
}

absl::StatusOr<WorkerMessage> ReadAskSignature(FieldReader* in) {
  const auto algorithm = static_cast<uint16_t>(in->Number(2));
  return AskSignature{{algorithm, std::string(in->Text(kMaxSignedBytes))}};
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
    case 8:
      return ReadAskSocket(in);
    case 9:
      return ReadAskSignature(in);
    default:
      return MalformedMessage(absl::StrCat("unknown kind ", kind));
  }
}

template <typename Message>
absl::StatusOr<KeeperMessage> ReadBare(const char* name, FieldReader* in) {
  const std::optional<absl::Status> result = ReadResult(kMaxDetailBytes, in);
  if (!result.has_value()) {
    return MalformedMessage(absl::StrCat(name, " with an unknown result"));
  }
  return Message{*result};
}

absl::StatusOr<KeeperMessage> ReadSignatureMade(FieldReader* in) {
  const std::optional<absl::Status> result = ReadResult(kMaxDetailBytes, in);
  std::string signature(in->Text(kMaxSignatureBytes));
  if (!result.has_value() || (!result->ok() && !signature.empty())) {
    return MalformedMessage("signature made with an unknown result");
  }
  return SignatureMade{*result, std::move(signature)};
}

absl::StatusOr<KeeperMessage> ReadSurroundings(FieldReader* in) {
  Surroundings surroundings;
  const uint64_t count = in->Number(1);
  if (count > kMaxToldServers) {
    return MalformedMessage("too many name servers");
  }
  for (uint64_t i = 0; i < count; ++i) {
    const auto address = ReadAddress(in);
    if (!address.has_value()) {
      return MalformedMessage("name server that is no address");
    }
    surroundings.name_servers.push_back(*address);
  }
  surroundings.vrf = std::string(in->Text(kMaxVrfBytes));
  const uint64_t known = in->Number(1);
  if (known > kMaxToldAddresses) {
    return MalformedMessage("too many addresses of the server");
  }
  for (uint64_t i = 0; i < known; ++i) {
    const auto address = ReadAddress(in);
    if (!address.has_value()) {
      return MalformedMessage("address of the server that is none");
    }
    surroundings.known.push_back(*address);
  }
  return surroundings;
}

absl::StatusOr<KeeperMessage> ReadKeeperFields(size_t kind, FieldReader* in) {
  switch (kind) {
    case kKeeperBit | 0:
      return Stop{};
    case kKeeperBit | 1:
      return ReadBare<AddressSet>("address set", in);
    case kKeeperBit | 2:
      return ReadSurroundings(in);
    case kKeeperBit | 3:
      return Authorization{
          auth::Secret::FromString(in->Text(kMaxAuthorizationBytes))};
    case kKeeperBit | 4:
      return ReadBare<SocketMade>("socket made", in);
    case kKeeperBit | 5:
      if (const auto tuning = ReadTuning(in)) {
        return Tune{*tuning};
      }
      return MalformedMessage("tune with a time that no setting allows");
    case kKeeperBit | 6:
      return ReadSignatureMade(in);
    default:
      return MalformedMessage(absl::StrCat("unknown kind ", kind));
  }
}

// A message of either direction: right only when its fields end where they
// should.
template <typename Message>
absl::StatusOr<Message> Decode(
    absl::Span<const uint8_t> bytes,
    absl::StatusOr<Message> (*read)(size_t kind, FieldReader* in)) {
  const absl::StatusOr<MessageFrame> frame = OpenFrame(bytes, kMessageBytes);
  if (!frame.ok()) {
    return frame.status();
  }
  FieldReader in(frame->fields);
  absl::StatusOr<Message> message = read(frame->kind, &in);
  if (message.ok() && !in.at_end()) {
    return MalformedMessage(absl::StrCat("kind ", frame->kind,
                                         " with fields of ",
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
