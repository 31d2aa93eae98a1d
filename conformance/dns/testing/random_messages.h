// SPDX-License-Identifier: Apache-2.0
//
// Random DNS messages for comparing decoders. The same state of the generator
// gives the same messages.

#ifndef OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_
#define OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_

#include <random>

#include "conformance/dns/testing/message_builder.h"

namespace ovoc::conformance {

// RandomAnswer makes a well-formed answer from few names, types and lifetimes,
// so that there are chains, loops and foreign records.
Message RandomAnswer(std::mt19937* random);

// Mutate changes a message in one to four places. Now and then it adds a part
// of another message.
Message Mutate(Message message, const Message& other, std::mt19937* random);

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_DNS_TESTING_RANDOM_MESSAGES_H_
