// The keys of [sms], a gateway's file, and the shipped ones.
#include "daemon/config_sms.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/config_gateway.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::daemon {
namespace {

std::string complaint(std::string_view toml) {
  const auto config = parse_config(toml, "usher.toml");
  return config.has_value() ? "" : std::string(config.error().text());
}

TEST(ConfigSms, TakesTheKeys) {
  const auto config = parse_config(
      "[sms]\ngateway = \"twilio\"\naccount = \"AC01\"\nfrom = \"+33612345678\"\n"
      "countries = [\"FR\", \"CA\"]\nnational_country = \"FR\"\nper_person = 3\nper_day = 50\n",
      "usher.toml");
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->sms.gateway, "twilio");
  EXPECT_EQ(config->sms.account, "AC01");
  EXPECT_EQ(config->sms.from, "+33612345678");
  EXPECT_EQ(config->sms.countries, (std::vector<std::string>{"FR", "CA"}));
  EXPECT_EQ(config->sms.national_country, "FR");
  EXPECT_EQ(config->sms.budget.per_person, 3);
  EXPECT_EQ(config->sms.budget.per_day, 50);
  EXPECT_EQ(Config{}.sms.budget.per_person, 5);
  EXPECT_EQ(Config{}.sms.budget.per_day, 500);
}

TEST(ConfigSms, RefusesWhatIsNone) {
  for (const char* line :
       {"gateway = \"Twilio\"", "gateway = \"../x\"", "gateway = \"sms/x.toml\"", "gateway = 1",
        "account = \"a b\"", "account = \"a/b\"", "from = \"a&b\"", "from = \" a\"",
        "countries = [\"fr\"]", "countries = [\"XX\"]", "countries = [33]", "countries = \"FR\"",
        "national_country = \"fr\"", "national_country = \"JM\"", "per_person = 0",
        "per_person = 101", "per_day = 0", "per_day = 100001"}) {
    const std::string said = complaint("[sms]\n" + std::string(line) + "\n");
    EXPECT_TRUE(said.starts_with("usher.toml:2: sms.")) << line << ": " << said;
  }
  EXPECT_TRUE(complaint("[sms]\ngateway = \"ovh\"\n")
                  .starts_with("usher.toml:2: sms.countries must be set where sms.gateway is"));
}

constexpr const char* kGateway =
    "url = \"https://sms.acme.example/{account}\"\nform = \"json\"\n"
    "body = '{\"to\":\"{to}\",\"from\":\"{from}\",\"text\":\"{text}\"}'\nsuccess = [200]\n";

class SmsGatewayFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text, mode_t mode = 0644) {
    const std::string path = directory_ / "own.toml";
    std::ofstream(path) << text;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }
  SmsConfig config(const std::string& path) {
    return {.gateway = path,
            .account = "acme",
            .from = "Acme",
            .countries = {"FR"},
            .national_country = {},
            .budget = {}};
  }
  std::string mistake(const SmsConfig& config) {
    const auto opened = open_sms(config);
    return opened ? "" : std::string(opened.error().text());
  }

  fakes::TemporaryDirectory directory_;
};

TEST_F(SmsGatewayFile, IsOpenedWithAccountAndSender) {
  const auto opened = open_sms(config(write(kGateway)));
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->gateway->account, "acme");
  EXPECT_EQ(opened->gateway->from, "Acme");
  EXPECT_EQ(opened->gateway->method, protocol::courier::Method::post);
  EXPECT_EQ(opened->countries, std::vector<std::string>{"FR"});
  EXPECT_FALSE(open_sms({})->is_set());
}

TEST_F(SmsGatewayFile, IsOnlyItsOwners) {
  for (const mode_t mode : {0664U, 0646U, 0666U}) {
    EXPECT_NE(mistake(config(write(kGateway, mode))), "") << mode;
  }
  EXPECT_NE(mistake(config(directory_ / "nowhere.toml")), "");
}

TEST_F(SmsGatewayFile, SaysWhichKeyOfUsherTomlItWants) {
  SmsConfig without = config(write(kGateway));
  without.account = "";
  EXPECT_NE(mistake(without).find("this gateway wants sms.account in usher.toml"),
            std::string::npos);
  without = config(write(kGateway));
  without.from = "";
  EXPECT_NE(mistake(without).find("this gateway wants sms.from in usher.toml"), std::string::npos);
}

TEST(SmsGatewayText, IsRefusedWithFileLineAndCure) {
  const std::string good = kGateway;
  EXPECT_TRUE(parse_gateway(good, "own.toml"));
  const std::pair<const char*, const char*> cases[] = {
      {"url = \"http://a/{to}{text}\"\n", "own.toml:1: url must begin with https://"},
      {"methud = \"GET\"\n", "own.toml:1: unknown key 'methud'; did you mean 'method'?"},
      {"method = \"DELETE\"\n", "own.toml:1: method must be one of \"POST\" \"PUT\" \"GET\""},
      {"signature = \"md5\"\n", "own.toml:1: signature must be one of"},
      {"success = [\"200\"]\n", "own.toml:1: success must be a list of numbers"},
      {"headers = \"X: 1\"\n", "own.toml:1: headers must be a list of texts"},
      {"headers = [\"Host: x\"]\n", "own.toml:1: headers must be at most 8"},
      {"sent = \"id\"\n", "own.toml:1: sent must be a pointer"},
      {"login = \"basic\"\nsignature = \"ovh\"\n", "own.toml:2: signature goes with login"},
      {"ca_file = \"x\"\n", "own.toml:1: ca_file must be an absolute path"},
      {"gateway.url = \"x\"\n", "own.toml:1: unknown key 'gateway'"},
      {"url = ", "own.toml"},
  };
  for (const auto& [line, says] : cases) {
    std::string rest = good;
    if (std::string_view(line).find("url") != std::string_view::npos) {
      rest.erase(0, rest.find('\n') + 1);
    }
    if (std::string_view(line).starts_with("success")) rest.erase(rest.rfind("success"));
    const auto parsed = parse_gateway(line + rest, "own.toml");
    ASSERT_FALSE(parsed) << line;
    EXPECT_TRUE(std::string(parsed.error().text()).starts_with(says)) << parsed.error().text();
  }
}

}  // namespace
}  // namespace usher::daemon
