// The audit chain, and who notices when it is broken. Settings beside it.
#include "daemon/store/audit.hpp"

#include "daemon/store/audit_chain.hpp"
#include "daemon/store/settings.hpp"
#include "tests/daemon/store/fixture.hpp"

namespace usher::store {
namespace {

AuditRecord record(std::string_view person, std::string_view reason = "right-password") {
  AuditRecord audit;
  audit.at = kNow;
  audit.request = uuid_of(7);
  audit.operation = "authenticate";
  audit.outcome = "accept";
  audit.reason = reason;
  audit.person = person;
  audit.factor = "password+totp";
  audit.service = "sshd";
  audit.origin = "known-host";
  audit.rhost = "host.example";
  audit.tty = "ssh";
  audit.peer_uid = 0;
  audit.detail = "detail";
  return audit;
}

class Audit : public Tables {
 protected:
  void append(int count) {
    for (int i = 0; i < count; ++i) ASSERT_OK(append_audit(database_, record("ada")));
  }
  std::optional<std::int64_t> broken() { return *first_broken_audit(database_); }
};

// sshd asks again after a no, and people press Ctrl-C: what they wonder about is the no.
TEST_F(Audit, TheLatestRefusalIsTheNoBehindWhichSomebodyHungUp) {
  const auto append = [&](const char* reason, const char* outcome, std::chrono::minutes later) {
    AuditRecord audit = record("ada", reason);
    audit.outcome = outcome;
    audit.at = kNow + later;
    ASSERT_OK(append_audit(database_, audit));
  };
  const auto latest = [&] { return (*find_latest_refusal(database_, "ada"))->reason; };
  using std::chrono::minutes;
  append("hung-up", "error", minutes(0));
  EXPECT_EQ(latest(), "hung-up") << "there is nothing else";
  append("enrolment-elsewhere", "refuse", minutes(1));
  append("hung-up", "error", minutes(2));
  append("hung-up", "error", minutes(11));
  EXPECT_EQ(latest(), "enrolment-elsewhere");
  append("hung-up", "error", minutes(12));
  EXPECT_EQ(latest(), "hung-up") << "too long ago";
  append("wrong-password", "refuse", minutes(13));
  append("all-proven", "accept", minutes(14));
  append("hung-up", "error", minutes(15));
  EXPECT_EQ(latest(), "hung-up") << "they were in meanwhile";
}

TEST_F(Audit, NumbersItsRecordsAndReturnsThemAsWritten) {
  EXPECT_EQ(*append_audit(database_, record("ada")), 1);
  EXPECT_EQ(*append_audit(database_, record("bob", "wrong-password")), 2);
  const std::vector<AuditRecord> listed = *list_audit(database_, 0, 10, "");
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].sequence, 2);
  EXPECT_EQ(listed[1].sequence, 1);
  EXPECT_EQ(listed[0].at, kNow);
  EXPECT_EQ(listed[0].request, uuid_of(7));
  EXPECT_EQ(listed[0].operation, "authenticate");
  EXPECT_EQ(listed[0].outcome, "accept");
  EXPECT_EQ(listed[0].reason, "wrong-password");
  EXPECT_EQ(listed[0].person, "bob");
  EXPECT_EQ(listed[0].factor, "password+totp");
  EXPECT_EQ(listed[0].service, "sshd");
  EXPECT_EQ(listed[0].origin, "known-host");
  EXPECT_EQ(listed[0].rhost, "host.example");
  EXPECT_EQ(listed[0].tty, "ssh");
  EXPECT_EQ(listed[0].peer_uid, 0);
  EXPECT_EQ(listed[0].detail, "detail");
}

TEST_F(Audit, IsListedSinceAMomentByTheRecordsOrder) {
  const auto at = [](int minutes) { return kNow + minutes * kMinute; };
  EXPECT_EQ(*last_audit_before(database_, kNow), 0);
  for (const int minutes : {0, 1, 1, 1, 4, 6, 7}) {
    AuditRecord audit = record("ada");
    audit.at = at(minutes);
    ASSERT_OK(append_audit(database_, audit));
  }
  const std::pair<int, std::int64_t> expected[] = {{-1, 0}, {0, 0}, {1, 1}, {2, 4}, {4, 4},
                                                   {5, 5},  {6, 5}, {7, 6}, {8, 7}, {1000, 7}};
  for (const auto& [minutes, sequence] : expected) {
    EXPECT_EQ(*last_audit_before(database_, at(minutes)), sequence) << minutes;
  }
  EXPECT_EQ(list_audit(database_, 0, 10, "", 5)->back().sequence, 6);
  EXPECT_EQ(list_audit(database_, 7, 10, "ada", 5)->size(), 1U);
}

// Whatever the clock did: the record found is older, the one after it is not.
TEST_F(Audit, IsListedSinceAMomentWhereTheClockWasSetBack) {
  std::vector<int> minutes;
  for (const int hour : {0, 60, 30, 90, 10}) {
    for (int i = 0; i < 20; ++i) minutes.push_back(hour + i);
  }
  for (const int minute : minutes) {
    AuditRecord audit = record("ada");
    audit.at = kNow + minute * kMinute;
    ASSERT_OK(append_audit(database_, audit));
  }
  for (int since = -1; since < 112; ++since) {
    const auto found =
        static_cast<std::size_t>(*last_audit_before(database_, kNow + since * kMinute));
    ASSERT_LE(found, minutes.size());
    if (found > 0) {
      EXPECT_LT(minutes[found - 1], since);
    }
    if (found < minutes.size()) {
      EXPECT_GE(minutes[found], since);
    }
  }
}

TEST_F(Audit, ListsOfSignInsWhatAPersonWouldCallOne) {
  const auto happens = [&](const char* person, const char* operation, const char* steps) {
    AuditRecord audit = record(person);
    audit.operation = operation;
    audit.steps = steps;
    ASSERT_OK(append_audit(database_, audit));
  };
  happens("ada", "authenticate", "front-end=sudo");
  happens("ada", "account", "front-end=sshd");
  happens("ada", "account", "front-end=other");
  happens("ada", "account", "");
  happens("ada", "admin.ResetUser", "");
  happens("bob", "authenticate", "front-end=sshd");
  happens("", "authenticate", "front-end=sshd");
  const auto found = *list_sign_ins(database_, 0, 10, "ada");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].sequence, 2);
  EXPECT_EQ(found[1].sequence, 1);
  EXPECT_EQ(list_sign_ins(database_, 2, 10, "ada")->size(), 1U);
  EXPECT_EQ(list_sign_ins(database_, 0, 1, "ada")->size(), 1U);
  EXPECT_TRUE(list_sign_ins(database_, 0, -1, "ada")->empty());
  EXPECT_TRUE(list_sign_ins(database_, 0, 10, "")->empty());
}

TEST_F(Audit, IsListedPageByPageAndByPerson) {
  for (int i = 0; i < 6; ++i) {
    ASSERT_OK(append_audit(database_, record(i % 2 == 0 ? "ada" : "bob")));
  }
  EXPECT_EQ(list_audit(database_, 0, 4, "")->back().sequence, 3);
  EXPECT_EQ(list_audit(database_, 3, 4, "")->front().sequence, 2);
  const std::vector<AuditRecord> of_bob = *list_audit(database_, 6, 10, "bob");
  ASSERT_EQ(of_bob.size(), 2U);
  EXPECT_EQ(of_bob[0].sequence, 4);
  EXPECT_EQ(of_bob[1].sequence, 2);
  EXPECT_TRUE(list_audit(database_, 0, 10, "eve")->empty());
  EXPECT_TRUE(list_audit(database_, 0, -1, "")->empty());
}

TEST_F(Audit, HoldsWhenNothingWasTouched) {
  EXPECT_FALSE(broken().has_value()) << "empty";
  append(20);
  EXPECT_FALSE(broken().has_value());
}

TEST_F(Audit, RefusesToBeChangedOrDeleted) {
  append(3);
  EXPECT_EQ(code_of(database_.execute("UPDATE audit SET reason = 'x' WHERE sequence = 2")),
            Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("DELETE FROM audit WHERE sequence = 2")),
            Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("DELETE FROM audit")), Errc::not_permitted);
  EXPECT_EQ(code_of(database_.execute("INSERT OR REPLACE INTO audit SELECT * FROM audit")),
            Errc::not_permitted);
  EXPECT_FALSE(broken().has_value());
}

TEST_F(Audit, NoticesEveryChangedField) {
  append(5);
  ASSERT_OK(database_.execute("DROP TRIGGER audit_is_never_changed"));
  for (const char* change :
       {"at = at + 1", "request = 'x'", "operation = 'x'", "outcome = 'x'", "reason = 'x'",
        "person = 'bob'", "factor = ''", "service = 'x'", "origin = 'x'", "rhost = 'x'",
        "tty = 'x'", "peer_uid = 1", "detail = 'x'", "hash = zeroblob(32)",
        "rhost = rhost || tty, tty = ''"}) {
    const Transaction undone = Transaction::begin(database_).release_value();
    const std::string sql = std::string("UPDATE audit SET ") + change + " WHERE sequence = 3";
    ASSERT_OK(database_.execute(sql.c_str()));
    EXPECT_EQ(broken(), 3) << change;
  }
  EXPECT_FALSE(broken().has_value());
}

// The hash was computed by another program, from the fields as 0.1.0 framed them.
TEST_F(Audit, HashesARecordWithoutStepsAsItDidBeforeThereWereAny) {
  append(1);
  Query query =
      database_.query("SELECT lower(hex(hash)), steps IS NULL FROM audit").release_value();
  ASSERT_TRUE(*query.next());
  EXPECT_EQ(query.text(0), "d538c14038ad51f6c115d94fc2bd54850cb8a6de99a21e0b7291cd9cc40bc6e9");
  EXPECT_EQ(query.integer(1), 1);
}

TEST_F(Audit, NoticesStepsThatWereChangedTakenAwayOrAdded) {
  append(1);
  AuditRecord with_steps = record("ada");
  with_steps.steps = "front-end=sshd password-wrong";
  ASSERT_OK(append_audit(database_, with_steps));
  append(1);
  EXPECT_EQ(list_audit(database_, 0, 3, "")->at(1).steps, with_steps.steps);
  EXPECT_FALSE(broken().has_value());
  ASSERT_OK(database_.execute("DROP TRIGGER audit_is_never_changed"));
  const std::pair<const char*, int> changes[] = {
      {"steps = 'front-end=sshd password-right' WHERE sequence = 2", 2},
      {"steps = NULL WHERE sequence = 2", 2},
      {"steps = 'front-end=sshd' WHERE sequence = 1", 1},
      {"detail = detail || steps, steps = NULL WHERE sequence = 2", 2}};
  for (const auto& [change, sequence] : changes) {
    const Transaction undone = Transaction::begin(database_).release_value();
    ASSERT_OK(database_.execute((std::string("UPDATE audit SET ") + change).c_str()));
    EXPECT_EQ(broken(), sequence) << change;
  }
  EXPECT_EQ(code_of(database_.execute("UPDATE audit SET steps = '' WHERE sequence = 1")),
            Errc::invalid_input);
}

TEST_F(Audit, FindsTheRecordsOfARequestByItsFirstDigits) {
  AuditRecord audit = record("ada");
  for (const char* request : {"abc1", "abc2", "abc1", "abd0"}) {
    audit.request = request;
    ASSERT_OK(append_audit(database_, audit));
  }
  const auto sequences = [&](std::string_view id) {
    std::vector<std::int64_t> found;
    const auto records = find_audit_of_request(database_, id).release_value();
    for (const AuditRecord& each : records) {
      found.push_back(each.sequence);
    }
    return found;
  };
  EXPECT_EQ(sequences("abc1"), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(sequences("abd"), (std::vector<std::int64_t>{4}));
  EXPECT_EQ(sequences("abc"), (std::vector<std::int64_t>{1, 3, 2})) << "two requests' are told";
  EXPECT_TRUE(sequences("abe").empty());
  EXPECT_TRUE(sequences("abc11").empty());
}

TEST_F(Audit, IsReadOnwardsFromARecord) {
  for (int i = 0; i < 6; ++i) {
    ASSERT_OK(append_audit(database_, record(i % 2 == 0 ? "ada" : "bob")));
  }
  EXPECT_EQ(list_audit_after(database_, 0, 2, "")->back().sequence, 2);
  EXPECT_EQ(list_audit_after(database_, 4, 10, "")->front().sequence, 5);
  EXPECT_EQ(list_audit_after(database_, 1, 10, "ada")->front().sequence, 3);
  EXPECT_TRUE(list_audit_after(database_, 6, 10, "")->empty());
  EXPECT_TRUE(list_audit_after(database_, 0, -1, "")->empty());
}

TEST_F(Audit, NoticesARecordTakenOutAtTheFrontInTheMiddleOrAtTheEnd) {
  append(5);
  ASSERT_OK(database_.execute("DROP TRIGGER audit_is_never_deleted"));
  for (const int sequence : {1, 3, 5}) {
    const Transaction undone = Transaction::begin(database_).release_value();
    const std::string sql = "DELETE FROM audit WHERE sequence = " + std::to_string(sequence);
    ASSERT_OK(database_.execute(sql.c_str()));
    EXPECT_EQ(broken(), sequence);
    ASSERT_OK(append_audit(database_, record("eve")));
    EXPECT_EQ(broken(), sequence) << "and goes on noticing";
  }
}

TEST_F(Audit, IsVerifiedAPieceAtATimeUpToWhatStoodThereAtTheBeginning) {
  append(5);
  ChainCheck check;
  for (const std::int64_t follows : {2, 4}) {
    check = check_chain(database_, check, 2).release_value();
    EXPECT_EQ(check.follows, follows);
    EXPECT_FALSE(check.ended());
    append(3);
  }
  check = check_chain(database_, check, 2).release_value();
  EXPECT_TRUE(check.ended());
  EXPECT_EQ(check.follows, 5);
  EXPECT_FALSE(check.broken.has_value());
}

TEST_F(Audit, APieceAtATimeNoticesWhatIsTakenOutToo) {
  append(5);
  ASSERT_OK(database_.execute("DROP TRIGGER audit_is_never_deleted"));
  for (const int sequence : {1, 2, 3, 4, 5}) {
    const Transaction undone = Transaction::begin(database_).release_value();
    const std::string sql = "DELETE FROM audit WHERE sequence = " + std::to_string(sequence);
    ASSERT_OK(database_.execute(sql.c_str()));
    ChainCheck check;
    for (int pieces = 0; pieces < 6 && !check.ended(); ++pieces) {
      check = check_chain(database_, check, 1).release_value();
    }
    EXPECT_EQ(check.broken, sequence);
  }
}

TEST_F(Audit, NoticesTwoRecordsSwapped) {
  ASSERT_OK(append_audit(database_, record("ada")));
  ASSERT_OK(append_audit(database_, record("bob")));
  ASSERT_OK(
      database_.execute("DROP TRIGGER audit_is_never_changed;"
                        "UPDATE audit SET sequence = 9 WHERE sequence = 1;"
                        "UPDATE audit SET sequence = 1 WHERE sequence = 2;"
                        "UPDATE audit SET sequence = 2 WHERE sequence = 9;"));
  EXPECT_EQ(broken(), 1);
}

TEST_F(Audit, IsUndoneWithTheTransactionItBelongsTo) {
  append(1);
  {
    const Transaction transaction = Transaction::begin(database_).release_value();
    append(1);
  }
  EXPECT_EQ(*append_audit(database_, record("ada")), 2) << "an undone number is no gap";
  EXPECT_FALSE(broken().has_value());
}

class AuditFile : public StoreFile {};

TEST_F(AuditFile, NoticesTamperingThroughASecondConnection) {
  const std::unique_ptr<Store> store = open().release_value();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(
        store->write([](Database& database) { return append_audit(database, record("ada")); }));
  }
  {
    Database other = Database::open(path_, Access::read_write).release_value();
    ASSERT_OK(other.execute("DROP TRIGGER audit_is_never_changed"));
    ASSERT_OK(other.execute("UPDATE audit SET person = 'bob' WHERE sequence = 2"));
  }
  EXPECT_EQ(
      *store->read([](Database& database) { return first_broken_audit(database); }).release_value(),
      2);
}

class Settings : public Tables {};

TEST_F(Settings, AreReadAsLastWritten) {
  EXPECT_FALSE(find_setting(database_, "fingerprint")->has_value());
  ASSERT_OK(put_setting(database_, "fingerprint", "a"));
  ASSERT_OK(put_setting(database_, "fingerprint", "b"));
  ASSERT_OK(put_setting(database_, "empty", ""));
  EXPECT_EQ(**find_setting(database_, "fingerprint"), "b");
  EXPECT_EQ(**find_setting(database_, "empty"), "");
}

}  // namespace
}  // namespace usher::store
