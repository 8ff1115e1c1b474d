// The gate of admin.sock: one table says which methods there are, who may call each for whom, and
// what it takes. No check of a caller stands anywhere else.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "daemon/admin/access.hpp"
#include "daemon/admin/handlers.hpp"
#include "daemon/admin/roles.hpp"

namespace usher::admin {

enum class Changes : std::uint8_t {
  nothing_published,
  directory,    // what is published about people and groups: the reply says whether it is
  handed_over,  // the same, and the caller does nothing further before it is
};

struct Row {
  static constexpr std::size_t kMaxParameters = 10;

  std::string_view method;
  Access access;
  Changes changes;
  Handler handler;
  std::array<Parameter, kMaxParameters> parameters;  // a row without a name ends them

  std::span<const Parameter> allowed() const;
};

// gate_table.cpp
std::span<const Row> gate_table();

// Looks the method up, checks caller and parameters, runs the handler. Always a reply. What a role
// holder is refused is audited; what strangers are refused is only counted.
Reply answer(const protocol::varlink::Call& call, Peer peer, AdminContext& context);

}  // namespace usher::admin
