// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_CONFORMANCE_OVOC_SERVER_THROWAWAY_CERTIFICATE_H_
#define OVOC_CONFORMANCE_OVOC_SERVER_THROWAWAY_CERTIFICATE_H_

#include <string>

namespace ovoc::conformance {

// ThrowawayCertificate is a self-signed P-256 certificate in PEM and its key.
// It is made anew for each test, so that there is no key in the source.
struct ThrowawayCertificate {
  std::string certificate;
  std::string private_key;
};

// Both are empty if the library fails.
ThrowawayCertificate MakeThrowawayCertificate();

}  // namespace ovoc::conformance

#endif  // OVOC_CONFORMANCE_OVOC_SERVER_THROWAWAY_CERTIFICATE_H_
