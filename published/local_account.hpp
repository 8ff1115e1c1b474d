// Is a name, or a uid, one of this machine's own accounts'? Those are none of Usher's business, and
// must never depend on its daemon. The file is read directly: getpwnam() would ask every NSS
// module, ours too.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/text.hpp"

namespace usher::published {

inline constexpr const char* kPasswdFile = "/etc/passwd";

// True when a line of the passwd file (passwd(5)) begins with the name. An Error means the file
// could not be read to its end, so nobody knows.
Result<bool> is_local_account(const char* passwd_file, std::string_view name);
// The same of its third field.
Result<bool> is_local_uid(const char* passwd_file, Uid uid);

}  // namespace usher::published
