// SPDX-License-Identifier: Apache-2.0
#include "conformance/x509/openssl_verdict.h"

#include <dlfcn.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "auth/peer_name.h"

namespace ovoc::conformance {

// The prototypes of OpenSSL 3.0, with its objects as bare pointers: its headers
// and BoringSSL's cannot be in one program. long is the API's type.
struct OpensslFunctions {
  void* (*d2i_X509)(void**, const unsigned char**, long);
  void (*X509_free)(void*);
  void* (*X509_STORE_new)();
  void (*X509_STORE_free)(void*);
  int (*X509_STORE_add_cert)(void*, void*);
  void* (*OPENSSL_sk_new_null)();
  int (*OPENSSL_sk_push)(void*, const void*);
  void (*OPENSSL_sk_free)(void*);
  void* (*X509_STORE_CTX_new)();
  void (*X509_STORE_CTX_free)(void*);
  int (*X509_STORE_CTX_init)(void*, void*, void*, void*);
  void* (*X509_STORE_CTX_get0_param)(const void*);
  int (*X509_STORE_CTX_get_error)(const void*);
  int (*X509_verify_cert)(void*);
  const char* (*X509_verify_cert_error_string)(long);
  int (*X509_VERIFY_PARAM_set_purpose)(void*, int);
  void (*X509_VERIFY_PARAM_set_time)(void*, time_t);
  void (*X509_VERIFY_PARAM_set_auth_level)(void*, int);
  void (*X509_VERIFY_PARAM_set_hostflags)(void*, unsigned int);
  int (*X509_VERIFY_PARAM_set1_host)(void*, const char*, size_t);
  int (*X509_VERIFY_PARAM_set1_ip)(void*, const unsigned char*, size_t);
  void (*ERR_clear_error)();
};

namespace {

// From openssl/x509v3.h of OpenSSL 3.0.
constexpr int kPurposeSslServer = 2;
constexpr unsigned kNeverCheckSubject = 0x20;
constexpr unsigned kNoPartialWildcards = 0x4;
constexpr int kSecurityLevel = 2;

using Ders = absl::Span<const std::vector<uint8_t>>;

template <typename Function>
void Find(void* library, const char* name, Function* function, bool* complete) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  *complete = *complete && *function != nullptr;
}

bool FindAll(void* library, OpensslFunctions* f) {
  bool complete = true;
#define OVOC_FIND(name) Find(library, #name, &f->name, &complete)
  OVOC_FIND(d2i_X509);
  OVOC_FIND(X509_free);
  OVOC_FIND(X509_STORE_new);
  OVOC_FIND(X509_STORE_free);
  OVOC_FIND(X509_STORE_add_cert);
  OVOC_FIND(OPENSSL_sk_new_null);
  OVOC_FIND(OPENSSL_sk_push);
  OVOC_FIND(OPENSSL_sk_free);
  OVOC_FIND(X509_STORE_CTX_new);
  OVOC_FIND(X509_STORE_CTX_free);
  OVOC_FIND(X509_STORE_CTX_init);
  OVOC_FIND(X509_STORE_CTX_get0_param);
  OVOC_FIND(X509_STORE_CTX_get_error);
  OVOC_FIND(X509_verify_cert);
  OVOC_FIND(X509_verify_cert_error_string);
  OVOC_FIND(X509_VERIFY_PARAM_set_purpose);
  OVOC_FIND(X509_VERIFY_PARAM_set_time);
  OVOC_FIND(X509_VERIFY_PARAM_set_auth_level);
  OVOC_FIND(X509_VERIFY_PARAM_set_hostflags);
  OVOC_FIND(X509_VERIFY_PARAM_set1_host);
  OVOC_FIND(X509_VERIFY_PARAM_set1_ip);
  OVOC_FIND(ERR_clear_error);
#undef OVOC_FIND
  return complete;
}

using Owner = std::unique_ptr<void, void (*)(void*)>;

// Certificates as OpenSSL reads them; empty when one cannot be read.
std::vector<Owner> Parse(const OpensslFunctions& f, Ders ders) {
  std::vector<Owner> certificates;
  for (const std::vector<uint8_t>& der : ders) {
    const unsigned char* position = der.data();
    Owner certificate(
        f.d2i_X509(nullptr, &position, static_cast<int64_t>(der.size())),
        f.X509_free);
    if (certificate == nullptr) {
      return {};
    }
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

bool Configure(const OpensslFunctions& f,
               const OpensslVerifier::Question& question, void* context) {
  void* parameters = f.X509_STORE_CTX_get0_param(context);
  f.X509_VERIFY_PARAM_set_time(parameters, absl::ToTimeT(question.time));
  f.X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
  f.X509_VERIFY_PARAM_set_hostflags(parameters,
                                    kNeverCheckSubject | kNoPartialWildcards);
  const absl::StatusOr<auth::PeerName> name =
      auth::PeerName::Parse(question.name);
  if (!name.ok() ||
      f.X509_VERIFY_PARAM_set_purpose(parameters, kPurposeSslServer) != 1) {
    return false;
  }
  switch (name->kind()) {
    case auth::PeerName::Kind::kDns:
      return f.X509_VERIFY_PARAM_set1_host(parameters, name->text().data(),
                                           name->text().size()) == 1;
    case auth::PeerName::Kind::kIpAddress:
      return f.X509_VERIFY_PARAM_set1_ip(parameters, name->address().data(),
                                         name->address().size()) == 1;
  }
  return false;
}

}  // namespace

OpensslVerifier::OpensslVerifier(std::unique_ptr<OpensslFunctions> functions)
    : functions_(std::move(functions)) {}
OpensslVerifier::OpensslVerifier(OpensslVerifier&&) noexcept = default;
OpensslVerifier& OpensslVerifier::operator=(OpensslVerifier&&) noexcept =
    default;
OpensslVerifier::~OpensslVerifier() = default;

absl::StatusOr<OpensslVerifier> OpensslVerifier::Load() {
  // Its calls of itself would end up in BoringSSL if that were visible. (A name
  // space of its own has a C library of its own, and the two share the
  // thread's keys; RTLD_DEEPBIND does not go with AddressSanitizer.)
  if (dlsym(RTLD_DEFAULT, "X509_verify_cert") != nullptr) {
    return absl::FailedPreconditionError(
        "BoringSSL is linked as a shared library; set linkstatic");
  }
  // Never closed: OpenSSL leaves handlers for the end of the program behind.
  void* library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return absl::NotFoundError(absl::StrCat("libcrypto.so.3: ", dlerror()));
  }
  auto functions = std::make_unique<OpensslFunctions>();
  if (!FindAll(library, functions.get())) {
    return absl::NotFoundError(
        "libcrypto.so.3 does not have all functions that are needed");
  }
  return OpensslVerifier(std::move(functions));
}

OpensslVerifier::Verdict OpensslVerifier::Verify(
    const Question& question) const {
  const OpensslFunctions& f = *functions_;
  const std::vector<Owner> roots = Parse(f, question.roots);
  const std::vector<Owner> chain = Parse(f, question.chain);
  const Owner store(f.X509_STORE_new(), f.X509_STORE_free);
  const Owner untrusted(f.OPENSSL_sk_new_null(), f.OPENSSL_sk_free);
  const Owner context(f.X509_STORE_CTX_new(), f.X509_STORE_CTX_free);
  if (roots.empty() || chain.empty()) {
    f.ERR_clear_error();
    return {false, "a certificate cannot be read"};
  }
  for (const Owner& root : roots) {
    f.X509_STORE_add_cert(store.get(), root.get());
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    f.OPENSSL_sk_push(untrusted.get(), chain[i].get());
  }
  if (f.X509_STORE_CTX_init(context.get(), store.get(), chain[0].get(),
                            untrusted.get()) != 1 ||
      !Configure(f, question, context.get())) {
    return {false, "OpenSSL does not take the question"};
  }
  const bool accepted = f.X509_verify_cert(context.get()) == 1;
  const int error = f.X509_STORE_CTX_get_error(context.get());
  f.ERR_clear_error();
  return {accepted, f.X509_verify_cert_error_string(error)};
}

}  // namespace ovoc::conformance
