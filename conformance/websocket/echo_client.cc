// SPDX-License-Identifier: Apache-2.0
//
// echo_client drives a WebSocket fuzzing server; see websocket/README.md.
#include <signal.h>

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "auth/certificate_verifier.h"
#include "auth/trust_store.h"
#include "conformance/callers_folder.h"
#include "conformance/pem_file.h"
#include "conformance/websocket/echo_arguments.h"
#include "conformance/websocket/echo_run.h"
#include "conformance/websocket/host_addresses.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/flush_output.h"
#include "tunnel/system/secure_random.h"
#include "tunnel/transport/tls_client.h"

namespace ovoc::conformance {
namespace {

constexpr char kSystemRoots[] = "/etc/ssl/certs/ca-certificates.crt";
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

int Fail(int code, const absl::Status& status) {
  std::cerr << "echo_client: " << status.message() << "\n";
  return code;
}

int Shown() {
  const absl::Status shown = tunnel::FlushOutput(&std::cout);
  return shown.ok() ? 0 : Fail(kExitFailed, shown);
}

absl::StatusOr<auth::TrustStore> LoadRoots(const std::string& ca_file) {
  const std::string path = ca_file.empty() ? kSystemRoots : ca_file;
  const absl::StatusOr<std::string> pem = ReadPemFile("--ca", path);
  if (!pem.ok()) {
    return pem.status();
  }
  absl::StatusOr<auth::TrustStore> roots = auth::TrustStore::FromPem(*pem);
  if (!roots.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--ca: ", path, ": ", roots.status().message()));
  }
  return roots;
}

// Null for ws://.
absl::StatusOr<std::unique_ptr<tunnel::TlsClient>> MakeTls(
    const EchoArguments& arguments) {
  if (arguments.server.security == Security::kPlain) {
    return std::unique_ptr<tunnel::TlsClient>();
  }
  absl::StatusOr<auth::TrustStore> roots = LoadRoots(arguments.ca_file);
  if (!roots.ok()) {
    return roots.status();
  }
  absl::StatusOr<auth::CertificateVerifier> verifier =
      auth::CertificateVerifier::Create(*std::move(roots), {});
  if (!verifier.ok()) {
    return verifier.status();
  }
  return tunnel::TlsClient::Create({}, *std::move(verifier), absl::Now);
}

absl::Status Run(const EchoArguments& arguments, tunnel::TlsClient* tls) {
  const absl::StatusOr<std::unique_ptr<tunnel::EventLoop>> loop =
      tunnel::EventLoop::Create();
  if (!loop.ok()) {
    return loop.status();
  }
  absl::StatusOr<std::vector<netif::IpAddress>> addresses =
      HostAddresses(arguments.server.host);
  if (!addresses.ok()) {
    return addresses.status();
  }
  EchoRun::Options options;
  options.server = arguments.server;
  options.agent = arguments.agent;
  options.limits = arguments.limits;
  options.target = {*std::move(addresses), arguments.server.port,
                    arguments.server.host, tls};
  return EchoRun(loop->get(), std::move(options), tunnel::FillSecureRandom,
                 &std::cout)
      .Run();
}

int Main(absl::Span<const char* const> arguments) {
  signal(SIGPIPE, SIG_IGN);
  if (const absl::Status entered = EnterCallersFolder(); !entered.ok()) {
    return Fail(kExitUsage, entered);
  }
  const absl::StatusOr<EchoArguments> parsed = ParseEchoArguments(arguments);
  if (!parsed.ok()) {
    return Fail(kExitUsage, parsed.status());
  }
  if (parsed->action == EchoArguments::Action::kHelp) {
    std::cout << kEchoClientHelp;
    return Shown();
  }
  const absl::StatusOr<std::unique_ptr<tunnel::TlsClient>> tls =
      MakeTls(*parsed);
  if (!tls.ok()) {
    return Fail(kExitUsage, tls.status());
  }
  const absl::Status status = Run(*parsed, tls->get());
  return status.ok() ? Shown() : Fail(kExitFailed, status);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Main(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
