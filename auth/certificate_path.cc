// SPDX-License-Identifier: Apache-2.0
#include "auth/certificate_path.h"

#include <openssl/base.h>
#include <openssl/stack.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "auth/certificate_summary.h"
#include "auth/name_constraints.h"
#include "auth/peer_name.h"
#include "auth/verify_failure.h"

namespace ovoc::auth {
namespace {

using CertificateStack = bssl::UniquePtr<STACK_OF(X509)>;

// What is decided afterwards, over the whole chain: whether the time is right,
// and the name constraints. These errors and no others are passed over.
bool IsDecidedAfterwards(int error) {
  switch (error) {  // not an enum: the set of errors is open
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
    case X509_V_ERR_NAME_CONSTRAINTS_WITHOUT_SANS:
      return true;
    default:
      return false;
  }
}

int PassOver(int ok, X509_STORE_CTX* context) {
  if (ok != 0) {
    return ok;
  }
  if (!IsDecidedAfterwards(X509_STORE_CTX_get_error(context))) {
    return 0;
  }
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

// `certificates` as a stack, `first` (or null) before the others if it is one
// of them; null when memory runs out.
CertificateStack MakeStack(absl::Span<X509* const> certificates, X509* first) {
  CertificateStack stack(sk_X509_new_null());
  if (stack == nullptr) {
    return nullptr;
  }
  for (X509* certificate : certificates) {
    const bool in_front = first != nullptr && X509_cmp(first, certificate) == 0;
    const size_t where = in_front ? 0 : sk_X509_num(stack.get());
    if (sk_X509_insert(stack.get(), certificate, where) == 0) {
      return nullptr;
    }
    X509_up_ref(certificate);
  }
  return stack;
}

bool SetName(const PeerName& name, X509_VERIFY_PARAM* parameters) {
  // RFC 9525 2 MUST NOT: the Common Name identifies the service
  // RFC 9525 7.2 MUST: a URI-ID without scheme and host is ignored (any is)
  // RFC 9525 6.3 MUST: an invalid wildcard is ignored (BoringSSL knows
  // wildcards as a whole left-most label only; the flag says so where it is not
  // so).
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  switch (name.kind()) {
    case PeerName::Kind::kDns:
      // RFC 9525 6.2 MUST: a domain name is matched by section 6.3.
      // RFC 9525 6.3 MUST: compared label by label, case-insensitive ASCII.
      // RFC 9525 6.3 MUST: a wildcard as the whole left-most label is matched
      // (a deviation: not directly below a top-level name, "*.net" names no
      // one).
      return X509_VERIFY_PARAM_set1_host(parameters, name.text().data(),
                                         name.text().size()) == 1;
    case PeerName::Kind::kIpAddress:
      // RFC 9525 6.2 MUST: an IP-ID matches an iPAddress entry exactly.
      return X509_VERIFY_PARAM_set1_ip(parameters, name.address().data(),
                                       name.address().size()) == 1;
  }
  return false;
}

int SetOrder(IssuerOrder order, X509_VERIFY_PARAM* parameters) {
  switch (order) {
    case IssuerOrder::kAnchorsFirst:
      return X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
    case IssuerOrder::kPresentedFirst:
      return X509_VERIFY_PARAM_clear_flags(parameters,
                                           X509_V_FLAG_TRUSTED_FIRST);
  }
  return 0;
}

bool Configure(const PathQuery& query, X509_STORE_CTX* context) {
  if (X509_STORE_CTX_set_default(context, "ssl_server") != 1) {
    return false;
  }
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  if (X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) != 1 ||
      X509_VERIFY_PARAM_set_trust(parameters, X509_TRUST_SSL_SERVER) != 1 ||
      SetOrder(query.order, parameters) != 1) {
    return false;
  }
  // BoringSSL's depth counts the certificates below the anchor.
  X509_VERIFY_PARAM_set_depth(parameters,
                              static_cast<int>(kMaxPathCertificates) - 1);
  // Any fixed time: it keeps BoringSSL from reading the clock.
  X509_VERIFY_PARAM_set_time(parameters, 0);
  X509_STORE_CTX_set_verify_cb(context, PassOver);
  return query.name == nullptr || SetName(*query.name, parameters);
}

VerifyFailure Categorize(int error, bool self_issued_leaf) {
  switch (error) {  // not an enum: the set of errors is open
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return VerifyFailure::kSelfSigned;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return self_issued_leaf ? VerifyFailure::kSelfSigned
                              : VerifyFailure::kUnknownIssuer;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return VerifyFailure::kNameMismatch;
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
      return VerifyFailure::kWeakKey;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return VerifyFailure::kBadSignature;
    case X509_V_ERR_INVALID_EXTENSION:
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
      return VerifyFailure::kMalformed;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_PURPOSE:
      return VerifyFailure::kPurpose;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return VerifyFailure::kPathLength;
    default:
      return VerifyFailure::kOther;
  }
}

// Where in `chain` the error is. BoringSSL's depth is one too low for an
// issuer's key and zero for an extension.
size_t FindDepth(X509_STORE_CTX* context,
                 absl::Span<const bssl::UniquePtr<X509>> chain) {
  if (X509_STORE_CTX_get_error(context) == X509_V_ERR_INVALID_EXTENSION) {
    for (size_t depth = 0; depth < chain.size(); ++depth) {
      if ((X509_get_extension_flags(chain[depth].get()) & EXFLAG_INVALID) !=
          0) {
        return depth;
      }
    }
  }
  const X509* current = X509_STORE_CTX_get_current_cert(context);
  for (size_t depth = 0; depth < chain.size(); ++depth) {
    if (chain[depth].get() == current) {
      return depth;
    }
  }
  const int depth = X509_STORE_CTX_get_error_depth(context);
  return depth < 0 ? 0 : static_cast<size_t>(depth);
}

std::string Detail(VerifyFailure failure, int error, const PathQuery& query,
                   X509* certificate) {
  std::string text = X509_verify_cert_error_string(error);
  if (failure == VerifyFailure::kNameMismatch && query.name != nullptr) {
    absl::StrAppend(&text, ": asked for ", query.name->text(),
                    ", the certificate holds ",
                    DescribeAlternativeNames(*query.leaf));
  } else if (failure == VerifyFailure::kUnknownIssuer &&
             certificate != nullptr) {
    absl::StrAppend(&text, ": no trusted ",
                    PrintableName(*X509_get_issuer_name(certificate)));
  }
  return text;
}

Violation Explain(X509_STORE_CTX* context, const PathQuery& query,
                  absl::Span<const bssl::UniquePtr<X509>> chain) {
  const int error = X509_STORE_CTX_get_error(context);
  const size_t depth = FindDepth(context, chain);
  X509* certificate = depth < chain.size() ? chain[depth].get() : nullptr;
  const bool self_issued_leaf =
      depth == 0 && certificate != nullptr &&
      (X509_get_extension_flags(certificate) & EXFLAG_SI) != 0;
  const VerifyFailure failure = Categorize(error, self_issued_leaf);
  if (failure == VerifyFailure::kUnknownIssuer &&
      chain.size() >= kMaxPathCertificates) {
    return {VerifyFailure::kPathLength, depth,
            absl::StrCat("more than the ", kMaxPathCertificates,
                         " certificates of a chain that are followed")};
  }
  return {failure, depth, Detail(failure, error, query, certificate)};
}

std::vector<bssl::UniquePtr<X509>> CopyChain(X509_STORE_CTX* context) {
  std::vector<bssl::UniquePtr<X509>> chain;
  const STACK_OF(X509)* stack = X509_STORE_CTX_get0_chain(context);
  const size_t count = stack == nullptr ? 0 : sk_X509_num(stack);
  chain.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    chain.push_back(bssl::UpRef(sk_X509_value(stack, i)));
  }
  return chain;
}

PathResult OutOfMemory() {
  return {{VerifyFailure::kOther, 0, "out of memory"}, {}};
}

}  // namespace

PathResult BuildPath(const PathQuery& query) {
  // The leaf in front of the anchors: a self-signed one counts as trusted only
  // if the first anchor of its name is the leaf itself.
  const CertificateStack untrusted = MakeStack(query.intermediates, nullptr);
  const CertificateStack trusted = MakeStack(query.anchors, query.leaf);
  const bssl::UniquePtr<X509_STORE> empty(X509_STORE_new());
  const bssl::UniquePtr<X509_STORE_CTX> context(X509_STORE_CTX_new());
  if (untrusted == nullptr || trusted == nullptr || empty == nullptr ||
      context == nullptr ||
      X509_STORE_CTX_init(context.get(), empty.get(), query.leaf,
                          untrusted.get()) != 1) {
    return OutOfMemory();
  }
  X509_STORE_CTX_trusted_stack(context.get(), trusted.get());
  if (!Configure(query, context.get())) {
    return OutOfMemory();
  }
  const bool accepted = X509_verify_cert(context.get()) == 1 &&
                        X509_STORE_CTX_get_error(context.get()) == X509_V_OK;
  PathResult result;
  result.chain = CopyChain(context.get());
  if (!accepted) {
    result.violation = Explain(context.get(), query, result.chain);
    return result;
  }
  std::vector<X509*> chain;
  chain.reserve(result.chain.size());
  for (const bssl::UniquePtr<X509>& certificate : result.chain) {
    chain.push_back(certificate.get());
  }
  result.violation = CheckNameConstraints(chain);
  return result;
}

}  // namespace ovoc::auth
