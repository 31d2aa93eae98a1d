// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_TUNNEL_TRANSPORT_RECORD_BUFFER_H_
#define OVOC_TUNNEL_TRANSPORT_RECORD_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "openssl/bio.h"
#include "openssl/ssl.h"
#include "tunnel/transport/byte_carrier.h"

namespace ovoc::tunnel {

// The largest TLS record: RFC 8446 5.2, plus what RFC 5246 6.2.3 allows in
// addition.
inline constexpr size_t kMaxRecordBytes = 5 + 16384 + 2048;

// RecordBuffer is between BoringSSL and what carries the records, for one a
// socket. It moves many TLS records with one system call in each direction.
// BoringSSL alone makes one call for every record that it writes, and two for
// every one that it reads.
//
// What BoringSSL writes waits for Flush. What it reads may have come together
// with more, which waits here although the socket does not report it: see
// has_input. It reads only as much as it is allowed to: see AllowInput.
class RecordBuffer {
 public:
  explicit RecordBuffer(std::unique_ptr<ByteCarrier> carrier);
  RecordBuffer(const RecordBuffer&) = delete;
  RecordBuffer& operator=(const RecordBuffer&) = delete;

  // Makes this the object that `ssl` reads from and writes to, as long as `ssl`
  // is used. If there is no memory for it, `ssl` stays unconnected and every
  // call of it fails.
  void Connect(SSL* ssl);

  // Whether a whole record, and an answer of TLS itself, can be written without
  // waiting. SSL_write is called only then, so it never stops inside a record.
  bool HasRoom() const {
    return kOutputBytes - out_end_ >= 2 * kMaxRecordBytes;
  }

  // How much waits for Flush here, and whether anything does, here or in the
  // carrier.
  size_t output_bytes() const { return out_end_ - out_begin_; }
  bool HasOutput() const { return output_bytes() > 0 || carrier_->HasOutput(); }

  // Lets BoringSSL read one record of the largest size, or as many small ones
  // as fit into that size, and no more before the next call. BoringSSL reads on
  // until it has something to return, and that may never happen: it has no
  // limit for tickets, and its limits for empty records, key updates and
  // warnings hold only for those that directly follow each other.
  void AllowInput() {
    allowed_ = kMaxRecordBytes;
    held_back_ = false;
  }

  // Whether BoringSSL was refused bytes that may be here: it has asked for more
  // than it was allowed to read, or the carrier wants to be asked again.
  bool held_back() const { return held_back_; }

  // Whether bytes of the peer are waiting here, or in the carrier, that the
  // socket no longer reports.
  bool has_input() const { return in_begin_ < in_end_ || carrier_->HasInput(); }

  // Sends what is waiting, as far as the carrier takes it; `flags` are those of
  // send(2). False, with errno set, if the carrier has failed. A full one has
  // not failed.
  bool Flush(int flags = 0);

 private:
  // 5 records of data at most, and what HasRoom keeps free.
  static constexpr size_t kOutputBytes = 6 * kMaxRecordBytes;
  static constexpr size_t kInputBytes = 65536;

  static const BIO_METHOD* Method();
  static int Write(BIO* bio, const char* data, int size);
  static int Read(BIO* bio, char* out, int size);
  static long Control(BIO* bio, int command, long number, void* pointer);

  int Put(const uint8_t* data, size_t size);
  int Take(uint8_t* out, size_t size);
  int Copy(uint8_t* out, size_t size);
  int Receive(uint8_t* out, size_t size);

  const std::unique_ptr<ByteCarrier> carrier_;
  size_t allowed_ = 0;  // bytes that BoringSSL may still read
  bool held_back_ = false;
  // It is not zeroed, so that bytes that are never used take no memory.
  const std::unique_ptr<uint8_t[]> out_;
  size_t out_begin_ = 0;
  size_t out_end_ = 0;
  const std::unique_ptr<uint8_t[]> in_;
  size_t in_begin_ = 0;
  size_t in_end_ = 0;
};

}  // namespace ovoc::tunnel

#endif  // OVOC_TUNNEL_TRANSPORT_RECORD_BUFFER_H_
