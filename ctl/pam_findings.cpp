// The table of questions, and what is known of other modules.
#include "ctl/pam_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ctl/host_files.hpp"
#include "ctl/pam_search.hpp"

namespace usher::ctl {
namespace {

using Codes = std::vector<PamCode>;

// Who stands at the door. `local`: root or an account of /etc/passwd, with the right password.
// `usher`: somebody only Usher knows.
enum class Who : std::uint8_t { local, usher };

// What a module can answer, where that is known. Others may answer anything.
enum class Nature : std::uint8_t {
  denies,       // whoever asks
  permits,      // whoever asks
  local_only,   // knows the machine's own files: a stranger is none of them
  others_only,  // knows people of elsewhere
  root_caller,  // the caller is root already: nobody who stands at a door
};
struct Known {
  std::string_view module;
  Nature nature;
};
constexpr Known kKnown[] = {
    {"pam_deny.so", Nature::denies},         {"pam_permit.so", Nature::permits},
    {"pam_unix.so", Nature::local_only},     {"pam_localuser.so", Nature::local_only},
    {"pam_rootok.so", Nature::root_caller},  {"pam_sss.so", Nature::others_only},
    {"pam_ldap.so", Nature::others_only},    {"pam_krb5.so", Nature::others_only},
    {"pam_winbind.so", Nature::others_only},
};

Codes answers_of(const PamLine& line, Who who) {
  const Codes refusals{PamCode::user_unknown, PamCode::authinfo_unavail, PamCode::perm_denied};
  const auto* known = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const Known& row) {
    return row.module == line.module_name();
  });
  if (known == std::end(kKnown)) return anything(line);
  switch (known->nature) {
    case Nature::denies:
    case Nature::root_caller:
      return {PamCode::auth_err};
    case Nature::permits:
      return {PamCode::success};
    case Nature::local_only:
      return who == Who::local ? anything(line) : told_apart(line, refusals);
    case Nature::others_only:
      return who == Who::usher ? anything(line) : told_apart(line, refusals);
  }
  return anything(line);
}

// Usher's no, in all its words.
Codes refusals_of_usher(PamFacility facility) {
  Codes codes{PamCode::auth_err, PamCode::authinfo_unavail, PamCode::perm_denied};
  for (const PamCode code : all_pam_codes()) {
    const bool is_yes = code == PamCode::success || code == PamCode::user_unknown ||
                        code == PamCode::ignore || code == PamCode::incomplete ||
                        (facility == PamFacility::account && code == PamCode::new_authtok_reqd);
    if (!is_yes) codes.push_back(code);
  }
  return codes;
}

std::string place_of(const PamLine& line) {
  return fmt::format("{}:{}", line.file, line.number);
}

bool known_option(std::string_view option) {
  return option == "debug" || option.starts_with("socket=") || option.starts_with("server_uid=") ||
         option.starts_with("directory=");
}

// One service and one facility of it, with what Usher's module answers there.
class Stack {
 public:
  Stack(const Host& host, const PamService& service, PamFacility facility)
      : host_(host), service_(service), facility_(facility), stack_(service.stack(facility)) {}

  void look(Findings& findings) {
    findings_ = &findings;
    look_at_lines();
    if (!names_usher(stack_)) return;
    locals_get_in();
    if (facility_ == PamFacility::session) return;  // where a refusal is not meant to count
    refusals_count();
    nobody_jumps_over_us();
    people_get_in();
  }

 private:
  bool module_is_there(const PamLine& line) const {
    return exists(host_.path(line.module.starts_with('/') ? line.module : host_.pam_module));
  }

  // For local accounts: "not mine", before it asks anybody. Unless it cannot even start.
  PamCode answer_to_locals(const PamLine& line) const {
    if (!module_is_there(line)) return PamCode::module_unknown;
    const bool understood = std::all_of(line.options.begin(), line.options.end(), known_option);
    return understood ? PamCode::user_unknown : PamCode::service_err;
  }

  void look_at_lines() {
    for (const PamLine& line : stack_) {
      if (line.kind == PamLine::Kind::broken) {
        // Another's service is another's care.
        add(names_usher(stack_) ? Level::error : Level::warning, FindingKind::pam_broken_line,
            place_of(line), "libpam cannot use this line and lets it fail",
            "correct the line, see pam.conf(5)");
      }
      if (!is_usher(line)) continue;
      if (!module_is_there(line)) {
        add(Level::error, FindingKind::module_missing, place_of(line),
            "pam_usher.so is not there: libpam answers module_unknown in its place",
            "install libpam-usher, or take Usher out: usherctl disable");
      }
      for (const std::string& option : line.options) {
        if (known_option(option)) continue;
        add(Level::error, FindingKind::module_option, place_of(line),
            fmt::format("pam_usher.so does not know the option {} and fails for everybody, local "
                        "accounts too",
                        option),
            "remove it; the options are in pam_usher(8)");
      }
    }
  }

  void locals_get_in() {
    PamQuestion question;
    question.lets_in = lets_in();
    question.answers = [this](const PamLine& line) {
      return is_usher(line) ? Codes{answer_to_locals(line)} : answers_of(line, Who::local);
    };
    if (!no_way(question)) return;
    question.answers = [](const PamLine& line) {
      return is_usher(line) ? anything(line) : answers_of(line, Who::local);
    };
    const bool we_matter = !no_way(question);
    const PamLine& line = we_matter ? first_usher() : first_refusal();
    add(Level::error, FindingKind::local_locked_out, place_of(line),
        we_matter ? fmt::format("root and local accounts depend on Usher here: its {} ({}) for "
                                "them ends in a refusal, with usherd or without",
                                name_of(answer_to_locals(line)), action_text(line))
                  : std::string("root and local accounts are refused here, whatever the modules "
                                "answer"),
        we_matter ? "give the line the control of /usr/share/pam-configs/usher: user_unknown=ignore"
                  : "take the line out, or see what it was meant for");
  }

  void refusals_count() {
    PamQuestion question;
    question.lets_in = lets_in();
    question.usher = PamQuestion::Usher::asked;
    question.answers = [this](const PamLine& line) {
      if (is_usher(line)) return told_apart(line, refusals_of_usher(facility_));
      return answers_of(line, Who::local);
    };
    const std::optional<PamWay> way = find(question);
    if (!way) return;
    const PamLine* ours = nullptr;
    PamCode answer = PamCode::auth_err;
    const PamLine* yes = nullptr;
    for (const PamAsked& asked : *way) {
      const PamLine& line = stack_[asked.line];
      if (is_usher(line) && ours == nullptr) {
        ours = &line;
        answer = asked.answer;
      } else if (ours != nullptr && yes == nullptr && asked.answer == PamCode::success) {
        yes = &line;
      }
    }
    add(Level::error, FindingKind::denial_ignored, place_of(*ours),
        fmt::format("a refusal of Usher's ({}) is thrown away by the control {}{}", name_of(answer),
                    ours->control_text,
                    yes == nullptr ? std::string()
                                   : fmt::format("; {} at {} then lets in", yes->module_name(),
                                                 place_of(*yes))),
        "end the control with default=die, as /usr/share/pam-configs/usher has it");
  }

  void nobody_jumps_over_us() {
    PamQuestion question;
    question.lets_in = lets_in();
    question.usher = PamQuestion::Usher::not_asked;
    question.answers = [](const PamLine& line) { return answers_of(line, Who::usher); };
    const std::optional<PamWay> way = find(question);
    if (!way || facility_ == PamFacility::password) return;
    const PamLine* last = nullptr;
    const PamLine& ours = first_usher();
    for (const PamAsked& asked : *way) {
      const PamLine& line = stack_[asked.line];
      if (&line > &ours) break;
      last = &line;
    }
    if (last == nullptr) return;
    const bool anybody = last->module_name() == "pam_permit.so";
    add(anybody ? Level::error : Level::warning, FindingKind::usher_bypassed, place_of(*last),
        fmt::format("{} ({}) can jump over pam_usher.so at {}: whom it lets in, Usher is not asked "
                    "about",
                    last->module_name(), last->control_text, place_of(ours)),
        "put the line below Usher's, or make sure that it never accepts Usher's people");
  }

  void people_get_in() {
    PamQuestion question;
    question.lets_in = lets_in();
    question.answers = [](const PamLine& line) {
      return is_usher(line) ? Codes{PamCode::success} : answers_of(line, Who::usher);
    };
    if (!no_way(question)) return;
    add(Level::warning, FindingKind::people_locked_out, place_of(first_usher()),
        "Usher's people are refused here, even where Usher says yes",
        "let its success jump over the modules that know local accounts only: success=end in a "
        "profile of pam-auth-update(8)");
  }

  Codes lets_in() const {
    Codes codes{PamCode::success};
    if (facility_ == PamFacility::account) codes.push_back(PamCode::new_authtok_reqd);
    return codes;
  }

  // A stack too tangled to look through is said once, and is no lockout for that.
  std::optional<PamWay> find(const PamQuestion& question) {
    auto way = find_way(stack_, question);
    if (way) return way.release_value();
    add(Level::warning, FindingKind::not_looked_at, service_.name, std::string(way.error().text()),
        "make the stack simpler");
    tangled_ = true;
    return std::nullopt;
  }
  bool no_way(const PamQuestion& question) { return !find(question) && !tangled_; }

  const PamLine& first_usher() const {
    return *std::find_if(stack_.begin(), stack_.end(), is_usher);
  }
  // Where nobody gets through, the first line that fails whoever asks.
  const PamLine& first_refusal() const {
    const auto found = std::find_if(stack_.begin(), stack_.end(), [](const PamLine& line) {
      return line.kind == PamLine::Kind::broken || line.module_name() == "pam_deny.so";
    });
    return found == stack_.end() ? first_usher() : *found;
  }

  std::string action_text(const PamLine& line) const {
    return line.control_text.empty() ? "no control" : line.control_text;
  }

  void add(Level level, FindingKind kind, std::string where, std::string what, std::string cure) {
    findings_->push_back({level,
                          kind,
                          std::move(where),
                          fmt::format("{}: {}", name_of(facility_), what),
                          std::move(cure),
                          {service_.name}});
  }

  const Host& host_;
  const PamService& service_;
  PamFacility facility_;
  const PamStack& stack_;
  Findings* findings_ = nullptr;
  bool tangled_ = false;
};

constexpr PamFacility kFacilities[] = {PamFacility::auth, PamFacility::account,
                                       PamFacility::password, PamFacility::session};

// A key asks nothing of auth: account alone then refuses the suspended.
void account_is_asked(const PamService& service, Findings& findings) {
  const bool asked = names_usher(service.stack(PamFacility::account));
  if (asked || !names_usher(service.stack(PamFacility::auth))) return;
  findings.push_back({service.name == "sshd" ? Level::error : Level::warning,
                      FindingKind::account_not_asked,
                      "/etc/pam.d/" + service.name,
                      "auth asks Usher and account does not: suspended people come in where auth "
                      "is not asked, by a public key for one",
                      "add @include common-account",
                      {service.name}});
}

void look_at_service(const Host& host, const PamFiles& files, const std::string& name,
                     Findings& all) {
  const auto service = read_pam_service(files, name);
  if (!service) {
    const bool libpam = service.error().code() == Errc::damaged;
    all.push_back({libpam ? Level::error : Level::warning,
                   libpam ? FindingKind::pam_unreadable : FindingKind::not_looked_at,
                   "/etc/pam.d/" + name,
                   std::string(service.error().text()),
                   libpam ? "correct it: nobody gets in here, root neither" : "look at it yourself",
                   {name}});
    return;
  }
  Findings found;
  for (const PamFacility facility : kFacilities) Stack(host, *service, facility).look(found);
  account_is_asked(*service, found);
  if (found.empty()) {
    const bool asked = names_usher(service->stack(PamFacility::auth)) ||
                       names_usher(service->stack(PamFacility::account));
    found.push_back({Level::ok,
                     asked ? FindingKind::healthy : FindingKind::not_asked,
                     "/etc/pam.d",
                     asked ? "local accounts do not depend on Usher, and its refusals count"
                           : "Usher is not asked here, and its people do not get in by it",
                     "",
                     {name}});
  }
  all.insert(all.end(), found.begin(), found.end());
}

bool same_but_services(const Finding& a, const Finding& b) {
  return a.kind == b.kind && a.where == b.where && a.what == b.what;
}

Findings merged(const Findings& findings) {
  Findings all;
  for (const Finding& finding : findings) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Finding& other) {
      return same_but_services(finding, other);
    });
    if (same == all.end()) {
      all.push_back(finding);
    } else if (same->services.back() != finding.services.back()) {
      same->services.push_back(finding.services.back());
    }
  }
  return all;
}

}  // namespace

Findings pam_findings(const Host& host, const PamFiles& files) {
  const auto names = files.names();
  if (!names) {
    return {{Level::warning,
             FindingKind::not_looked_at,
             "/etc/pam.d",
             std::string(names.error().text()),
             "run it as root",
             {}}};
  }
  Findings all;
  for (const std::string& name : *names) {
    // Parts of services, included by them.
    if (!name.starts_with("common-")) look_at_service(host, files, name, all);
  }
  return merged(all);
}

}  // namespace usher::ctl
