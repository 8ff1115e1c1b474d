// The gate of admin.sock: one table says which methods there are, who may call each, and what it
// takes. No check of a caller stands anywhere else.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "daemon/admin/handlers.hpp"

namespace usher::admin {

enum class Caller : std::uint8_t {
  admin,   // uid 0, or usherd's own: it owns the store anyway
  anyone,  // any uid but the overflow uid
};

enum class Changes : std::uint8_t {
  nothing_published,
  directory,    // what is published about people and groups: the reply says whether it is
  handed_over,  // the same, and the caller does nothing further before it is
};

struct Row {
  static constexpr std::size_t kMaxParameters = 10;

  std::string_view method;
  Caller caller;
  Changes changes;
  Handler handler;
  std::array<Parameter, kMaxParameters> parameters;  // a row without a name ends them

  std::span<const Parameter> allowed() const;
};

std::span<const Row> gate_table();

bool may_call(Caller caller, Peer peer, Uid daemon_uid);

// Looks the method up, checks caller and parameters, runs the handler. Always a reply.
Reply answer(const protocol::varlink::Call& call, Peer peer, AdminContext& context);

}  // namespace usher::admin
