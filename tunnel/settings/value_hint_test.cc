// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/value_hint.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

struct Case {
  absl::string_view name;
  absl::string_view value;
  absl::string_view problem;
  absl::string_view remedy;
};

constexpr absl::string_view kBits = "has bits set behind its prefix length";

constexpr Case kCases[] = {
    {"WSTunServerPort", "0443", "has leading zeros",
     "write the number without them"},
    {"WSTunMtu", "01400", "has leading zeros", "write the number without them"},
    {"WSTunMtu", "00", "has leading zeros", "write the number without them"},
    {"WSTunKeepAlive", "+5", "has a sign", "write the number without the +"},
    {"WSTunKeepAlive", "17 seconds", "", ""},
    {"WSTunDeadAfter", "0", "", ""},
    {"WSTunReconnectSpread", "+", "", ""},
    {"WSTunInterface", "0443", "", ""},
    // The network of each, by hand: 18 bits keep the upper two of the third
    // octet, 20 bits its upper half.
    {"WSTunOverlay", "169.254.0.1/18", kBits, "write 169.254.0.0/18"},
    {"WSTunOverlay", "169.254.15.1/20", kBits, "write 169.254.0.0/20"},
    // 169.254.0.1 is not in the network of these.
    {"WSTunOverlay", "169.254.64.1/18", "", ""},
    {"WSTunOverlay", "10.0.0.1/16", "", ""},
    {"WSTunOverlay", "169.254.0.1/15", "", ""},
    {"WSTunOverlay", "169.254.0.0/31", "", ""},
    {"WSTunOverlay", "169.254.0.1", "", ""},
    {"WSTunMtu", "1400 # bytes", "has a # after a space",
     "begin a comment with ;"},
    {"DNSPriServerIP", "192.0.2.53\t# ns", "has a # after a space",
     "begin a comment with ;"},
    {"WSTunPassword", "a #b", "", ""},
    {"WSTunProxy", "http://u:a #b@proxy:3128",
     "has something behind the port, or an '@', '/', '?' or '#' in the "
     "password",
     "leave out the path; in a password write %40 for an @, %2F for a /, %3F "
     "for a ?, %23 for a #"},
    {"WSTunServer", "ovoc.example:443", "has a port",
     "leave the port out (OVOC's port goes into WSTunServerPort)"},
    {"WSTunServer", "a.example,b.example:443",
     "has a second host that has a port",
     "leave the port out (OVOC's port goes into WSTunServerPort)"},
    {"WSTunServer", "https://a.example,b.example",
     "has a first host that is a URL",
     "use its host alone (the port and the path go into WSTunServerPort and "
     "WSTunServerPath)"},
    {"WSTunServer", "a, b, c*", "has a third host that is not valid",
     "use an IPv4 or IPv6 unicast address or a host name"},
    {"WSTunServer", "a,b,c,d", "has more than three hosts",
     "leave out those that matter least"},
    {"WSTunServer", "a,,b", "has a comma without a host on each side",
     "write one host on each side of a comma"},
    {"WSTunServer", "a,", "has a comma without a host on each side",
     "write one host on each side of a comma"},
    {"WSTunServer", "a.example, A.example", "has the same host twice",
     "write each host once"},
    {"WSTunServer", "a b", "contains a space",
     "write commas between two hosts"},
    {"WSTunServer", "a;b", "contains a ;", "write commas between two hosts"},
    {"WSTunServer", "", "", ""},
    {"DNSSecServerIP", "192.0.2.53:53", "has a port", "leave the port out"},
};

TEST(ValueHintTest, SaysWhatIsWrongAndWhatToWrite) {
  for (const Case& c : kCases) {
    const ValueHint hint = HintForValue(c.name, c.value);
    EXPECT_EQ(hint.problem, c.problem) << c.name << " = " << c.value;
    EXPECT_EQ(hint.remedy, c.remedy) << c.name << " = " << c.value;
  }
}

}  // namespace
}  // namespace ovoc::tunnel
