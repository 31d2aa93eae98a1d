// SPDX-License-Identifier: Apache-2.0
//
// ovoc_server stands in for OVOC; see README.md beside this file.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "conformance/ovoc_server/exposure.h"
#include "conformance/ovoc_server/server.h"
#include "conformance/ovoc_server/server_listener.h"
#include "conformance/ovoc_server/server_tls.h"
#include "netif/ip_address.h"
#include "netif/linux/linux_interface_config.h"
#include "netif/linux/linux_tun_device.h"
#include "netif/overlay.h"
#include "tunnel/report/content/log_line.h"
#include "tunnel/report/log.h"
#include "tunnel/system/event_loop.h"
#include "tunnel/system/signals.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:8080", "ADDRESS:PORT to listen on");
ABSL_FLAG(
    std::string, tls_certificate, "",
    "PEM file of the certificate chain, leaf first; if empty, plain HTTP");
ABSL_FLAG(std::string, tls_private_key, "", "PEM file of the leaf's key");
ABSL_FLAG(std::string, username, "VPN", "the user who may log in");
ABSL_FLAG(std::string, password, "123456",
          "the user's password; if user and password are both empty, the "
          "server asks for none");
ABSL_FLAG(std::string, path, "tun",
          "path of the tunnel, without the leading slash");
ABSL_FLAG(std::string, overlay, "169.254.0.1/18",
          "OVOC's own address in the overlay and its prefix length");
ABSL_FLAG(std::string, tun, "",
          "name of the TUN device to create; if empty there is none, and the "
          "server answers echo requests to OVOC itself");
ABSL_FLAG(
    std::string, quirks, "none",
    "none: a strict RFC 6455 server; legacy: a server like tun-ws 1.0-beta");
ABSL_FLAG(std::string, front, "nginx",
          "with --quirks=legacy: nginx is tun-ws behind nginx; direct is "
          "tun-ws alone, which checks neither path nor password");
ABSL_FLAG(bool, pongs, true, "answer pings");
ABSL_FLAG(uint32_t, overlay_first, 1,
          "distance of the first assigned address from OVOC's own address");
ABSL_FLAG(
    std::string, backend, "up",
    "with --front=nginx: down means that tun-ws is not running behind nginx");

namespace ovoc::conformance {
namespace {

constexpr int kMtuBytes = 1500;  // protocol.md 3
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

absl::StatusOr<ServerStyle> StyleFlag() {
  const std::string quirks = absl::GetFlag(FLAGS_quirks);
  const std::string front = absl::GetFlag(FLAGS_front);
  if (front != "nginx" && front != "direct") {
    return absl::InvalidArgumentError(
        absl::StrCat("--front=", front, ": use nginx or direct"));
  }
  if (quirks == "none") {
    return ServerStyle::kStrict;
  }
  if (quirks == "legacy") {
    return front == "nginx" ? ServerStyle::kLegacyNginx
                            : ServerStyle::kLegacyDirect;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--quirks=", quirks, ": use none or legacy"));
}

absl::StatusOr<UpgradeRules> RulesFlags() {
  const absl::StatusOr<ServerStyle> style = StyleFlag();
  if (!style.ok()) {
    return style.status();
  }
  const std::string backend = absl::GetFlag(FLAGS_backend);
  if (backend != "up" && backend != "down") {
    return absl::InvalidArgumentError(
        absl::StrCat("--backend=", backend, ": use up or down"));
  }
  UpgradeRules rules;
  rules.style = *style;
  rules.path = absl::StrCat("/", absl::GetFlag(FLAGS_path));
  const std::string user = absl::GetFlag(FLAGS_username);
  const std::string password = absl::GetFlag(FLAGS_password);
  rules.user_and_password =
      user.empty() && password.empty() ? "" : absl::StrCat(user, ":", password);
  rules.daemon =
      backend == "up" ? UpgradeRules::Daemon::kUp : UpgradeRules::Daemon::kDown;
  return rules;
}

absl::StatusOr<AddressPool::Options> PoolFlags(ServerStyle style) {
  const std::string overlay = absl::GetFlag(FLAGS_overlay);
  const std::optional<netif::Ipv4Prefix> prefix =
      netif::Ipv4Prefix::Parse(overlay);
  if (!prefix.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--overlay=", overlay, ": use a form like 169.254.0.1/18"));
  }
  AddressPool::Options pool;
  pool.ovoc = prefix->address();
  pool.prefix_length = prefix->length();
  pool.first_offset = absl::GetFlag(FLAGS_overlay_first);
  pool.broadcast = style == ServerStyle::kStrict ? BroadcastUse::kReserved
                                                 : BroadcastUse::kGivenOut;
  return pool;
}

// Null without --tun.
absl::StatusOr<std::unique_ptr<netif::TunDevice>> OpenTun(
    const AddressPool::Options& pool) {
  const std::string name = absl::GetFlag(FLAGS_tun);
  if (name.empty()) {
    return std::unique_ptr<netif::TunDevice>();
  }
  netif::LinuxTunDevice::Options options;
  options.name = name;
  absl::StatusOr<std::unique_ptr<netif::LinuxTunDevice>> tun =
      netif::LinuxTunDevice::Open(options);
  if (!tun.ok()) {
    return tun.status();
  }
  netif::LinuxInterfaceConfig config;
  if (absl::Status status =
          config.Configure(name,
                           netif::Overlay({.address = pool.ovoc,
                                           .prefix_length = pool.prefix_length,
                                           .ovoc_address = pool.ovoc}),
                           kMtuBytes);
      !status.ok()) {
    return status;
  }
  return std::unique_ptr<netif::TunDevice>(*std::move(tun));
}

absl::StatusOr<Server::Options> ServerFlags() {
  Server::Options options;
  const absl::StatusOr<UpgradeRules> rules = RulesFlags();
  if (!rules.ok()) {
    return rules.status();
  }
  options.peer.rules = *rules;
  options.peer.pongs =
      absl::GetFlag(FLAGS_pongs) ? Pongs::kAnswered : Pongs::kOff;
  options.user = absl::GetFlag(FLAGS_username);
  const absl::StatusOr<AddressPool::Options> pool = PoolFlags(rules->style);
  if (!pool.ok()) {
    return pool.status();
  }
  options.pool = *pool;
  absl::StatusOr<bssl::UniquePtr<SSL_CTX>> tls =
      ReadServerTls({.certificate_option = "--tls_certificate",
                     .certificate = absl::GetFlag(FLAGS_tls_certificate),
                     .key_option = "--tls_private_key",
                     .key = absl::GetFlag(FLAGS_tls_private_key)});
  if (!tls.ok()) {
    return tls.status();
  }
  options.tls = *std::move(tls);
  return options;
}

// The usual soft limit of 1024 descriptors is little for 500 clients.
void RaiseFileLimit() {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

// Serves until SIGTERM or SIGINT, and then until all are gone or time is up.
absl::Status Serve(tunnel::EventLoop* loop, Server& server) {
  bool stopping = false;
  absl::Time deadline = absl::InfiniteFuture();
  const auto signals = tunnel::Signals::Create(loop, [&](int signal) {
    if (signal != SIGHUP && !stopping) {
      stopping = true;
      deadline = tunnel::MonotonicNow() + kLingerTime;
      server.Stop();
    }
  });
  if (!signals.ok()) {
    return signals.status();
  }
  while (!stopping ||
         (server.connection_count() > 0 && tunnel::MonotonicNow() < deadline)) {
    if (absl::Status status = server.RunOnce(deadline); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// Before anybody can connect, on the terminal as well as in a log.
void Warn(const Server::Options& options, const ListenAddress& address) {
  for (const std::string& warning : ExposureWarnings(
           address, options.peer.rules,
           options.tls == nullptr ? Encryption::kNone : Encryption::kTls)) {
    std::cerr << "ovoc_server: WARNING: " << warning << "\n";
  }
}

absl::Status Run(Server::Options options, const ListenAddress& address) {
  absl::StatusOr<std::unique_ptr<netif::TunDevice>> tun = OpenTun(options.pool);
  if (!tun.ok()) {
    return tun.status();
  }
  options.tun = *std::move(tun);
  absl::StatusOr<netif::UniqueFd> listener = OpenListener(address);
  if (!listener.ok()) {
    return listener.status();
  }
  const absl::StatusOr<ListenAddress> local = LocalAddress(listener->get());
  Warn(options, local.value_or(address));
  const absl::StatusOr<std::unique_ptr<tunnel::EventLoop>> loop =
      tunnel::EventLoop::Create();
  if (!local.ok() || !loop.ok()) {
    return local.ok() ? loop.status() : local.status();
  }
  tunnel::Logger log(std::make_unique<tunnel::DescriptorSink>(STDERR_FILENO),
                     tunnel::LogLevel::kInfo);
  const absl::StatusOr<std::unique_ptr<Server>> server = Server::Create(
      std::move(options), *std::move(listener), loop->get(), &log);
  if (!server.ok()) {
    return server.status();
  }
  log.Log(tunnel::LogLevel::kInfo,
          tunnel::LogLine("listening").Add("address", local->ToString()));
  return Serve(loop->get(), **server);
}

int Main() {
  signal(SIGPIPE, SIG_IGN);
  RaiseFileLimit();
  absl::StatusOr<Server::Options> options = ServerFlags();
  const absl::StatusOr<ListenAddress> address =
      ParseListenAddress(absl::GetFlag(FLAGS_listen));
  if (!options.ok() || !address.ok()) {
    const absl::Status& status =
        options.ok() ? address.status() : options.status();
    std::cerr << "ovoc_server: " << status.message() << "\n";
    return kExitUsage;
  }
  if (const absl::Status status = Run(*std::move(options), *address);
      !status.ok()) {
    std::cerr << "ovoc_server: " << status.message() << "\n";
    return kExitFailed;
  }
  return 0;
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "is a stand-in for OVOC, the server of the tunnel, for tests");
  absl::ParseCommandLine(argc, argv);
  return ovoc::conformance::Main();
}
