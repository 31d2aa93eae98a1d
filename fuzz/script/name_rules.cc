// SPDX-License-Identifier: Apache-2.0
#include "fuzz/script/name_rules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "fuzz/script/name_chain.h"

namespace ovoc::fuzz {
namespace {

using Names = std::vector<ScriptName>;

// The labels of a name in lower case, the top one first; none of "".
std::vector<std::string> Labels(absl::string_view name) {
  if (name.empty()) {
    return {};
  }
  std::vector<std::string> labels =
      absl::StrSplit(absl::AsciiStrToLower(name), '.');
  std::reverse(labels.begin(), labels.end());
  return labels;
}

bool IsHost(absl::string_view name) {
  const std::vector<std::string> labels = Labels(name);
  const absl::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  return !labels.empty() &&
         std::all_of(labels.begin(), labels.end(),
                     [allowed](const std::string& label) {
                       return !label.empty() && label.size() <= 63 &&
                              label.find_first_not_of(allowed.data()) ==
                                  std::string::npos;
                     });
}

bool StartsWith(const std::vector<std::string>& all,
                const std::vector<std::string>& first) {
  return all.size() >= first.size() &&
         std::equal(first.begin(), first.end(), all.begin());
}

// X.500 as BoringSSL has it: case, outer and repeated white space do not count.
void MakeCanonical(std::vector<std::string>* subject) {
  for (std::string& one : *subject) {
    std::string text = absl::AsciiStrToLower(one.substr(1));
    absl::RemoveExtraAsciiWhitespace(&text);
    for (char& c : text) {
      c = absl::ascii_isspace(static_cast<unsigned char>(c)) ? ' ' : c;
    }
    one.replace(1, std::string::npos, text);
  }
}

void MakeCanonical(NameCertificate* certificate) {
  MakeCanonical(&certificate->subject);
  for (Names* names :
       {&certificate->names, &certificate->permitted, &certificate->excluded}) {
    for (ScriptName& name : *names) {
      MakeCanonical(&name.subject);
    }
  }
}

bool Bit(absl::string_view bytes, size_t bit) {
  return (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

bool IsConstraint(const ScriptName& base) {
  if (base.kind == ScriptName::kDns) {
    return base.text.empty() || IsHost(base.text);
  }
  if (base.kind != ScriptName::kIp) {
    return true;
  }
  const size_t bits = base.text.size() * 4;  // of the address
  for (size_t bit = 1; bit < bits; ++bit) {
    if (Bit(base.text, bits + bit) && !Bit(base.text, bits + bit - 1)) {
      return false;
    }
  }
  return bits == 32 || bits == 128;
}

bool IsWithinAddress(absl::string_view address, absl::string_view base) {
  const size_t bits = address.size() * 8;
  if (base.size() != 2 * address.size()) {
    return false;
  }
  for (size_t bit = 0; bit < bits; ++bit) {
    if (Bit(base, bits + bit) && Bit(address, bit) != Bit(base, bit)) {
      return false;
    }
  }
  return true;
}

// Whether a name can be compared at all.
bool IsClear(const ScriptName& name) {
  switch (name.kind) {
    case ScriptName::kDns:
      return IsHost(absl::StripPrefix(name.text, "*."));
    case ScriptName::kIp:
      return name.text.size() == 4 || name.text.size() == 16;
    case ScriptName::kDirectory:
      return true;
    default:
      return false;
  }
}

bool IsWithin(const ScriptName& name, const ScriptName& base, bool excluded) {
  if (name.kind == ScriptName::kDns) {
    return excluded ? IsExcludedDns(name.text, base.text)
                    : IsPermittedDns(name.text, base.text);
  }
  return name.kind == ScriptName::kIp ? IsWithinAddress(name.text, base.text)
                                      : StartsWith(name.subject, base.subject);
}

bool Keeps(const ScriptName& name, const NameCertificate& above) {
  bool is_constrained = false;
  bool is_permitted = above.permitted.empty();
  for (const ScriptName& base : above.permitted) {
    is_constrained |= base.kind == name.kind;
    is_permitted |= base.kind == name.kind && IsWithin(name, base, false);
  }
  is_permitted |= !is_constrained;
  for (const ScriptName& base : above.excluded) {
    is_constrained |= base.kind == name.kind;
    is_permitted &= base.kind != name.kind || !IsWithin(name, base, true);
  }
  return !is_constrained || (IsClear(name) && is_permitted);
}

Names AllNames(const NameCertificate& certificate) {
  Names all;
  if (!certificate.subject.empty()) {
    all.push_back({ScriptName::kDirectory, "", certificate.subject});
    for (const std::string& one : certificate.subject) {
      if (one[0] == 'e') {
        all.push_back({ScriptName::kMail, one.substr(1), {}});
      }
    }
  }
  all.insert(all.end(), certificate.names.begin(), certificate.names.end());
  return all;
}

bool AreConstraints(const NameCertificate& certificate) {
  return !(certificate.permitted.empty() && certificate.excluded.empty()) &&
         std::all_of(certificate.permitted.begin(), certificate.permitted.end(),
                     IsConstraint) &&
         std::all_of(certificate.excluded.begin(), certificate.excluded.end(),
                     IsConstraint);
}

bool IsSelfIssued(const std::vector<NameCertificate>& chain, size_t i) {
  return chain[i].is_self_issued || chain[i].subject == chain[i + 1].subject;
}

// Whether all below `depth` keep its constraints.
bool KeepBelow(const std::vector<NameCertificate>& chain, size_t depth) {
  for (size_t i = 0; i < depth; ++i) {
    if (i > 0 && IsSelfIssued(chain, i)) {
      continue;
    }
    if (chain[i].has_names && chain[i].names.empty()) {
      return false;
    }
    for (const ScriptName& name : AllNames(chain[i])) {
      if (!Keeps(name, chain[depth])) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

bool IsPermittedDns(absl::string_view name, absl::string_view base) {
  return StartsWith(Labels(absl::StripPrefix(name, "*.")), Labels(base));
}

bool IsExcludedDns(absl::string_view name, absl::string_view base) {
  if (IsPermittedDns(name, base)) {
    return true;
  }
  // The one label that makes the name the base.
  std::vector<std::string> labels = Labels(base);
  const bool is_wildcard = absl::ConsumePrefix(&name, "*.");
  return is_wildcard && labels.size() == Labels(name).size() + 1 &&
         StartsWith(labels, Labels(name));
}

bool KeepsNameConstraints(std::vector<NameCertificate> chain) {
  for (NameCertificate& certificate : chain) {
    MakeCanonical(&certificate);
  }
  if (chain[0].has_constraints) {
    return false;
  }
  for (size_t depth = chain.size() - 1; depth > 0; --depth) {
    if (chain[depth].has_constraints &&
        (!AreConstraints(chain[depth]) || !KeepBelow(chain, depth))) {
      return false;
    }
  }
  return true;
}

}  // namespace ovoc::fuzz
