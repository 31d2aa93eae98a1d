// SPDX-License-Identifier: Apache-2.0
//
// verify_chain says whether the client would take a chain of certificates for
// a server's. Exit code 0: accepted. 1: refused, the reason is on stdout. 89:
// the question is of a kind that is not supported, stdout says which. 2: bad
// arguments, stderr says which. 3, for 0 alone: stdout cannot be written.
//
// With --batch alone it reads questions from stdin, one on a line, its options
// parted by tabs, and answers each with one line: the exit code, a space, and
// what would be on stdout or stderr.
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "conformance/callers_folder.h"
#include "conformance/x509/chain_answer.h"
#include "tunnel/system/flush_output.h"

namespace ovoc::conformance {
namespace {

constexpr int kExitOutput = 3;  // the others are those of ChainAnswer
constexpr char kUsage[] =
    "usage: verify_chain --roots=PEM --chain=PEM --name=DNS-or-IP --time=UNIX";
constexpr char kHelp[] = R"(
  --roots=PEM       file of the trusted certificates
  --chain=PEM       file of the certificates that the server presents, leaf first
  --name=NAME       DNS name or IP address of the server
  --name_check=off  instead of --name: accept any name
  --time=UNIX       when the chain is judged, in seconds since 1970
  --batch           alone: read questions from stdin, one per line, with tabs
                    between the options
Exit codes:
   0  the chain is accepted
   1  it is refused; the reason is on stdout
   2  the arguments are wrong; the wrong one is on stderr
   3  stdout cannot be written
  89  an option is not supported (--purpose=client, --crl, --max_depth, or a mail
      address as name); which one is on stdout
)";

int RunBatch() {
  std::string line;
  while (std::cout.good() && std::getline(std::cin, line)) {
    std::vector<const char*> arguments = {"verify_chain"};
    const std::vector<std::string> options = absl::StrSplit(line, '\t');
    for (const std::string& option : options) {
      arguments.push_back(option.c_str());
    }
    const ChainAnswer answer = AnswerChainQuestion(arguments);
    std::cout << answer.exit_code << " " << answer.text << "\n" << std::flush;
  }
  return kExitAccepted;
}

// A verdict that nobody got is none.
int Shown(int exit_code) {
  const absl::Status shown = tunnel::FlushOutput(&std::cout);
  if (shown.ok()) {
    return exit_code;
  }
  std::cerr << "verify_chain: " << shown.message() << "\n";
  return exit_code == kExitAccepted ? kExitOutput : exit_code;
}

int Run(absl::Span<const char* const> arguments) {
  if (const absl::Status entered = EnterCallersFolder(); !entered.ok()) {
    std::cerr << "verify_chain: " << entered.message() << "\n";
    return kExitUsage;
  }
  if (arguments.size() == 2 && absl::string_view(arguments[1]) == "--batch") {
    return Shown(RunBatch());
  }
  if (arguments.size() == 2 && absl::string_view(arguments[1]) == "--help") {
    std::cout << kUsage << kHelp;
    return Shown(kExitAccepted);
  }
  const ChainAnswer answer = AnswerChainQuestion(arguments);
  if (answer.exit_code == kExitUsage) {
    std::cerr << answer.text << "\n" << kUsage << "\n";
  } else {
    std::cout << answer.text << "\n";
  }
  return Shown(answer.exit_code);
}

}  // namespace
}  // namespace ovoc::conformance

int main(int argc, char** argv) {
  return ovoc::conformance::Run(
      absl::MakeConstSpan(argv, static_cast<size_t>(argc)));
}
