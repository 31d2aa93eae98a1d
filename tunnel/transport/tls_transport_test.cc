// SPDX-License-Identifier: Apache-2.0
//
// TLS in another transport. What it has in common with all transports is in
// transport_test.

#include "tunnel/transport/tls_transport.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "openssl/ssl.h"
#include "tunnel/transport/testing/fake_transport.h"

namespace ovoc::tunnel {
namespace {

// A client's end over a transport that plays a script.
class TlsTransportTest : public testing::Test {
 protected:
  TlsTransportTest() : context_(SSL_CTX_new(TLS_method())) {
    auto base = std::make_unique<FakeTransport>();
    base_ = base.get();
    bssl::UniquePtr<SSL> ssl(SSL_new(context_.get()));
    SSL_set_connect_state(ssl.get());
    tls_ = std::make_unique<TlsTransport>(std::move(base), std::move(ssl));
  }

  // Whether `bytes` is one whole record of a handshake (RFC 8446 5.1).
  static bool IsOneRecord(const std::string& bytes) {
    const auto at = [&bytes](size_t i) {
      return static_cast<size_t>(static_cast<uint8_t>(bytes[i]));
    };
    return bytes.size() > 5 && at(0) == 22 &&
           bytes.size() == 5 + (at(3) << 8) + at(4);
  }

  const bssl::UniquePtr<SSL_CTX> context_;
  FakeTransport* base_ = nullptr;
  std::unique_ptr<TlsTransport> tls_;
};

TEST_F(TlsTransportTest, IsWatchedByTheSocketAtTheBottom) {
  EXPECT_EQ(tls_->fd(), base_->fd());
}

TEST_F(TlsTransportTest, SendsItsRecordsThroughTheBase) {
  EXPECT_EQ(tls_->Handshake(), IoResult::kWouldBlock);
  EXPECT_FALSE(tls_->WantsWrite());
  EXPECT_TRUE(IsOneRecord(base_->TakeWritten()));
  EXPECT_EQ(base_->handshakes(), 0) << "it was done before";
}

TEST_F(TlsTransportTest, GoesOnWhereABaseThatTakesLittleHasStopped) {
  std::string sent;
  for (int i = 0; i < 4096 && !IsOneRecord(sent); ++i) {
    base_->SetRoom(7, 3);
    EXPECT_EQ(tls_->Handshake(), IoResult::kWouldBlock);
    sent += base_->TakeWritten();
    EXPECT_EQ(tls_->WantsWrite(), !IsOneRecord(sent));
  }
  EXPECT_TRUE(IsOneRecord(sent));
}

// The base has taken it, and could not send it yet.
TEST_F(TlsTransportTest, WhatTheBaseHoldsIsStillOutput) {
  base_->HoldBack(true);
  EXPECT_EQ(tls_->Handshake(), IoResult::kWouldBlock);
  EXPECT_TRUE(tls_->WantsWrite());
  EXPECT_TRUE(tls_->HasOutput());
  EXPECT_EQ(tls_->Flush(), IoResult::kWouldBlock);
  base_->HoldBack(false);
  EXPECT_EQ(tls_->Flush(), IoResult::kDone);
  EXPECT_FALSE(tls_->HasOutput());
  EXPECT_TRUE(IsOneRecord(base_->TakeWritten()));
}

TEST_F(TlsTransportTest, FailsInTheWordsOfTheBase) {
  const absl::Status why = absl::AbortedError("TLS read: reset");
  base_->PeerEnds(IoResult::kFailed, why);
  EXPECT_EQ(tls_->Handshake(), IoResult::kFailed);
  EXPECT_EQ(tls_->status(), why);
}

TEST_F(TlsTransportTest, FailsToWriteInTheWordsOfTheBase) {
  const absl::Status why = absl::UnavailableError("TLS write: no route");
  base_->FailWrites(why);
  EXPECT_EQ(tls_->Handshake(), IoResult::kFailed);
  EXPECT_EQ(tls_->status(), why);
}

TEST_F(TlsTransportTest, AnEndOfTheBaseIsAnEnd) {
  base_->PeerEnds(IoResult::kClosed);
  EXPECT_EQ(tls_->Handshake(), IoResult::kClosed);
  EXPECT_TRUE(tls_->status().ok());
}

// No event would tell of the rest.
TEST_F(TlsTransportTest, WhatIsMoreForTheBaseIsMoreHere) {
  base_->PeerEnds(IoResult::kMore);
  EXPECT_EQ(tls_->Handshake(), IoResult::kMore);
  EXPECT_TRUE(tls_->HasInput());
  base_->PeerEnds(IoResult::kWouldBlock);
  EXPECT_EQ(tls_->Handshake(), IoResult::kWouldBlock);
  EXPECT_FALSE(tls_->HasInput());
  base_->SetHasInput(true);
  EXPECT_TRUE(tls_->HasInput());
}

TEST_F(TlsTransportTest, EndsTheSideOfTheBaseToo) {
  tls_->Shutdown();
  EXPECT_EQ(base_->shutdowns(), 1);
}

}  // namespace
}  // namespace ovoc::tunnel
