// PAM's service files as somebody wrote them: read, walked and searched within the limits.
#include <cstddef>
#include <cstdint>
#include <string>

#include "ctl/pam_config.hpp"
#include "ctl/pam_search.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usher::ctl;
  using usher::fuzz::require;
  const std::string text(reinterpret_cast<const char*>(data), size);
  // Two files of the same bytes, so that an include may find one.
  PamFiles files(std::string("/nonexistent"));
  files.pretend("/nonexistent/a", text);
  files.pretend("/nonexistent/b", text.substr(0, text.size() / 2));
  const auto service = read_pam_service(files, "a");
  if (!service) return 0;
  for (const PamStack& stack : service->stacks) {
    const std::vector<PamCode> refusals(stack.size(), PamCode::auth_err);
    // Who is refused by all is let in by none: a control may keep a refusal, never make a yes of
    // it.
    require(evaluate(stack, refusals) != PamCode::success);
    PamQuestion question;
    question.answers = anything;
    (void)find_way(stack, question);
  }
  return 0;
}
