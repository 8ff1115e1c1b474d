// The table of front ends and the services that belong to each.
#include "daemon/front_end.hpp"

#include <array>

namespace usher::daemon {
namespace {

using namespace std::chrono_literals;
using ports::Echo;

constexpr std::array kFrontEnds{
    // Any service without a row: one blind question, no flow may start.
    FrontEnd{"other", Texts::in_prompt, Echo::hidden, Prompts::one, Lifecycle::refused,
             Drawing::none, Greeting::none, 110s},
    // usherctl's and ./dev try's own conversations: a plain terminal.
    FrontEnd{"test", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::allowed,
             Drawing::blocks, Greeting::shown, 600s},
    // login(1) gives up after LOGIN_TIMEOUT, 60 s.
    FrontEnd{"login", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::allowed,
             Drawing::blocks, Greeting::shown, 55s},
    // A line of text and an entry: proportional letters, no room for a drawing. The same service
    // unlocks the screen.
    FrontEnd{"greeter", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::allowed,
             Drawing::none, Greeting::shown, 600s},
    // A greeter or a locker with one entry for the password: whatever is asked, it answers with it.
    FrontEnd{"greeter-once", Texts::in_prompt, Echo::hidden, Prompts::one, Lifecycle::refused,
             Drawing::none, Greeting::shown, 600s},
    // sshd before 10.3 holds info back until the next prompt (bugzilla 2876); LoginGraceTime 120 s.
    // Codes are asked shown: under the "password" method such a question fails cleanly, where a
    // hidden one would be answered with the password again.
    FrontEnd{"sshd", Texts::in_prompt, Echo::shown, Prompts::many, Lifecycle::allowed,
             Drawing::blocks, Greeting::shown, 110s},
    // sshd's "password" method, where the admin maps the service to it.
    FrontEnd{"sshd-password", Texts::in_prompt, Echo::hidden, Prompts::one, Lifecycle::refused,
             Drawing::none, Greeting::shown, 110s},
    // sudo passes PAM_SILENT unless sudoers says otherwise, and an open mailbox must not become
    // root: no lifecycle.
    FrontEnd{"sudo", Texts::in_prompt, Echo::shown, Prompts::many, Lifecycle::refused,
             Drawing::none, Greeting::none, 110s},
    FrontEnd{"su", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::refused, Drawing::none,
             Greeting::none, 110s},
    // A dialogue over the locked session, and nobody but its owner may leave it.
    FrontEnd{"locker", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::refused,
             Drawing::none, Greeting::none, 600s},
    FrontEnd{"locker-once", Texts::in_prompt, Echo::hidden, Prompts::one, Lifecycle::refused,
             Drawing::none, Greeting::none, 600s},
    // The session's agent draws one question after the other.
    FrontEnd{"polkit", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::refused,
             Drawing::none, Greeting::none, 110s},
    FrontEnd{"passwd", Texts::as_info, Echo::shown, Prompts::many, Lifecycle::refused,
             Drawing::none, Greeting::none, 300s},
};

struct ServiceRow {
  std::string_view service;
  std::string_view front_end;
};
constexpr std::array kServices{
    ServiceRow{"usher-test", "test"},
    ServiceRow{"login", "login"},
    ServiceRow{"gdm-password", "greeter"},
    ServiceRow{"lightdm", "greeter"},
    ServiceRow{"greetd", "greeter"},
    ServiceRow{"sddm", "greeter-once"},
    ServiceRow{"xdm", "greeter-once"},
    ServiceRow{"lxdm", "greeter-once"},
    ServiceRow{"sshd", "sshd"},
    ServiceRow{"sudo", "sudo"},
    ServiceRow{"sudo-i", "sudo"},
    ServiceRow{"su", "su"},
    ServiceRow{"su-l", "su"},
    ServiceRow{"gnome-screensaver", "locker"},
    ServiceRow{"cinnamon-screensaver", "locker"},
    ServiceRow{"mate-screensaver", "locker"},
    ServiceRow{"xscreensaver", "locker"},
    ServiceRow{"kde", "locker"},
    ServiceRow{"vlock", "locker"},
    ServiceRow{"swaylock", "locker-once"},
    ServiceRow{"i3lock", "locker-once"},
    ServiceRow{"gtklock", "locker-once"},
    ServiceRow{"waylock", "locker-once"},
    ServiceRow{"hyprlock", "locker-once"},
    ServiceRow{"physlock", "locker-once"},
    ServiceRow{"xfce4-screensaver", "locker-once"},
    ServiceRow{"polkit-1", "polkit"},
    ServiceRow{"passwd", "passwd"},
};

std::string_view name_for(std::string_view service, const FrontEndOverrides& overrides) {
  const auto override = overrides.find(service);
  if (override != overrides.end()) return override->second;
  for (const ServiceRow& row : kServices) {
    if (row.service == service) return row.front_end;
  }
  return "other";
}

}  // namespace

std::span<const FrontEnd> front_ends() {
  return kFrontEnds;
}

const FrontEnd* find_front_end(std::string_view name) {
  for (const FrontEnd& front_end : kFrontEnds) {
    if (front_end.name == name) return &front_end;
  }
  return nullptr;
}

FrontEnd front_end_of(const Facts& facts, const FrontEndOverrides& overrides) {
  const FrontEnd* found =
      facts.trusted ? find_front_end(name_for(facts.service, overrides)) : nullptr;
  FrontEnd front_end = found != nullptr ? *found : kFrontEnds.front();
  // Under PAM_SILENT only questions are drawn: a key or recovery codes told besides would be lost.
  if ((facts.flags & protocol::kFlagSilent) != 0) front_end.texts = Texts::in_prompt;
  return front_end;
}

}  // namespace usher::daemon
