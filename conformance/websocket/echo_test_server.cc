// SPDX-License-Identifier: Apache-2.0
#include "conformance/websocket/echo_test_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "auth/websocket_key.h"

namespace ovoc::conformance {
namespace {

// Stops a test whose client never comes or says no more.
constexpr timeval kPatience = {.tv_sec = 30, .tv_usec = 0};

std::string Answer(absl::string_view request) {
  constexpr absl::string_view kName = "Sec-WebSocket-Key: ";
  const size_t begin = request.find(kName) + kName.size();
  const auto key = auth::WebSocketKey::FromText(
      request.substr(begin, request.find("\r\n", begin) - begin));
  return absl::StrCat(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Accept: ",
      key.ok() ? key->ExpectedAccept() : "", "\r\n\r\n");
}

}  // namespace

void EchoTestServer::Connection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string EchoTestServer::Connection::Read(size_t count) {
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got = recv(fd_, bytes.data() + done, count - done, 0);
    if (got <= 0) {
      break;
    }
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

std::string EchoTestServer::Connection::ReadToEnd() {
  std::string all;
  for (std::string piece = Read(1); !piece.empty(); piece = Read(1)) {
    all += piece;
  }
  return all;
}

void EchoTestServer::Connection::EndSending() { shutdown(fd_, SHUT_WR); }

EchoTestServer::EchoTestServer(std::vector<Script> scripts)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      listen(listener_.get(), 8) == 0 &&
      getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address),
                  &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
  setsockopt(listener_.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience,
             sizeof(kPatience));
  thread_ =
      std::thread([this, scripts = std::move(scripts)] { Serve(scripts); });
}

void EchoTestServer::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void EchoTestServer::Serve(const std::vector<Script>& scripts) {
  for (const Script& script : scripts) {
    const netif::UniqueFd fd(
        accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd.valid()) {
      return;
    }
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience,
               sizeof(kPatience));
    Connection connection(fd.get());
    std::string request;
    while (!absl::EndsWith(request, "\r\n\r\n")) {
      const std::string byte = connection.Read(1);
      if (byte.empty()) {
        break;
      }
      request += byte;
    }
    const size_t space = request.find(' ');
    paths_.push_back(
        request.substr(space + 1, request.find(' ', space + 1) - space - 1));
    connection.Send(Answer(request));
    script(connection);
  }
  listener_.Reset();  // whoever comes now is refused
}

}  // namespace ovoc::conformance
