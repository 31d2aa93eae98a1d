// SPDX-License-Identifier: Apache-2.0
//
// DNS messages made by hand, for comparing decoders.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_HAND_MADE_MESSAGES_H_
#define OVOC_CONFORMANCE_DNS_TESTING_HAND_MADE_MESSAGES_H_

#include <string>
#include <vector>

#include "conformance/dns/testing/message_builder.h"

namespace ovoc::conformance {

// NamedMessage is a message made by hand.
struct NamedMessage {
  std::string name;
  Message message;
};

// HandMadeMessages has answers of every kind: correct ones with compression,
// EDNS and every section, and others that break one rule each.
std::vector<NamedMessage> HandMadeMessages();

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_HAND_MADE_MESSAGES_H_
