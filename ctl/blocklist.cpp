// usherctl blocklist: makes the filter of breached passwords that password.breach_filter names.
// pwqfilter, which knows the format, builds it beside its place; a rename puts it there whole.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "ctl/calls.hpp"
#include "ctl/programs.hpp"
#include "ctl/verbs.hpp"

namespace usher::ctl {
namespace {

constexpr const char* kBuilder = "/usr/bin/pwqfilter";

Result<std::uint64_t> count_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 65536> part{};
  std::uint64_t lines = 0;
  char last = '\n';
  while (file.read(part.data(), part.size()), file.gcount() > 0) {
    const std::string_view read(part.data(), static_cast<std::size_t>(file.gcount()));
    lines += static_cast<std::uint64_t>(std::count(read.begin(), read.end(), '\n'));
    last = read.back();
  }
  if (!file.eof()) return Error(Errc::invalid_input, "cannot read " + path);
  if (last != '\n') ++lines;
  if (lines == 0) return Error(Errc::invalid_input, path + " holds no password");
  return lines;
}

// A cuckoo filter takes about 98 of 100 places, a small one less (pwqfilter(1)).
std::uint64_t capacity_for(std::uint64_t lines) {
  const std::uint64_t roomy = lines + lines / 20 + 64;
  return roomy + (4 - roomy % 4) % 4;
}

Result<void> build_beside(const std::string& list, std::uint64_t lines, const std::string& beside) {
  Run run;
  run.command = {kBuilder, fmt::format("--create={}", capacity_for(lines)), "--output=" + beside};
  run.input = list;
  run.patience = std::chrono::hours(12);  // the largest lists have 10^9 lines
  auto built = run_well(run);
  if (!built.has_value() && ::access(kBuilder, X_OK) != 0) {
    return Error(Errc::unsupported, fmt::format("{} is missing: apt install passwdqc", kBuilder));
  }
  if (!built.has_value()) return built.error();
  if (::chmod(beside.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) != 0) {
    return system_error("opening " + beside + " to usherd");
  }
  return {};
}

Result<void> build(Session& session, const Arguments& arguments) {
  const std::uint64_t lines = TRY(count_lines(arguments.file));
  const std::string beside = fmt::format("{}.{}", arguments.output, ::getpid());
  Result<void> built = build_beside(arguments.file, lines, beside);
  if (built.has_value() && std::rename(beside.c_str(), arguments.output.c_str()) != 0) {
    built = system_error("putting " + arguments.output + " in place");
  }
  if (!built.has_value()) {
    (void)::unlink(beside.c_str());
    return built;
  }
  if (session.wants_json()) {
    protocol::varlink::ReplyOk reply;
    reply.parameters["file"] = arguments.output;
    reply.parameters["lines"] = lines;
    return print_json(session.out(), reply);
  }
  print(session.out(),
        fmt::format("{} holds the {} lines of {}. Set password.breach_filter to it in\n"
                    "/etc/usher/usher.toml, then: systemctl restart usherd\n",
                    escaped(arguments.output), lines, escaped(arguments.file)));
  return {};
}

constexpr Verb kVerbs[] = {
    {"blocklist", "passwords known from breaches", nullptr},
    {"blocklist build",
     "make the filter of a list",
     build,
     {{{"FILE", "a password a line", &Arguments::file, Need::required},
       {"--output", "the filter", &Arguments::output}}}},
};

}  // namespace

std::span<const Verb> blocklist_verbs() {
  return kVerbs;
}

}  // namespace usher::ctl
