// The head of a mail (RFC 5322), with what is not ASCII as encoded words (RFC 2047). Pure. The
// subject may hold a code, so all of it is built in Secrets.
#pragma once

#include <vector>

#include "protocol/courier_work.hpp"

namespace usher::courier {

// One header each, without its line end; a long one is folded. Errc::invalid_input as check() says
// it: the mail has a field that must not be, and no header is made of it.
Result<std::vector<Secret>> headers_of(const protocol::courier::Mail& mail);

// Lines end in CR LF in a mail.
Result<Secret> with_line_ends(const Secret& text);

// RFC 4648 section 4.
Result<Secret> base64(std::string_view bytes);

}  // namespace usher::courier
