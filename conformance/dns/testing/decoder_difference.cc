// SPDX-License-Identifier: Apache-2.0
#include "conformance/dns/testing/decoder_difference.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "netif/dns/dns_error.h"

namespace ovoc::conformance {

absl::string_view NameOf(DifferenceClass difference) {
  switch (difference) {
    case DifferenceClass::kNone:
      return "None";
    case DifferenceClass::kTwoQuestions:
      return "TwoQuestions";
    case DifferenceClass::kForwardPointer:
      return "ForwardPointer";
    case DifferenceClass::kHeaderPointer:
      return "HeaderPointer";
    case DifferenceClass::kTooManyPointers:
      return "TooManyPointers";
    case DifferenceClass::kLongName:
      return "LongName";
    case DifferenceClass::kRdataOfOtherSize:
      return "RdataOfOtherSize";
    case DifferenceClass::kOddOpt:
      return "OddOpt";
    case DifferenceClass::kUnreadSections:
      return "UnreadSections";
    case DifferenceClass::kRdataOfOtherTypes:
      return "RdataOfOtherTypes";
    case DifferenceClass::kNotOneQuestion:
      return "NotOneQuestion";
    case DifferenceClass::kTargetNoHostName:
      return "TargetNoHostName";
    case DifferenceClass::kFiftyPointers:
      return "FiftyPointers";
    case DifferenceClass::kOrderOfRecords:
      return "OrderOfRecords";
    case DifferenceClass::kLoopOrLongChain:
      return "LoopOrLongChain";
    case DifferenceClass::kManyAnswers:
      return "ManyAnswers";
    case DifferenceClass::kNulLabel:
      return "NulLabel";
    case DifferenceClass::kUnexplained:
      return "Unexplained";
  }
  return "unknown";
}

std::string VerdictsText(netif::DnsError ours, absl::string_view theirs) {
  return absl::StrCat("ours: ", netif::Describe(ours),
                      "; theirs: ", theirs.empty() ? "ok" : theirs);
}

}  // namespace ovoc::conformance
