// SPDX-License-Identifier: Apache-2.0
//
// record passes the connections of a device on to OVOC and writes each down;
// see recording/README.md.
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "conformance/callers_folder.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "conformance/pem_file.h"
#include "conformance/recording/host_and_port.h"
#include "conformance/recording/recorder_certificate.h"
#include "conformance/recording/recording_file.h"
#include "conformance/recording/recording_proxy.h"
#include "netif/ip_address.h"
#include "netif/linux/unique_fd.h"
#include "tunnel/command_line/version.h"
#include "tunnel/report/content/log_line.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/signals.h"
#include "tunnel/transport/tls_client.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:8443",
          "ADDRESS:PORT that the device connects to");
ABSL_FLAG(std::string, upstream, "", "HOST:PORT of OVOC");
ABSL_FLAG(std::string, out, "",
          "file for the first connection, which must not exist; later "
          "connections get a number in the name");
ABSL_FLAG(std::string, cert, "",
          "PEM file of the chain to present to the device, leaf first; if "
          "empty, a throw-away certificate is made");
ABSL_FLAG(std::string, key, "", "PEM file of the leaf's key");
ABSL_FLAG(std::string, ca_out, "",
          "file to write the throw-away root to (PEM, without its key), so "
          "that the device can trust it");
ABSL_FLAG(std::string, names, "",
          "comma-separated names and addresses in the throw-away certificate; "
          "if empty, HOST of --upstream and ADDRESS of --listen");
ABSL_FLAG(std::string, ca, "/etc/ssl/certs/ca-certificates.crt",
          "PEM file of the roots that OVOC's certificate must chain to");
ABSL_FLAG(std::string, upstream_name, "",
          "the name in OVOC's certificate; if empty, HOST of --upstream");
ABSL_FLAG(bool, insecure, false, "accept any certificate from OVOC");
ABSL_FLAG(bool, plain_device, false, "plain HTTP toward the device");
ABSL_FLAG(bool, plain_upstream, false, "plain HTTP toward OVOC");
ABSL_FLAG(int, connections, 0,
          "number of recordings to end after; 0: end at SIGTERM or SIGINT");
ABSL_FLAG(std::string, peer, "OVOC",
          "text for the heading: what the server is");
ABSL_FLAG(std::string, client, "device",
          "text for the heading: what the client is");
ABSL_FLAG(std::string, scenario, "not said",
          "text for the heading: what the recording shows");

namespace ovoc::conformance {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

// The names of the throw-away certificate.
std::vector<std::string> Names(const HostAndPort& upstream,
                               const ListenAddress& listen) {
  const std::string flag = absl::GetFlag(FLAGS_names);
  if (!flag.empty()) {
    return absl::StrSplit(flag, ',');
  }
  return {upstream.host, listen.address.ToString()};
}

absl::StatusOr<bssl::UniquePtr<SSL_CTX>> ThrowAwayTls(
    const HostAndPort& upstream, const ListenAddress& listen) {
  const absl::StatusOr<RecorderCertificate> made =
      MakeRecorderCertificate(Names(upstream, listen));
  if (!made.ok()) {
    return made.status();
  }
  const std::string path = absl::GetFlag(FLAGS_ca_out);
  if (!path.empty()) {
    absl::StatusOr<RecordingFile> file = RecordingFile::Create(path);
    if (!file.ok()) {
      return file.status();
    }
    if (absl::Status status = file->Append(made->root); !status.ok()) {
      return status;
    }
  }
  return MakeServerTls(made->chain, made->private_key);
}

// Toward the device; null with --plain_device.
absl::StatusOr<bssl::UniquePtr<SSL_CTX>> DeviceTls(
    const HostAndPort& upstream, const ListenAddress& listen) {
  if (absl::GetFlag(FLAGS_plain_device)) {
    return bssl::UniquePtr<SSL_CTX>();
  }
  const PemPair files = {.certificate_option = "--cert",
                         .certificate = absl::GetFlag(FLAGS_cert),
                         .key_option = "--key",
                         .key = absl::GetFlag(FLAGS_key)};
  return files.certificate.empty() && files.key.empty()
             ? ThrowAwayTls(upstream, listen)
             : ReadServerTls(files);
}

// Toward OVOC; null with --plain_upstream.
absl::StatusOr<std::unique_ptr<tunnel::TlsClient>> OvocTls() {
  if (absl::GetFlag(FLAGS_plain_upstream)) {
    return std::unique_ptr<tunnel::TlsClient>();
  }
  tunnel::TlsClient::Options options;
  auth::TrustStore roots = auth::TrustStore::Empty();
  if (absl::GetFlag(FLAGS_insecure)) {
    options.verification = tunnel::PeerVerification::kOff;
  } else {
    const absl::StatusOr<std::string> pem =
        ReadPemFile("--ca", absl::GetFlag(FLAGS_ca));
    if (!pem.ok()) {
      return pem.status();
    }
    absl::StatusOr<auth::TrustStore> store = auth::TrustStore::FromPem(*pem);
    if (!store.ok()) {
      return store.status();
    }
    roots = *std::move(store);
  }
  auth::CertificateVerifier::Options verifying;
  verifying.release_date = absl::FromUnixSeconds(tunnel::kReleaseUnixSeconds);
  absl::StatusOr<auth::CertificateVerifier> verifier =
      auth::CertificateVerifier::Create(std::move(roots), verifying);
  if (!verifier.ok()) {
    return verifier.status();
  }
  return tunnel::TlsClient::Create(std::move(options), *std::move(verifier),
                                   [] { return absl::Now(); });
}

// The C library's resolver will do: this tool runs on a desk, not on a device.
absl::StatusOr<std::vector<netif::IpAddress>> Resolve(const std::string& host) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat(host, ": ", gai_strerror(error)));
  }
  std::vector<netif::IpAddress> addresses;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    char text[NI_MAXHOST] = {};
    if (getnameinfo(info->ai_addr, info->ai_addrlen, text, sizeof(text),
                    nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    if (const auto address = netif::IpAddress::Parse(text)) {
      addresses.push_back(*address);
    }
  }
  freeaddrinfo(list);
  return addresses;
}

Recording Heading() {
  Recording heading;
  heading.peer = absl::GetFlag(FLAGS_peer);
  heading.client = absl::GetFlag(FLAGS_client);
  heading.scenario = absl::GetFlag(FLAGS_scenario);
  heading.transport = absl::StrCat(
      absl::GetFlag(FLAGS_plain_device) ? "plain" : "TLS", " to the recorder, ",
      absl::GetFlag(FLAGS_plain_upstream) ? "plain" : "TLS", " to the peer");
  return heading;
}

absl::Status Serve(tunnel::EventLoop* loop, RecordingProxy& proxy) {
  bool stopping = false;
  const auto signals = tunnel::Signals::Create(
      loop, [&](int signal) { stopping = stopping || signal != SIGHUP; });
  if (!signals.ok()) {
    return signals.status();
  }
  while (!stopping && !proxy.done()) {
    const absl::Status status = proxy.RunOnce(absl::InfiniteFuture());
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Run(RecordingProxy::Options options,
                 const ListenAddress& address) {
  absl::StatusOr<netif::UniqueFd> listener = OpenListener(address);
  if (!listener.ok()) {
    return listener.status();
  }
  const absl::StatusOr<ListenAddress> local = LocalAddress(listener->get());
  const absl::StatusOr<std::unique_ptr<tunnel::EventLoop>> loop =
      tunnel::EventLoop::Create();
  if (!local.ok() || !loop.ok()) {
    return local.ok() ? loop.status() : local.status();
  }
  tunnel::Logger log(std::make_unique<tunnel::DescriptorSink>(STDERR_FILENO),
                     tunnel::LogLevel::kInfo);
  const absl::StatusOr<std::unique_ptr<RecordingProxy>> proxy =
      RecordingProxy::Create(std::move(options), *std::move(listener),
                             loop->get(), &log);
  if (!proxy.ok()) {
    return proxy.status();
  }
  log.Log(tunnel::LogLevel::kInfo,
          tunnel::LogLine("listening").Add("address", local->ToString()));
  return Serve(loop->get(), **proxy);
}

// Also sees to the other flags that can be wrong by themselves.
absl::StatusOr<HostAndPort> UpstreamFlag() {
  absl::StatusOr<HostAndPort> upstream =
      ParseHostAndPort(absl::GetFlag(FLAGS_upstream));
  if (!upstream.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--upstream=", upstream.status().message()));
  }
  if (absl::GetFlag(FLAGS_out).empty() ||
      absl::GetFlag(FLAGS_connections) < 0) {
    return absl::InvalidArgumentError(
        "--out needs a file name, and --connections a number from 0");
  }
  return upstream;
}

absl::StatusOr<Upstream> FindUpstream(const HostAndPort& named,
                                      tunnel::TlsClient* tls) {
  absl::StatusOr<std::vector<netif::IpAddress>> addresses = Resolve(named.host);
  if (!addresses.ok()) {
    return addresses.status();
  }
  const std::string name = absl::GetFlag(FLAGS_upstream_name);
  return Upstream{.addresses = *std::move(addresses),
                  .port = named.port,
                  .name = name.empty() ? named.host : name,
                  .tls = tls};
}

// `tls` is for OVOC and outlives the result.
absl::StatusOr<RecordingProxy::Options> MakeOptions(const ListenAddress& listen,
                                                    const HostAndPort& named,
                                                    tunnel::TlsClient* tls) {
  absl::StatusOr<Upstream> upstream = FindUpstream(named, tls);
  if (!upstream.ok()) {
    return upstream.status();
  }
  absl::StatusOr<bssl::UniquePtr<SSL_CTX>> device = DeviceTls(named, listen);
  if (!device.ok()) {
    return device.status();
  }
  return RecordingProxy::Options{
      .tls = *std::move(device),
      .upstream = *std::move(upstream),
      .heading = Heading(),
      .out = absl::GetFlag(FLAGS_out),
      .connections = absl::GetFlag(FLAGS_connections)};
}

int Fail(int code, const absl::Status& status) {
  std::cerr << "record: " << status.message() << "\n";
  return code;
}

int Main() {
  signal(SIGPIPE, SIG_IGN);
  if (const absl::Status entered = EnterCallersFolder(); !entered.ok()) {
    return Fail(kExitUsage, entered);
  }
  const absl::StatusOr<ListenAddress> listen =
      ParseListenAddress(absl::GetFlag(FLAGS_listen));
  if (!listen.ok()) {
    return Fail(kExitUsage, listen.status());
  }
  const absl::StatusOr<HostAndPort> upstream = UpstreamFlag();
  if (!upstream.ok()) {
    return Fail(kExitUsage, upstream.status());
  }
  const absl::StatusOr<std::unique_ptr<tunnel::TlsClient>> tls = OvocTls();
  absl::StatusOr<RecordingProxy::Options> options =
      tls.ok() ? MakeOptions(*listen, *upstream, tls->get()) : tls.status();
  if (!options.ok()) {
    return Fail(kExitUsage, options.status());
  }
  const absl::Status status = Run(*std::move(options), *listen);
  return status.ok() ? 0 : Fail(kExitFailed, status);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "records the tunnel between a device and OVOC\n\n"
      "  record --listen=ADDRESS:PORT --upstream=HOST:PORT --out=FILE\n\n"
      "Point the device to record instead of OVOC (WSTunServer), and let it\n"
      "trust the root that --ca_out writes. The credentials in FILE are\n"
      "replaced, but FILE holds everything that the tunnel carries.\n\n"
      "Exit codes: 0 ended, 1 failed, 2 the flags are wrong.");
  absl::ParseCommandLine(argc, argv);
  return ovoc::conformance::Main();
}
