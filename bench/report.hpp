// Prints figures: an aligned table, or one JSON object a line. Figures go to standard output as
// they come; notes and the machine's state go to standard error.
#pragma once

#include <cstdint>

#include "bench/benchmark.hpp"

namespace usher::bench {

enum class Format : std::uint8_t { table, json };

// Cores and load: a figure measured beside other work says so.
void print_machine();
void print_heading(Format format);  // nothing as JSON
void print(const Report& report, Format format);

}  // namespace usher::bench
