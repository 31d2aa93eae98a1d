// SPDX-License-Identifier: Apache-2.0
#include "tunnel/transport/tls_transport.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "openssl/err.h"
#include "openssl/ssl.h"
#include "tunnel/retry/end_cause.h"
#include "tunnel/transport/byte_carrier.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxPlaintextBytes = 16384;  // of a record, RFC 8446 5.1

int ClampToInt(size_t size) {
  return static_cast<int>(
      std::min(size, size_t{std::numeric_limits<int>::max()}));
}

// What the library's reason for a failure says of the other side, in words.
struct Explained {
  EndCause cause;
  absl::string_view text;
};

Explained Explain(int reason) {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:  // of a record: these are other bytes
      return {EndCause::kNotTls, "the answer is not TLS"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return {EndCause::kOldTls, "the server speaks only TLS older than 1.2"};
    case SSL_R_TLSV1_ALERT_CERTIFICATE_REQUIRED:
      return {EndCause::kCertificateWanted,
              "the server wants a client certificate"};
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return {EndCause::kCertificateRefused,
              "the server refused the client's certificate"};
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return {EndCause::kTlsFailed, "the server refused the handshake"};
    default:
      return {EndCause::kUnknown, ""};
  }
}

// The newest reason on BoringSSL's queue, which is emptied. Reasons are fixed
// texts of the library, but for a certificate that it refuses by itself.
absl::Status LastReason(absl::string_view step) {
  const uint32_t error = ERR_peek_last_error();
  ERR_clear_error();
  switch (ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0) {
    case SSL_R_KEY_USAGE_BIT_INCORRECT:
      return absl::UnauthenticatedError(absl::StrCat(
          step,
          ": the certificate must not be used in this way: its key usage does ",
          "not allow what the TLS cipher suite needs (RFC 5246 7.4.2, ",
          "RFC 8446 4.4.2.2)"));
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return absl::UnauthenticatedError(
          absl::StrCat(step, ": ", ERR_reason_error_string(error)));
    default:
      break;
  }
  const char* const word = ERR_reason_error_string(error);
  const absl::string_view reason = word == nullptr ? "no reason given" : word;
  const Explained explained = ERR_GET_LIB(error) == ERR_LIB_SSL
                                  ? Explain(ERR_GET_REASON(error))
                                  : Explained{EndCause::kUnknown, ""};
  return WithCause(
      absl::UnavailableError(
          explained.text.empty()
              ? absl::StrCat(step, ": ", reason)
              : absl::StrCat(step, ": ", explained.text, " (", reason, ")")),
      explained.cause);
}

// TransportCarrier carries the records of a TLS connection in another
// transport, whose handshake is done.
class TransportCarrier : public ByteCarrier {
 public:
  explicit TransportCarrier(Transport* below) : below_(below) {}

  ssize_t Send(absl::Span<const uint8_t> bytes, int /*flags*/) override {
    size_t taken = 0;
    const IoResult result =
        below_->WriteAll([&] { return bytes.subspan(taken); },
                         [&taken](size_t count) { taken += count; });
    return taken > 0 || result == IoResult::kDone ? static_cast<ssize_t>(taken)
                                                  : Error(result);
  }

  bool HasOutput() const override { return below_->HasOutput(); }

  ssize_t Receive(absl::Span<uint8_t> first,
                  absl::Span<uint8_t> /*more*/) override {
    size_t count = 0;
    const IoResult result = below_->Read(first, &count);
    unread_ = result == IoResult::kMore;
    return result == IoResult::kDone     ? static_cast<ssize_t>(count)
           : result == IoResult::kClosed ? 0
                                         : Error(result);
  }

  bool HasInput() const override { return unread_ || below_->HasInput(); }

 private:
  static ssize_t Error(IoResult result) {
    errno = result == IoResult::kFailed || result == IoResult::kClosed ? EIO
                                                                       : EAGAIN;
    return -1;
  }

  Transport* const below_;
  bool unread_ = false;  // kMore: the socket may not report the rest
};

std::unique_ptr<ByteCarrier> MakeCarrier(Transport* below, int socket) {
  if (below != nullptr) {
    return std::make_unique<TransportCarrier>(below);
  }
  return std::make_unique<SocketCarrier>(socket);
}

}  // namespace

TlsTransport::TlsTransport(TransportBase base, bssl::UniquePtr<SSL> ssl)
    : Transport(std::move(base)),
      records_(std::make_unique<RecordBuffer>(MakeCarrier(below(), fd()))),
      ssl_(std::move(ssl)) {
  records_->Connect(ssl_.get());
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                               SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

IoResult TlsTransport::Handshake() {
  if (!status().ok()) {
    return IoResult::kFailed;
  }
  records_->AllowInput();
  return Finish(SSL_do_handshake(ssl_.get()), "TLS handshake");
}

IoResult TlsTransport::Read(absl::Span<uint8_t> out, size_t* count) {
  *count = 0;
  if (!status().ok()) {
    return IoResult::kFailed;
  }
  records_->AllowInput();
  const int result = SSL_read(ssl_.get(), out.data(), ClampToInt(out.size()));
  if (result > 0) {
    *count = static_cast<size_t>(result);
    return IoResult::kDone;
  }
  return Finish(result, "TLS read");
}

bool TlsTransport::HasInput() const {
  return records_->has_input() || SSL_pending(ssl_.get()) > 0;
}

IoResult TlsTransport::Write(absl::Span<const uint8_t> in, size_t* count) {
  *count = 0;
  if (!status().ok()) {
    return IoResult::kFailed;
  }
  // RFC 6455 4.1 MUST: all further communication runs through TLS
  while (*count < in.size()) {
    const absl::Span<const uint8_t> piece =
        in.subspan(*count, std::min(window_bytes(), kMaxPlaintextBytes));
    if (!HasRoomFor(piece.size()) && Flush() == IoResult::kFailed) {
      *count = 0;
      return IoResult::kFailed;
    }
    if (!HasRoomFor(piece.size())) {
      break;
    }
    const int result =
        SSL_write(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (result <= 0) {
      const IoResult why = Finish(result, "TLS write");
      if (why == IoResult::kWouldBlock && *count > 0) {
        break;
      }
      *count = 0;
      return why;
    }
    *count += static_cast<size_t>(result);
  }
  return *count > 0 ? IoResult::kDone : IoResult::kWouldBlock;
}

// One record at least, and else as much as may be ahead of the network.
bool TlsTransport::HasRoomFor(size_t plaintext_bytes) const {
  const size_t queued = records_->output_bytes();
  return queued == 0 ||
         (records_->HasRoom() && queued + plaintext_bytes <= window_bytes());
}

IoResult TlsTransport::Flush() {
  if (!status().ok()) {
    return IoResult::kFailed;
  }
  const size_t queued = records_->output_bytes();
  if (!records_->HasOutput()) {
    return IoResult::kDone;
  }
  if (!records_->Flush(window_flags())) {
    return FailBase(errno, "TLS write");
  }
  CountSent(queued - records_->output_bytes());
  return records_->HasOutput() ? IoResult::kWouldBlock : IoResult::kDone;
}

void TlsTransport::Shutdown() {
  // RFC 9112 9.8 MUST: a closure alert is sent before closing
  if (status().ok() && SSL_is_init_finished(ssl_.get())) {
    SSL_shutdown(ssl_.get());
    (void)records_->Flush();
  }
  ERR_clear_error();
  if (below() != nullptr) {
    below()->Shutdown();
  } else {
    shutdown(fd(), SHUT_WR);
  }
}

IoResult TlsTransport::FailBase(int error, const char* step) {
  return below() != nullptr && !below()->status().ok()
             ? Fail(below()->status())
             : FailSocket(error, step);
}

IoResult TlsTransport::Finish(int result, const char* step) {
  wants_write_ = false;
  if (result > 0) {
    return IoResult::kDone;
  }
  const int socket_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return records_->held_back() ? IoResult::kMore : IoResult::kWouldBlock;
    case SSL_ERROR_WANT_WRITE:
      wants_write_ = true;
      return IoResult::kWouldBlock;
    case SSL_ERROR_ZERO_RETURN:
      return IoResult::kClosed;
    case SSL_ERROR_SYSCALL:
      if (ERR_peek_error() != 0) {
        break;
      }
      if (result == 0 || socket_error == 0) {
        // A bare TCP FIN without close_notify, as nginx sends after an error
        // answer. Frames and heads carry their own lengths: nothing that could
        // have been cut off would be taken for whole.
        return IoResult::kClosed;
      }
      return FailBase(socket_error, step);
    default:
      break;
  }
  return Fail(LastReason(step));
}

}  // namespace ovoc::tunnel
