// Two Secrets and the way from them into PAM's items, which libpam copies and wipes itself.
#include "pam_module/kept_answers.hpp"

#include <utility>

namespace usher::pam_module {
namespace {

using protocol::Slot;

Result<void> set_token(pam_handle_t* handle, int item, const Secret& token) {
  if (pam_set_item(handle, item, token.view().data()) == PAM_SUCCESS) return {};
  (void)pam_set_item(handle, PAM_OLDAUTHTOK, nullptr);
  (void)pam_set_item(handle, PAM_AUTHTOK, nullptr);
  return Error(Errc::internal, "libpam does not take a password");
}

Error nobody_gave() {
  return Error(Errc::invalid_input, "usherd names an answer that nobody gave");
}

}  // namespace

Secret* KeptAnswers::find(Slot slot) {
  switch (slot) {
    case Slot::none:
      return nullptr;
    case Slot::password:
      return &password_;
    case Slot::new_password:
      return &new_password_;
  }
  return nullptr;
}

Result<void> KeptAnswers::keep(Slot slot, std::string_view text) {
  Secret* kept = find(slot);
  if (kept != nullptr) *kept = TRY(Secret::copy(text));
  return {};
}

void KeptAnswers::forget(Slot slot) {
  Secret* kept = find(slot);
  if (kept != nullptr) *kept = Secret();
}

Result<void> KeptAnswers::hand_over(pam_handle_t* handle, const protocol::Verdict& verdict) {
  const Secret* old_password = find(verdict.old_authtok);
  const Secret* password = find(verdict.authtok);
  if (old_password != nullptr && old_password->empty()) return nobody_gave();
  if (password != nullptr &&
      (verdict.authtok_length == 0 || verdict.authtok_length > password->size())) {
    return nobody_gave();
  }
  if (old_password != nullptr) TRY(set_token(handle, PAM_OLDAUTHTOK, *old_password));
  if (password != nullptr) {
    // A copy: a verdict may name one answer for both, and only PAM_AUTHTOK is cut.
    Secret proven = TRY(Secret::copy(password->view()));
    proven.shorten(verdict.authtok_length);
    TRY(set_token(handle, PAM_AUTHTOK, proven));
  }
  return {};
}

}  // namespace usher::pam_module
