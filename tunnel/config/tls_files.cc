// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tls_files.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "tunnel/command_line/version.h"
#include "tunnel/settings/files/read_file.h"

namespace ovoc::tunnel {
namespace {

constexpr size_t kMaxPemBytes = 65536;  // a chain or a key

// The file that the setting `name` gives, or the error that names it.
absl::StatusOr<FileContents> ReadNamedFile(const FileRoot& files,
                                           const Settings& settings,
                                           absl::string_view name,
                                           const std::string& path,
                                           size_t max_bytes) {
  absl::StatusOr<FileContents> contents =
      ReadSmallFile(path, max_bytes, FilePrivacy::kOwnWrites, files);
  if (!contents.ok()) {
    return SettingProblem(
        settings, name,
        absl::StrCat("'", path, "' ", contents.status().message()),
        FileRemedy(contents.status()));
  }
  if (contents->Text().empty()) {
    return SettingProblem(settings, name, absl::StrCat("'", path, "' is empty"),
                          "use the path of a PEM file that has content");
  }
  return contents;
}

// Where root CAs come from.
struct RootsSetting {
  absl::string_view name;
  const std::string& path;  // as it is set; empty: the system's bundle
  bool must_be;             // false: a machine without a bundle is in order
};

absl::StatusOr<auth::TrustStore> LoadRoots(const FileRoot& files,
                                           const Settings& settings,
                                           const RootsSetting& roots) {
  const std::string path = roots.path.empty() ? kSystemRoots : roots.path;
  absl::StatusOr<FileContents> pem = ReadNamedFile(
      files, settings, roots.name, path, auth::kMaxTrustStoreBytes);
  if (!pem.ok()) {
    return roots.must_be || !roots.path.empty()
               ? absl::StatusOr<auth::TrustStore>(pem.status())
               : auth::TrustStore::Empty();
  }
  absl::StatusOr<auth::TrustStore> store =
      auth::TrustStore::FromPem(pem->Text());
  if (!store.ok()) {
    return SettingProblem(
        settings, roots.name,
        absl::StrCat("'", path, "': ", store.status().message()), "");
  }
  return store;
}

// Without roots that can be read it is one that trusts nobody, so that the
// client's own certificate can be looked at all the same.
absl::StatusOr<auth::CertificateVerifier> LoadVerifier(
    const FileRoot& files, const Settings& settings, const RootsSetting& roots,
    NamedErrors* errors) {
  absl::StatusOr<auth::TrustStore> store = LoadRoots(files, settings, roots);
  if (!errors->Take(roots.name, store.status())) {
    store = auth::TrustStore::Empty();
  }
  auth::CertificateVerifier::Options options;
  options.release_date = absl::FromUnixSeconds(kReleaseUnixSeconds);
  return auth::CertificateVerifier::Create(*std::move(store), options);
}

absl::Status CheckIsCertificate(const Settings& settings,
                                absl::string_view pem) {
  return absl::StrContains(pem, "PRIVATE KEY-----") &&
                 !absl::StrContains(pem, "-----BEGIN CERTIFICATE")
             ? SettingProblem(
                   settings, "TLSCertificate",
                   absl::StrCat("'", settings.certificate,
                                "' has a private key but no certificate"),
                   "use a PEM file with the client's own certificate first "
                   "(perhaps TLSCertificate and TLSPrivateKey are swapped)")
             : absl::OkStatus();
}

// False when one of the two files is not what it should be.
bool LoadClientCertificate(const FileRoot& files, const Settings& settings,
                           TlsClient::Options* options,
                           std::vector<std::string>* warnings,
                           NamedErrors* errors) {
  if (settings.certificate.empty()) {
    return true;
  }
  absl::StatusOr<FileContents> certificate = ReadNamedFile(
      files, settings, "TLSCertificate", settings.certificate, kMaxPemBytes);
  absl::StatusOr<FileContents> key = ReadNamedFile(
      files, settings, "TLSPrivateKey", settings.private_key, kMaxPemBytes);
  const bool certificate_good = errors->Take(
      "TLSCertificate", certificate.ok()
                            ? CheckIsCertificate(settings, certificate->Text())
                            : certificate.status());
  if (!errors->Take("TLSPrivateKey", key.status()) || !certificate_good) {
    return false;
  }
  if ((key->mode & kGroupAndOthers) != 0) {
    warnings->emplace_back(
        SettingProblem(settings, "TLSPrivateKey",
                       absl::StrFormat("file is readable by others (mode %04o)",
                                       key->mode),
                       "run chmod 600")
            .message());
  }
  options->certificate_pem = std::string(certificate->Text());
  options->private_key_pem = std::move(key->bytes);
  return true;
}

// TlsClient names the setting in front of what is wrong with it, which says
// what to do where that is not plain.
void TakeClientCertificateProblem(const Settings& settings,
                                  absl::string_view problem,
                                  NamedErrors* errors) {
  const bool key = absl::ConsumePrefix(&problem, "TLSPrivateKey: ");
  absl::ConsumePrefix(&problem, "TLSCertificate: ");
  const absl::string_view name = key ? "TLSPrivateKey" : "TLSCertificate";
  const absl::string_view path =
      key ? settings.private_key : settings.certificate;
  errors->Take(name,
               SettingProblem(settings, name,
                              absl::StrCat("'", path, "': ", problem), ""));
}

TlsProfile ProfileOf(Policy policy) {
  return policy == Policy::kCertified ? TlsProfile::kApproved
                                      : TlsProfile::kCompatible;
}

}  // namespace

std::unique_ptr<TlsClient> LoadServerTls(const FileRoot& files,
                                         const Settings& settings,
                                         Policy policy,
                                         std::vector<std::string>* warnings,
                                         NamedErrors* errors) {
  TlsClient::Options options;
  options.profile = ProfileOf(policy);
  options.verification = settings.verify_peer ? PeerVerification::kRequired
                                              : PeerVerification::kOff;
  options.name_check = settings.verify_host_name ? auth::NameCheck::kRequired
                                                 : auth::NameCheck::kOff;
  absl::StatusOr<auth::CertificateVerifier> verifier = LoadVerifier(
      files, settings,
      {"TLSTrustedRoots", settings.trusted_roots, settings.verify_peer},
      errors);
  const bool own_good =
      LoadClientCertificate(files, settings, &options, warnings, errors);
  if (!errors->Take("TLSTrustedRoots", verifier.status()) || !own_good) {
    return nullptr;
  }
  absl::StatusOr<std::unique_ptr<TlsClient>> client = TlsClient::Create(
      std::move(options), *std::move(verifier), [] { return absl::Now(); });
  if (client.ok()) {
    return *std::move(client);
  }
  if (absl::IsInvalidArgument(client.status())) {
    TakeClientCertificateProblem(settings, client.status().message(), errors);
  } else {
    errors->Take("TLSCertificate", client.status());
  }
  return nullptr;
}

std::unique_ptr<TlsClient> LoadProxyTls(const FileRoot& files,
                                        const Settings& settings, Policy policy,
                                        NamedErrors* errors) {
  if (!settings.proxy.has_value() || !settings.proxy->secured) {
    return nullptr;
  }
  absl::StatusOr<auth::CertificateVerifier> verifier = LoadVerifier(
      files, settings, {"WSTunProxyRoots", settings.proxy_roots, true}, errors);
  if (!errors->Take("WSTunProxyRoots", verifier.status())) {
    return nullptr;
  }
  TlsClient::Options options;
  options.profile = ProfileOf(policy);
  absl::StatusOr<std::unique_ptr<TlsClient>> client = TlsClient::Create(
      std::move(options), *std::move(verifier), [] { return absl::Now(); });
  return errors->Take("WSTunProxyRoots", client.status()) ? *std::move(client)
                                                          : nullptr;
}

}  // namespace ovoc::tunnel
