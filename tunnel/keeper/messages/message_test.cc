// SPDX-License-Identifier: Apache-2.0
#include "tunnel/keeper/messages/message.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tunnel/retry/end_cause.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kHeadBytes = 3;  // kind (1), length of the fields (2)
constexpr uint8_t kWorkerKinds = 11;
constexpr uint8_t kKeeperKinds = 7;  // from 0x80

using Fields = std::vector<uint8_t>;

MessageBytes Encode(const WorkerMessage& message) {
  MessageBytes bytes;
  bytes.fill(0xa5);
  EncodeMessage(message, &bytes);
  return bytes;
}

MessageBytes Encode(const KeeperMessage& message) {
  MessageBytes bytes;
  bytes.fill(0xa5);
  EncodeMessage(message, &bytes);
  return bytes;
}

size_t FieldBytes(const MessageBytes& bytes) {
  return size_t{bytes[1]} << 8 | bytes[2];
}

void SetFieldBytes(size_t size, MessageBytes* bytes) {
  (*bytes)[1] = static_cast<uint8_t>(size >> 8);
  (*bytes)[2] = static_cast<uint8_t>(size);
}

MessageBytes Raw(uint8_t kind, const Fields& fields) {
  MessageBytes bytes = {};
  bytes[0] = kind;
  SetFieldBytes(fields.size(), &bytes);
  std::copy(fields.begin(), fields.end(), bytes.begin() + kHeadBytes);
  return bytes;
}

Progress FullProgress() {
  Progress progress;
  progress.state = TunnelState::kUp;
  progress.reason = EndReason::kProxyLogin;
  progress.cause = kLastEndCause;
  progress.detail = std::string(kMaxDetailBytes, 'd');
  progress.server = kMaxServers - 1;
  progress.server_address = std::string(kMaxEndpointBytes, 's');
  progress.overlay = netif::Ipv4Prefix::Parse("169.254.0.2/18");
  progress.certificate_checked_at = absl::FromUnixSeconds(253402300799);
  progress.totals.fill(std::numeric_limits<uint64_t>::max());
  progress.device_refused_writes = std::numeric_limits<uint64_t>::max();
  progress.ends.fill(std::numeric_limits<uint32_t>::max());
  progress.next_attempt = absl::FromUnixSeconds(253402300799);
  progress.round_trip = {absl::Seconds(1), absl::Microseconds(2),
                         absl::Microseconds(4294967295)};
  return progress;
}

// As large as it can be.
ServerIdentity FullServer() {
  ServerIdentity server;
  server.version = std::string(kMaxTlsWordBytes, '~');
  server.cipher = server.version;
  server.group = server.version;
  server.resumed = true;
  server.verified = true;
  server.certificate.subject = std::string(auth::kMaxPrintedNameBytes, ' ');
  server.certificate.issuer = server.certificate.subject;
  server.certificate.names.assign(
      auth::kMaxSummaryNames,
      std::string(auth::kMaxSummaryNamesBytes / auth::kMaxSummaryNames, 'n'));
  server.certificate.names_left_out = 65536;
  server.certificate.not_before = absl::UnixEpoch();
  server.certificate.not_after = absl::FromUnixSeconds(253402300799);
  server.certificate.sha256.fill(0xff);
  server.chain_not_after = server.certificate.not_after;
  return server;
}

std::vector<WorkerMessage> WorkerMessages() {
  return {WorkerReady{{255, LockedMemory::kNone}},
          WorkerReady{{0, LockedMemory::kAll}},
          LogRecord{LogLevel::kDebug, " "},
          LogRecord{LogLevel::kError, std::string(kMaxLogRecordBytes, '~')},
          Progress(),
          FullProgress(),
          SetAddress{*netif::Ipv4Prefix::Parse("255.255.255.255/32")},
          SetAddress{netif::Ipv4Prefix()},
          AskSurroundings{},
          AskSurroundings{kMaxServers - 1},
          AskSurroundings{kProxyPlace},
          AskAuthorization{},
          AskAuthorization{LoginOf::kProxy},
          FilterViolation{0},
          FilterViolation{4095},
          LastWord{"x"},
          LastWord{std::string(kMaxDetailBytes, '~')},
          ServerIdentity(),
          FullServer(),
          AskSignature{},
          AskSignature{{0xffff, std::string(kMaxSignedBytes, '\0')}},
          AskSocket{{SocketPurpose::kServer, netif::IpAddress()}},
          AskSocket{{SocketPurpose::kDnsTcp,
                     *netif::IpAddress::Parse("2001:db8::53")}}};
}

std::vector<netif::IpAddress> Servers(size_t count) {
  std::vector<netif::IpAddress> servers;
  for (size_t i = 0; i < count; ++i) {
    servers.push_back(*netif::IpAddress::ParseZoned(
        i % 2 == 0 ? "192.0.2.53" : "fe80::53%fifteen-letters"));
  }
  return servers;
}

std::vector<KeeperMessage> KeeperMessages() {
  std::vector<KeeperMessage> messages;
  messages.emplace_back(Stop{});
  messages.emplace_back(Stop{std::string(kMaxDetailBytes, 'w')});
  messages.emplace_back(AddressSet{absl::OkStatus()});
  messages.emplace_back(AddressSet{absl::Status(
      absl::StatusCode::kUnauthenticated, std::string(kMaxDetailBytes, 'x'))});
  messages.emplace_back(Surroundings{{}, "", {}});
  messages.emplace_back(Surroundings{Servers(kMaxToldServers),
                                     std::string(kMaxVrfBytes, 'v'),
                                     Servers(kMaxToldAddresses)});
  messages.emplace_back(Authorization{auth::Secret::FromString("")});
  messages.emplace_back(Authorization{
      auth::Secret::FromString(std::string(kMaxAuthorizationBytes, 'A'))});
  messages.emplace_back(
      SignatureMade{absl::OkStatus(), std::string(kMaxSignatureBytes, '\0')});
  messages.emplace_back(SignatureMade{
      absl::UnavailableError(std::string(kMaxDetailBytes, 'x')), ""});
  messages.emplace_back(SocketMade{absl::OkStatus(), {}});
  messages.emplace_back(SocketMade{
      absl::UnavailableError(std::string(kMaxDetailBytes, 'x')), {}});
  messages.emplace_back(
      Tune{{absl::Seconds(1), absl::Seconds(5), absl::Seconds(1)}});
  messages.emplace_back(
      Tune{{absl::Seconds(17), absl::Seconds(600), absl::Seconds(300)}});
  return messages;
}

// A message is refused with these words behind the common ones.
void ExpectWorkerError(absl::Span<const uint8_t> bytes,
                       absl::string_view words) {
  const auto message = DecodeWorkerMessage(bytes);
  ASSERT_FALSE(message.ok()) << words;
  EXPECT_TRUE(absl::IsInvalidArgument(message.status())) << message.status();
  EXPECT_EQ(message.status().message(),
            absl::StrCat("message between keeper and worker: ", words));
}

void ExpectKeeperError(absl::Span<const uint8_t> bytes,
                       absl::string_view words) {
  const auto message = DecodeKeeperMessage(bytes);
  ASSERT_FALSE(message.ok()) << words;
  EXPECT_TRUE(absl::IsInvalidArgument(message.status())) << message.status();
  EXPECT_EQ(message.status().message(),
            absl::StrCat("message between keeper and worker: ", words));
}

TEST(MessageTest, EveryMessageComesBackAsItWas) {
  for (const WorkerMessage& message : WorkerMessages()) {
    const MessageBytes bytes = Encode(message);
    const auto decoded = DecodeWorkerMessage(bytes);
    ASSERT_TRUE(decoded.ok()) << message.index() << decoded.status();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(bytes[0], message.index());
    EXPECT_EQ(Encode(*decoded), bytes) << message.index();
  }
  for (const KeeperMessage& message : KeeperMessages()) {
    const MessageBytes bytes = Encode(message);
    const auto decoded = DecodeKeeperMessage(bytes);
    ASSERT_TRUE(decoded.ok()) << message.index() << decoded.status();
    EXPECT_EQ(decoded->index(), message.index());
    EXPECT_EQ(bytes[0], 0x80 | message.index());
    EXPECT_EQ(Encode(*decoded), bytes) << message.index();
  }
}

TEST(MessageTest, HasItsBytesInTheDocumentedOrder) {
  // Kind 1, 7 bytes of fields; level info; a text of 4 bytes.
  EXPECT_EQ(Encode(WorkerMessage(LogRecord{LogLevel::kInfo, "a=bc"})),
            Raw(1, {1, 0, 4, 'a', '=', 'b', 'c'}));
  // Kind 3: address, prefix length.
  EXPECT_EQ(Encode(WorkerMessage(
                SetAddress{*netif::Ipv4Prefix::Parse("169.254.0.2/18")})),
            Raw(3, {169, 254, 0, 2, 18}));
  // Kind 4: the place of the server.
  EXPECT_EQ(Encode(WorkerMessage(AskSurroundings{2})), Raw(4, {2}));
  EXPECT_EQ(Encode(WorkerMessage(AskSurroundings{kProxyPlace})), Raw(4, {3}));
  // Kind 5: at whom the login is made.
  EXPECT_EQ(Encode(WorkerMessage(AskAuthorization{})), Raw(5, {0}));
  EXPECT_EQ(Encode(WorkerMessage(AskAuthorization{LoginOf::kProxy})),
            Raw(5, {1}));
  // Kind 0x82: one server of 4 bytes without a zone; "v"; one address of 4
  // bytes.
  EXPECT_EQ(Encode(KeeperMessage(Surroundings{Servers(1), "v", Servers(1)})),
            Raw(0x82, {1, 4, 192, 0, 2, 53, 0, 0, 0, 1, 'v', 1, 4, 192, 0, 2,
                       53, 0, 0}));
}

TEST(MessageTest, KeepsTheFieldsOfAReport) {
  const auto ready = DecodeWorkerMessage(
      Encode(WorkerMessage(WorkerReady{{4, LockedMemory::kPresent}})));
  ASSERT_TRUE(ready.ok()) << ready.status();
  EXPECT_EQ(std::get<WorkerReady>(*ready).sandbox.landlock_abi, 4);
  EXPECT_EQ(std::get<WorkerReady>(*ready).sandbox.locked,
            LockedMemory::kPresent);
}

TEST(MessageTest, KeepsTheFieldsOfProgress) {
  Progress progress = FullProgress();
  progress.reason.reset();
  progress.totals[3] = 7;
  const auto decoded = DecodeWorkerMessage(Encode(WorkerMessage(progress)));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const auto& got = std::get<Progress>(*decoded);
  EXPECT_EQ(got.state, TunnelState::kUp);
  EXPECT_EQ(got.reason, std::nullopt);
  EXPECT_EQ(got.cause, kLastEndCause);
  EXPECT_EQ(got.detail, progress.detail);
  EXPECT_EQ(got.server, 2u);
  EXPECT_EQ(got.server_address, progress.server_address);
  ASSERT_TRUE(got.overlay.has_value());
  EXPECT_EQ(got.overlay->ToString(), "169.254.0.2/18");
  EXPECT_EQ(got.certificate_checked_at, progress.certificate_checked_at);
  EXPECT_EQ(got.totals, progress.totals);
  EXPECT_EQ(got.device_refused_writes, progress.device_refused_writes);
}

TEST(MessageTest, KeepsWhatTheKeeperAnswers) {
  const auto set = DecodeKeeperMessage(Encode(
      KeeperMessage(AddressSet{absl::PermissionDeniedError("RTM_NEWADDR")})));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(std::get<AddressSet>(*set).result,
            absl::PermissionDeniedError("RTM_NEWADDR"));
  const auto found = DecodeKeeperMessage(
      Encode(KeeperMessage(Surroundings{Servers(3), "main-vrf", Servers(2)})));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(std::get<Surroundings>(*found).name_servers, Servers(3));
  EXPECT_EQ(std::get<Surroundings>(*found).vrf, "main-vrf");
  EXPECT_EQ(std::get<Surroundings>(*found).known, Servers(2));
  const auto secret = DecodeKeeperMessage(Encode(
      KeeperMessage(Authorization{auth::Secret::FromString("Basic abc")})));
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(std::get<Authorization>(*secret).value,
            auth::Secret::FromString("Basic abc"));
  const auto tune = DecodeKeeperMessage(Encode(KeeperMessage(
      Tune{{absl::Seconds(3), absl::Seconds(40), absl::Seconds(256)}})));
  ASSERT_TRUE(tune.ok()) << tune.status();
  EXPECT_EQ(std::get<Tune>(*tune).tuning.keep_alive, absl::Seconds(3));
  EXPECT_EQ(std::get<Tune>(*tune).tuning.dead_after, absl::Seconds(40));
  EXPECT_EQ(std::get<Tune>(*tune).tuning.reconnect_spread, absl::Seconds(256));
}

TEST(MessageTest, CutsWhatIsAboveItsLimit) {
  const auto log = DecodeWorkerMessage(Encode(
      WorkerMessage(LogRecord{LogLevel::kInfo, std::string(5000, 'x')})));
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(std::get<LogRecord>(*log).text.size(), kMaxLogRecordBytes);
  Progress progress = FullProgress();
  progress.detail = std::string(5000, 'x');
  progress.server_address = progress.detail;
  const auto told = DecodeWorkerMessage(Encode(WorkerMessage(progress)));
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(std::get<Progress>(*told).detail.size(), kMaxDetailBytes);
  EXPECT_EQ(std::get<Progress>(*told).server_address.size(), kMaxEndpointBytes);
  const auto found = DecodeKeeperMessage(Encode(KeeperMessage(
      Surroundings{Servers(kMaxToldServers + 1), std::string(5000, 'v'),
                   Servers(kMaxToldAddresses + 1)})));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(std::get<Surroundings>(*found).name_servers,
            Servers(kMaxToldServers));
  EXPECT_EQ(std::get<Surroundings>(*found).vrf.size(), kMaxVrfBytes);
  EXPECT_EQ(std::get<Surroundings>(*found).known, Servers(kMaxToldAddresses));
}

TEST(MessageTest, EveryOtherLengthOfADatagramIsRefused) {
  const MessageBytes whole = Encode(WorkerMessage(AskSurroundings{}));
  std::vector<uint8_t> bytes(whole.begin(), whole.end());
  bytes.resize(2 * kMessageBytes);
  for (const size_t size : {size_t{0}, size_t{1}, kHeadBytes, kMessageBytes - 1,
                            kMessageBytes + 1, 2 * kMessageBytes}) {
    const std::string words =
        absl::StrCat("it has ", size, " bytes instead of 1280");
    ExpectWorkerError(absl::MakeConstSpan(bytes).first(size), words);
    ExpectKeeperError(absl::MakeConstSpan(bytes).first(size), words);
  }
}

TEST(MessageTest, EveryTruncatedFieldIsRefused) {
  for (const WorkerMessage& message : WorkerMessages()) {
    MessageBytes bytes = Encode(message);
    for (size_t size = FieldBytes(bytes); size > 0; --size) {
      bytes[kHeadBytes + size - 1] = 0;
      SetFieldBytes(size - 1, &bytes);
      EXPECT_TRUE(absl::IsInvalidArgument(DecodeWorkerMessage(bytes).status()))
          << message.index() << ": " << size;
    }
  }
  for (const KeeperMessage& message : KeeperMessages()) {
    MessageBytes bytes = Encode(message);
    for (size_t size = FieldBytes(bytes); size > 0; --size) {
      bytes[kHeadBytes + size - 1] = 0;
      SetFieldBytes(size - 1, &bytes);
      EXPECT_TRUE(absl::IsInvalidArgument(DecodeKeeperMessage(bytes).status()))
          << message.index() << ": " << size;
    }
  }
}

TEST(MessageTest, EveryByteBehindTheFieldsIsRefused) {
  for (const WorkerMessage& message : WorkerMessages()) {
    const MessageBytes whole = Encode(message);
    const size_t end = kHeadBytes + FieldBytes(whole);
    for (size_t at = end; at < kMessageBytes; ++at) {
      MessageBytes bytes = whole;
      bytes[at] = 1;
      ExpectWorkerError(bytes, "there are bytes after the fields");
    }
  }
  for (const KeeperMessage& message : KeeperMessages()) {
    MessageBytes bytes = Encode(message);
    bytes.back() = 1;
    ExpectKeeperError(bytes, "there are bytes after the fields");
  }
}

TEST(MessageTest, ALengthThatTakesMoreIsRefused) {
  for (const WorkerMessage& message : WorkerMessages()) {
    MessageBytes bytes = Encode(message);
    const size_t size = FieldBytes(bytes) + 1;
    SetFieldBytes(size, &bytes);
    ExpectWorkerError(
        bytes, absl::StrCat("kind ", message.index(), " cannot have fields of ",
                            size, " bytes"));
    for (const size_t above : {kMessageBytes - kHeadBytes + 1, size_t{65535}}) {
      SetFieldBytes(above, &bytes);
      ExpectWorkerError(bytes, absl::StrCat("there is no room for fields of ",
                                            above, " bytes"));
    }
  }
}

TEST(MessageTest, EveryUnknownKindIsRefused) {
  for (int kind = 0; kind <= 255; ++kind) {
    const MessageBytes bytes = Raw(static_cast<uint8_t>(kind), {});
    const std::string words = absl::StrCat("there is no kind ", kind);
    if (kind >= kWorkerKinds) {
      ExpectWorkerError(bytes, words);
    }
    if (kind < 0x80 || kind >= 0x80 + kKeeperKinds) {
      ExpectKeeperError(bytes, words);
    }
  }
}

TEST(MessageTest, NoDirectionTakesWhatTheOtherSays) {
  for (const WorkerMessage& message : WorkerMessages()) {
    ExpectKeeperError(Encode(message),
                      absl::StrCat("there is no kind ", message.index()));
  }
  for (const KeeperMessage& message : KeeperMessages()) {
    ExpectWorkerError(Encode(message), absl::StrCat("there is no kind ",
                                                    0x80 + message.index()));
  }
}

// Progress, its fields as they follow each other.
struct RawProgress {
  uint8_t state = 6;
  uint8_t reason = 0xff;                // none
  uint8_t cause = 0;                    // unknown
  Fields texts = {0, 0, 0, 0, 0};       // detail, server, server_address: empty
  Fields overlay = {0, 0, 0, 0, 0, 0};  // absent, address, prefix
  Fields time = {0, 0, 0, 0, 0, 0, 0, 0, 0};  // absent, seconds
  Fields next = {0, 0, 0, 0, 0, 0, 0, 0, 0};  // the same of the next attempt
  // Absent; the last, the minimum and the smoothed round trip.
  Fields trip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  MessageBytes Message() const {
    Fields all = {state, reason, cause};
    for (const Fields* part : {&texts, &overlay, &time}) {
      all.insert(all.end(), part->begin(), part->end());
    }
    all.resize(all.size() + 8 * (kSessionTotalCount + 1) +  // the counters
               4 * kEndReasonCount);                        // the ends
    for (const Fields* part : {&next, &trip}) {
      all.insert(all.end(), part->begin(), part->end());
    }
    return Raw(2, all);
  }
};

TEST(MessageTest, AProgressMadeByHandIsOne) {
  ASSERT_EQ(RawProgress().Message(), Encode(WorkerMessage(Progress())));
}

TEST(MessageTest, EveryFieldOfProgressKeepsItsRange) {
  struct Case {
    const char* name;
    RawProgress progress;
    const char* words;
  };
  constexpr char kState[] = "the progress has an unknown state or flag";
  constexpr char kAbsent[] =
      "the progress has a value marked as absent, or an invalid time";
  constexpr char kPrefix[] = "the progress has a prefix length above 32";
  const Fields kYear10000 = {1, 0, 0, 0, 0x3a, 0xff, 0xf4, 0x41, 0x80};
  const Case kCases[] = {
      {"state 7", {.state = 7}, kState},
      {"state 255", {.state = 255}, kState},
      {"reason 16",
       {.reason = 16},
       "the progress has an unknown reason or cause"},
      {"reason 254",
       {.reason = 254},
       "the progress has an unknown reason or cause"},
      {"server 3",
       {.texts = {0, 0, 3, 0, 0}},
       "the progress has an unknown server"},
      {"server 255",
       {.texts = {0, 0, 255, 0, 0}},
       "the progress has an unknown server"},
      {"cause 50",
       {.cause = 50},
       "the progress has an unknown reason or cause"},
      {"cause 255",
       {.cause = 255},
       "the progress has an unknown reason or cause"},
      {"overlay flag 2", {.overlay = {2, 0, 0, 0, 0, 0}}, kState},
      {"absent address", {.overlay = {0, 0, 0, 0, 1, 0}}, kAbsent},
      {"absent prefix", {.overlay = {0, 0, 0, 0, 0, 1}}, kAbsent},
      {"prefix 33", {.overlay = {1, 0, 0, 0, 0, 33}}, kPrefix},
      {"time flag 2", {.time = {2, 0, 0, 0, 0, 0, 0, 0, 0}}, kState},
      {"absent time", {.time = {0, 0, 0, 0, 0, 0, 0, 0, 1}}, kAbsent},
      {"the year 10000", {.time = kYear10000}, kAbsent},
      {"next attempt flag 2", {.next = {2, 0, 0, 0, 0, 0, 0, 0, 0}}, kState},
      {"absent next attempt", {.next = {0, 0, 0, 0, 0, 0, 0, 0, 1}}, kAbsent},
      {"next attempt in the year 10000", {.next = kYear10000}, kAbsent},
      {"round trip flag 2",
       {.trip = {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
       kAbsent},
      {"absent round trip",
       {.trip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
       kAbsent},
      {"before 1970",
       {.time = {1, 255, 255, 255, 255, 255, 255, 255, 255}},
       kAbsent},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    ExpectWorkerError(c.progress.Message(), c.words);
  }
  EXPECT_EQ(static_cast<int>(EndReason::kProxyLogin), 15) << "the last reason";
  EXPECT_EQ(static_cast<int>(kLastEndCause), 49) << "the last cause";
  EXPECT_EQ(static_cast<int>(TunnelState::kStopped), 6) << "the last state";
}

TEST(MessageTest, ProgressWithALongTextIsRefused) {
  MessageBytes bytes = Encode(WorkerMessage(FullProgress()));
  // Behind state, reason and cause: the length of `detail`, one more than
  // allowed.
  bytes[kHeadBytes + 3] = (kMaxDetailBytes + 1) >> 8;
  bytes[kHeadBytes + 4] = (kMaxDetailBytes + 1) & 0xff;
  EXPECT_FALSE(DecodeWorkerMessage(bytes).ok());
}

TEST(MessageTest, EveryOtherFieldOfAWorkerKeepsItsRange) {
  struct Case {
    uint8_t kind;
    Fields fields;
    const char* words;
  };
  constexpr char kSocket[] =
      "the socket's purpose is unknown, or its address is not valid";
  constexpr char kUnprintable[] = "a log line is not printable ASCII";
  const Case kCases[] = {
      {0, {0, 3}, "the ready message names an unknown kind of memory"},
      {0, {0, 255}, "the ready message names an unknown kind of memory"},
      {1, {4, 0, 1, 'x'}, "a log line has an unknown level"},
      {1, {255, 0, 1, 'x'}, "a log line has an unknown level"},
      {1, {1, 0, 0}, kUnprintable},  // empty
      {4, {4}, "the question is about an unknown server"},
      {4, {255}, "the question is about an unknown server"},
      {5, {2}, "the login asked for is at nobody known"},
      {7, {0, 0}, "the last word is not printable ASCII"},
      {7, {0, 2, 'a', '\n'}, "the last word is not printable ASCII"},
      {6, {0x10, 0x00}, "the violation has an impossible system call number"},
      {6, {0xff, 0xff}, "the violation has an impossible system call number"},
      {8, {4, 4, 192, 0, 2, 1}, kSocket},    // purpose
      {8, {255, 4, 192, 0, 2, 1}, kSocket},  //
      {8, {0, 0}, kSocket},                  // length of the address
      {8, {0, 5, 192, 0, 2, 1, 1}, kSocket},
      {8, {0, 4, 192, 0, 2}, kSocket},
      {8, {0, 16, 192, 0, 2, 1}, kSocket},
      {8, {0, 4, 192, 0, 2, 1, 0, 1, '2'}, kSocket},  // a zone
      {8, {0, 4, 192, 0, 2, 1, 0}, "kind 8 cannot have fields of 7 bytes"},
  };
  for (const Case& c : kCases) {
    ExpectWorkerError(Raw(c.kind, c.fields), c.words);
  }
}

TEST(MessageTest, EveryByteOfALogLineIsPrintable) {
  for (int byte = 0; byte <= 255; ++byte) {
    const MessageBytes bytes =
        Raw(1, {1, 0, 3, 'a', static_cast<uint8_t>(byte), 'b'});
    if (byte >= 0x20 && byte <= 0x7e) {
      EXPECT_TRUE(DecodeWorkerMessage(bytes).ok()) << byte;
    } else {
      ExpectWorkerError(bytes, "a log line is not printable ASCII");
    }
  }
}

TEST(MessageTest, ALongLogLineIsRefused) {
  Fields fields = {1, (kMaxLogRecordBytes + 1) >> 8,
                   (kMaxLogRecordBytes + 1) & 0xff};
  fields.resize(3 + kMaxLogRecordBytes + 1, 'x');
  EXPECT_FALSE(DecodeWorkerMessage(Raw(1, fields)).ok());
}

TEST(MessageTest, EveryFieldOfAKeeperKeepsItsRange) {
  struct Case {
    uint8_t kind;
    Fields fields;
    const char* words;
  };
  const Case kCases[] = {
      {0x81, {17, 0, 0, 0}, "the result of setting the address is unknown"},
      {0x81, {255, 0, 0, 0}, "the result of setting the address is unknown"},
      {0x81,
       {0, 0, 0, 1, 'x'},
       "the result of setting the address is unknown"},  // OK, but
      {0x86,
       {17, 0, 0, 0, 0, 0},
       "the result of making the signature is unknown"},
      {0x86,
       {1, 0, 0, 0, 0, 1, 's'},
       "the result of making the signature is unknown"},
      {0x84, {17, 0, 0, 0}, "the result of making the socket is unknown"},
      {0x84, {0, 0, 0, 1, 'x'}, "the result of making the socket is unknown"},
      {0x82, {9}, "there are too many name servers"},
      {0x82, {255}, "there are too many name servers"},
      {0x82,
       {1, 5, 1, 2, 3, 4, 5, 0, 0},
       "the address of a name server is not valid"},
      {0x82, {1, 0, 0, 0}, "the address of a name server is not valid"},
      {0x82,
       {1, 4, 192, 0, 2, 1, 0, 1, '1', 0, 0, 0},
       "the address of a name server is not valid"},  // IPv4 with a zone
      {0x82, {0, 0, 0, 17}, "the server has too many addresses"},
      {0x82,
       {0, 0, 0, 1, 3, 1, 2, 3, 0, 0},
       "an address of the server is not valid"},
      // Keep-alive, dead after, spread.
      {0x85,
       {0, 0, 0, 60, 0, 10},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 18, 0, 60, 0, 10},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 1, 0, 4, 0, 10},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 17, 0, 17, 0, 10},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 17, 2, 0x59, 0, 10},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 17, 0, 60, 0, 0},
       "the new tuning has a time that no setting allows"},
      {0x85,
       {0, 17, 0, 60, 1, 0x2D},
       "the new tuning has a time that no setting allows"},
  };
  for (const Case& c : kCases) {
    ExpectKeeperError(Raw(c.kind, c.fields), c.words);
  }
  Fields long_vrf = {0, 0, kMaxVrfBytes + 1};
  long_vrf.resize(long_vrf.size() + kMaxVrfBytes + 1, 'v');
  EXPECT_FALSE(DecodeKeeperMessage(Raw(0x82, long_vrf)).ok());
  Fields long_secret = {(kMaxAuthorizationBytes + 1) >> 8,
                        (kMaxAuthorizationBytes + 1) & 0xff};
  long_secret.resize(2 + kMaxAuthorizationBytes + 1, 'A');
  EXPECT_FALSE(DecodeKeeperMessage(Raw(0x83, long_secret)).ok());
}

}  // namespace
}  // namespace ovoc::tunnel
