// Plays one person at a prompt: a real PAM conversation (pam_start_confdir) through the service
// file of a private directory. Answers come from the arguments, in order; on a terminal the person
// may type something else. Used by ./dev try only; it decides nothing.
#include <fcntl.h>
#include <getopt.h>
#include <security/pam_appl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

struct Play {
  std::vector<std::string> answers;
  std::size_t next = 0;
  std::string key_file;  // the authenticator app's memory
  bool interactive = false;
};

// The app reads the key off the screen: base32 in groups of four after "into it: ".
void remember_key(const Play& play, const std::string& text) {
  constexpr std::string_view kBefore = "into it: ";
  const std::size_t start = text.find(kBefore);
  if (start == std::string::npos) return;
  const std::size_t first = start + kBefore.size();
  std::ofstream(play.key_file) << text.substr(first, text.find('\n', first) - first) << '\n';
}

// What was typed from the app last, for whoever watched: "@app-last".
std::string last_code_file(const Play& play) {
  return play.key_file + ".last";
}

// What the app shows: oathtool, an independent program. "@app" now, "@app-earlier" a step before.
std::string app_code(const Play& play, bool earlier) {
  const std::string command = "oathtool --totp --base32 " +
                              std::string(earlier ? "--now '30 seconds ago' " : "") + "\"$(cat '" +
                              play.key_file + "')\"";
  // NOLINTNEXTLINE(cert-env33-c): a play on the developer's machine; the path is our own
  FILE* pipe = ::popen(command.c_str(), "r");
  char line[16] = "";
  if (pipe == nullptr || std::fgets(line, sizeof line, pipe) == nullptr) {
    std::cerr << "play: oathtool gave no code\n";
    std::exit(2);  // NOLINT(concurrency-mt-unsafe): there is one thread
  }
  (void)::pclose(pipe);
  line[std::strcspn(line, "\n")] = '\0';
  std::ofstream(last_code_file(play)) << line << '\n';
  return line;
}

std::string planned_answer(Play& play) {
  if (play.next >= play.answers.size()) return "";
  const std::string& answer = play.answers[play.next++];
  if (answer == "@app") return app_code(play, false);
  if (answer == "@app-earlier") return app_code(play, true);
  if (answer == "@app-last") {
    std::string code;
    std::ifstream(last_code_file(play)) >> code;
    return code;
  }
  return answer;
}

// A line from the person, without echo where PAM asked for none. Empty: go on as planned.
std::string typed_answer(bool hidden) {
  termios saved{};
  const bool changed = hidden && ::tcgetattr(STDIN_FILENO, &saved) == 0;
  if (changed) {
    termios quiet = saved;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    (void)::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
  }
  std::string line;
  std::getline(std::cin, line);
  if (changed) {
    (void)::tcsetattr(STDIN_FILENO, TCSANOW, &saved);
    std::cout << '\n';
  }
  return line;
}

std::string answer_to(Play& play, const char* prompt, bool hidden) {
  std::string planned = planned_answer(play);
  if (!play.interactive) {
    std::cout << prompt << planned << std::endl;
    return planned;
  }
  std::cout << prompt << "[Enter: " << planned << "] " << std::flush;
  const std::string typed = typed_answer(hidden);
  return typed.empty() ? planned : typed;
}

int converse(int count, const pam_message** messages, pam_response** responses, void* data) {
  auto& play = *static_cast<Play*>(data);
  auto* answers = static_cast<pam_response*>(
      std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (answers == nullptr) return PAM_BUF_ERR;
  for (int i = 0; i < count; ++i) {
    const char* text = messages[i]->msg;
    switch (messages[i]->msg_style) {
      case PAM_PROMPT_ECHO_OFF:
      case PAM_PROMPT_ECHO_ON:
        answers[i].resp =
            ::strdup(answer_to(play, text, messages[i]->msg_style == PAM_PROMPT_ECHO_OFF).c_str());
        break;
      default:
        remember_key(play, text);
        std::cout << text << std::endl;
    }
  }
  *responses = answers;
  return PAM_SUCCESS;
}

// Authentication, then the account phase, as login and sshd do it.
int sign_in(const char* directory, const char* service, const char* user, Play& play) {
  const pam_conv conversation{converse, &play};
  pam_handle_t* handle = nullptr;
  int code = pam_start_confdir(service, user, &conversation, directory, &handle);
  if (code != PAM_SUCCESS) return code;
  pam_set_item(handle, PAM_TTY, "tty1");
  code = pam_authenticate(handle, 0);
  if (code == PAM_SUCCESS) code = pam_acct_mgmt(handle, 0);
  std::cout << "=> " << (code == PAM_SUCCESS ? "signed in" : pam_strerror(handle, code))
            << std::endl;
  pam_end(handle, code);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const option options[] = {{"confdir", required_argument, nullptr, 'd'},
                            {"key-file", required_argument, nullptr, 'k'},
                            {"user", required_argument, nullptr, 'u'},
                            {"interactive", no_argument, nullptr, 'i'},
                            {nullptr, 0, nullptr, 0}};
  Play play;
  std::string directory;
  std::string user;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  for (int letter = 0; (letter = getopt_long(argc, argv, "", options, nullptr)) != -1;) {
    switch (letter) {
      case 'd':
        directory = optarg;
        break;
      case 'k':
        play.key_file = optarg;
        break;
      case 'u':
        user = optarg;
        break;
      case 'i':
        play.interactive = true;
        break;
      default:
        std::cerr << "usage: play --confdir DIR --key-file FILE --user NAME [--interactive] "
                     "[ANSWER...]\n";
        return 2;
    }
  }
  play.answers.assign(argv + optind, argv + argc);
  return sign_in(directory.c_str(), "usher-test", user.c_str(), play) == PAM_SUCCESS ? 0 : 1;
}
