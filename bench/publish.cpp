// What a change costs until the machine sees it: everybody read out of the real store and published
// beside nothing else, after one change each time. The peer is TinyCDB alone, writing as many raw
// records as there are people: no reading, no checking, one record a person instead of four.
#include <cdb.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "base/unique_fd.hpp"
#include "bench/benchmark.hpp"
#include "bench/people.hpp"
#include "bench/sample.hpp"
#include "daemon/directory/content.hpp"
#include "daemon/directory/publisher.hpp"
#include "daemon/store/people.hpp"
#include "daemon/store/store.hpp"

namespace usher::bench {
namespace {

constexpr double kMostMilliseconds = 250;

// What passwd(5) holds of one person, about as long as ours.
constexpr std::string_view kRawValue =
    "A person of the benchmark:1879048192:1879048192:/home/person000001:/bin/bash:padding";

Result<double> raw_milliseconds(const std::string& path, int records) {
  const Stopwatch stopwatch;
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.valid()) return system_error("making a file of raw records");
  cdb_make make{};
  bool written = ::cdb_make_start(&make, file.get()) == 0;
  for (int i = 1; i <= records; ++i) {
    const std::string name = fmt::format("person{:06}", i);
    written =
        written && ::cdb_make_add(&make, name.data(), static_cast<unsigned>(name.size()),
                                  kRawValue.data(), static_cast<unsigned>(kRawValue.size())) == 0;
  }
  written = ::cdb_make_finish(&make) == 0 && written;
  if (!written) return system_error("writing raw records");
  return stopwatch.milliseconds();
}

Result<void> change_somebody(store::Store& store, int round) {
  return store.write([&](store::Database& database) -> Result<void> {
    const auto person = TRY(store::find_person(database, "person000001"));
    if (!person) return Error(Errc::not_found, "person000001 is not in the store");
    store::AccountChange change;
    change.display_name = fmt::format("Changed {} times", round);
    return store::change_account(database, person->id, change);
  });
}

struct Times {
  Sample visible, durable;
};

Result<void> publish_once(store::Store& store, const std::string& file, Times& times) {
  const std::atomic<bool> stopping{false};
  const Stopwatch stopwatch;
  const auto published =
      TRY(directory::publish(file, directory::Enumeration::off, [&](directory::Edition& edition) {
        return store.read([&](store::Database& database) {
          return directory::fill_from_store(edition, database, stopping);
        });
      }));
  times.visible.add(stopwatch.milliseconds());
  TRY(published.make_durable());
  times.durable.add(stopwatch.milliseconds());
  return {};
}

Result<Report> measure_in(const Room& room, int people, int repetitions) {
  const auto store = TRY(store::Store::open({room.state() + "/usher.db"}));
  Times times;
  Sample raw;
  for (int i = 0; i < repetitions; ++i) {
    TRY(change_somebody(*store, i));
    TRY(publish_once(*store, room.in("published.cdb"), times));
    raw.add(TRY(raw_milliseconds(room.in("raw.cdb"), people)));
  }
  const double hash = TRY(time_of_hash({}, repetitions > 1 ? 21 : 1));
  const double allowed = kMostMilliseconds * hash / kAnchorHashMilliseconds;
  Figure figure;
  figure.name = "publish";
  figure.unit = "ms";
  figure.ours = times.visible.median();
  figure.peer = "TinyCDB, raw records";
  figure.peer_value = raw.median();
  figure.ratio = raw.median() / figure.ours;
  figure.target = fmt::format("<= {:.0f} ms ({:.0f} at a 15 ms hash)", allowed, kMostMilliseconds);
  figure.met = figure.ours <= allowed;
  Report report;
  report.figures.push_back(figure);
  report.notes.push_back(fmt::format(
      "publish: {} people; on the disk after {:.0f} ms; this run's hash takes {:.1f} ms", people,
      times.durable.median(), hash));
  return report;
}

}  // namespace

Result<Report> measure_publish(const Setting& setting) {
  if (setting.effort == Effort::brief) {
    const Room room = TRY(Room::make());
    TRY(add_people(room, 100));
    return measure_in(room, 100, 1);
  }
  return measure_in(*TRY(setting.full_room.get()), FullRoom::kPeople, 9);
}

}  // namespace usher::bench
