// What the published directory says about a name, for the two questions the module may ask it:
// whom an alias means, and whether root may go on with someone while usherd cannot be reached.
// It is no second way in: it proves nothing, and says yes to root's own programs only.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"
#include "protocol/messages.hpp"

namespace usher::pam_module {

// The canonical name. not_found: no such alias, or no file; conflict: the alias must not be
// followed, because the two names do not have one uid or the canonical one is a local account.
Result<UserName> canonical_name(const char* directory_file, const char* passwd_file,
                                std::string_view alias);

// Root's own programs that start something for a person who is not there: the rows are
// cron, at, systemd-user and root's su (runuser asks PAM for a session only, so nobody asks us).
// Everyone else waits for usherd.
bool may_go_on_without_usherd(const protocol::Begin& begin, Uid effective);

// An Error of LoginClient::connect that says "nobody there", not "somebody else there".
bool says_nobody_there(const Error& error);

// Of a name that is not local: accept, refuse for a suspended person, unknown_user when it is not
// published. conflict: it is published with the uid of a local account.
Result<protocol::Outcome> published_account(const char* directory_file, const char* passwd_file,
                                            std::string_view name);

}  // namespace usher::pam_module
