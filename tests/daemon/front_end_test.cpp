// The front ends as one readable table: a change of a row is a change of this text.
#include "daemon/front_end.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

namespace usher::daemon {
namespace {

std::string row_of(const FrontEnd& front_end) {
  return fmt::format("{:<13} {:<9} {:<6} {:<4} {:<7} {:<6} {}s\n", front_end.name,
                     front_end.texts == Texts::as_info ? "as-info" : "in-prompt",
                     front_end.codes == ports::Echo::shown ? "shown" : "hidden",
                     front_end.prompts == Prompts::many ? "many" : "one",
                     front_end.lifecycle == Lifecycle::allowed ? "allowed" : "refused",
                     front_end.drawing == Drawing::blocks ? "blocks" : "none",
                     front_end.patience.count());
}

TEST(FrontEnds, AreTheRowsOfThisTable) {
  std::string table;
  for (const FrontEnd& front_end : front_ends()) table += row_of(front_end);
  EXPECT_EQ(table,
            // name       texts     codes  prompts lifecycle drawing patience
            "other         in-prompt hidden one  refused none   110s\n"
            "test          as-info   shown  many allowed blocks 600s\n"
            "login         as-info   shown  many allowed blocks 55s\n"
            "greeter       as-info   shown  many allowed none   600s\n"
            "greeter-once  in-prompt hidden one  refused none   600s\n"
            "sshd          in-prompt shown  many allowed blocks 110s\n"
            "sshd-password in-prompt hidden one  refused none   110s\n"
            "sudo          in-prompt shown  many refused none   110s\n"
            "su            as-info   shown  many refused none   110s\n"
            "locker        as-info   shown  many refused none   600s\n"
            "locker-once   in-prompt hidden one  refused none   600s\n"
            "polkit        as-info   shown  many refused none   110s\n"
            "passwd        as-info   shown  many refused none   300s\n");
}

std::string_view front_end_for(std::string service, bool trusted = true,
                               const FrontEndOverrides& overrides = {}) {
  Facts facts;
  facts.trusted = trusted;
  facts.service = std::move(service);
  return front_end_of(facts, overrides).name;
}

// Recovery codes told beside a question would be gone, and count as noted.
TEST(FrontEnds, PutEveryTextIntoAQuestionForASilentProgram) {
  for (const FrontEnd& front_end : front_ends()) {
    Facts facts;
    facts.trusted = true;
    facts.service = "silent";
    facts.flags = protocol::kFlagSilent;
    const FrontEndOverrides overrides{{"silent", std::string(front_end.name)}};
    EXPECT_EQ(front_end_of(facts, overrides).texts, Texts::in_prompt) << front_end.name;
    facts.flags = 0;
    EXPECT_EQ(front_end_of(facts, overrides).texts, front_end.texts) << front_end.name;
  }
}

TEST(FrontEnds, AreChosenByThePamService) {
  const struct {
    const char* service;
    const char* front_end;
  } cases[] = {{"usher-test", "test"}, {"login", "login"},         {"sshd", "sshd"},
               {"sudo", "sudo"},       {"sudo-i", "sudo"},         {"su", "su"},
               {"su-l", "su"},         {"passwd", "passwd"},       {"gdm-password", "greeter"},
               {"lightdm", "greeter"}, {"sddm", "greeter-once"},   {"polkit-1", "polkit"},
               {"kde", "locker"},      {"swaylock", "locker-once"}};
  for (const auto& [service, front_end] : cases) EXPECT_EQ(front_end_for(service), front_end);
}

TEST(FrontEnds, ServeAServiceWithoutARowWithTheMostCautious) {
  for (const char* service : {"", "gdm", "vsftpd", "SSHD", "sshd ", "other", "test"}) {
    EXPECT_EQ(front_end_for(service), "other") << service;
  }
}

TEST(FrontEnds, IgnoreTheServiceAnUntrustedPeerClaims) {
  EXPECT_EQ(front_end_for("login", false), "other");
  EXPECT_EQ(front_end_for("login", false, {{"login", "test"}}), "other");
}

TEST(FrontEnds, GoByTheAdminsChoiceFirst) {
  const FrontEndOverrides overrides = {{"sshd", "sshd-password"}, {"my-greeter", "login"}};
  EXPECT_EQ(front_end_for("sshd", true, overrides), "sshd-password");
  EXPECT_EQ(front_end_for("my-greeter", true, overrides), "login");
  EXPECT_EQ(front_end_for("su", true, overrides), "su");
}

// A service that names no front end would silently be served as "other".
TEST(FrontEnds, HaveARowForEveryServiceInTheSources) {
  std::ifstream file(USHER_SOURCE_DIR "/daemon/front_end.cpp");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex row("ServiceRow\\{\"([^\"]+)\",\\s*\"([^\"]+)\"\\}");
  int rows = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at, ++rows) {
    EXPECT_NE(find_front_end((*at)[2].str()), nullptr) << (*at)[2];
    EXPECT_EQ(front_end_for((*at)[1]), (*at)[2].str());
  }
  EXPECT_GE(rows, 28);
}

// Who asks for more than one answer must be answered before its caller gives up.
TEST(FrontEnds, EndBeforeTheirCallersDo) {
  EXPECT_LT(find_front_end("login")->patience, std::chrono::seconds(60));  // LOGIN_TIMEOUT
  EXPECT_LT(find_front_end("sshd")->patience, std::chrono::seconds(120));  // LoginGraceTime
  EXPECT_EQ(find_front_end("nothing"), nullptr);
}

}  // namespace
}  // namespace usher::daemon
