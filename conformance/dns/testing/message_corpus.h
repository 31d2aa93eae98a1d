// SPDX-License-Identifier: Apache-2.0
//
// DNS messages to hold decoders against each other: the same ones every time.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_CORPUS_H_
#define OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_CORPUS_H_

#include <random>
#include <string>
#include <vector>

#include "conformance/dns/testing/message_builder.h"

namespace ovoc::conformance {

// NamedMessage is a message made by hand.
struct NamedMessage {
  std::string name;
  Message message;
};

// HandMadeMessages has an answer of every kind: right ones with compression,
// EDNS and every section, and those that break one rule each.
std::vector<NamedMessage> HandMadeMessages();

// RandomAnswer makes a well-formed answer out of few names, types and
// lifetimes, so that chains, loops and foreign records come about.
Message RandomAnswer(std::mt19937* random);

// Mutate changes a message in one to four places; now and then it joins a part
// of another.
Message Mutate(Message message, const Message& other, std::mt19937* random);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_MESSAGE_CORPUS_H_
