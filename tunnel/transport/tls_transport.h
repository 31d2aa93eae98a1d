// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_TLS_TRANSPORT_H_
#define OVOC_TUNNEL_TRANSPORT_TLS_TRANSPORT_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"
#include "openssl/ssl.h"
#include "tunnel/transport/record_buffer.h"
#include "tunnel/transport/transport.h"

namespace ovoc::tunnel {

// TlsTransport: TLS by BoringSSL, over a socket or in another transport. `ssl`
// has its role (connect or accept state) and everything else set, except the
// descriptor. Output goes into records that are as full as possible, several
// with one system call; on a slow path into a few small ones. What the
// transport below fails with is passed on in its own words.
class TlsTransport : public Transport {
 public:
  TlsTransport(TransportBase base, bssl::UniquePtr<SSL> ssl);
  IoResult Handshake() override;
  IoResult Read(absl::Span<uint8_t> out, size_t* count) override;
  bool HasInput() const override;
  IoResult Write(absl::Span<const uint8_t> in, size_t* count) override;
  IoResult Flush() override;
  bool HasOutput() const override { return records_->HasOutput(); }
  void Shutdown() override;
  bool WantsWrite() const override { return wants_write_; }

  SSL* ssl() const { return ssl_.get(); }

 private:
  bool HasRoomFor(size_t plaintext_bytes) const;
  // Makes an IoResult of what an SSL_* call returned.
  IoResult Finish(int result, const char* step);
  // For what a call of the base has failed with.
  IoResult FailBase(int error, const char* step);

  const std::unique_ptr<RecordBuffer> records_;
  bssl::UniquePtr<SSL> ssl_;
  bool wants_write_ = false;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_TLS_TRANSPORT_H_
