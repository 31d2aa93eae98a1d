// SPDX-License-Identifier: Apache-2.0
#include "conformance/hardening/tls_flood.h"

#include <array>

#include "openssl/ssl.h"

namespace ovoc::conformance {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kRecordsPerBlock = 200;
constexpr size_t kTicketsPerRecord = 900;
constexpr size_t kLongestTicketBytes = 16300;  // BoringSSL's limit is 16,384
constexpr std::array<uint8_t, 2> kWarning = {1, 90};  // user_canceled

// A NewSessionTicket, RFC 8446 4.6.1.
Bytes Ticket(size_t ticket_bytes) {
  const size_t body = 4 + 4 + 1 + 2 + ticket_bytes + 2;
  Bytes message = {SSL3_MT_NEW_SESSION_TICKET, 0,
                   static_cast<uint8_t>(body >> 8),
                   static_cast<uint8_t>(body & 0xff)};
  const Bytes fields = {0,
                        0,
                        14,
                        16,  // lifetime: an hour
                        1,
                        2,
                        3,
                        4,  // age_add
                        0,  // no nonce
                        static_cast<uint8_t>(ticket_bytes >> 8),
                        static_cast<uint8_t>(ticket_bytes & 0xff)};
  message.insert(message.end(), fields.begin(), fields.end());
  message.insert(message.end(), ticket_bytes, 't');
  message.insert(message.end(), {0, 0});  // no extensions
  return message;
}

// RFC 8446 4.6.3; `request` is update_not_requested (0) or update_requested.
void AppendKeyUpdate(uint8_t request, RecordForger* forger, Bytes* out) {
  forger->Append(RecordType::kHandshake, {SSL3_MT_KEY_UPDATE, 0, 0, 1, request},
                 out);
  forger->UpdateKeys();
}

size_t Tickets(RecordForger* forger, Bytes* out) {
  const Bytes one = Ticket(1);
  Bytes many;
  for (size_t i = 0; i < kTicketsPerRecord; ++i) {
    many.insert(many.end(), one.begin(), one.end());
  }
  forger->Append(RecordType::kHandshake, many, out);
  return kTicketsPerRecord;
}

size_t LongTickets(RecordForger* forger, Bytes* out) {
  forger->Append(RecordType::kHandshake, Ticket(kLongestTicketBytes), out);
  return 1;
}

size_t TicketsInPieces(RecordForger* forger, Bytes* out) {
  for (const uint8_t byte : Ticket(1)) {
    forger->Append(RecordType::kHandshake, {byte}, out);
  }
  return 1;
}

size_t KeyUpdates(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock; ++i) {
    AppendKeyUpdate(0, forger, out);
  }
  return kRecordsPerBlock;
}

// Each ticket begins the count of key updates anew.
size_t KeyUpdatesAndTickets(uint8_t request, RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock / 2; ++i) {
    AppendKeyUpdate(request, forger, out);
    forger->Append(RecordType::kHandshake, Ticket(1), out);
  }
  return kRecordsPerBlock;
}

size_t SilentKeyUpdatesAndTickets(RecordForger* forger, Bytes* out) {
  return KeyUpdatesAndTickets(0, forger, out);
}

size_t AskingKeyUpdatesAndTickets(RecordForger* forger, Bytes* out) {
  return KeyUpdatesAndTickets(1, forger, out);
}

size_t EmptyRecords(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock; ++i) {
    forger->Append(RecordType::kApplicationData, {}, out);
  }
  return kRecordsPerBlock;
}

size_t EmptyRecordsAndTickets(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock / 2; ++i) {
    forger->Append(RecordType::kApplicationData, {}, out);
    forger->Append(RecordType::kHandshake, Ticket(1), out);
  }
  return kRecordsPerBlock;
}

size_t Warnings(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock; ++i) {
    forger->Append(RecordType::kAlert, kWarning, out);
  }
  return kRecordsPerBlock;
}

// Each begins the count of the other anew.
size_t EmptyRecordsAndWarnings(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock / 2; ++i) {
    forger->Append(RecordType::kApplicationData, {}, out);
    forger->Append(RecordType::kAlert, kWarning, out);
  }
  return kRecordsPerBlock;
}

size_t HelloRequests(RecordForger* forger, Bytes* out) {
  for (size_t i = 0; i < kRecordsPerBlock; ++i) {
    forger->Append(RecordType::kHandshake, {SSL3_MT_HELLO_REQUEST, 0, 0, 0},
                   out);
  }
  return kRecordsPerBlock;
}

constexpr TlsFlood kFloods[] = {
    {"tickets", TLS1_3_VERSION, Tickets},
    {"long_tickets", TLS1_3_VERSION, LongTickets},
    {"tickets_in_pieces", TLS1_3_VERSION, TicketsInPieces},
    {"key_updates", TLS1_3_VERSION, KeyUpdates},
    {"key_updates_and_tickets", TLS1_3_VERSION, SilentKeyUpdatesAndTickets},
    {"asking_key_updates_and_tickets", TLS1_3_VERSION,
     AskingKeyUpdatesAndTickets},
    {"empty_records", TLS1_3_VERSION, EmptyRecords},
    {"empty_records_and_tickets", TLS1_3_VERSION, EmptyRecordsAndTickets},
    {"empty_records_and_warnings", TLS1_3_VERSION, EmptyRecordsAndWarnings},
    {"warnings", TLS1_3_VERSION, Warnings},
    {"empty_records_1.2", TLS1_2_VERSION, EmptyRecords},
    {"empty_records_and_warnings_1.2", TLS1_2_VERSION, EmptyRecordsAndWarnings},
    {"warnings_1.2", TLS1_2_VERSION, Warnings},
    {"hello_requests_1.2", TLS1_2_VERSION, HelloRequests},
};

}  // namespace

absl::Span<const TlsFlood> TlsFloods() { return kFloods; }

const TlsFlood* FindTlsFlood(absl::string_view name) {
  for (const TlsFlood& flood : kFloods) {
    if (flood.name == name) {
      return &flood;
    }
  }
  return nullptr;
}

std::vector<uint8_t> HandshakeFlood(size_t pairs) {
  const Bytes pair = {22, 3, 3, 0, 0,                             // empty
                      21, 3, 3, 0, 2, kWarning[0], kWarning[1]};  // a warning
  Bytes all;
  for (size_t i = 0; i < pairs; ++i) {
    all.insert(all.end(), pair.begin(), pair.end());
  }
  return all;
}

}  // namespace ovoc::conformance
