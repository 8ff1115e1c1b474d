// usher_bench [NAME] [--json] [--brief]: runs the table of benchmarks, or one of them. Exit status
// 0 when everything could be measured, whatever the figures; 1 when not; 2 for a wrong argument.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "bench/benchmark.hpp"
#include "bench/people.hpp"
#include "bench/report.hpp"

namespace usher::bench {
namespace {

constexpr Benchmark kBenchmarks[] = {
    {"login", "a sign-in through PAM beside an empty stack", measure_login},
    {"hash", "password hashes beside the bare library's", measure_hash},
    {"conversations", "2,000 idle conversations, and a sign-in beside them", measure_conversations},
    {"memory", "usherd idle, with and without people", measure_memory},
    {"start", "from exec to the first answer, 100,000 people", measure_start},
    {"publish", "everybody published after one change, 100,000 people", measure_publish},
    {"nss", "names looked up, 100,000 people", measure_nss},
};

struct Arguments {
  std::string_view name;  // empty: all
  Format format = Format::table;
  Effort effort = Effort::measured;
};

void print_usage() {
  fmt::print(stderr, "usage: usher_bench [NAME] [--json] [--brief]\n\n");
  for (const Benchmark& benchmark : kBenchmarks) {
    fmt::print(stderr, "  {:<14} {}\n", benchmark.name, benchmark.what);
  }
}

bool is_known(std::string_view name) {
  for (const Benchmark& benchmark : kBenchmarks) {
    if (name == benchmark.name) return true;
  }
  return false;
}

bool read_arguments(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--json") {
      arguments.format = Format::json;
    } else if (argument == "--brief") {
      arguments.effort = Effort::brief;
    } else if (arguments.name.empty() && is_known(argument)) {
      arguments.name = argument;
    } else {
      return false;
    }
  }
  return true;
}

int run(const Arguments& arguments) {
  bool all_measured = true;
  FullRoom full_room;
  const Setting setting{arguments.effort, full_room};
  print_machine();
  print_heading(arguments.format);
  for (const Benchmark& benchmark : kBenchmarks) {
    if (!arguments.name.empty() && arguments.name != benchmark.name) continue;
    const Result<Report> report = benchmark.run(setting);
    if (report.has_value()) {
      print(*report, arguments.format);
    } else {
      all_measured = false;
      fmt::print(stderr, "{}: not measured: {}\n", benchmark.name, report.error().text());
    }
  }
  return all_measured ? 0 : 1;
}

}  // namespace
}  // namespace usher::bench

int main(int argc, char** argv) {
  usher::bench::Arguments arguments;
  if (!usher::bench::read_arguments(argc, argv, arguments)) {
    usher::bench::print_usage();
    return 2;
  }
  return usher::bench::run(arguments);
}
