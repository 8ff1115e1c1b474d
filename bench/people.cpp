// The master key is made first, as usherd does: a store without its key would not start.
#include "bench/people.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "daemon/crypto/key_file.hpp"
#include "daemon/store/passwords.hpp"
#include "daemon/store/store.hpp"

namespace usher::bench {
namespace {

// More would be slower: leaving a savepoint walks through the journal of those before it.
constexpr int kATransaction = 200;

ports::Instant now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Result<void> add(store::Database& database, const std::string& name, const std::string& phc) {
  crypto::SodiumEntropy entropy;
  std::array<char, 16> bytes{};
  entropy.fill(bytes);
  const store::NewPerson fresh{TRY(UserName::parse(name)), "A person of the benchmark", {}};
  const auto person =
      TRY(store::add_person(database, fresh, crypto::to_hex({bytes.data(), bytes.size()}), now()));
  TRY(store::set_person_state(database, person.id, store::PersonState::active, ""));
  return store::put_password(database, person.id, {phc, false, now()});
}

Result<std::unique_ptr<store::Store>> open_store(const Room& room) {
  TRY(crypto::initialise());
  crypto::SodiumEntropy entropy;
  TRY(crypto::load_master_key("", room.state() + "/master.key", true, entropy));
  return store::Store::open({room.state() + "/usher.db"});
}

}  // namespace

Result<void> add_person(const Room& room, std::string_view name, crypto::HashCost cost) {
  const auto store = TRY(open_store(room));
  const std::string phc = TRY(crypto::hash_password(TRY(Secret::copy(kPassword)), cost));
  return store->write(
      [&](store::Database& database) { return add(database, std::string(name), phc); });
}

Result<void> add_people(const Room& room, int count) {
  const auto store = TRY(open_store(room));
  const std::string phc = TRY(crypto::hash_password(TRY(Secret::copy(kPassword)), {}));
  for (int first = 1; first <= count; first += kATransaction) {
    TRY(store->write([&](store::Database& database) -> Result<void> {
      for (int i = first; i < first + kATransaction && i <= count; ++i) {
        TRY(add(database, fmt::format("person{:06}", i), phc));
      }
      return {};
    }));
  }
  return {};
}

Result<const Room*> FullRoom::get() {
  if (!room_) {
    Room room = TRY(Room::make());
    TRY(add_people(room, kPeople));
    room_.emplace(std::move(room));
  }
  return &*room_;
}

}  // namespace usher::bench
