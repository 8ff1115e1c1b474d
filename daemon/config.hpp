// usher.toml as one value. Every key is a row of one table (config_keys.cpp): its name, default,
// range and reader. An unknown, mistyped or out-of-range key stops the start with file, line and
// the nearest name; nothing is guessed and nothing absent ever widens access.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "daemon/config_terms.hpp"
#include "daemon/crypto/sodium.hpp"
#include "daemon/directory/enumeration.hpp"
#include "daemon/front_end.hpp"
#include "daemon/letters/letter.hpp"
#include "daemon/policy/network.hpp"
#include "daemon/policy/policy.hpp"
#include "daemon/post/mail_settings.hpp"
#include "daemon/post/sms_settings.hpp"
#include "daemon/texts/language.hpp"

namespace usher::daemon {

inline constexpr const char* kConfigPath = "/etc/usher/usher.toml";

// Where a first second factor may be enrolled by a person who did not just redeem a code.
enum class EnrolFrom : std::uint8_t { local, any };
// Where a code for a forgotten password may be asked for: `known` is the local seat and hosts the
// person has signed in from.
enum class ForgotFrom : std::uint8_t { local, known, any };
// Which of a person's confirmed contacts a mailed code goes to: the first that there is.
enum class ForgotBy : std::uint8_t { mail_then_sms, sms_then_mail, mail, sms };

// What auth answers to a name that is nobody's here.
enum class UnknownNames : std::uint8_t {
  decoy,  // the same questions as to everybody, then a refusal
  pass,   // "not ours", before any question: the next module decides
};

// The groups, of this machine's own or of Usher's, whose members hold a role on admin.sock.
struct RoleGroups {
  std::vector<std::string> admin{};
  std::vector<std::string> helpdesk{};
  std::vector<std::string> manager{};
  std::vector<std::string> auditor{};
  // Groups that are teams; empty: a person's team is their attribute "manager".
  std::vector<std::string> team_groups{};
};

// Where the settings were read, and are read again at a reload.
struct ConfigFile {
  std::string path = kConfigPath;
  bool must_exist = false;
};

// What is built once: a reload leaves it as it was at the start.
struct AtStart {
  ConfigFile file;
  std::string state_directory = "/var/lib/usher";
  std::string login_socket = "/run/usher/login.sock";
  std::string admin_socket = "/run/usher/admin.sock";
  std::string reaper_socket = "/run/usher/reaper.sock";  // usher-reaper's, which ends sessions
  std::string courier_socket;  // where usher-courier asks, unless systemd passes it; empty: nowhere
  crypto::HashCost hash_cost;
  std::chrono::milliseconds longest_delay{10'000};  // no key sets it; tests do not wait

  std::size_t max_conversations = 4096;
  std::size_t max_unknown_host = 2048;
  std::size_t max_known_host = 1024;
  std::size_t max_su_and_unprivileged = 256;
};

// Keys and their values, as files write them.
using Said = std::map<std::string, std::string, std::less<>>;

// The [sms] keys.
struct SmsConfig {
  std::string gateway;  // the name of a shipped one, or a file's path; empty: none
  std::string account;
  std::string from;
  std::vector<std::string> countries;  // "FR": to which text messages may go
  std::string national_country;        // empty: every number has its plus
  bool ask_for_number = false;         // at a sign-in, of whom none is known
  post::SmsBudget budget;
};

struct Config {
  AtStart at_start;

  // getent passwd without a name lists everybody; off: the machine's people are no public list.
  directory::Enumeration enumerate = directory::Enumeration::off;

  std::string organisation = "Usher";          // shown in the person's authenticator app
  std::string support = "your administrator";  // named in refusals, once the person is proven
  std::string page;   // an address of the web, in letters and `usherctl self`; empty: none
  bool greet = true;  // "Signed in as ada (Acme)."
  texts::Language language = texts::Language::english;  // until the person is proven

  std::optional<policy::Preset> preset;  // nist where it is not said
  policy::Settings base;                 // what [password] says beside it
  std::vector<policy::Source> policies;  // policies/*.toml
  std::vector<Terms> terms;              // those that any of them names
  std::string keyboard_characters;       // beyond ASCII, that every console can type
  std::string breach_filter;             // a path; empty: none
  bool offer_passphrase = true;

  bool factor_required = true;
  EnrolFrom enrol_from = EnrolFrom::local;
  ForgotFrom forgot_from = ForgotFrom::known;
  ForgotBy forgot_by = ForgotBy::mail_then_sms;
  std::uint32_t strangers_letters = 60;  // an hour, that hosts nobody is known from may cause
  bool mailed_password = false;          // a passphrase in place of the code
  std::chrono::minutes pending_enrolment{60};

  UnknownNames unknown_names = UnknownNames::decoy;

  std::chrono::days warn_before{14};  // that an account or a password ends; 0: no warning

  RoleGroups roles;
  bool may_set_password = false;  // an administrator may choose one for somebody, for one use

  post::MailSettings mail;
  SmsConfig sms;
  std::vector<letters::Letter> letters_off;  // not sent; only such as may be off

  std::vector<policy::Network> known_networks;  // whoever comes from there is at a known host

  FrontEndOverrides front_ends;

  // Each key that a file sets, as it is written there: what a reload reports is the difference.
  // A policy's keys stand behind its name: "policies/staff password.min_length".
  Said said;

  // What holds where no policy says otherwise; says everything.
  policy::Settings base_settings() const;
  policy::Policy policy_for(const policy::Memberships& person) const;
};

// The text is the whole cure: "usher.toml:12: unknown key 'mfa.requried'; did you mean ...".
Result<Config> parse_config(std::string_view toml, std::string_view file_name);
// With the policies of policies/ beside the file. A missing file at the default path means
// defaults; a named file must exist. Refuses files that others than root and our own uid can write.
Result<Config> load_config(const std::string& path, bool must_exist);

// When a changed key counts.
enum class Takes : std::uint8_t { at_reload, at_start };

// What the commented usher.toml and the manual page are compared with by a test.
struct KeyDescription {
  std::string_view name;  // "password.min_length"
  std::string_view fallback;
  std::string_view range;
  Takes takes = Takes::at_reload;
};
std::span<const KeyDescription> config_keys();

}  // namespace usher::daemon
