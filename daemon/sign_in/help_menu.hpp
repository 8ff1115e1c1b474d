// What a lone ? opens at the password prompt: the same menu, the same text and the same statements
// for every name and every choice. Whether there is anybody to mail to is decided elsewhere, later
// (daemon/forgotten): docs/adr/0030.
#pragma once

#include "daemon/context.hpp"
#include "daemon/ports/person.hpp"

namespace usher::sign_in {

// At doors where accounts are looked after, where mail is set up at all.
bool offers_help(const daemon::Context& context);
// One byte: of a name it does not know sshd hands on as many bytes of something else.
bool asks_for_help(std::string_view answer);
// Shows the menu, takes a choice, and says what is said to everybody.
Result<void> help(const daemon::Context& context, ports::Person& person);

}  // namespace usher::sign_in
