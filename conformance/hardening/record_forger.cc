// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/record_forger.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "openssl/digest.h"
#include "openssl/hkdf.h"

namespace ovoc::conformance {
namespace {

constexpr size_t kFixedIvBytes = 4;   // RFC 5288 3
constexpr size_t kTagBytes = 16;      // of every AEAD here
constexpr size_t kSequenceBytes = 8;  // RFC 8446 5.3
constexpr absl::string_view kLabelPrefix = "tls13 ";

const EVP_AEAD* AeadOf(const SSL* ssl) {
  switch (SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl))) {
    case 0x1301:  // TLS_AES_128_GCM_SHA256
    case 0xc02b:  // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    case 0xc02f:  // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
      return EVP_aead_aes_128_gcm();
    case 0x1302:  // TLS_AES_256_GCM_SHA384
      return EVP_aead_aes_256_gcm();
    case 0x1303:  // TLS_CHACHA20_POLY1305_SHA256
      return EVP_aead_chacha20_poly1305();
    default:
      return nullptr;
  }
}

absl::Span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::array<uint8_t, kSequenceBytes> BigEndian(uint64_t number) {
  std::array<uint8_t, kSequenceBytes> bytes;
  for (size_t i = 0; i < kSequenceBytes; ++i) {
    bytes[i] = static_cast<uint8_t>(number >> (8 * (kSequenceBytes - 1 - i)));
  }
  return bytes;
}

// RFC 8446 5.1: type, legacy version, length.
std::array<uint8_t, 5> Header(RecordType type, size_t size) {
  return {static_cast<uint8_t>(type), 3, 3, static_cast<uint8_t>(size >> 8),
          static_cast<uint8_t>(size & 0xff)};
}

}  // namespace

absl::StatusOr<RecordForger> RecordForger::Create(
    const SSL* ssl, absl::Span<const uint8_t> secret) {
  const EVP_AEAD* const aead = AeadOf(ssl);
  if (aead == nullptr) {
    return absl::UnimplementedError(
        absl::StrCat("cannot forge records of ",
                     SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))));
  }
  RecordForger forger(ssl, aead);
  if (!forger.is_tls13_) {
    forger.UseKeyBlock(ssl);
    return forger;
  }
  if (secret.size() != EVP_MD_size(forger.digest_)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the secret has ", secret.size(),
                     " bytes, but it must have ", EVP_MD_size(forger.digest_)));
  }
  forger.secret_.assign(secret.begin(), secret.end());
  forger.UseSecret();
  return forger;
}

RecordForger::RecordForger(const SSL* ssl, const EVP_AEAD* aead)
    : is_tls13_(SSL_version(ssl) == TLS1_3_VERSION),
      aead_(aead),
      digest_(EVP_get_digestbynid(
          SSL_CIPHER_get_prf_nid(SSL_get_current_cipher(ssl)))),
      sequence_(SSL_get_write_sequence(ssl)) {}

// HKDF-Expand-Label without a context, RFC 8446 7.1.
std::vector<uint8_t> RecordForger::Expand(absl::Span<const uint8_t> label,
                                          size_t size) const {
  std::vector<uint8_t> info = {
      0, static_cast<uint8_t>(size),
      static_cast<uint8_t>(kLabelPrefix.size() + label.size())};
  const absl::Span<const uint8_t> prefix = AsBytes(kLabelPrefix);
  info.insert(info.end(), prefix.begin(), prefix.end());
  info.insert(info.end(), label.begin(), label.end());
  info.push_back(0);
  std::vector<uint8_t> out(size);
  HKDF_expand(out.data(), size, digest_, secret_.data(), secret_.size(),
              info.data(), info.size());
  return out;
}

// RFC 8446 7.3.
void RecordForger::UseSecret() {
  iv_ = Expand(AsBytes("iv"), EVP_AEAD_nonce_length(aead_));
  SetKey(Expand(AsBytes("key"), EVP_AEAD_key_length(aead_)));
}

void RecordForger::UpdateKeys() {
  secret_ = Expand(AsBytes("traffic upd"), secret_.size());
  UseSecret();
  sequence_ = 0;
}

// RFC 5246 6.3: the client's key, ours, the client's IV, ours.
void RecordForger::UseKeyBlock(const SSL* ssl) {
  const size_t key_bytes = EVP_AEAD_key_length(aead_);
  std::vector<uint8_t> block(SSL_get_key_block_len(ssl));
  SSL_generate_key_block(ssl, block.data(), block.size());
  const absl::Span<const uint8_t> all = block;
  SetKey(all.subspan(key_bytes, key_bytes));
  const auto iv = all.subspan(2 * key_bytes + kFixedIvBytes, kFixedIvBytes);
  iv_.assign(iv.begin(), iv.end());
}

void RecordForger::SetKey(absl::Span<const uint8_t> key) {
  key_.reset(EVP_AEAD_CTX_new(aead_, key.data(), key.size(), kTagBytes));
}

void RecordForger::Append(RecordType type, absl::Span<const uint8_t> payload,
                          std::vector<uint8_t>* out) {
  const std::array<uint8_t, kSequenceBytes> sequence = BigEndian(sequence_++);
  std::vector<uint8_t> nonce = iv_;
  if (is_tls13_) {  // RFC 8446 5.2, 5.3
    for (size_t i = 0; i < kSequenceBytes; ++i) {
      nonce[nonce.size() - kSequenceBytes + i] ^= sequence[i];
    }
    std::vector<uint8_t> inner(payload.begin(), payload.end());
    inner.push_back(static_cast<uint8_t>(type));
    const auto header =
        Header(RecordType::kApplicationData, inner.size() + kTagBytes);
    out->insert(out->end(), header.begin(), header.end());
    Seal(nonce, header, inner, out);
    return;
  }
  // RFC 5246 6.2.3.3, RFC 5288 3: the sequence number as the explicit nonce.
  nonce.insert(nonce.end(), sequence.begin(), sequence.end());
  const auto header = Header(type, kSequenceBytes + payload.size() + kTagBytes);
  out->insert(out->end(), header.begin(), header.end());
  out->insert(out->end(), sequence.begin(), sequence.end());
  std::vector<uint8_t> context(sequence.begin(), sequence.end());
  const auto plain_header = Header(type, payload.size());
  context.insert(context.end(), plain_header.begin(), plain_header.end());
  Seal(nonce, context, payload, out);
}

void RecordForger::Seal(absl::Span<const uint8_t> nonce,
                        absl::Span<const uint8_t> header,
                        absl::Span<const uint8_t> plaintext,
                        std::vector<uint8_t>* out) {
  const size_t begin = out->size();
  out->resize(begin + plaintext.size() + kTagBytes);
  size_t size = 0;
  EVP_AEAD_CTX_seal(key_.get(), out->data() + begin, &size,
                    plaintext.size() + kTagBytes, nonce.data(), nonce.size(),
                    plaintext.data(), plaintext.size(), header.data(),
                    header.size());
}

}  // namespace ovoc::conformance
