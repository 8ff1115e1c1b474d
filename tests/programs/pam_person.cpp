// A person in front of any PAM service: shows what PAM says and types the lines of stdin, one a
// question. With "change", changes the password instead. With a count, signs in again and again in
// this one process, and says what that cost it and the daemon. Never shipped.
//
// usage: pam_person DIRECTORY SERVICE USER TTY    DIRECTORY "-": PAM's own; USER "-": PAM asks
//        pam_person DIRECTORY SERVICE USER TTY change
//        pam_person DIRECTORY SERVICE USER TTY COUNT CLOCK DAEMON    CLOCK: the test clock's file
#include <poll.h>
#include <security/pam_appl.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace {

struct Person {
  const char* directory;
  const char* service;
  const char* user;
  const char* tty;
  bool quiet = false;
  bool changes_password = false;
};

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
  const auto& person = *static_cast<const Person*>(data);
  const auto number = static_cast<std::size_t>(count);
  auto* answers = static_cast<pam_response*>(std::calloc(number, sizeof(pam_response)));
  if (answers == nullptr) return PAM_BUF_ERR;
  for (std::size_t i = 0; i < number; ++i) {
    const pam_message& message = *messages[i];
    const bool asks =
        message.msg_style == PAM_PROMPT_ECHO_OFF || message.msg_style == PAM_PROMPT_ECHO_ON;
    if (!person.quiet) std::cout << message.msg << (asks ? "" : "\n") << std::flush;
    if (!asks) continue;
    std::string line;
    if (!std::getline(std::cin, line)) {
      std::free(answers);
      return PAM_CONV_ERR;
    }
    answers[i].resp = ::strdup(line.c_str());
  }
  *responses = answers;
  return PAM_SUCCESS;
}

// Authentication, then the account phase, as login and sshd do it; or passwd's call.
int phases(pam_handle_t* handle, const Person& person) {
  if (person.changes_password) return pam_chauthtok(handle, 0);
  const int code = pam_authenticate(handle, 0);
  return code == PAM_SUCCESS ? pam_acct_mgmt(handle, 0) : code;
}

int sign_in(Person& person) {
  const pam_conv conversation{converse, &person};
  const bool own = std::strcmp(person.directory, "-") == 0;
  pam_handle_t* handle = nullptr;
  int code = own ? pam_start(person.service, person.user, &conversation, &handle)
                 : pam_start_confdir(person.service, person.user, &conversation, person.directory,
                                     &handle);
  if (code != PAM_SUCCESS) return code;
  pam_set_item(handle, PAM_TTY, person.tty);
  code = phases(handle, person);
  if (!person.quiet) {
    const char* good = person.changes_password ? "changed" : "signed in";
    std::cout << "=> " << (code == PAM_SUCCESS ? good : pam_strerror(handle, code)) << '\n';
  }
  pam_end(handle, code);
  return code;
}

// --- Again and again

struct Cost {
  std::size_t descriptors = 0;
  long resident_kib = 0;
};

Cost cost_of(const std::string& process) {
  Cost cost;
  const std::filesystem::path room = "/proc/" + process;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(room / "fd")) {
    ++cost.descriptors;
  }
  std::ifstream status(room / "status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) cost.resident_kib = std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return cost;
}

// The daemon closes its end a moment after ours: the least of some looks is what it holds.
Cost settled_cost_of(const std::string& process) {
  Cost least = cost_of(process);
  for (int look = 0; look < 20; ++look) {
    (void)::poll(nullptr, 0, 5);
    const Cost seen = cost_of(process);
    if (seen.descriptors < least.descriptors) least = seen;
  }
  return least;
}

void report(int done, const char* daemon) {
  const Cost own = cost_of("self");
  const Cost theirs = settled_cost_of(daemon);
  std::cout << done << " sign-ins: caller " << own.descriptors << " descriptors "
            << own.resident_kib << " KiB, usherd " << theirs.descriptors << " descriptors "
            << theirs.resident_kib << " KiB" << std::endl;
}

// By rename: a reader never meets half a number.
void advance(const std::string& clock) {
  long seconds = 0;
  std::ifstream(clock) >> seconds;
  std::ofstream(clock + ".new") << seconds + 30 << '\n';
  std::filesystem::rename(clock + ".new", clock);
}

int sign_in_often(Person& person, int count, const char* clock, const char* daemon) {
  person.quiet = true;
  for (int done = 0; done <= count; ++done) {
    if (done == 10 || done == count / 10 || done == count) report(done, daemon);
    if (done == count) break;
    advance(clock);
    const int code = sign_in(person);
    if (code == PAM_SUCCESS) continue;
    std::cout << "sign-in " << done + 1 << " ended with PAM code " << code << '\n';
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6 && argc != 8) {
    std::cerr << "usage: pam_person DIRECTORY SERVICE USER TTY [change | COUNT CLOCK DAEMON]\n";
    return 2;
  }
  Person person{argv[1], argv[2], argv[3], argv[4]};
  if (std::strcmp(person.user, "-") == 0) person.user = nullptr;
  person.changes_password = argc == 6;
  if (argc == 8) return sign_in_often(person, std::atoi(argv[5]), argv[6], argv[7]);
  return sign_in(person) == PAM_SUCCESS ? 0 : 1;
}
