// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_HARDENING_RECORD_FORGER_H_
#define OVOC_CONFORMANCE_HARDENING_RECORD_FORGER_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "openssl/aead.h"
#include "openssl/base.h"
#include "openssl/ssl.h"

namespace ovoc::conformance {

// RFC 8446 5.1.
enum class RecordType : uint8_t {
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
};

// RecordForger continues a TLS server's connection. It writes records of any
// kind, in any number and order; BoringSSL has no call for most of them. From
// then on nothing may be written with the connection itself. Reading from it
// goes on as before.
class RecordForger {
 public:
  // `ssl` has completed its handshake as a server, in TLS 1.3 with any suite or
  // in TLS 1.2 with AES-GCM. `secret` is SERVER_TRAFFIC_SECRET_0 of the key log
  // (SSL_CTX_set_keylog_callback) in TLS 1.3, and is not used in TLS 1.2.
  [[nodiscard]] static absl::StatusOr<RecordForger> Create(
      const SSL* ssl, absl::Span<const uint8_t> secret);

  // Appends one record to *out; `payload` has at most 16,384 bytes.
  void Append(RecordType type, absl::Span<const uint8_t> payload,
              std::vector<uint8_t>* out);

  // Goes on with the keys that follow a KeyUpdate (RFC 8446 7.2).
  void UpdateKeys();

 private:
  RecordForger(const SSL* ssl, const EVP_AEAD* aead);

  std::vector<uint8_t> Expand(absl::Span<const uint8_t> label,
                              size_t size) const;
  void UseSecret();
  void UseKeyBlock(const SSL* ssl);
  void SetKey(absl::Span<const uint8_t> key);
  void Seal(absl::Span<const uint8_t> nonce, absl::Span<const uint8_t> header,
            absl::Span<const uint8_t> plaintext, std::vector<uint8_t>* out);

  const bool is_tls13_;
  const EVP_AEAD* aead_;
  const EVP_MD* digest_;
  uint64_t sequence_;
  std::vector<uint8_t> secret_;
  std::vector<uint8_t> iv_;
  bssl::UniquePtr<EVP_AEAD_CTX> key_;
};

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_HARDENING_RECORD_FORGER_H_
