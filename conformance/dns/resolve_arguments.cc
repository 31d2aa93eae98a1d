// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/resolve_arguments.h"

#include <algorithm>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace ovoc::conformance {

const char kResolveHelp[] =
    "resolve asks a name server for the addresses of a name and prints them.\n"
    "It uses the client's own resolver over real sockets.\n"
    "\n"
    "  resolve --server=IP[:PORT] --name=NAME [--type=A|AAAA]\n"
    "\n"
    "  --server=IP[:PORT]  the name server. Write IPv6 with a port as\n"
    "                      [::1]:5353, and with a zone as fe80::1%eth0. The\n"
    "                      default port is 53. Two more servers may follow\n"
    "                      after commas. They must have the same port, and\n"
    "                      are asked when the first one fails.\n"
    "  --name=NAME         a host name. It is always absolute: there is no\n"
    "                      search list.\n"
    "  --type=A|AAAA       ask for one family only; without it, both are\n"
    "                      asked for in parallel\n"
    "\n"
    "It prints one line for each address, IPv6 first, at most eight of each\n"
    "family:\n"
    "  A 192.0.2.1 ttl 300\n"
    "The lifetime is the smallest one, in seconds, of the chain that led to\n"
    "the address. It is 0 if it was 2^31 or more (RFC 2181 8), and at most a\n"
    "day. If there is no address, it prints one line that begins with the\n"
    "reason, and ends with an exit code:\n"
    "   1  the program itself failed\n"
    "   2  the command line is wrong\n"
    "   3  NXDOMAIN                  there is no such name\n"
    "   4  no data                   the name has no usable address\n"
    "   5  SERVFAIL\n"
    "   6  REFUSED\n"
    "   7  server error              FORMERR, NOTIMP, other codes, a referral\n"
    "   8  timeout                   no answer in time, at most 10 s\n"
    "   9  malformed                 like timeout, but an answer broke a rule\n"
    "  10  CNAME loop\n"
    "  11  CNAME chain too long      more than 8\n"
    "  12  truncated and TCP failed\n"
    "  13  unreachable               ICMP said so, or there is no route\n"
    "  14  standard output cannot be written\n"
    "  15  port closed               ICMP said that nothing listens there\n";

namespace {

absl::Status Refuse(absl::string_view option, absl::string_view found,
                    absl::string_view allowed) {
  return absl::InvalidArgumentError(absl::StrCat(
      "--", option, ": '", found, "' is not valid; give ", allowed));
}

std::optional<uint16_t> ParsePort(absl::string_view text) {
  int port = 0;
  const bool digits =
      !text.empty() && text.size() <= 5 && absl::c_all_of(text, [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      });
  if (!digits || !absl::SimpleAtoi(text, &port) || port < 1 || port > 65535) {
    return std::nullopt;
  }
  return static_cast<uint16_t>(port);
}

// Address and port of one server. False when it is none.
bool ParseServer(absl::string_view text, netif::IpAddress* address,
                 uint16_t* port) {
  absl::string_view host = text;
  absl::string_view port_text = "53";
  if (absl::StartsWith(text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) {
      return false;
    }
    host = text.substr(1, end - 1);
    const absl::string_view rest = text.substr(end + 1);
    if (!rest.empty()) {
      port_text = rest.front() == ':' ? rest.substr(1) : "";
    }
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    host = text.substr(0, text.find(':'));
    port_text = text.substr(text.find(':') + 1);
  }
  const std::optional<netif::IpAddress> parsed =
      netif::IpAddress::ParseZoned(host);
  const std::optional<uint16_t> number = ParsePort(port_text);
  if (!parsed.has_value() || !number.has_value() ||
      (absl::StartsWith(text, "[") && parsed->is_v4())) {
    return false;
  }
  *address = *parsed;
  *port = *number;
  return true;
}

absl::Status SetServers(absl::string_view value, ResolveArguments* result) {
  constexpr absl::string_view kAllowed =
      "one to three of IP, IP:PORT and [IPv6]:PORT, all with the same port, 1 "
      "to 65535";
  for (const absl::string_view text : absl::StrSplit(value, ',')) {
    netif::IpAddress address;
    uint16_t port = 0;
    const bool first = result->servers.empty();
    if (!ParseServer(text, &address, &port) ||
        (!first && port != result->port) ||
        result->servers.size() == netif::kMaxDnsServers) {
      return Refuse("server", value, kAllowed);
    }
    result->servers.push_back(address);
    result->port = port;
  }
  return absl::OkStatus();
}

absl::Status SetType(absl::string_view value, ResolveArguments* result) {
  if (value != "A" && value != "AAAA") {
    return Refuse("type", value, "A or AAAA");
  }
  result->families = value == "A" ? netif::AddressFamilies::kIpv4
                                  : netif::AddressFamilies::kIpv6;
  return absl::OkStatus();
}

// SetOption takes one option with its value.
absl::Status SetOption(absl::string_view option, absl::string_view value,
                       ResolveArguments* result) {
  if (option == "server" && result->servers.empty()) {
    return SetServers(value, result);
  }
  if (option == "name" && result->name.empty()) {
    result->name = std::string(value);
    return value.empty() ? Refuse("name", value, "a host name")
                         : absl::OkStatus();
  }
  if (option == "type" && result->families == netif::AddressFamilies::kBoth) {
    return SetType(value, result);
  }
  if (option == "server" || option == "name" || option == "type") {
    return absl::InvalidArgumentError(
        absl::StrCat("--", option, ": it is given more than once"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown option '--", option,
                   "'; the options are --server, --name and --type"));
}

}  // namespace

absl::StatusOr<ResolveArguments> ParseResolveArguments(
    absl::Span<const char* const> arguments) {
  ResolveArguments result;
  for (size_t i = 1; i < arguments.size(); ++i) {
    absl::string_view text = arguments[i];
    if (text == "--help") {
      ResolveArguments help;
      help.help = true;
      return help;
    }
    const size_t equals = text.find('=');
    if (!absl::StartsWith(text, "--")) {
      return absl::InvalidArgumentError(
          absl::StrCat("unexpected argument '", text, "'; use --OPTION=VALUE"));
    }
    const absl::string_view option = text.substr(2, equals - 2);
    absl::string_view value;
    if (equals != absl::string_view::npos) {
      value = text.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (absl::Status status = SetOption(option, value, &result); !status.ok()) {
      return status;
    }
  }
  if (result.servers.empty() || result.name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(result.servers.empty() ? "--server" : "--name",
                     ": it is missing (see --help)"));
  }
  return result;
}

}  // namespace ovoc::conformance
