// Every shipped stack against every code of libpam: pam-auth-update writes Usher's profiles into
// Debian's files, the real libpam runs them, and what lets in is what stack_truth.txt says, no more
// and no less. The evaluator of `usherctl doctor` is held to the same.
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "tests/ctl/host_tree.hpp"
#include "tests/ctl/libpam_stack.hpp"

namespace usher::ctl {
namespace {

using Answers = std::map<std::string, PamCode>;

PamCode code_named(const std::string& name) {
  for (const PamCode code : all_pam_codes()) {
    if (name_of(code) == name) return code;
  }
  ADD_FAILURE() << "no code is called " << name;
  return PamCode::abort;
}

std::vector<std::string> split(const std::string& text, const std::string& at) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t end = 0; end != std::string::npos; start = end + at.size()) {
    end = text.find(at, start);
    parts.push_back(text.substr(start, end == std::string::npos ? end : end - start));
  }
  return parts;
}

// "unix success|ignore", "unix !incomplete"
bool holds(const std::string& term, const Answers& answers) {
  const auto words = split(term, " ");
  EXPECT_EQ(words.size(), 2U) << term;
  const auto answer = answers.find(words.front());
  if (answer == answers.end()) {
    ADD_FAILURE() << "the stack has no module " << words.front();
    return false;
  }
  const bool negated = words.back().starts_with('!');
  for (const std::string& name : split(words.back().substr(negated ? 1 : 0), "|")) {
    if (code_named(name) == answer->second) return !negated;
  }
  return negated;
}

bool line_holds(const std::string& line, const Answers& answers) {
  for (const std::string& alternative : split(line, " or ")) {
    const auto terms = split(alternative, " and ");
    if (std::all_of(terms.begin(), terms.end(),
                    [&](const std::string& term) { return holds(term, answers); })) {
      return true;
    }
  }
  return false;
}

struct Entry {
  std::string service;
  std::string facility;
  PamCode verdict = PamCode::success;
  std::vector<std::string> lines;
};

std::vector<Entry> read_table() {
  std::vector<Entry> entries;
  std::ifstream file(USHER_STACK_TRUTH);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("  ")) {
      entries.back().lines.push_back(line.substr(2));
      continue;
    }
    const auto words = split(line, " ");
    EXPECT_EQ(words.size(), 3U) << line;
    entries.push_back({words[0], words[1], code_named(words[2]), {}});
  }
  return entries;
}

// /etc/pam.d as `usherctl enable` leaves it, each module replaced by one that answers as told.
class EnabledStacks {
 public:
  EnabledStacks() {
    const HostTree tree;
    const auto planned = plan_pam(tree.host(), Wanted::enabled);
    EXPECT_TRUE(planned);
    for (const Change& change : *planned) {
      EXPECT_TRUE(put_image(tree / change.path, change.after));
    }
    for (const auto& entry : std::filesystem::directory_iterator(tree / "/etc/pam.d")) {
      const std::string name = entry.path().filename().string();
      std::ofstream(directory_ / name) << instrumented(tree.read("/etc/pam.d/" + name));
    }
  }
  const std::string& path() const { return directory_.path(); }

 private:
  std::string instrumented(const std::string& text) const {
    static const std::regex include("(^|\n)@include +(\\S+)");
    static const std::regex module(
        "((?:^|\n)-?\\w+[ \t]+(?:\\[[^\\]]*\\]|\\w+)[ \t]+)pam_(\\w+)\\.so[^\n]*");
    const std::string included =
        std::regex_replace(text, include, "$1@include " + directory_.path() + "/$2");
    return std::regex_replace(included, module, "$1" USHER_ANSWER_MODULE " as=$2");
  }
  fakes::TemporaryDirectory directory_;
};

std::string name_in(const PamLine& line) {
  return line.options.empty() ? "" : line.options.front().substr(3);
}

// One facility of one service.
class Trial {
 public:
  Trial(const EnabledStacks& stacks, const std::string& service, PamFacility facility,
        std::vector<Entry> entries)
      : service_(read_pam_service(PamFiles(stacks.path()), service)),
        facility_(facility),
        entries_(std::move(entries)),
        libpam_(stacks.path(), service) {
    EXPECT_TRUE(service_) << service_.error().text();
    for (const PamLine& line : service_->stack(facility)) names_.insert(name_in(line));
    EXPECT_EQ(names_.count("usher"), 1U) << "Usher is not in it";
    EXPECT_EQ(names_.count("unix"), 1U);
  }

  void run() {
    Answers answers;
    for (const std::string& name : names_) answers[name] = PamCode::success;
    if (answers.contains("deny")) answers["deny"] = PamCode::auth_err;
    const auto all = all_pam_codes();
    each_pair(answers, {all.begin(), all.end()});
    // In sessions a dozen neighbours stand in a row; a pair of the usual codes is enough beside.
    const std::vector<PamCode> usual = {PamCode::success, PamCode::auth_err, PamCode::user_unknown,
                                        PamCode::ignore, PamCode::module_unknown};
    for (const std::string& name : names_) {
      if (name == "usher" || name == "unix" || name == "deny" || name == "permit") continue;
      Answers varied = answers;
      for (const PamCode code : usual) {
        varied[name] = code;
        each_pair(varied,
                  facility_ == PamFacility::session ? usual : std::vector(all.begin(), all.end()));
      }
    }
  }

  static std::size_t compared;
  static std::size_t let_in;

 private:
  void each_pair(Answers answers, const std::vector<PamCode>& codes) {
    for (const PamCode usher : codes) {
      for (const PamCode unix_code : codes) {
        answers["usher"] = usher;
        answers["unix"] = unix_code;
        compare(answers);
        if (::testing::Test::HasFailure()) return;
      }
    }
  }

  void compare(const Answers& answers) {
    for (const auto& [name, code] : answers) libpam_.answers(name, code);
    const PamCode got = libpam_.call(facility_);
    std::string said;
    for (const auto& [name, code] : answers) said += fmt::format(" {}={}", name, name_of(code));
    for (const PamCode verdict : {PamCode::success, PamCode::new_authtok_reqd}) {
      // In account alone it lets in, after a new password; elsewhere it is one more refusal.
      if (verdict != PamCode::success && facility_ != PamFacility::account) continue;
      EXPECT_EQ(got == verdict, expected(verdict, answers)) << name_of(verdict) << said;
    }
    std::vector<PamCode> codes;
    for (const PamLine& line : service_->stack(facility_))
      codes.push_back(answers.at(name_in(line)));
    EXPECT_EQ(name_of(evaluate(service_->stack(facility_), codes)), name_of(got)) << said;
    ++compared;
    if (got == PamCode::success) ++let_in;
  }

  bool expected(PamCode verdict, const Answers& answers) const {
    for (const Entry& entry : entries_) {
      if (entry.verdict != verdict) continue;
      return std::all_of(entry.lines.begin(), entry.lines.end(),
                         [&](const std::string& line) { return line_holds(line, answers); });
    }
    return false;
  }

  Result<PamService> service_;
  PamFacility facility_;
  std::vector<Entry> entries_;
  LibPam libpam_;
  std::set<std::string> names_;
};
std::size_t Trial::compared = 0;
std::size_t Trial::let_in = 0;

TEST(StackTruth, EveryShippedStackLetsInExactlyWhomTheTableSays) {
  const EnabledStacks stacks;
  const std::vector<Entry> table = read_table();
  for (const char* service : {"sshd", "login", "sudo", "su", "passwd", "cron"}) {
    for (const PamFacility facility :
         {PamFacility::auth, PamFacility::account, PamFacility::password, PamFacility::session}) {
      SCOPED_TRACE(fmt::format("{} {}", service, name_of(facility)));
      std::vector<Entry> entries;
      for (const Entry& entry : table) {
        if (entry.service == service && entry.facility == name_of(facility))
          entries.push_back(entry);
      }
      EXPECT_FALSE(entries.empty()) << "the table has no entry";
      Trial(stacks, service, facility, std::move(entries)).run();
    }
  }
  EXPECT_GT(Trial::compared, 24U * 1024U);
  EXPECT_GT(Trial::let_in, 1000U);
  RecordProperty("compared", static_cast<int>(Trial::compared));
}

// The second round of passwd may meet other answers than the first.
TEST(StackTruth, BothRoundsOfAPasswordChangeAreJudgedAlike) {
  const EnabledStacks stacks;
  LibPam libpam(stacks.path(), "passwd");
  libpam.answers("deny", PamCode::authtok_err);
  libpam.answers("permit", PamCode::success);
  libpam.answers("unix", PamCode::user_unknown);
  libpam.answers("usher", PamCode::success);
  for (const PamCode unix_code : all_pam_codes()) {
    for (const PamCode usher : all_pam_codes()) {
      libpam.answers("unix.second", unix_code);
      libpam.answers("usher.second", usher);
      const bool changed = unix_code == PamCode::success ||
                           (unix_code != PamCode::incomplete && usher == PamCode::success);
      EXPECT_EQ(libpam.call(PamFacility::password) == PamCode::success, changed)
          << name_of(unix_code) << ' ' << name_of(usher);
    }
  }
}

// A refusal in the first round: nobody is asked again.
TEST(StackTruth, ARefusalInTheFirstRoundOfAPasswordChangeStands) {
  const EnabledStacks stacks;
  LibPam libpam(stacks.path(), "passwd");
  libpam.answers("deny", PamCode::authtok_err);
  libpam.answers("permit", PamCode::success);
  libpam.answers("unix.second", PamCode::success);
  libpam.answers("usher.second", PamCode::success);
  libpam.answers("unix", PamCode::user_unknown);
  for (const PamCode usher : all_pam_codes()) {
    libpam.answers("usher", usher);
    EXPECT_EQ(libpam.call(PamFacility::password) == PamCode::success, usher == PamCode::success)
        << name_of(usher);
  }
}

}  // namespace
}  // namespace usher::ctl
