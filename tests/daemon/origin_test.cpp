// Where an attempt comes from: the table of origins, read from the facts of real programs.
#include "daemon/origin.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace usher::daemon {
namespace {

Facts facts_of(std::string service, std::string tty, std::string rhost, std::string ruser,
               bool trusted = true) {
  Facts facts;
  facts.trusted = trusted;
  facts.user = "ada";
  facts.service = std::move(service);
  facts.tty = std::move(tty);
  facts.rhost = std::move(rhost);
  facts.ruser = std::move(ruser);
  return facts;
}

struct Row {
  const char* who;
  Facts facts;
  Origin origin;
};

std::vector<Row> rows() {
  return {
      {"login(1) on the console", facts_of("login", "/dev/tty1", "", "LOGIN"), Origin::local_seat},
      {"login(1), bare tty", facts_of("login", "tty12", "", ""), Origin::local_seat},
      {"gdm", facts_of("gdm-password", ":0", "", ""), Origin::local_seat},
      {"gdm on tty", facts_of("gdm-password", "/dev/tty7", "", ""), Origin::local_seat},
      {"sshd", facts_of("sshd", "ssh", "192.0.2.7", ""), Origin::unknown_host},
      {"sshd, claiming a console", facts_of("sshd", "tty1", "192.0.2.7", ""), Origin::unknown_host},
      {"sudo by ada", facts_of("sudo", "/dev/pts/1", "", "ada"), Origin::own_privilege},
      {"sudo -i by ada", facts_of("sudo-i", "/dev/tty1", "", "ada"), Origin::own_privilege},
      {"sudo with targetpw, by bob", facts_of("sudo", "/dev/tty1", "", "bob"), Origin::su_by_other},
      {"sudo by nobody named", facts_of("sudo", "/dev/tty1", "", ""), Origin::su_by_other},
      {"polkit for ada", facts_of("polkit-1", "", "", "ada"), Origin::own_privilege},
      {"polkit for bob", facts_of("polkit-1", "", "", "bob"), Origin::su_by_other},
      {"su by bob on the console", facts_of("su", "/dev/tty1", "", "bob"), Origin::su_by_other},
      {"su - by ada", facts_of("su-l", "/dev/tty1", "", "ada"), Origin::su_by_other},
      {"runuser", facts_of("runuser-l", "", "", "root"), Origin::su_by_other},
      {"cron", facts_of("cron", "cron", "", ""), Origin::unknown_host},
      {"a pseudo terminal", facts_of("login", "/dev/pts/3", "", ""), Origin::unknown_host},
      {"a tty without a number", facts_of("login", "tty", "", ""), Origin::unknown_host},
      {"a serial line", facts_of("login", "/dev/ttyS0", "", ""), Origin::unknown_host},
      {"a service nobody knows", facts_of("vsftpd", "", "", ""), Origin::unknown_host},
      {"a locker run by ada", facts_of("", "", "", "", false), Origin::non_root_self},
      {"words of an untrusted peer", facts_of("login", "/dev/tty1", "", "", false),
       Origin::non_root_self},
  };
}

TEST(Origin, IsReadFromTheFactsOfRealPrograms) {
  for (const Row& row : rows()) {
    EXPECT_EQ(name_of(origin_of(row.facts)), name_of(row.origin)) << row.who;
  }
}

TEST(Origin, HasANameOfItsOwnForEachClass) {
  EXPECT_EQ(name_of(Origin::local_seat), "local-seat");
  EXPECT_EQ(name_of(Origin::own_privilege), "own-privilege");
  EXPECT_EQ(name_of(Origin::known_host), "known-host");
  EXPECT_EQ(name_of(Origin::unknown_host), "unknown-host");
  EXPECT_EQ(name_of(Origin::su_by_other), "su-by-other");
  EXPECT_EQ(name_of(Origin::non_root_self), "non-root-self");
}

protocol::Begin claims() {
  protocol::Begin begin;
  begin.caller_uid = 1000;
  begin.audit_session = 7;
  begin.user = "ada";
  begin.service = "login";
  begin.tty = "tty1";
  begin.rhost = "192.0.2.7";
  begin.ruser = "bob";
  begin.auth_info = "publickey";
  return begin;
}

TEST(Facts, OfRootAndOfTheDaemonItselfAreBelieved) {
  for (const Uid peer : {kRootUid, Uid{990}}) {
    const Facts facts = gather_facts(claims(), peer, Uid{990});
    EXPECT_TRUE(facts.trusted);
    EXPECT_EQ(facts.caller, Uid{1000});
    EXPECT_EQ(facts.audit_session, 7U);
    EXPECT_EQ(facts.service + facts.tty + facts.rhost + facts.ruser + facts.auth_info,
              "logintty1192.0.2.7bobpublickey");
  }
}

TEST(Facts, OfAnybodyElseAreDroppedButForTheName) {
  const Facts facts = gather_facts(claims(), Uid{1001}, Uid{990});
  EXPECT_FALSE(facts.trusted);
  EXPECT_EQ(facts.user, "ada");
  EXPECT_EQ(facts.peer, Uid{1001});
  EXPECT_EQ(facts.caller, Uid{1001});
  EXPECT_EQ(facts.audit_session, 0U);
  EXPECT_EQ(facts.service + facts.tty + facts.rhost + facts.ruser + facts.auth_info, "");
}

TEST(Facts, OfAForeignNamespaceAreNeverBelieved) {
  EXPECT_FALSE(gather_facts(claims(), kOverflowUid, kOverflowUid).trusted);
}

}  // namespace
}  // namespace usher::daemon
