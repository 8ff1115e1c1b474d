// The configuration in force, and how another takes its place without a restart. Whoever works
// with one keeps it to the end of a conversation; a new one counts for those that begin later.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/context.hpp"

namespace usher::daemon {

struct Difference {
  std::string key;     // "password.min_length", "policies/staff mfa.required"
  std::string before;  // as the file says it; empty: the default
  std::string after;
  Takes takes;
};
// In the order of the keys.
std::vector<Difference> differences(const Said& before, const Said& after);

// Whether what it names can be used: filter, letters, gateway. What fails here a reload refuses.
Result<void> check_named_files(const Config& config);

// How text messages leave. At the start only: what is wrong with the gateway's file, for which
// there is none.
struct SmsInForce {
  post::SmsSettings settings;
  std::string mistake{};
};

// In a template of a letter, or a gateway's file.
enum class OnMistake : std::uint8_t { refuse, stand_in };

class ConfigInForce {
 private:
  struct Edition {
    Config config;
    PasswordSources sources;
    letters::Letterhead letterhead;
    SmsInForce sms;
    std::size_t users = 0;  // leases
  };
  using Place = std::list<Edition>::iterator;

 public:
  // Opens what the configuration names, and trims what it says to keep less of. A letter whose
  // template cannot be used is the built-in one, and a gateway whose file cannot be is none: the
  // edition says so.
  static Result<std::unique_ptr<ConfigInForce>> create(Config config, store::Store& store);

  // Holds one edition: what it refers to lives as long as the lease.
  class Lease {
   public:
    Lease(ConfigInForce& owner, Place place) : owner_(owner), place_(place) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { owner_.give_back(place_); }

    const Config& config() const { return place_->config; }
    const PasswordSources& sources() const { return place_->sources; }
    const letters::Letterhead& letterhead() const { return place_->letterhead; }
    const SmsInForce& sms() const { return place_->sms; }

   private:
    ConfigInForce& owner_;
    Place place_;
  };
  Lease lease();

  // Before anything counts: its Error leaves all as it is.
  using Agree = std::function<Result<void>(const std::vector<Difference>& changed)>;
  // Reads the files again. With an Error (file, line and cure) the present configuration stays.
  Result<std::vector<Difference>> reload(const Agree& agree);

 private:
  explicit ConfigInForce(store::Store& store) : store_(store) {}
  static Result<Edition> open_edition(Config config, OnMistake on_mistake);
  void put_in_force(Edition edition);
  void give_back(Place place);

  store::Store& store_;
  std::mutex reloading_;  // one at a time: the later one reads the later files
  std::mutex mutex_;
  std::list<Edition> editions_;  // the last one is in force; the others are still leased
};

}  // namespace usher::daemon
