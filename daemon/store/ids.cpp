// The ids table. Chosen and recorded in the caller's transaction, so that of two who ask for one
// number one gets it.
#include "daemon/store/ids.hpp"

#include "daemon/crypto/sodium.hpp"

namespace usher::store {
namespace {

constexpr std::string_view kUids = "uid";
constexpr std::string_view kGids = "gid";

// The ranges of UIDS.md in systemd: below 1000 the system's, 61184-65535 its dynamic ones, nobody
// and the 16-bit -1; from 2^31 up ids read as negative somewhere.
bool may_be_given(std::uint32_t number) {
  return number >= 1000 && number < 2'147'483'648 && (number < 61'184 || number > 65'535);
}

Result<bool> is_taken(Database& database, std::string_view space, std::uint32_t number) {
  Query query = TRY(database.query("SELECT 1 FROM ids WHERE space = ? AND number = ?"));
  query.bind(space).bind(std::int64_t{number});
  return query.next();
}

Result<void> check_explicit(Database& database, std::string_view space, std::uint32_t number) {
  if (!may_be_given(number)) {
    return Error(Errc::invalid_input, "the " + std::string(space) +
                                          " is reserved: 1000-61183 and 65536-2147483647 may be "
                                          "given");
  }
  if (TRY(is_taken(database, space, number))) {
    return Error(Errc::already_exists,
                 "the " + std::string(space) + " is taken, or was: a number is never used again");
  }
  return {};
}

// Free as a uid and as a gid, so that a number means one owner wherever it is met.
Result<std::uint32_t> choose_free(Database& database, std::string_view uuid) {
  const Uid first = first_uid_to_try(uuid);
  Uid candidate = first;
  do {
    const bool taken = TRY(is_taken(database, kUids, candidate.number)) ||
                       TRY(is_taken(database, kGids, candidate.number));
    if (!taken) return candidate.number;
    candidate = next_uid_to_try(candidate);
  } while (candidate != first);
  return Error(Errc::exhausted, "every number of the range is taken");
}

Result<void> record(Database& database, std::string_view space, std::uint32_t number,
                    std::string_view owner) {
  Query query = TRY(database.query("INSERT INTO ids (space, number, owner) VALUES (?, ?, ?)"));
  return query.bind(space).bind(std::int64_t{number}).bind(owner).run();
}

}  // namespace

Uid first_uid_to_try(std::string_view uuid) {
  const std::string hash = crypto::digest(uuid);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = (number << 8U) | static_cast<unsigned char>(hash[i]);
  }
  const std::uint64_t offset = number % (kLastUid - kFirstUid + 1);
  return Uid{kFirstUid + static_cast<std::uint32_t>(offset)};
}

Uid next_uid_to_try(Uid uid) {
  return Uid{uid.number == kLastUid ? kFirstUid : uid.number + 1};
}

Result<AccountIds> take_person_ids(Database& database, std::string_view uuid,
                                   std::optional<Uid> uid, std::optional<Gid> gid) {
  if (uid) TRY(check_explicit(database, kUids, uid->number));
  const std::uint32_t number = uid ? uid->number : TRY(choose_free(database, uuid));
  const AccountIds ids{Uid{number}, gid.value_or(Gid{number})};
  TRY(check_explicit(database, kGids, ids.gid.number));
  TRY(record(database, kUids, ids.uid.number, uuid));
  TRY(record(database, kGids, ids.gid.number, uuid));
  return ids;
}

Result<Gid> take_group_id(Database& database, std::string_view uuid, std::optional<Gid> gid) {
  if (gid) TRY(check_explicit(database, kGids, gid->number));
  const Gid chosen = gid ? *gid : Gid{TRY(choose_free(database, uuid))};
  TRY(record(database, kGids, chosen.number, uuid));
  return chosen;
}

}  // namespace usher::store
