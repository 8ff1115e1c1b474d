// What a benchmark is: a name, a sentence, and a function that measures and returns figures. A
// figure that misses its target is a result, not a failure; only what could not be measured is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace usher::bench {

// One line of the output: ours beside a peer measured in the same run.
struct Figure {
  std::string name;
  std::string unit;
  double ours = 0;
  std::string peer;  // empty: nobody to compare with
  std::optional<double> peer_value{};
  std::optional<double> ratio{};
  std::string target;
  bool met = false;
};

struct Report {
  std::vector<Figure> figures;
  std::vector<std::string> notes;  // how it was measured, where a figure alone could mislead
};

enum class Effort : std::uint8_t {
  measured,
  brief,  // a few repetitions: shows that it runs, its figures mean nothing
};

class FullRoom;  // people.hpp

struct Setting {
  Effort effort;
  FullRoom& full_room;  // shared: filling it takes longer than measuring
};

struct Benchmark {
  const char* name;
  const char* what;
  Result<Report> (*run)(const Setting& setting);
};

Result<Report> measure_login(const Setting& setting);
Result<Report> measure_hash(const Setting& setting);
Result<Report> measure_conversations(const Setting& setting);
Result<Report> measure_memory(const Setting& setting);
Result<Report> measure_start(const Setting& setting);
Result<Report> measure_publish(const Setting& setting);
Result<Report> measure_nss(const Setting& setting);

}  // namespace usher::bench
