// A confirmed contact that is doubted for a reason of its own, beside every campaign.
#pragma once

#include "daemon/store/columns.hpp"
#include "daemon/store/contacts.hpp"

namespace usher::store {

// False: it was not confirmed, or doubted already.
inline Result<bool> doubt_contact(Database& database, ContactId id, ports::Instant now) {
  Query query =
      TRY(database.query("UPDATE contacts SET doubted_at = ? "
                         "WHERE id = ? AND confirmed_at IS NOT NULL AND doubted_at IS NULL"));
  TRY(query.bind(number_of(now)).bind(static_cast<std::int64_t>(id)).run());
  return database.changed_rows() == 1;
}

}  // namespace usher::store
