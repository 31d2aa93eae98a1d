// SPDX-License-Identifier: Apache-2.0
//
// dns_decode judges DNS messages in files; see dns/README.md.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "conformance/callers_folder.h"
#include "conformance/dns/decode_verdict.h"
#include "tunnel/system/flush_output.h"

namespace ovoc::conformance {
namespace {

constexpr char kHelp[] =
    "dns_decode judges DNS messages with the client's own decoder.\n"
    "\n"
    "  dns_decode FILE ...    each file holds one message; - is stdin\n"
    "\n"
    "It prints one line for each file, in order: \"ok\", or \"malformed: \"\n"
    "and the first rule that the message breaks. A message has at most\n"
    "65,535 bytes.\n"
    "\n"
    "Exit codes:\n"
    "  0  all files could be read, whatever the verdicts are\n"
    "  2  the command line is wrong, or a file could not be read. The file\n"
    "     is named, and the files before it were judged.\n"
    "  3  standard output cannot be written\n";

constexpr int kExitDone = 0;
constexpr int kExitUsage = 2;
constexpr int kExitOutput = 3;

// Read takes one byte more than a message may have, and no further ones.
absl::StatusOr<std::vector<uint8_t>> Read(const char* path) {
  std::FILE* const file =
      absl::string_view(path) == "-" ? stdin : std::fopen(path, "rb");
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, path);
  }
  std::vector<uint8_t> bytes(kMaxDnsMessageBytes + 1);
  errno = 0;
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
  const int error = std::ferror(file) != 0 ? errno : 0;
  if (file != stdin) {
    std::fclose(file);
  }
  if (error != 0) {
    return absl::ErrnoToStatus(error, path);
  }
  return bytes;
}

int Fail(absl::string_view message) {
  std::cout.flush();
  std::cerr << "dns_decode: " << message << "\n";
  return kExitUsage;
}

// Verdicts that nobody got are none.
int Shown() {
  const absl::Status shown = tunnel::FlushOutput(&std::cout);
  if (shown.ok()) {
    return kExitDone;
  }
  std::cerr << "dns_decode: " << shown.message() << "\n";
  return kExitOutput;
}

int Run(absl::Span<const char* const> paths) {
  if (const absl::Status entered = EnterCallersFolder(); !entered.ok()) {
    return Fail(entered.message());
  }
  bool options_may_come = true;
  std::vector<const char*> files;
  for (const char* const path : paths) {
    const absl::string_view text = path;
    if (options_may_come && text == "--help") {
      std::cout << kHelp;
      return Shown();
    }
    if (options_may_come && text == "--") {
      options_may_come = false;
    } else if (options_may_come && text != "-" && absl::StartsWith(text, "-")) {
      return Fail(absl::StrCat("unknown option '", text,
                               "'; the only option is --help (put -- before a "
                               "file whose name begins with -)"));
    } else {
      files.push_back(path);
    }
  }
  if (files.empty()) {
    return Fail("no file is given; give at least one (see --help)");
  }
  for (const char* const path : files) {
    const absl::StatusOr<std::vector<uint8_t>> bytes = Read(path);
    if (!bytes.ok()) {
      return Fail(bytes.status().message());
    }
    std::cout << DecodeVerdict(*bytes) << "\n";
  }
  return Shown();
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)).subspan(1));
}
