// SPDX-License-Identifier: Apache-2.0
#include "tunnel/settings/proxy_url.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace ovoc::tunnel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string PasswordOf(const ProxyUrl& url) {
  return std::string(url.password.Reveal(auth::InsecureSecretAccess::Get()));
}

struct Good {
  absl::string_view text;
  absl::string_view host;
  int port;
  absl::string_view user;
  absl::string_view password;
  absl::string_view endpoint;
};

TEST(ProxyUrlTest, TakesAUrlApart) {
  const Good kCases[] = {
      {"http://proxy.example:3128", "proxy.example", 3128, "", "",
       "proxy.example:3128"},
      {"http://proxy.example:8080/", "proxy.example", 8080, "", "",
       "proxy.example:8080"},
      {"HTTP://10.0.0.1:1", "10.0.0.1", 1, "", "", "10.0.0.1:1"},
      {"http://[2001:db8::1]:65535", "2001:db8::1", 65535, "", "",
       "[2001:db8::1]:65535"},
      {"http://[fe80::1%eth0]:3128", "fe80::1%eth0", 3128, "", "",
       "[fe80::1%eth0]:3128"},
      {"http://device:geheim@proxy:3128", "proxy", 3128, "device", "geheim",
       "proxy:3128"},
      {"http://a:b:c@proxy:3128", "proxy", 3128, "a", "b:c", "proxy:3128"},
      {"http://a:x@y@proxy:3128", "proxy", 3128, "a", "x@y", "proxy:3128"},
      // RFC 3986 2.1, both cases of the digits.
      {"http://d%6Fm%5Cu:%40%2f%3A%25%20@proxy:3128", "proxy", 3128, "dom\\u",
       "@/:% ", "proxy:3128"},
      {"http://u:%C3%A4@127.0.0.1:3128", "127.0.0.1", 3128, "u", "\xC3\xA4",
       "127.0.0.1:3128"},
  };
  for (const Good& good : kCases) {
    const ProxyUrlResult result = ParseProxyUrl(good.text);
    ASSERT_TRUE(result.url.has_value()) << good.text << ": " << result.problem;
    EXPECT_EQ(result.url->host, good.host) << good.text;
    EXPECT_EQ(result.url->port, good.port) << good.text;
    EXPECT_EQ(result.url->user, good.user) << good.text;
    EXPECT_EQ(PasswordOf(*result.url), good.password) << good.text;
    EXPECT_EQ(result.url->Endpoint(), good.endpoint) << good.text;
    EXPECT_EQ(result.url->has_login(), !good.user.empty()) << good.text;
  }
}

TEST(ProxyUrlTest, KnowsAnAddressFromAName) {
  EXPECT_EQ(ParseProxyUrl("http://192.0.2.8:3128").url->address,
            netif::IpAddress::Parse("192.0.2.8"));
  EXPECT_EQ(ParseProxyUrl("http://[2001:db8::8]:3128").url->address,
            netif::IpAddress::Parse("2001:db8::8"));
  EXPECT_FALSE(ParseProxyUrl("http://proxy:3128").url->address.has_value());
}

// curl 7.88.1 was seen to take these so.
TEST(ProxyUrlTest, TakesLessInTheFormOfCurl) {
  const Good kCases[] = {
      {"proxy.example", "proxy.example", 1080, "", "", "proxy.example:1080"},
      {"proxy:3128/a?b", "proxy", 3128, "", "", "proxy:3128"},
      {"http://u:p%40@proxy", "proxy", 1080, "u", "p@", "proxy:1080"},
      {"[2001:db8::1]", "2001:db8::1", 1080, "", "", "[2001:db8::1]:1080"},
      {"https://u:p@proxy", "proxy", 443, "u", "p", "proxy:443"},
      {"HTTPS://proxy:8443", "proxy", 8443, "", "", "proxy:8443"},
  };
  for (const Good& good : kCases) {
    const ProxyUrlResult result = ParseProxyUrl(good.text, ProxyUrlForm::kCurl);
    ASSERT_TRUE(result.url.has_value()) << good.text << ": " << result.problem;
    EXPECT_EQ(result.url->Endpoint(), good.endpoint) << good.text;
    EXPECT_EQ(result.url->user, good.user) << good.text;
    EXPECT_EQ(PasswordOf(*result.url), good.password) << good.text;
  }
  for (const absl::string_view bad : {"socks5://proxy", "https://", "u@proxy",
                                      "proxy:x", "proxy:", "[::1", ""}) {
    EXPECT_FALSE(ParseProxyUrl(bad, ProxyUrlForm::kCurl).url.has_value())
        << bad;
  }
}

TEST(ProxyUrlTest, SaysWhetherTheProxyIsReachedWithTls) {
  for (const ProxyUrlForm form :
       {ProxyUrlForm::kSetting, ProxyUrlForm::kCurl}) {
    EXPECT_TRUE(ParseProxyUrl("https://proxy:8443", form).url->secured);
    EXPECT_TRUE(ParseProxyUrl("HttpS://u:p@proxy:8443/", form).url->secured);
    EXPECT_FALSE(ParseProxyUrl("http://proxy:8443", form).url->secured);
  }
  EXPECT_FALSE(ParseProxyUrl("proxy:443", ProxyUrlForm::kCurl).url->secured);
}

struct Bad {
  absl::string_view text;
  absl::string_view problem;
};

TEST(ProxyUrlTest, SaysWhatIsWrong) {
  const Bad kCases[] = {
      {"proxy.example:3128", "has no http:// or https:// in front"},
      {"Environment", "has no http:// or https:// in front"},
      {"", "is empty"},
      {"https://proxy", "has no port"},
      {"socks5://proxy:1080", "another scheme than http:// or https://"},
      {"http://proxy", "has no port"},
      {"http://proxy:", "has no port"},
      {"http://", "has no port"},
      {"http://[2001:db8::1]", "has no port"},
      {"http://[2001:db8::1:3128", "has a [ without its ]"},
      {"http://2001:db8::1:3128", "has an IPv6 address without brackets"},
      {"http://proxy:0", "not from 1 to 65535"},
      {"http://proxy:65536", "not from 1 to 65535"},
      {"http://proxy:http", "not from 1 to 65535"},
      {"http://:3128", "neither a unicast address nor a host name"},
      {"http://224.0.0.1:3128", "neither a unicast address nor a host name"},
      {"http://fe80::1:3128", "without brackets"},
      {"http://[fe80::1]:3128", "neither a unicast address nor a host name"},
      {"http://[10.0.0.1]:3128", "neither a unicast address nor a host name"},
      {"http://[2001:db8::1]x:3128", "neither a unicast address nor a host"},
      {"http://pro xy:3128", "neither a unicast address nor a host name"},
      {"http://proxy:3128/tun", "has something behind the port"},
      {"http://u:p/w@proxy:3128", "or an '@', '/', '?' or '#' in the password"},
      {"http://u@proxy:3128", "has a user name without a password"},
      {"http://:p@proxy:3128", "has a user name that HTTP Basic cannot hold"},
      {"http://u%3A:p@proxy:3128", "a user name that HTTP Basic cannot hold"},
      {"http://u:@proxy:3128", "has a password that HTTP Basic cannot hold"},
      {"http://u:p%0A@proxy:3128", "has a password that HTTP Basic cannot"},
      {"http://u:100%@proxy:3128", "has a % that no two hexadecimal digits"},
      {"http://u:%4@proxy:3128", "has a % that no two hexadecimal digits"},
      {"http://u:%zz@proxy:3128", "has a % that no two hexadecimal digits"},
  };
  for (const Bad& bad : kCases) {
    const ProxyUrlResult result = ParseProxyUrl(bad.text);
    EXPECT_FALSE(result.url.has_value()) << bad.text;
    EXPECT_THAT(std::string(result.problem), HasSubstr(bad.problem))
        << bad.text;
    EXPECT_FALSE(result.remedy.empty()) << bad.text;
  }
}

TEST(ProxyUrlTest, TheLimitsOfALoginAreThoseOfBasic) {
  const std::string most(255, 'a');
  EXPECT_TRUE(ParseProxyUrl(absl::StrCat("http://", most, ":", most, "@p:1"))
                  .url.has_value());
  EXPECT_FALSE(
      ParseProxyUrl(absl::StrCat("http://", most, "a:p@p:1")).url.has_value());
  EXPECT_FALSE(
      ParseProxyUrl(absl::StrCat("http://u:", most, "a@p:1")).url.has_value());
}

TEST(ProxyUrlTest, NoTextHasAByteOfTheValue) {
  for (const absl::string_view text :
       {"http://u:Suse-77%@p:1", "http://Suse-77", "https://u:Suse-77@p",
        "Suse-77", "http://u:Suse-77@p", "http://u:Suse-77@p:x",
        "http://u:Suse-77/@p:1"}) {
    const ProxyUrlResult result = ParseProxyUrl(text);
    EXPECT_FALSE(result.url.has_value()) << text;
    EXPECT_THAT(std::string(result.problem), Not(HasSubstr("Suse")));
    EXPECT_THAT(std::string(result.remedy), Not(HasSubstr("Suse")));
  }
}

}  // namespace
}  // namespace ovoc::tunnel
