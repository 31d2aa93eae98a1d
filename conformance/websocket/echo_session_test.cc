// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_session.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "auth/upgrade_request.h"
#include "auth/websocket_key.h"
#include "frame/close_code.h"
#include "frame/frame_error.h"
#include "frame/frame_header.h"
#include "frame/mask.h"
#include "gtest/gtest.h"

namespace ovoc::conformance {
namespace {

using frame::CloseCode;
using frame::FrameError;
using Reason = EchoEnd::Reason;
using Task = EchoSession::Task;

constexpr size_t kMaxMessage = 300;  // above the 16-bit form's smallest

absl::Span<const uint8_t> Bytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string Repeat(size_t count, char c) { return std::string(count, c); }

// A server's frame: `first` is FIN, RSV and opcode; the length in its shortest
// form; no mask.
std::string Frame(int first, absl::string_view payload) {
  std::string out(1, static_cast<char>(first));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(payload.size()));
  } else {
    out.push_back(126);
    out.push_back(static_cast<char>(payload.size() >> 8));
    out.push_back(static_cast<char>(payload.size() & 0xFF));
  }
  return absl::StrCat(out, payload);
}

// A Close with a code.
std::string CloseFrame(int code, absl::string_view reason = "") {
  return Frame(0x88,
               absl::StrCat(std::string(1, static_cast<char>(code >> 8)),
                            std::string(1, static_cast<char>(code)), reason));
}

// Frames of a client, one word and payload each: "text:abc close:1000". What a
// client must not send shows as "BAD".
std::string Decoded(absl::string_view bytes) {
  std::vector<std::string> words;
  absl::Span<const uint8_t> in = Bytes(bytes);
  while (!in.empty()) {
    frame::FrameHeader header;
    size_t consumed = 0;
    if (frame::DecodeFrameHeader(in, &header, &consumed) !=
            frame::HeaderResult::kOk ||
        header.payload_length > in.size() - consumed || !header.masked ||
        !header.fin || header.rsv != 0 ||
        header.length_form != frame::LengthForm::kMinimal) {
      words.emplace_back("BAD");
      break;
    }
    std::string payload;
    for (size_t i = 0; i < header.payload_length; ++i) {
      payload.push_back(
          static_cast<char>(in[consumed + i] ^ header.mask_key[i % 4]));
    }
    in.remove_prefix(consumed + payload.size());
    switch (header.opcode) {
      case frame::Opcode::kText:
        words.push_back("text:" + payload);
        break;
      case frame::Opcode::kBinary:
        words.push_back("binary:" + payload);
        break;
      case frame::Opcode::kPong:
        words.push_back("pong:" + payload);
        break;
      case frame::Opcode::kClose:
        words.push_back(
            payload.size() == 2
                ? absl::StrCat("close:",
                               (static_cast<uint8_t>(payload[0]) << 8) +
                                   static_cast<uint8_t>(payload[1]))
                : absl::StrCat("close:", payload.empty() ? "" : "BAD"));
        break;
      default:
        words.emplace_back("BAD");
    }
  }
  return absl::StrJoin(words, " ");
}

class EchoSessionTest : public testing::Test {
 protected:
  // Begins a session and takes its request.
  void Begin(Task task = Task::kEcho) {
    auth::UpgradeRequestOptions options;
    options.host = "ws.example";
    options.port = 9001;
    options.path = "/runCase?case=1&agent=x";
    options.subprotocol = "";
    const auto request = auth::UpgradeRequest::Create(options);
    ASSERT_TRUE(request.ok()) << request.status();
    session_.emplace(
        *request, task, limits_,
        [this](absl::Span<uint8_t> out) {
          for (uint8_t& byte : out) {
            byte = static_cast<uint8_t>(++random_ * 151 >> 3);
          }
        },
        now_);
    request_ = TakeOutput();
  }

  // The head that accepts the request.
  std::string Answer(absl::string_view fields = "") const {
    const size_t at = request_.find("Sec-WebSocket-Key: ") + 19;
    const auto key = auth::WebSocketKey::FromText(
        request_.substr(at, request_.find("\r\n", at) - at));
    EXPECT_TRUE(key.ok()) << request_;
    return absl::StrCat(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Accept: ",
        key->ExpectedAccept(), "\r\n", fields, "\r\n");
  }

  void Open(Task task = Task::kEcho) {
    Begin(task);
    Receive(Answer());
  }

  // What a new session sends, Decoded, when `bytes` come behind the 101.
  std::string AnswerTo(absl::string_view bytes) {
    random_ = 0;
    Open();
    Receive(bytes);
    return Decoded(TakeOutput());
  }

  // All of `bytes` must be taken.
  void Receive(absl::string_view bytes) {
    absl::Span<const uint8_t> in = Bytes(bytes);
    session_->OnBytes(&in, now_);
    EXPECT_TRUE(in.empty());
  }

  std::string TakeOutput() {
    const absl::Span<const uint8_t> output = session_->output();
    std::string taken(output.begin(), output.end());
    session_->ConsumeOutput(taken.size(), now_);
    return taken;
  }

  EchoSession::Limits limits_ = {.max_message_bytes = kMaxMessage};
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(1);
  std::optional<EchoSession> session_;
  std::string request_;
  uint32_t random_ = 0;
};

TEST_F(EchoSessionTest, AsksForThePathAndOffersNothing) {
  Begin();
  EXPECT_TRUE(absl::StartsWith(request_,
                               "GET /runCase?case=1&agent=x HTTP/1.1\r\nHost: "
                               "ws.example:9001\r\n"));
  EXPECT_TRUE(absl::EndsWith(request_, "\r\n\r\n"));
  for (absl::string_view name : {"Protocol", "Extensions", "Authorization"}) {
    EXPECT_FALSE(absl::StrContains(request_, name)) << name;
  }
  const std::string first = request_;
  Begin();
  EXPECT_NE(first, request_) << "the key is drawn for each connection";
}

struct Exchange {
  std::string name;
  std::string server;  // what it sends after the 101
  std::string client;  // what we send, Decoded
  std::string end;     // Describe(end()) at the end of the stream
};

constexpr char kOpenEnd[] = "the stream ended without a Close";

std::string Failed(FrameError error) {
  const EchoEnd end = {.reason = Reason::kBrokenRule,
                       .error = error,
                       .code = frame::CloseCodeFor(error)};
  return Describe(end);
}

std::vector<Exchange> EchoExchanges() {
  return {
      {"nothing", "", "", kOpenEnd},
      {"text", Frame(0x81, "Hello"), "text:Hello", kOpenEnd},
      {"binary", Frame(0x82, "\xFE\xFF"), "binary:\xFE\xFF", kOpenEnd},
      {"empty messages", Frame(0x81, "") + Frame(0x82, ""),
       "text: binary:", kOpenEnd},
      {"the largest 7-bit length", Frame(0x82, Repeat(125, 'a')),
       "binary:" + Repeat(125, 'a'), kOpenEnd},
      {"the smallest 16-bit length", Frame(0x82, Repeat(126, 'a')),
       "binary:" + Repeat(126, 'a'), kOpenEnd},
      {"the limit", Frame(0x81, Repeat(kMaxMessage, 'a')),
       "text:" + Repeat(kMaxMessage, 'a'), kOpenEnd},
      {"ping with and without payload", Frame(0x89, "abc") + Frame(0x89, ""),
       "pong:abc pong:", kOpenEnd},
      {"the largest ping", Frame(0x89, Repeat(125, '\xFE')),
       "pong:" + Repeat(125, '\xFE'), kOpenEnd},
      {"pongs are no question", Frame(0x8A, "abc") + Frame(0x81, "x"), "text:x",
       kOpenEnd},
      {"fragments with pings between",
       Frame(0x01, "Hel") + Frame(0x89, "p1") + Frame(0x00, "") +
           Frame(0x89, "p2") + Frame(0x80, "lo"),
       "pong:p1 pong:p2 text:Hello", kOpenEnd},
      {"a character over two fragments",
       Frame(0x01, "\xCE") + Frame(0x80, "\xBA"), "text:\xCE\xBA", kOpenEnd},
      {"fragments up to the limit",
       Frame(0x02, Repeat(200, 'a')) + Frame(0x80, Repeat(100, 'b')),
       "binary:" + Repeat(200, 'a') + Repeat(100, 'b'), kOpenEnd},
  };
}

std::vector<Exchange> CloseExchanges() {
  const std::string after = Frame(0x81, "after") + Frame(0x89, "p");
  return {
      {"Close", CloseFrame(1000) + after, "close:1000",
       "closed by the server, code 1000"},
      {"Close without a code", Frame(0x88, "") + after,
       "close:", "closed by the server, no code"},
      {"Close with a reason", CloseFrame(1001, "bye"), "close:1001",
       "closed by the server, code 1001"},
      {"Close with the longest reason", CloseFrame(3000, Repeat(123, 'x')),
       "close:3000", "closed by the server, code 3000"},
      {"Close 4999", CloseFrame(4999), "close:4999",
       "closed by the server, code 4999"},
      {"a Close inside of a message",
       Frame(0x01, "Hel") + CloseFrame(1000) + Frame(0x80, "lo"), "close:1000",
       "closed by the server, code 1000"},
      {"messages in front of a Close",
       Frame(0x81, "a") + Frame(0x82, "b") + CloseFrame(1000),
       "text:a binary:b close:1000", "closed by the server, code 1000"},
      {"Close of one octet", Frame(0x88, "\x03"), "close:1002",
       Failed(FrameError::kInvalidClosePayload)},
      {"Close with a code that may not be sent", CloseFrame(1005), "close:1002",
       Failed(FrameError::kInvalidCloseCode)},
      {"Close with a reason that is no UTF-8", CloseFrame(1000, "\xFF"),
       "close:1007", Failed(FrameError::kInvalidCloseReason)},
  };
}

std::vector<Exchange> BrokenExchanges() {
  const std::string ok = Frame(0x81, "ok");
  std::vector<Exchange> rows;
  const auto broken = [&rows, &ok](std::string name, std::string bytes,
                                   FrameError error) {
    const std::string close = absl::StrCat(
        "text:ok close:", static_cast<int>(frame::CloseCodeFor(error)));
    rows.push_back({std::move(name), ok + bytes + ok + Frame(0x89, "p"), close,
                    Failed(error)});
  };
  const std::string mask = "\x01\x02\x03\x04";
  broken("RSV1", Frame(0xC1, "x"), FrameError::kReservedBits);
  broken("RSV3 of a ping", Frame(0x99, ""), FrameError::kReservedBits);
  broken("opcode 3", Frame(0x83, ""), FrameError::kReservedOpcode);
  broken("opcode 15", Frame(0x8F, ""), FrameError::kReservedOpcode);
  broken("a mask", std::string("\x81\x81", 2) + mask + "x",
         FrameError::kMaskedFrame);
  broken("a fragmented ping", Frame(0x09, ""), FrameError::kFragmentedControl);
  broken("a ping of 126", Frame(0x89, Repeat(126, 'x')),
         FrameError::kControlTooLong);
  broken("16 bits for 125", std::string("\x82\x7E\x00\x7D", 4),
         FrameError::kNonMinimalLength);
  broken("a length of 2^63", std::string("\x82\x7F\x80\0\0\0\0\0\0\0", 10),
         FrameError::kLengthTopBit);
  broken("a frame above the limit", std::string("\x82\x7E\x01\x2D", 4),
         FrameError::kLengthTooLarge);
  broken("fragments above the limit",
         Frame(0x02, Repeat(kMaxMessage, 'a')) + Frame(0x00, "b"),
         FrameError::kMessageTooLarge);
  broken("a continuation of nothing", Frame(0x80, "x"),
         FrameError::kUnexpectedContinuation);
  broken("a message inside of another", Frame(0x01, "x") + Frame(0x81, "y"),
         FrameError::kExpectedContinuation);
  broken("no UTF-8", Frame(0x81, "\xC0\x80"), FrameError::kInvalidUtf8);
  broken("a cut character", Frame(0x81, "\xCE"), FrameError::kInvalidUtf8);
  broken("no UTF-8 over fragments",
         Frame(0x01, "\xF4") + Frame(0x80, "\x90\x80\x80"),
         FrameError::kInvalidUtf8);
  return rows;
}

std::vector<Exchange> AllExchanges() {
  std::vector<Exchange> rows = EchoExchanges();
  for (const std::vector<Exchange>& more :
       {CloseExchanges(), BrokenExchanges()}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  return rows;
}

TEST_F(EchoSessionTest, AnswersTheSameWhereverTheStreamIsCut) {
  for (const Exchange& row : AllExchanges()) {
    SCOPED_TRACE(row.name);
    random_ = 0;  // so that the key is always the same
    Begin();
    const std::string stream = Answer() + row.server;
    for (size_t cut = 0; cut <= stream.size(); ++cut) {
      random_ = 0;
      Begin();
      Receive(stream.substr(0, cut));
      Receive(stream.substr(cut));
      session_->OnStreamEnd(absl::OkStatus(), now_);
      ASSERT_EQ(Decoded(TakeOutput()), row.client) << "cut at " << cut;
      ASSERT_EQ(Describe(session_->end()), row.end) << "cut at " << cut;
      ASSERT_TRUE(session_->done());
    }
  }
}

TEST_F(EchoSessionTest, AnswersTheSameByteByByte) {
  for (const Exchange& row : AllExchanges()) {
    SCOPED_TRACE(row.name);
    random_ = 0;
    Begin();
    std::string sent;
    for (const char byte : Answer() + row.server) {
      Receive(absl::string_view(&byte, 1));
      sent += TakeOutput();
    }
    session_->OnStreamEnd(absl::OkStatus(), now_);
    EXPECT_EQ(Decoded(sent), row.client);
    EXPECT_EQ(Describe(session_->end()), row.end);
  }
}

// RFC 6455 5.2, 5.4, 5.5: what each first octet is, with no payload behind it.
std::string AnswerToFirstOctet(int octet) {
  const bool fin = (octet & 0x80) != 0;
  if ((octet & 0x70) != 0) {
    return "close:1002";  // no extension was negotiated
  }
  switch (octet & 0x0F) {
    case 0x1:
      return fin ? "text:" : "";  // or a fragment, which waits for the rest
    case 0x2:
      return fin ? "binary:" : "";
    case 0x8:
      return fin ? "close:" : "close:1002";  // control frames are one frame
    case 0x9:
      return fin ? "pong:" : "close:1002";
    case 0xA:
      return fin ? "" : "close:1002";
    default:
      return "close:1002";  // reserved, or the continuation of nothing
  }
}

TEST_F(EchoSessionTest, EveryFirstOctetHasItsAnswer) {
  for (int octet = 0; octet <= 0xFF; ++octet) {
    EXPECT_EQ(AnswerTo(Frame(octet, "")), AnswerToFirstOctet(octet)) << octet;
  }
}

// RFC 6455 5.1: a client must close when a frame is masked.
TEST_F(EchoSessionTest, NoMaskedLengthIsTaken) {
  for (int octet = 0x80; octet <= 0xFF; ++octet) {
    EXPECT_EQ(
        AnswerTo(absl::StrCat("\x82", std::string(1, static_cast<char>(octet)),
                              Repeat(12, '\0'))),
        "close:1002")
        << octet;
  }
}

// RFC 6455 7.4: the codes that may be in a Close, with those that IANA has
// registered since.
TEST_F(EchoSessionTest, ACloseCodeComesBackOrIsAgainstTheRules) {
  for (int code = 0; code <= 5119; ++code) {
    const bool good = (code >= 1000 && code <= 1003) ||
                      (code >= 1007 && code <= 1014) ||
                      (code >= 3000 && code <= 4999);
    ASSERT_EQ(AnswerTo(CloseFrame(code)),
              absl::StrCat("close:", good ? code : 1002))
        << code;
  }
  for (const int code : {8192, 32768 + 1000, 65535}) {
    EXPECT_EQ(AnswerTo(CloseFrame(code)), "close:1002") << code;
  }
}

// RFC 3629 4: of two octets, either both are ASCII, or they are C2..DF and
// 80..BF.
TEST_F(EchoSessionTest, ATextOfTwoOctetsIsUtf8OrRefused) {
  for (int first = 0; first <= 0xFF; ++first) {
    for (const int second : {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF}) {
      const std::string text = {static_cast<char>(first),
                                static_cast<char>(second)};
      const bool good =
          (first < 0x80 && second < 0x80) ||
          (first >= 0xC2 && first <= 0xDF && second >= 0x80 && second <= 0xBF);
      ASSERT_EQ(AnswerTo(Frame(0x81, text)),
                good ? "text:" + text : "close:1007")
          << first << " " << second;
      ASSERT_EQ(AnswerTo(Frame(0x82, text)), "binary:" + text);
    }
  }
}

TEST_F(EchoSessionTest, FailsAtTheFirstBadOctetBeforeTheRestArrives) {
  struct Row {
    absl::string_view good;
    absl::string_view bad;
  };
  const Row kRows[] = {
      {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xF4", "\x90"},  // above U+10FFFF
      {"abc", "\xFF"},
      {"\xED", "\xA0"},  // a surrogate
      {"\xE0", "\x9F"},  // an overlong form
      {"\xCE", "a"},
  };
  for (const Row& row : kRows) {
    for (const bool fragmented : {false, true}) {
      Open();
      // A frame of 200 octets of which few come; or fragments.
      Receive(fragmented ? Frame(0x01, row.good)
                         : absl::StrCat("\x81\x7E", std::string("\x00\xC8", 2),
                                        row.good));
      EXPECT_EQ(TakeOutput(), "");
      Receive(fragmented ? absl::StrCat(std::string("\x00\x64", 2), row.bad)
                         : std::string(row.bad));
      EXPECT_EQ(Decoded(TakeOutput()), "close:1007");
      EXPECT_EQ(session_->end().error, FrameError::kInvalidUtf8);
      Receive(Repeat(150, 'x'));
      EXPECT_EQ(TakeOutput(), "");
    }
  }
}

TEST_F(EchoSessionTest, RefusesAnAnswerThatBreaksARuleAndNamesIt) {
  Begin();
  struct Row {
    std::string answer;
    absl::string_view why;
  };
  const std::string good = Answer();
  std::string wrong = good;
  wrong[good.find("Accept: ") + 8] ^= 1;
  const Row kRows[] = {
      {"HTTP/1.1 404 Not Found\r\n\r\n", "found HTTP 404 Not Found"},
      {"HTTP/1.1 101 \nUpgrade", "bare"},
      {wrong, "Sec-WebSocket-Accept must be the digest"},
      {Answer("Sec-WebSocket-Protocol: ovoc.audiocodes.com\r\n"),
       "none was offered"},
      {Answer("Sec-WebSocket-Extensions: permessage-deflate\r\n"),
       "Sec-WebSocket-Extensions must not be present"},
      {Answer("Content-Length: 0\r\n"), "a 101 has no body"},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.answer);
    random_ = 0;
    Begin();
    Receive(row.answer + Frame(0x81, "Hello"));
    EXPECT_TRUE(session_->done());
    EXPECT_EQ(session_->output().size(), 0u) << "no frame before the upgrade";
    EXPECT_EQ(session_->end().reason, Reason::kRefused);
    if (row.why != "bare") {
      EXPECT_TRUE(absl::StrContains(session_->end().detail.message(), row.why))
          << session_->end().detail;
    }
  }
}

TEST_F(EchoSessionTest, AHeadThatIsCutShortIsRefused) {
  Begin();
  Receive(Answer().substr(0, 40));
  session_->OnStreamEnd(absl::OkStatus(), now_);
  EXPECT_TRUE(session_->done());
  EXPECT_EQ(session_->end().reason, Reason::kRefused);
  EXPECT_FALSE(session_->end().detail.ok());
}

TEST_F(EchoSessionTest, DrawsAMaskForEveryFrame) {
  Open();
  std::set<std::string> masks;
  for (int i = 0; i < 50; ++i) {
    Receive(Frame(0x82, ""));
    masks.insert(TakeOutput().substr(2));
  }
  EXPECT_EQ(masks.size(), 50u);
}

// RFC 6455 sets no bound to what is queued; ours is two messages.
TEST_F(EchoSessionTest, TakesNoMoreThanItHasRoomToSend) {
  Open();
  std::string stream;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const char c = static_cast<char>('a' + i % 26);
    const size_t size = static_cast<size_t>(i * 37) % (kMaxMessage + 1);
    stream += Frame(0x82, Repeat(size, c));
    absl::StrAppend(&expected, i == 0 ? "" : " ", "binary:", Repeat(size, c));
  }
  absl::Span<const uint8_t> in = Bytes(stream);
  std::string sent;
  size_t largest = 0;
  while (!in.empty()) {
    const size_t before = in.size();
    session_->OnBytes(&in, now_);
    ASSERT_TRUE(in.size() < before || !session_->output().empty())
        << "neither reads nor writes";
    largest = std::max(largest, session_->output().size());
    // The socket takes a few bytes now and then.
    const size_t taken = std::min<size_t>(session_->output().size(), 100);
    sent.append(reinterpret_cast<const char*>(session_->output().data()),
                taken);
    session_->ConsumeOutput(taken, now_);
  }
  sent += TakeOutput();
  EXPECT_EQ(Decoded(sent), expected);
  EXPECT_GT(largest, kMaxMessage);
  EXPECT_LE(largest, 2 * (kMaxMessage + 14) + 131 + 2048);
}

TEST_F(EchoSessionTest, ClosesInOrderThoughTheOutputIsFull) {
  Open();
  const std::string message = Frame(0x82, Repeat(kMaxMessage, 'x'));
  std::string stream;
  for (int i = 0; i < 20; ++i) {
    stream += message;
  }
  stream += CloseFrame(1000);
  absl::Span<const uint8_t> in = Bytes(stream);
  session_->OnBytes(&in, now_);
  EXPECT_FALSE(in.empty());
  std::string sent;
  while (!in.empty()) {
    sent += TakeOutput();
    session_->OnBytes(&in, now_);
  }
  sent += TakeOutput();
  EXPECT_TRUE(absl::EndsWith(Decoded(sent), "x close:1000"));
  EXPECT_EQ(session_->end().reason, Reason::kServerClosed);
}

TEST_F(EchoSessionTest, ReadsOneTextAndCloses) {
  Open(Task::kReadOne);
  Receive(Frame(0x89, "p") + Frame(0x01, "30") + Frame(0x80, "1") +
          Frame(0x81, "7") + CloseFrame(1000));
  EXPECT_EQ(session_->text(), "301");
  EXPECT_EQ(Decoded(TakeOutput()), "pong:p close:1000");
  session_->OnStreamEnd(absl::OkStatus(), now_);
  EXPECT_EQ(Describe(session_->end()), "closed by us, code 1000");
}

TEST_F(EchoSessionTest, ReadsNoBinaryAndKeepsNoLongText) {
  Open(Task::kReadOne);
  Receive(Frame(0x82, "301"));
  EXPECT_EQ(session_->text(), "");
  EXPECT_EQ(Decoded(TakeOutput()), "close:1003");
  Open(Task::kReadOne);
  Receive(Frame(0x81, Repeat(kMaxMessage, '1')));
  EXPECT_EQ(session_->text(), Repeat(64, '1'));
}

TEST_F(EchoSessionTest, AfterItsCloseItWaitsAWhileForTheEndOfTheStream) {
  for (const std::string& bytes :
       {std::string("\x88\x02\x03\xE8"), std::string("\xFF\x00", 2)}) {
    Open();
    Receive(bytes);
    // The time begins when the Close is written.
    EXPECT_EQ(session_->NextTime(), now_ + limits_.silence);
    now_ += absl::Seconds(1);
    EXPECT_TRUE(absl::StartsWith(Decoded(TakeOutput()), "close:100"));
    EXPECT_EQ(session_->NextTime(), now_ + limits_.close);
    now_ += limits_.close - absl::Milliseconds(1);
    Receive(Frame(0x89, "still there"));
    session_->OnTime(now_);
    EXPECT_FALSE(session_->done());
    EXPECT_EQ(TakeOutput(), "");
    now_ += absl::Milliseconds(1);
    session_->OnTime(now_);
    EXPECT_TRUE(session_->done());
    EXPECT_EQ(session_->end().detail.message(),
              "the server did not end the stream within 3s");
    EXPECT_EQ(session_->NextTime(), absl::InfiniteFuture());
  }
}

TEST_F(EchoSessionTest, GivesUpASilentServer) {
  Open();
  now_ += limits_.silence - absl::Milliseconds(1);
  Receive("\x81");
  now_ += limits_.silence - absl::Milliseconds(1);
  session_->OnTime(now_);
  EXPECT_FALSE(session_->done());
  now_ += absl::Milliseconds(1);
  session_->OnTime(now_);
  EXPECT_TRUE(session_->done());
  EXPECT_EQ(Describe(session_->end()),
            "given up (nothing came or went within 1m)");
}

TEST_F(EchoSessionTest, GivesUpAServerThatDoesNotTakeWhatWeSend) {
  Open();
  Receive(Frame(0x81, "Hello") + CloseFrame(1000));
  now_ += limits_.silence;
  session_->OnTime(now_);
  EXPECT_TRUE(session_->done());
  EXPECT_EQ(session_->end().detail.message(),
            "the server did not read our Close within 1m");
}

TEST_F(EchoSessionTest, GivesUpASlowServerAndASlowHead) {
  limits_.whole = absl::Minutes(5);
  Open();
  const absl::Time begun = now_;
  while (!session_->done() && now_ < begun + absl::Hours(1)) {
    now_ = std::min(now_ + absl::Seconds(59), session_->NextTime());
    Receive(Frame(0x81, ""));
    TakeOutput();
    session_->OnTime(now_);
  }
  EXPECT_EQ(now_, begun + absl::Minutes(5));
  EXPECT_EQ(Describe(session_->end()),
            "given up (the case was not over within 5m)");
  Begin();
  const absl::Time request = now_;
  const std::string answer = Answer();
  for (size_t i = 0; !session_->done() && i < answer.size(); ++i) {
    Receive(answer.substr(i, 1));
    now_ += absl::Seconds(1);
    session_->OnTime(now_);
  }
  EXPECT_EQ(now_, request + limits_.silence);
  EXPECT_EQ(session_->end().reason, Reason::kRefused);
}

TEST_F(EchoSessionTest, SendsWhatIsQueuedAfterTheServersHalfIsClosed) {
  Open();
  Receive(Frame(0x81, "Hello"));
  session_->OnStreamEnd(absl::OkStatus(), now_);
  EXPECT_FALSE(session_->done());
  EXPECT_EQ(Decoded(TakeOutput()), "text:Hello");
  EXPECT_TRUE(session_->done());
  EXPECT_EQ(session_->end().reason, Reason::kStreamEnd);
}

TEST_F(EchoSessionTest, SendsNothingAfterTheStreamBroke) {
  Open();
  Receive(Frame(0x81, "Hello"));
  session_->OnStreamEnd(absl::UnavailableError("reset"), now_);
  EXPECT_TRUE(session_->done());
  EXPECT_EQ(session_->end().detail.message(), "reset");
  Receive(Frame(0x81, "Hello"));
  session_->OnStreamEnd(absl::OkStatus(), now_);
  session_->OnTime(now_ + absl::Hours(1));
  EXPECT_EQ(session_->output().size(), 0u);
  EXPECT_EQ(session_->end().detail.message(), "reset");
}

TEST_F(EchoSessionTest, WhatIsQueuedAtTheEndIsNotKeptForEver) {
  Open();
  Receive(Frame(0x81, "Hello"));
  session_->OnStreamEnd(absl::OkStatus(), now_);
  now_ = session_->NextTime();
  session_->OnTime(now_);
  EXPECT_TRUE(session_->done());
}

TEST_F(EchoSessionTest, EchoesTheLargestMessageOfTheSuiteByDefault) {
  limits_ = EchoSession::Limits();
  Open();
  const std::string payload = Repeat(16 * 1024 * 1024, '*');
  std::string head("\x81\x7F\x00\x00\x00\x00\x01\x00\x00\x00", 10);
  Receive(head + payload);
  EXPECT_EQ(session_->output().size(), 14 + payload.size());
  EXPECT_TRUE(Decoded(TakeOutput()) == "text:" + payload);
  head[9] = 1;
  Receive(head);
  EXPECT_EQ(Decoded(TakeOutput()), "close:1009");
}

}  // namespace
}  // namespace ovoc::conformance
