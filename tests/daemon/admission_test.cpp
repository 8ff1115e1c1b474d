// Seats: each group of origins has its own, and nobody takes another's.
#include "daemon/admission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace usher::daemon {
namespace {

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() {
    config_.at_start.max_conversations = 16;
    config_.at_start.max_known_host = 3;
    config_.at_start.max_unknown_host = 2;
    config_.at_start.max_su_and_unprivileged = 1;
  }
  Config config_;
};

std::size_t fill(Admission& admission, Origin origin, std::vector<Admission::Seat>& seats) {
  const std::size_t before = seats.size();
  while (auto seat = admission.enter(origin, kRootUid)) seats.push_back(std::move(*seat));
  return seats.size() - before;
}

TEST_F(AdmissionTest, GivesEachGroupItsNumberOfSeats) {
  const struct {
    Origin origin;
    std::size_t seats;
  } cases[] = {{Origin::local_seat, 16},  {Origin::own_privilege, 16}, {Origin::known_host, 3},
               {Origin::unknown_host, 2}, {Origin::su_by_other, 1},    {Origin::non_root_self, 1}};
  for (const auto& [origin, number] : cases) {
    Admission admission(config_);
    std::vector<Admission::Seat> seats;
    EXPECT_EQ(fill(admission, origin, seats), number) << name_of(origin);
  }
}

TEST_F(AdmissionTest, StrangersNeverTakeTheOwnersSeat) {
  Admission admission(config_);
  std::vector<Admission::Seat> seats;
  fill(admission, Origin::unknown_host, seats);
  fill(admission, Origin::known_host, seats);
  fill(admission, Origin::su_by_other, seats);
  EXPECT_EQ(fill(admission, Origin::non_root_self, seats), 0U);
  EXPECT_TRUE(admission.enter(Origin::local_seat, kRootUid).has_value());
  EXPECT_TRUE(admission.enter(Origin::own_privilege, kRootUid).has_value());
}

TEST_F(AdmissionTest, TakesASeatBackWhenItEnds) {
  Admission admission(config_);
  {
    const auto seat = admission.enter(Origin::su_by_other, kRootUid);
    ASSERT_TRUE(seat.has_value());
    EXPECT_FALSE(admission.enter(Origin::non_root_self, kRootUid).has_value());
  }
  EXPECT_TRUE(admission.enter(Origin::non_root_self, kRootUid).has_value());
}

TEST_F(AdmissionTest, TakesAMovedSeatBackOnce) {
  Admission admission(config_);
  auto first = admission.enter(Origin::unknown_host, kRootUid);
  ASSERT_TRUE(first.has_value());
  { const Admission::Seat moved = std::move(*first); }
  first.reset();
  std::vector<Admission::Seat> seats;
  EXPECT_EQ(fill(admission, Origin::unknown_host, seats), 2U);
}

}  // namespace
TEST_F(AdmissionTest, OneCallersOwnSudoNeverTakesTheConsolesSeats) {
  Admission admission{Config{}};
  std::vector<Admission::Seat> seats;
  while (auto seat = admission.enter(Origin::own_privilege, Uid{1000})) {
    seats.push_back(std::move(*seat));
  }
  EXPECT_EQ(seats.size(), 32u);
  EXPECT_TRUE(admission.enter(Origin::own_privilege, Uid{1001}).has_value());
  EXPECT_TRUE(admission.enter(Origin::local_seat, kRootUid).has_value());
  seats.pop_back();
  EXPECT_TRUE(admission.enter(Origin::own_privilege, Uid{1000}).has_value());
}

}  // namespace usher::daemon
