// The positive control of the forgotten password's timing proof: with USHER_TEST_DECIDE_AT_PROMPT
// set, usherd_for_tests decides a wish where it is taken, in the prompt's own transaction, as a
// daemon without docs/adr/0030 would. Wrapped around help and the row that it writes by the linker,
// so that what ships has no such switch.
#include <cstdlib>

#include "daemon/forgotten/decide.hpp"
#include "daemon/sign_in/help_menu.hpp"

namespace usher::sign_in {
// clang-format off
Result<void> real_help(const daemon::Context& context, ports::Person& person)
    asm("__real__ZN5usher7sign_in4helpERKNS_6daemon7ContextERNS_5ports6PersonE");
Result<void> wrapped_help(const daemon::Context& context, ports::Person& person)
    asm("__wrap__ZN5usher7sign_in4helpERKNS_6daemon7ContextERNS_5ports6PersonE");
Result<void> real_put(store::Database& database, const store::ResetRequest& request)
    asm("__real__ZN5usher5store17put_reset_requestERNS0_8DatabaseERKNS0_12ResetRequestE");
Result<void> wrapped_put(store::Database& database, const store::ResetRequest& request)
    asm("__wrap__ZN5usher5store17put_reset_requestERNS0_8DatabaseERKNS0_12ResetRequestE");
// clang-format on

namespace {

// The conversation that this thread serves, while it stands in the menu.
thread_local const daemon::Context* in_menu = nullptr;

bool is_switched_on() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): set before the process starts
  return std::getenv("USHER_TEST_DECIDE_AT_PROMPT") != nullptr;
}

}  // namespace

Result<void> wrapped_help(const daemon::Context& context, ports::Person& person) {
  in_menu = is_switched_on() ? &context : nullptr;
  Result<void> helped = real_help(context, person);
  in_menu = nullptr;
  return helped;
}

Result<void> wrapped_put(store::Database& database, const store::ResetRequest& request) {
  if (in_menu == nullptr) return real_put(database, request);
  // The row is written all the same, so that it is not the row that tells.
  TRY(real_put(database, request));
  const notices::Means means = notices::means_of(in_menu->services);
  const ports::Instant now = means.clock.now();
  const auto waiting = TRY(store::next_reset_request(database, request.origin, now));
  if (!waiting) return Error(Errc::internal, "the wish that was written is not there");
  TRY(store::delete_reset_request(database, waiting->id));
  return forgotten::decide({database, means, *waiting, now});
}

}  // namespace usher::sign_in
