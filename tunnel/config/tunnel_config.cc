// SPDX-License-Identifier: Apache-2.0
#include "tunnel/config/tunnel_config.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "netif/linux/vrf.h"
#include "netif/overlay.h"
#include "tunnel/command_line/version.h"
#include "tunnel/config/logins.h"
#include "tunnel/config/machine_addresses.h"
#include "tunnel/config/proxy_way.h"
#include "tunnel/settings/files/file_digests.h"
#include "tunnel/settings/files/read_file.h"
#include "tunnel/settings/files/settings_file.h"
#include "tunnel/settings/named_errors.h"

namespace ovoc::tunnel {
namespace {

constexpr char kSystemRoots[] = "/etc/ssl/certs/ca-certificates.crt";
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

absl::StatusOr<auth::TrustStore> LoadRoots(const FileRoot& files,
                                           const Settings& settings) {
  const std::string path =
      settings.trusted_roots.empty() ? kSystemRoots : settings.trusted_roots;
  absl::StatusOr<FileContents> pem = ReadNamedFile(
      files, settings, "TLSTrustedRoots", path, auth::kMaxTrustStoreBytes);
  if (!pem.ok()) {
    // A device without a bundle can still be told to verify nothing.
    return settings.verify_peer || !settings.trusted_roots.empty()
               ? absl::StatusOr<auth::TrustStore>(pem.status())
               : auth::TrustStore::Empty();
  }
  absl::StatusOr<auth::TrustStore> roots =
      auth::TrustStore::FromPem(pem->Text());
  if (!roots.ok()) {
    return SettingProblem(
        settings, "TLSTrustedRoots",
        absl::StrCat("'", path, "': ", roots.status().message()), "");
  }
  return roots;
}

// Without roots that can be read it is one that trusts nobody, so that the
// client's own certificate can be looked at all the same.
absl::StatusOr<auth::CertificateVerifier> LoadVerifier(const FileRoot& files,
                                                       const Settings& settings,
                                                       NamedErrors* errors) {
  absl::StatusOr<auth::TrustStore> roots = LoadRoots(files, settings);
  if (!errors->Take("TLSTrustedRoots", roots.status())) {
    roots = auth::TrustStore::Empty();
  }
  auth::CertificateVerifier::Options options;
  options.release_date = absl::FromUnixSeconds(kReleaseUnixSeconds);
  return auth::CertificateVerifier::Create(*std::move(roots), options);
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

// Null when something is wrong with the client's own certificate or key.
std::unique_ptr<TlsClient> LoadTls(const FileRoot& files,
                                   const Settings& settings, Policy policy,
                                   std::vector<std::string>* warnings,
                                   NamedErrors* errors) {
  TlsClient::Options options;
  options.profile = policy == Policy::kCertified ? TlsProfile::kApproved
                                                 : TlsProfile::kCompatible;
  options.verification = settings.verify_peer ? PeerVerification::kRequired
                                              : PeerVerification::kOff;
  options.name_check = settings.verify_host_name ? auth::NameCheck::kRequired
                                                 : auth::NameCheck::kOff;
  absl::StatusOr<auth::CertificateVerifier> verifier =
      LoadVerifier(files, settings, errors);
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

absl::StatusOr<std::string> VrfInUse(const Settings& settings) {
  const absl::StatusOr<bool> exists = netif::VrfExists(settings.vrf);
  if (exists.ok() && *exists) {
    return settings.vrf;
  }
  if (settings.IsExplicit("WSTunVrf")) {
    return SettingProblem(settings, "WSTunVrf",
                          absl::StrCat("'", settings.vrf, "' does not exist"),
                          "use the name of a VRF device of this machine");
  }
  return std::string();
}

// The server as it is called in the Host field, SNI and its certificate. A zone
// has a meaning on this machine only, and is sent to no other (RFC 9844 6); a
// URI has none since RFC 9844 3 took RFC 6874 back. No host name has a '%'.
std::string NameForOthers(const ServerHost& server) {
  return server.name.substr(0, server.name.find('%'));
}

// RFC 6455 4.1 MUST: a Host field with host and port is sent
// RFC 3986 3.2.2: an IPv6 address stands in brackets.
std::string HostHeader(const ServerHost& server) {
  const bool v6 = server.address.has_value() && !server.address->is_v4();
  const std::string name = NameForOthers(server);
  return v6 ? absl::StrCat("[", name, "]") : name;
}

Session::Options SessionOptions(const Settings& settings) {
  Session::Options options;
  options.shown_port = settings.server_port;
  options.path = settings.server_path;
  options.user_agent = absl::StrCat("ovoc-tunnel/", kVersion);
  options.overlay.range = settings.overlay;
  options.overlay.ovoc_address = netif::kOvocAddress;
  options.overlay.reach = settings.peer_to_peer
                              ? netif::OverlayReach::kHosts
                              : netif::OverlayReach::kOvocOnly;
  options.mtu_bytes = static_cast<size_t>(settings.mtu);
  options.keep_alive.ping_after = settings.keep_alive;
  options.keep_alive.dead_after = settings.dead_after;
  return options;
}

// What the settings name beside the settings file, as far as it is good.
void LoadNamed(TunnelConfig* config, NamedErrors* errors) {
  const Settings& settings = config->settings;
  errors->Take(CheckPolicy(config->policy, settings));
  config->insecure = InsecureSettings(settings);  // looks at passwords too
  config->credentials = TakeServerLogin(&config->settings, errors);
  config->proxy_credentials = TakeProxyLogin(&config->settings, errors);
  if (settings.secured) {
    config->tls = LoadTls(config->files, settings, config->policy,
                          &config->warnings, errors);
  }
  if (config->tls != nullptr) {
    config->signing_key = config->tls->TakeKey();
    config->tls->UseSigner(config->signing_key.get());
  }
  errors->Take("WSTunVrf", VrfInUse(settings).status());
}

void MakeAttempt(TunnelConfig* config) {
  const Settings& settings = config->settings;
  Attempt::Options& attempt = config->attempt;
  attempt.port = ServerPort(settings);
  config->sockets.server_port = attempt.port;
  attempt.tls = config->tls.get();
  config->proxy = ProxyOf(settings, config->proxy_credentials.get());
  config->sockets.proxy_port = settings.proxy ? settings.proxy->port : 0;
  attempt.authorization = [credentials = config->credentials.get()] {
    return credentials->AuthorizationValue();
  };
  attempt.session = SessionOptions(settings);
  RefreshSurroundings(config);  // selects the first server
}

// Empty before anybody has looked around.
std::vector<netif::IpAddress> KnownOf(const TunnelConfig& config,
                                      size_t place) {
  return place < config.known.size() ? config.known[place]
                                     : std::vector<netif::IpAddress>();
}

}  // namespace

void SelectServer(size_t place, TunnelConfig* config) {
  const std::vector<ServerHost>& servers = config->settings.servers;
  Attempt::Options& attempt = config->attempt;
  config->server = place;
  attempt.server = NameForOthers(servers[place]);
  attempt.address = servers[place].address;
  attempt.known = KnownOf(*config, place);
  attempt.session.host = HostHeader(servers[place]);
  attempt.proxy =
      IsDirect(config->settings, servers[place]) ? std::nullopt : config->proxy;
  attempt.other_servers.clear();
  if (config->proxy.has_value() && config->proxy->hop.address.has_value()) {
    attempt.other_servers.push_back(*config->proxy->hop.address);
  }
  for (size_t i = 0; i < servers.size(); ++i) {
    if (i != place && servers[i].address.has_value()) {
      attempt.other_servers.push_back(*servers[i].address);
    }
  }
}

std::unique_ptr<TunnelConfig> KeepAddresses(
    const TunnelConfig& running, std::unique_ptr<TunnelConfig> loaded) {
  loaded->attempt.dns.servers = running.attempt.dns.servers;
  loaded->known = running.known;
  if (loaded->proxy.has_value() && running.proxy.has_value()) {
    loaded->proxy->hop.known = running.proxy->hop.known;
  }
  SelectServer(running.server, loaded.get());
  return loaded;
}

void RefreshSurroundings(TunnelConfig* config) {
  // A VRF that was named and is gone meanwhile makes the attempt fail.
  config->sockets.vrf =
      VrfInUse(config->settings).value_or(config->settings.vrf);
  config->attempt.dns.servers =
      NameServersInUse(config->files, config->settings);
  config->known = KnownAddresses(config->files, config->settings);
  if (config->proxy.has_value()) {
    config->proxy->hop.known =
        KnownProxyAddresses(config->files, config->settings);
  }
  SelectServer(config->server, config);
}

absl::StatusOr<std::unique_ptr<TunnelConfig>> LoadTunnelConfig(
    const std::string& path, Policy policy, const FileRoot& files,
    const ProxyEnvironment& environment) {
  absl::Status of_password_file;
  absl::StatusOr<LoadedSettings> loaded = LoadSettings(
      path,
      policy == Policy::kCertified ? IniDialect::kStrict : IniDialect::kDevice,
      files, &of_password_file,
      [policy](const Settings& parsed) { return CheckPolicy(policy, parsed); });
  if (!loaded.ok()) {
    return loaded.status();
  }
  auto config = std::make_unique<TunnelConfig>();
  config->files = files;
  config->policy = policy;
  config->settings = std::move(loaded->settings);
  config->warnings = std::move(loaded->warnings);
  const absl::Status of_environment =
      UseProxyEnvironment(environment, &config->settings);
  for (std::string& warning : MissingZones(config->settings)) {
    config->warnings.push_back(std::move(warning));
  }
  for (std::string& warning : UnreadFiles(files, config->settings)) {
    config->warnings.push_back(std::move(warning));
  }
  if (config->settings.secured) {
    config->file_digests = DigestFiles(files, config->settings, kSystemRoots);
  }
  NamedErrors errors(config->settings);
  errors.Take("WSTunPasswordFile", of_password_file);
  errors.Take("WSTunProxy", of_environment);
  LoadNamed(config.get(), &errors);
  if (absl::Status status = errors.ToStatus(); !status.ok()) {
    return status;
  }
  MakeAttempt(config.get());
  return config;
}

}  // namespace ovoc::tunnel
