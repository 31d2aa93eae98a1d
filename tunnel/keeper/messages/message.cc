// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tunnel/keeper/messages/message_fields.h"
#include "tunnel/keeper/messages/message_frame.h"
#include "tunnel/keeper/messages/message_values.h"
#include "tunnel/keeper/messages/progress_fields.h"
#include "tunnel/keeper/messages/server_fields.h"

namespace ovoc::tunnel {
namespace {

constexpr int kMaxSystemCall = 4095;

// The first byte: the place in WorkerMessage, or in KeeperMessage with a bit
// more, so that neither is taken for the other.
constexpr size_t kWorkerBit = 0;
constexpr size_t kKeeperBit = 0x80;

struct Encoder {
  FieldWriter* out;

  void operator()(const WorkerReady& ready) const {
    out->Number(static_cast<uint64_t>(ready.sandbox.landlock_abi), 1);
    out->Number(static_cast<uint64_t>(ready.sandbox.locked), 1);
  }
  void operator()(const LogRecord& record) const {
    out->Number(static_cast<uint64_t>(record.level), 1);
    out->Text(record.text, kMaxLogRecordBytes);
  }
  void operator()(const Progress& progress) const {
    PutProgress(progress, out);
  }
  void operator()(const SetAddress& set) const { PutOverlay(set.overlay, out); }
  void operator()(const AskSurroundings& ask) const {
    out->Number(ask.server, 1);
  }
  void operator()(const AskAuthorization& ask) const {
    out->Number(static_cast<uint64_t>(ask.whose), 1);
  }
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
  void operator()(const ServerIdentity& server) const {
    PutServer(server, out);
  }

  void operator()(const Stop& stop) const {
    out->Text(stop.why, kMaxDetailBytes);
  }
  void operator()(const AddressSet& set) const {
    PutResult(set.result, kMaxDetailBytes, out);
  }
  void operator()(const Surroundings& surroundings) const {
    PutAddresses(surroundings.name_servers, kMaxToldServers, out);
    out->Text(surroundings.vrf, kMaxVrfBytes);
    PutAddresses(surroundings.known, kMaxToldAddresses, out);
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

// Stands for a message before there is one.
template <typename Fields>
using Of = std::in_place_type_t<Fields>;

// What Encoder has written.
struct Decoder {
  FieldReader* in;

  absl::StatusOr<WorkerReady> operator()(Of<WorkerReady>) const {
    SandboxReport report;
    report.landlock_abi = static_cast<int>(in->Number(1));
    const auto locked = Enumerated(in->Number(1), LockedMemory::kNone);
    if (!locked.has_value()) {
      return MalformedMessage(
          "the ready message names an unknown kind of memory");
    }
    report.locked = *locked;
    return WorkerReady{report};
  }
  absl::StatusOr<LogRecord> operator()(Of<LogRecord>) const {
    const auto level = Enumerated(in->Number(1), LogLevel::kError);
    const absl::string_view text = in->Text(kMaxLogRecordBytes);
    if (!level.has_value()) {
      return MalformedMessage("a log line has an unknown level");
    }
    if (!IsPrintable(text)) {
      return MalformedMessage("a log line is not printable ASCII");
    }
    return LogRecord{*level, std::string(text)};
  }
  absl::StatusOr<Progress> operator()(Of<Progress>) const {
    return ReadProgress(in);
  }
  absl::StatusOr<SetAddress> operator()(Of<SetAddress>) const {
    const std::optional<netif::Ipv4Prefix> overlay = ReadOverlay(in);
    if (!overlay.has_value()) {
      return MalformedMessage("the address has a prefix length above 32");
    }
    return SetAddress{*overlay};
  }
  absl::StatusOr<AskSurroundings> operator()(Of<AskSurroundings>) const {
    const uint64_t server = in->Number(1);
    if (server > kProxyPlace) {
      return MalformedMessage("the question is about an unknown server");
    }
    return AskSurroundings{server};
  }
  absl::StatusOr<AskAuthorization> operator()(Of<AskAuthorization>) const {
    const auto whose = Enumerated(in->Number(1), LoginOf::kProxy);
    if (!whose.has_value()) {
      return MalformedMessage("the login asked for is at nobody known");
    }
    return AskAuthorization{*whose};
  }
  absl::StatusOr<FilterViolation> operator()(Of<FilterViolation>) const {
    const auto number = static_cast<int>(in->Number(2));
    if (number > kMaxSystemCall) {
      return MalformedMessage(
          "the violation has an impossible system call number");
    }
    return FilterViolation{number};
  }
  absl::StatusOr<LastWord> operator()(Of<LastWord>) const {
    const absl::string_view detail = in->Text(kMaxDetailBytes);
    if (!IsPrintable(detail)) {
      return MalformedMessage("the last word is not printable ASCII");
    }
    return LastWord{std::string(detail)};
  }
  absl::StatusOr<AskSocket> operator()(Of<AskSocket>) const {
    const auto purpose = Enumerated(in->Number(1), SocketPurpose::kProxy);
    const auto address = ReadAddress(in);
    if (!purpose.has_value() || !address.has_value()) {
      return MalformedMessage(
          "the socket's purpose is unknown, or its address is not valid");
    }
    return AskSocket{{*purpose, *address}};
  }
  absl::StatusOr<AskSignature> operator()(Of<AskSignature>) const {
    const auto algorithm = static_cast<uint16_t>(in->Number(2));
    return AskSignature{{algorithm, std::string(in->Text(kMaxSignedBytes))}};
  }
  absl::StatusOr<ServerIdentity> operator()(Of<ServerIdentity>) const {
    return ReadServer(in);
  }

  absl::StatusOr<Stop> operator()(Of<Stop>) const {
    return Stop{std::string(in->Text(kMaxDetailBytes))};
  }
  absl::StatusOr<AddressSet> operator()(Of<AddressSet>) const {
    const auto result = ReadResult(kMaxDetailBytes, in);
    if (!result.has_value()) {
      return MalformedMessage("the result of setting the address is unknown");
    }
    return AddressSet{*result};
  }
  absl::StatusOr<Surroundings> operator()(Of<Surroundings>) const {
    auto servers = ReadAddresses(
        kMaxToldServers,
        {.too_many = "there are too many name servers",
         .no_address = "the address of a name server is not valid"},
        in);
    if (!servers.ok()) {
      return servers.status();
    }
    std::string vrf(in->Text(kMaxVrfBytes));
    auto known =
        ReadAddresses(kMaxToldAddresses,
                      {.too_many = "the server has too many addresses",
                       .no_address = "an address of the server is not valid"},
                      in);
    if (!known.ok()) {
      return known.status();
    }
    return Surroundings{*std::move(servers), std::move(vrf), *std::move(known)};
  }
  absl::StatusOr<Authorization> operator()(Of<Authorization>) const {
    return Authorization{
        auth::Secret::FromString(in->Text(kMaxAuthorizationBytes))};
  }
  absl::StatusOr<SocketMade> operator()(Of<SocketMade>) const {
    const auto result = ReadResult(kMaxDetailBytes, in);
    if (!result.has_value()) {
      return MalformedMessage("the result of making the socket is unknown");
    }
    return SocketMade{*result};
  }
  absl::StatusOr<SignatureMade> operator()(Of<SignatureMade>) const {
    const auto result = ReadResult(kMaxDetailBytes, in);
    std::string signature(in->Text(kMaxSignatureBytes));
    if (!result.has_value() || (!result->ok() && !signature.empty())) {
      return MalformedMessage("the result of making the signature is unknown");
    }
    return SignatureMade{*result, std::move(signature)};
  }
  absl::StatusOr<Tune> operator()(Of<Tune>) const {
    const auto tuning = ReadTuning(in);
    if (!tuning.has_value()) {
      return MalformedMessage(
          "the new tuning has a time that no setting allows");
    }
    return Tune{*tuning};
  }
};

template <typename Message, size_t kKind>
absl::StatusOr<Message> ReadKind(FieldReader* in) {
  auto fields = Decoder{in}(Of<std::variant_alternative_t<kKind, Message>>());
  if (!fields.ok()) {
    return fields.status();
  }
  return Message(std::in_place_index<kKind>, *std::move(fields));
}

// The kinds are the places in the variant. `kind` is one of them.
template <typename Message, size_t... kKinds>
absl::StatusOr<Message> ReadFields(size_t kind, FieldReader* in,
                                   std::index_sequence<kKinds...>) {
  constexpr absl::StatusOr<Message> (*kReaders[])(FieldReader*) = {
      ReadKind<Message, kKinds>...};
  return kReaders[kind](in);
}

// A message is right only when its fields end where they should.
template <typename Message>
absl::StatusOr<Message> Decode(absl::Span<const uint8_t> bytes,
                               size_t kind_bit) {
  constexpr size_t kKindCount = std::variant_size_v<Message>;
  static_assert(kKindCount <= kKeeperBit);
  const absl::StatusOr<MessageFrame> frame = OpenFrame(bytes, kMessageBytes);
  if (!frame.ok()) {
    return frame.status();
  }
  const size_t kind = frame->kind ^ kind_bit;
  if (kind >= kKindCount) {
    return MalformedMessage(absl::StrCat("there is no kind ", frame->kind));
  }
  FieldReader in(frame->fields);
  absl::StatusOr<Message> message =
      ReadFields<Message>(kind, &in, std::make_index_sequence<kKindCount>());
  if (message.ok() && !in.at_end()) {
    return MalformedMessage(absl::StrCat("kind ", frame->kind,
                                         " cannot have fields of ",
                                         frame->fields.size(), " bytes"));
  }
  return message;
}

}  // namespace

void EncodeMessage(const WorkerMessage& message, MessageBytes* bytes) {
  Encode(message, kWorkerBit, bytes);
}

void EncodeMessage(const KeeperMessage& message, MessageBytes* bytes) {
  Encode(message, kKeeperBit, bytes);
}

absl::StatusOr<WorkerMessage> DecodeWorkerMessage(
    absl::Span<const uint8_t> bytes) {
  return Decode<WorkerMessage>(bytes, kWorkerBit);
}

absl::StatusOr<KeeperMessage> DecodeKeeperMessage(
    absl::Span<const uint8_t> bytes) {
  return Decode<KeeperMessage>(bytes, kKeeperBit);
}

}  // namespace ovoc::tunnel
