// SPDX-License-Identifier: Apache-2.0
#include "auth/path_search.h"

#include <openssl/base.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "auth/certificate_path.h"

namespace ovoc::auth {
namespace {

using Take = absl::FunctionRef<bool(absl::Span<X509* const>)>;

class Search {
 public:
  Search(const PathSearchQuery& query, Take may_continue, Take take)
      : query_(query),
        may_continue_(may_continue),
        take_(take),
        way_({query.leaf}) {}

  // Goes on from the end of the way; its depth is bounded by
  // kMaxPathCertificates.
  bool Climb() {  // NOLINT(misc-no-recursion)
    if (way_.size() == kMaxPathCertificates) {
      return false;
    }
    return TryAll(query_.trusted, Origin::kTrusted) ||
           TryAll(query_.intermediates, Origin::kPresented);
  }

 private:
  enum class Origin { kTrusted, kPresented };

  bool TryAll(absl::Span<X509* const> issuers,
              Origin origin) {  // NOLINT(misc-no-recursion)
    for (X509* issuer : issuers) {
      if (Fits(issuer) && Try(issuer, origin)) {
        return true;
      }
    }
    return false;
  }

  // Whether it may have issued the end of the way, by what is written in them.
  bool Fits(X509* issuer) const {
    return X509_check_issued(issuer, way_.back()) == X509_V_OK &&
           std::none_of(way_.begin(), way_.end(), [&](X509* other) {
             return X509_cmp(other, issuer) == 0;
           });
  }

  bool Try(X509* issuer, Origin origin) {  // NOLINT(misc-no-recursion)
    const bool self_signed =
        (X509_get_extension_flags(issuer) & EXFLAG_SS) != 0;
    if (self_signed && origin == Origin::kPresented) {
      return false;  // a way ends in it, and nobody trusts it
    }
    if (tried_ == kMaxIssuersTried) {
      return false;
    }
    ++tried_;
    const bssl::UniquePtr<EVP_PKEY> key(X509_get_pubkey(issuer));
    if (key == nullptr || X509_verify(way_.back(), key.get()) != 1) {
      return false;
    }
    way_.push_back(issuer);
    const bool found =
        may_continue_(way_) && (self_signed ? take_(way_) : Climb());
    way_.pop_back();
    return found;
  }

  const PathSearchQuery& query_;
  Take may_continue_;
  Take take_;
  std::vector<X509*> way_;  // leaf first
  size_t tried_ = 0;
};

}  // namespace

bool SearchPaths(const PathSearchQuery& query,
                 absl::FunctionRef<bool(absl::Span<X509* const>)> may_continue,
                 absl::FunctionRef<bool(absl::Span<X509* const>)> take) {
  return Search(query, may_continue, take).Climb();
}

}  // namespace ovoc::auth
