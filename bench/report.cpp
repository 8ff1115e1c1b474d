// The columns of the table are the fields of the JSON objects, in the same order.
#include "bench/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>  // getloadavg
#include <nlohmann/json.hpp>

namespace usher::bench {
namespace {

constexpr const char* kRow = "{:<22} {:<10} {:>10} {:<26} {:>10} {:>7}  {:<32} {}\n";

// Three figures are all that such measurements hold.
std::string rounded(std::optional<double> value) {
  if (!value) return "-";
  return *value >= 100 ? fmt::format("{:.0f}", *value) : fmt::format("{:.3g}", *value);
}

void print_row(const Figure& figure) {
  fmt::print(kRow, figure.name, figure.unit, rounded(figure.ours),
             figure.peer.empty() ? "-" : figure.peer, rounded(figure.peer_value),
             rounded(figure.ratio), figure.target, figure.met ? "yes" : "no");
}

nlohmann::ordered_json or_null(std::optional<double> value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

void print_object(const Figure& figure) {
  nlohmann::ordered_json object;
  object["name"] = figure.name;
  object["unit"] = figure.unit;
  object["ours"] = figure.ours;
  object["peer"] =
      figure.peer.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(figure.peer);
  object["peer_value"] = or_null(figure.peer_value);
  object["ratio"] = or_null(figure.ratio);
  object["target"] = figure.target;
  object["met"] = figure.met;
  fmt::print("{}\n", object.dump());
}

}  // namespace

void print_machine() {
  std::array<double, 1> load{};
  if (::getloadavg(load.data(), 1) != 1) return;
  fmt::print(stderr, "# {} cores, load {:.1f}\n", ::sysconf(_SC_NPROCESSORS_ONLN), load[0]);
}

void print_heading(Format format) {
  if (format == Format::json) return;
  fmt::print(kRow, "name", "unit", "ours", "peer", "peer_value", "ratio", "target", "met");
}

void print(const Report& report, Format format) {
  for (const Figure& figure : report.figures) {
    if (format == Format::json) {
      print_object(figure);
    } else {
      print_row(figure);
    }
  }
  (void)std::fflush(stdout);
  for (const std::string& note : report.notes) fmt::print(stderr, "# {}\n", note);
}

}  // namespace usher::bench
