// SPDX-License-Identifier: Apache-2.0
//
// DNS messages by chance, to hold decoders against each other: the same ones
// from the same state of the generator.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_
#define OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_

#include <random>

#include "conformance/dns/testing/message_builder.h"

namespace ovoc::conformance {

// RandomAnswer makes a well-formed answer out of few names, types and
// lifetimes, so that chains, loops and foreign records come about.
Message RandomAnswer(std::mt19937* random);

// Mutate changes a message in one to four places; now and then it joins a part
// of another.
Message Mutate(Message message, const Message& other, std::mt19937* random);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_
