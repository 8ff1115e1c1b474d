// What the nouns share of calling usherd and telling what came of it.
#pragma once

#include "ctl/session.hpp"

namespace usher::ctl {

// For the verbs that change what is published: says so on standard error where it is not yet.
void warn_unless_published(Session& session, const protocol::varlink::ReplyOk& reply);
// For the verbs that answer nothing more: says what was done, in JSON prints the reply.
Result<void> change(Session& session, std::string_view method, protocol::varlink::Json parameters,
                    const std::string& done);

// The table of factors that `user show` and `factor list` print.
void print_factors(std::FILE* file, const protocol::varlink::Json& factors);

// The table of contacts that `self` and `contact list` print.
void print_contacts(std::FILE* file, const protocol::varlink::Json& contacts);

}  // namespace usher::ctl
