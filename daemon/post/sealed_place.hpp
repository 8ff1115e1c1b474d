// Where a message's text is sealed, and the seconds that go out with it.
#pragma once

#include "daemon/crypto/framed_fields.hpp"
#include "daemon/crypto/sealer.hpp"
#include "daemon/ports/clock.hpp"

namespace usher::post {

// Whoever writes the store without the key cannot give a text to another, nor another meaning.
inline std::string row_of(std::string_view uuid, std::string_view event,
                          std::string_view recipient) {
  std::string row;
  for (const std::string_view field : {uuid, event, recipient}) crypto::append_text(row, field);
  return row;
}

inline crypto::Place place_of(std::string_view row) {
  return {"outbox", "sealed", row};
}

inline std::int64_t seconds_of(ports::Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace usher::post
