// sd-login(3): reads files under /run/systemd, speaks to nobody.
#include "ctl/os/logind.hpp"

#include <systemd/sd-login.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

namespace usher::ctl {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
using Text = std::unique_ptr<char, Free>;

// It may have ended meanwhile.
std::string ask(int (*get)(const char* session, char** value), const std::string& session) {
  char* value = nullptr;
  const int result = get(session.c_str(), &value);
  const Text owned(value);
  return result < 0 || value == nullptr ? "" : value;
}

}  // namespace

Result<std::vector<LogindSession>> sessions_of(Uid uid) {
  constexpr std::size_t kMost = 100;
  char** names = nullptr;
  const int count = sd_uid_get_sessions(uid.number, 0, &names);
  if (count == -ENOENT || count == -ENXIO) return std::vector<LogindSession>();
  if (count < 0) return system_error("reading logind's sessions", -count);
  const std::unique_ptr<char*, Free> list(names);
  std::vector<LogindSession> sessions;
  for (int i = 0; i < count; ++i) {
    const Text name(names[i]);
    if (sessions.size() == kMost) continue;
    const std::string id(name.get());
    sessions.push_back({id, ask(sd_session_get_service, id), ask(sd_session_get_tty, id),
                        ask(sd_session_get_remote_host, id)});
  }
  return sessions;
}

}  // namespace usher::ctl
